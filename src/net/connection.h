// Connection: carries bytes between one socket and one http::Session, and answers between the
// session and the application. Edge thread only. Includes Asio: for .cc files of this module.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "http/session.h"
#include "net/answer.h"
#include "net/channel.h"
#include "net/edge.h"
#include "net/socket.h"
#include "net/tls.h"

namespace mainspring::net {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Edge& edge, Arrival arrival, std::uint64_t number);

  void start();
  void drain();  // finish what was begun, then close
  void close();  // now; idempotent
  void reap(http::Moment now);
  void step_handshake();
  void crowd_out();  // of those that are in their handshake

  void respond(http::Response response);
  void begin_stream(const http::Response& head, std::shared_ptr<StreamState> state);
  void pump_stream(StreamState& state);

 private:
  enum class Room : std::uint8_t { served, over_limit };

  template <class Action>
  void guard(Action action);
  void arm_read();
  void arm_write();
  void on_readable();
  void on_writable();
  void receive();
  void end_handshake(Channel::Handshake how);
  void begin_session();
  bool is_shaking_hands() const { return tls_ != nullptr; }
  void pump();
  bool send_some();
  void shut_sending();
  void say_farewell();
  void count_body();
  void carry_stream();
  void dispatch(http::Request request);
  void end_stream();

  Edge& edge_;
  Seat seat_;
  Room room_;
  const std::uint64_t number_;
  boost::asio::posix::stream_descriptor socket_;
  Channel channel_;            // over socket_
  std::shared_ptr<Tls> tls_;   // until the handshake has ended
  http::Moment handshake_by_;  // while there is one
  http::Session session_;

  std::string outgoing_;
  std::size_t outgoing_at_ = 0;  // bytes of outgoing_ that have left
  bool reading_ = false;         // a wait is under way
  bool writing_ = false;
  bool read_waits_for_write_ = false;  // TLS must send before it can read on
  bool shutting_ = false;              // our direction is to end
  bool shut_ = false;                  // it has
  bool cut_short_ = false;             // an answer is not whole, and the client must see that
  bool closed_ = false;

  std::size_t held_body_bytes_ = 0;       // as counted by the edge
  std::size_t answering_body_bytes_ = 0;  // of the request that the application has

  std::shared_ptr<Turn> turn_;  // of the request being answered
  std::shared_ptr<StreamState> stream_;
  std::size_t stream_bytes_ = 0;  // taken from stream_ and not released
};

}  // namespace mainspring::net
