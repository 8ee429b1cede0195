// Session: one HTTP/1.1 connection seen from the server, without socket, clock or thread.
//
// Bytes and time go in by the methods; what to do about it comes out of take_actions(), which the
// owner calls after each of them. One request is worked on at a time: the next is read after the
// answer to the last has been sent. Belongs to one thread; a movable value.
//
// Source: RFC 9110, RFC 9112. Refusals are answered as problem details (RFC 9457), then the
// connection is closed: 400, 408, 413, 414, 417, 431, 501, 505.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "http/chunked.h"
#include "http/message.h"

namespace mainspring::http {

struct Head;

// A point on a clock that never steps back; only deadlines are made of it.
using Moment = std::chrono::steady_clock::time_point;

struct Now {
  Moment moment;
  base::Instant instant;  // for the Date header
};

struct Peer {
  std::string address;        // copied into Request::peer
  std::string connection_id;  // unique in the server: request ids are this, '-' and a number
  bool is_encrypted = false;  // copied into Request::is_encrypted
};

enum class Ending : std::uint8_t {
  open,
  shut_sending,  // end our direction, go on reading: the client may still be sending
  close,
};

struct Actions {
  std::string send;                // append to what is being sent
  std::optional<Request> request;  // dispatch; answered by respond() or begin_stream()
  Ending ending = Ending::open;
  bool read = false;  // whether receive() wants more now
};

class Session {
 public:
  Session(const Limits& limits, Peer peer, const Now& now);

  void receive(std::string_view bytes, const Now& now);
  void receive_end(const Now& now);              // the client sends nothing more
  void sent(std::size_t bytes, const Now& now);  // so many bytes of `send` have left
  void wake(const Now& now);                     // call at or after deadline()

  // Each does nothing unless a request is waiting for its answer.
  void respond(Response response, const Now& now);
  void begin_stream(const Response& head, const Now& now);
  // Each does nothing unless a stream is open.
  void write_stream(std::string_view bytes, const Now& now);
  void end_stream(const Now& now);
  void abort_stream(const Now& now);  // what was written is sent, but no end of the body

  // Over the connection limit: answers 503 without reading, and closes. First call only.
  void turn_away(const Now& now);
  // The client speaks HTTP where TLS was to begin: answers 400 without reading, and closes. First
  // call only.
  void refuse_plain(const Now& now);
  // Other bodies take up all the memory for them: answers 503 to the one being read, and closes.
  void shed(const Now& now);
  // The server stops: an event stream is ended, any other request or answer that was begun is
  // finished, then the connection closes.
  void drain(const Now& now);

  Actions take_actions();
  Moment deadline() const;  // Moment::max(): none
  bool is_answering() const { return phase_ == Phase::answering; }
  bool is_streaming() const { return phase_ == Phase::streaming; }
  std::size_t body_bytes() const { return request_.body.size(); }  // of the request being read

 private:
  enum class Phase : std::uint8_t { idle, head, body, answering, streaming, closing, closed };

  void advance(const Now& now);
  bool step(const Now& now);
  bool begin_head(const Now& now);
  bool read_head(const Now& now);
  bool read_body(const Now& now);
  void accept_head(Head head, const Now& now);
  void dispatch();
  void refuse(const Refusal& refusal, const Now& now);
  void refuse_for_now(std::string_view detail, const Now& now);
  void emit(std::string_view bytes, const Now& now);
  void emit_answer(const Response& response, const Now& now);
  void finish_answer(const Now& now);
  void close_gracefully(const Now& now);
  std::string next_request_id(const Headers& headers);

  Limits limits_;
  Peer peer_;
  Phase phase_ = Phase::idle;
  Moment phase_deadline_;
  Moment progress_at_;      // of sending
  std::size_t unsent_ = 0;  // bytes given out as `send` and not reported by sent()
  std::uint64_t requests_ = 0;

  std::string input_;
  std::size_t scanned_ = 0;  // of input_, by read_head

  Request request_;  // the one being read
  std::string request_id_;
  std::optional<ChunkReader> chunks_;
  std::uint64_t body_left_ = 0;
  std::size_t body_mark_ = 0;  // the body size that earns more time

  bool keep_alive_ = true;
  bool version_1_0_ = false;
  bool head_only_ = false;
  bool peer_ended_ = false;
  bool draining_ = false;
  bool event_stream_ = false;

  Actions actions_;
};

}  // namespace mainspring::http
