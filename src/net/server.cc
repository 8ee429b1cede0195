#include "net/server.h"

#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/check.h"
#include "net/answer.h"
#include "net/edge.h"
#include "net/listener.h"

namespace mainspring::net {
namespace {

// Connections above the limit that are told 503 before they are closed; those beyond are closed
// without a word, so that a flood costs little.
std::size_t room_to_refuse(std::size_t limit) { return limit / 8 + 8; }

// Begins every connection id of this server, so that ids of two runs do not meet in a log.
std::string make_server_name() {
  std::random_device random;
  return fmt::format("{:08x}", random());
}

}  // namespace

struct Server::State {
  ServerSettings settings;
  http::Application application;
  std::shared_ptr<std::atomic<std::size_t>> seats = std::make_shared<std::atomic<std::size_t>>(0);
  std::vector<std::unique_ptr<Edge>> edges;
  std::vector<std::shared_ptr<Listener>> listeners;  // on the first edge
  std::size_t next_edge = 0;                         // first edge thread only
  std::vector<std::jthread> threads;

  std::mutex mutex;
  std::condition_variable finished;
  int running = 0;  // edge threads that have not returned

  base::Result<Endpoint> add(base::Result<Bound> bound, const std::shared_ptr<Tls>& tls);
  void accept(Accepted accepted, const std::shared_ptr<Tls>& tls);
  void run(Edge& edge);
};

Server::Server(const ServerSettings& settings, http::Application application)
    : state_(std::make_unique<State>()) {
  CHECK(settings.edge_threads >= 1 && application);
  state_->settings = settings;
  state_->application = std::move(application);
  const std::string name = make_server_name();
  const auto event_room = std::make_shared<EventRoom>(settings.limits);
  for (int i = 0; i < settings.edge_threads; ++i) {
    state_->edges.push_back(std::make_unique<Edge>(
        EdgeSettings{settings.limits, settings.reap_interval, settings.handshake,
                     settings.handshakes, fmt::format("{}-{}-", name, i), settings.report,
                     event_room},
        state_->application));
  }
}

Server::~Server() { stop(std::chrono::milliseconds{0}); }

base::Result<Endpoint> Server::listen(const TcpAddress& address) {
  return state_->add(bind_tcp(address), address.tls);
}

base::Result<Endpoint> Server::listen(const UnixPath& path) {
  return state_->add(bind_unix(path), nullptr);
}

base::Result<Endpoint> Server::State::add(base::Result<Bound> bound,
                                          const std::shared_ptr<Tls>& tls) {
  CHECK(threads.empty());
  if (!bound) return base::fail(std::move(bound.error()));
  Endpoint endpoint = bound->endpoint;
  listeners.push_back(std::make_shared<Listener>(
      *edges.front(), std::move(*bound),
      [this, tls](Accepted accepted) { accept(std::move(accepted), tls); }));
  return endpoint;
}

void Server::State::accept(Accepted accepted, const std::shared_ptr<Tls>& tls) {
  Seat seat(seats);
  const std::size_t limit = settings.limits.connections;
  if (seat.number() > limit + room_to_refuse(limit)) return;
  Edge& edge = *edges[next_edge++ % edges.size()];
  Arrival arrival{std::move(accepted.descriptor), std::move(accepted.peer), std::move(seat), tls};
  edge.mailbox()->post(
      [&edge, arrival = std::move(arrival)]() mutable { edge.adopt(std::move(arrival)); });
}

void Server::State::run(Edge& edge) {
  edge.run();
  const std::lock_guard lock(mutex);
  --running;
  finished.notify_all();
}

void Server::start() {
  CHECK(state_->threads.empty());
  for (const auto& listener : state_->listeners)
    listener->start();
  state_->running = state_->settings.edge_threads;
  for (const auto& edge : state_->edges) {
    state_->threads.emplace_back([state = state_.get(), at = edge.get()] { state->run(*at); });
  }
}

void Server::stop(std::chrono::milliseconds grace) {
  State& state = *state_;
  if (state.threads.empty()) {
    for (const auto& listener : state.listeners)
      listener->stop();
    return;
  }
  // A late accept may still post to another edge: those letters come after drain() and close it.
  state.edges.front()->mailbox()->post([&state] {
    for (const auto& listener : state.listeners)
      listener->stop();
  });
  for (const auto& edge : state.edges)
    edge->mailbox()->post([at = edge.get()] { at->drain(); });
  std::unique_lock lock(state.mutex);
  const auto all_returned = [&state] { return state.running == 0; };
  if (!state.finished.wait_for(lock, grace, all_returned)) {
    for (const auto& edge : state.edges)
      edge->mailbox()->post([at = edge.get()] { at->cut(); });
    state.finished.wait(lock, all_returned);
  }
  lock.unlock();
  state.threads.clear();  // joins
  state.listeners.clear();
}

}  // namespace mainspring::net
