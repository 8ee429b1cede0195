// The contract between a server and the application it serves: a request comes with an Exchange,
// through which exactly one answer goes back.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/message.h"

namespace mainspring::http {

// An answer whose body is written piece by piece: SSE, or a download of unknown length. Every
// method may be called from any thread; both callbacks run on the server's edge thread and must
// neither block it nor throw. They may be called at once, on the calling thread, where the server
// is gone already. Dropping a Stream without close() cuts the connection, so that the client sees
// that the body is not whole.
class Stream {
 public:
  virtual ~Stream() = default;

  // Takes all of `bytes` or nothing. False: the stream has ended, or its buffer
  // (Limits::stream_buffer_bytes) has no room; the caller decides to drop, to resynchronise, or to
  // wait for on_writable.
  virtual bool write(std::string bytes) = 0;

  // The body is complete: what was written is sent, then the end.
  virtual void close() = 0;

  // Called once, when nothing more can be written: the client went, the server stops, or close()
  // was carried out.
  virtual void on_closed(std::function<void()> callback) = 0;

  // Called each time that half of the buffer is free again after a write was refused for room. Set
  // it before the first write, so that no such moment is missed.
  virtual void on_writable(std::function<void()> callback) = 0;
};

// Every method may be called from any thread. The first of respond() and start_stream() counts; a
// second answer is dropped. An Exchange that is destroyed unanswered sends 500.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual void respond(Response response) = 0;

  // Sends the head now; its body must be empty. Never null: where the client is gone the stream
  // has ended already.
  virtual std::shared_ptr<Stream> start_stream(Response head) = 0;

  // True once the client closed its side or the connection broke. A client that only closed its
  // sending side still gets the answer.
  virtual bool client_gone() const = 0;
};

// Called on an edge thread for every request; must not block. An exception is answered with 500.
using Application = std::function<void(Request, std::shared_ptr<Exchange>)>;

}  // namespace mainspring::http
