// The server's Exchange and Stream: what other threads hold of a connection.
//
// Both reach the connection by letters to its edge thread and keep no connection alive. StreamState
// is shared by the application's handle (any thread) and the connection (edge thread); its mutex is
// never held across a callback.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "http/exchange.h"
#include "http/limits.h"
#include "net/mailbox.h"

namespace mainspring::net {

class Connection;

// What the event streams of one server may hold: thousands of them share a bound. Any thread.
class EventRoom {
 public:
  explicit EventRoom(const http::Limits& limits) : limits_(limits) {}

  void enter() { streams_.fetch_add(1); }
  void leave() { streams_.fetch_sub(1); }
  std::size_t each() const;  // bytes that may wait in one stream, by how many there are now
  std::size_t most() const { return limits_.event_buffer_bytes; }  // where there are few

 private:
  const http::Limits limits_;
  std::atomic<std::size_t> streams_ = 0;
};

// One request's place on its connection.
struct Turn {
  std::shared_ptr<Mailbox> mailbox;
  std::weak_ptr<Connection> connection;  // locked on the edge thread only
  std::string request_id;
  std::size_t stream_buffer_bytes = 0;
  std::shared_ptr<EventRoom> event_room;
  std::atomic<bool> gone = false;  // set by the connection
};

std::shared_ptr<http::Exchange> make_exchange(std::shared_ptr<Turn> turn);

class StreamState : public std::enable_shared_from_this<StreamState> {
 public:
  enum class Finish { no, close, abort };
  struct Taken {
    std::string bytes;
    Finish finish = Finish::no;
  };

  enum class Kind : std::uint8_t { download, events };

  StreamState(std::shared_ptr<Turn> turn, Kind kind);
  ~StreamState();

  // The application's side, any thread.
  bool write(std::string bytes);
  void finish(Finish how);
  void on_closed(std::function<void()> callback);
  void on_writable(std::function<void()> callback);

  // The connection's side, edge thread.
  Taken take();
  void release(std::size_t bytes);  // so many of the taken bytes have left
  void end();                       // nothing more can be written

 private:
  bool notify(std::unique_lock<std::mutex> lock);
  std::size_t room() const;  // bytes that may wait at once
  void leave_event_room();   // under the lock, once

  const std::shared_ptr<Turn> turn_;
  const Kind kind_;
  std::mutex mutex_;
  std::string pending_;
  std::size_t held_ = 0;  // pending, and taken but not released
  Finish finish_ = Finish::no;
  bool noted_ = false;    // a letter about pending_ is under way
  bool refused_ = false;  // a write found no room
  bool ended_ = false;
  std::function<void()> on_closed_;
  std::function<void()> on_writable_;
};

}  // namespace mainspring::net
