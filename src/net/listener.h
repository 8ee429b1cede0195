// Listener: accepts on one bound socket and hands arrivals on. Edge thread only. Includes Asio: for
// .cc files of this module.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/edge.h"
#include "net/socket.h"

namespace mainspring::net {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  using Accept = std::function<void(Accepted)>;

  Listener(Edge& edge, Bound bound, Accept accept);
  ~Listener() { stop(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void start();
  void stop();  // idempotent; accepts no more and removes the file of a unix socket

 private:
  void wait();
  void accept_waiting();
  void back_off(int error);

  Edge& edge_;
  Descriptor descriptor_;
  const Endpoint endpoint_;
  const Accept accept_;
  boost::asio::posix::stream_descriptor readable_;
  boost::asio::steady_timer timer_;
};

}  // namespace mainspring::net
