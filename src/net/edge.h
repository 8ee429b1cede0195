// Edge: one event loop and the connections that live on it. Includes Asio: for .cc files of this
// module.
//
// Threads: run() is the edge thread; everything else is called there, but for mailbox() and the
// constructor.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "http/exchange.h"
#include "http/session.h"
#include "net/mailbox.h"
#include "net/socket.h"

namespace mainspring::net {

class Connection;
class EventRoom;
class Tls;

// Counts open connections of a whole server; one Seat each.
class Seat {
 public:
  explicit Seat(std::shared_ptr<std::atomic<std::size_t>> taken) : taken_(std::move(taken)) {
    number_ = taken_->fetch_add(1) + 1;
  }
  ~Seat() {
    if (taken_) taken_->fetch_sub(1);
  }
  Seat(Seat&&) = default;
  Seat& operator=(Seat&&) = delete;

  std::size_t number() const { return number_; }  // 1 for the first

 private:
  std::shared_ptr<std::atomic<std::size_t>> taken_;
  std::size_t number_ = 0;
};

// An accepted socket on its way to its edge.
struct Arrival {
  Descriptor descriptor;
  std::string peer;
  Seat seat;
  std::shared_ptr<Tls> tls;  // nullptr: none
};

struct EdgeSettings {
  http::Limits limits;
  std::chrono::milliseconds reap_interval{1'000};
  std::chrono::milliseconds handshake{10'000};
  std::size_t handshakes = 256;
  std::string name;                              // begins the connection ids of this edge
  std::function<void(std::string_view)> report;  // may be empty
  std::shared_ptr<EventRoom> event_room;         // of the whole server
};

class Edge {
 public:
  Edge(EdgeSettings settings, http::Application application);

  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  void run();  // returns after drain() or cut(), when no connection is left

  void adopt(Arrival arrival);
  void drain();
  void cut();

  // For connections.
  boost::asio::io_context& context() { return context_; }
  const EdgeSettings& settings() const { return settings_; }
  const http::Application& application() const { return application_; }
  std::span<char> read_buffer() { return read_buffer_; }
  void report(std::string_view failure) const;
  void forget(const std::shared_ptr<Connection>& connection);
  // A connection is in its handshake; where there are too many, the oldest is crowded out: who
  // stalls loses his place before who has just come.
  void begin_handshake(std::uint64_t number, Connection& connection);
  void end_handshake(std::uint64_t number) { handshakes_.erase(number); }
  // Its next step, soon: they take turns with everything else, as each costs as much computing as
  // many requests.
  void queue_handshake(std::shared_ptr<Connection> connection);
  // Bytes of bodies that its connections hold; see http::Limits::held_body_bytes.
  std::size_t& held_body_bytes() { return held_body_bytes_; }

 private:
  void read_mail();
  void step_handshake();
  void arm_reaper();
  void reap();
  void finish_if_empty();

  const EdgeSettings settings_;
  const http::Application application_;
  boost::asio::io_context context_{1};  // one thread runs it
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer reaper_;
  std::shared_ptr<Mailbox> mailbox_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::uint64_t next_connection_ = 1;
  std::size_t held_body_bytes_ = 0;
  std::deque<Mailbox::Letter> bulk_;                 // waits for its turn
  bool has_turn_ = false;                            // one is posted
  std::map<std::uint64_t, Connection*> handshakes_;  // under way, by age
  std::deque<std::shared_ptr<Connection>> steps_;    // of handshakes, that can be taken
  bool reaping_ = false;
  bool draining_ = false;
  // Shared by all connections of this edge, so that an idle one holds no buffer.
  std::array<char, 64 * 1024> read_buffer_;
};

http::Now read_clocks();

}  // namespace mainspring::net
