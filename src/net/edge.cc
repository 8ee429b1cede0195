#include "net/edge.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "net/connection.h"

namespace mainspring::net {
namespace {

// So long bulk is read in a row before sockets and answers have their turn again: an event is sent
// in microseconds, a piece of a download takes a hundred times as long.
constexpr std::chrono::milliseconds kBulkTurn{1};

}  // namespace

http::Now read_clocks() {
  const auto wall = std::chrono::system_clock::now();
  return {std::chrono::steady_clock::now(), std::chrono::floor<base::Duration>(wall)};
}

Edge::Edge(EdgeSettings settings, http::Application application)
    : settings_(std::move(settings)),
      application_(std::move(application)),
      work_(boost::asio::make_work_guard(context_)),
      reaper_(context_) {
  mailbox_ =
      std::make_shared<Mailbox>([this] { boost::asio::post(context_, [this] { read_mail(); }); });
}

void Edge::run() {
  context_.run();
  auto mail = mailbox_->close();
  std::ranges::move(mail.bulk, std::back_inserter(mail.letters));
  for (auto& letter : mail.letters)
    letter();  // streams that never began are told so
}

void Edge::read_mail() {
  auto mail = mailbox_->take();
  for (auto& letter : mail.letters)
    letter();
  std::ranges::move(mail.bulk, std::back_inserter(bulk_));
  const auto end = std::chrono::steady_clock::now() + kBulkTurn;
  while (!bulk_.empty() && std::chrono::steady_clock::now() < end) {
    auto letter = std::move(bulk_.front());
    bulk_.pop_front();
    letter();
  }
  if (bulk_.empty() || std::exchange(has_turn_, true)) return;
  boost::asio::post(context_, [this] {
    has_turn_ = false;
    read_mail();
  });
}

void Edge::adopt(Arrival arrival) {
  if (draining_) return;  // closes it
  try {
    auto connection = std::make_shared<Connection>(*this, std::move(arrival), next_connection_++);
    connections_.insert(connection);
    arm_reaper();
    connection->start();
  } catch (const std::exception& failure) {
    report(fmt::format("a connection could not be taken on: {}", failure.what()));
  }
}

void Edge::begin_handshake(std::uint64_t number, Connection& connection) {
  handshakes_.emplace(number, &connection);
  if (handshakes_.size() > settings_.handshakes) handshakes_.begin()->second->crowd_out();
}

void Edge::queue_handshake(std::shared_ptr<Connection> connection) {
  steps_.push_back(std::move(connection));
  if (steps_.size() == 1) boost::asio::post(context_, [this] { step_handshake(); });
}

// One, and the next behind whatever has become ready since.
void Edge::step_handshake() {
  const auto connection = steps_.front();
  connection->step_handshake();
  steps_.pop_front();
  if (!steps_.empty()) boost::asio::post(context_, [this] { step_handshake(); });
}

void Edge::report(std::string_view failure) const {
  if (settings_.report) settings_.report(failure);
}

void Edge::forget(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  finish_if_empty();
}

void Edge::drain() {
  draining_ = true;
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all)
    connection->drain();
  finish_if_empty();
}

void Edge::cut() {
  draining_ = true;
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all)
    connection->close();
  finish_if_empty();
}

void Edge::finish_if_empty() {
  if (!connections_.empty()) return;
  reaper_.cancel();
  if (draining_) work_.reset();
}

void Edge::arm_reaper() {
  if (std::exchange(reaping_, true)) return;
  reaper_.expires_after(settings_.reap_interval);
  reaper_.async_wait([this](const boost::system::error_code&) {
    reaping_ = false;
    if (connections_.empty()) return;
    reap();
    if (!connections_.empty()) arm_reaper();
  });
}

void Edge::reap() {
  const auto now = std::chrono::steady_clock::now();
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all)
    connection->reap(now);
}

}  // namespace mainspring::net
