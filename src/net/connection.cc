#include "net/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <utility>

#include <fmt/core.h>

namespace mainspring::net {
namespace {

using boost::asio::posix::descriptor_base;
using boost::system::error_code;

// Taken from a stream's buffer at a time, so that what waits is counted and can be refused there.
constexpr std::size_t kCarryBelow = 64 * 1024;

}  // namespace

Connection::Connection(Edge& edge, Arrival arrival, std::uint64_t number)
    : edge_(edge),
      seat_(std::move(arrival.seat)),
      room_(seat_.number() > edge.settings().limits.connections ? Room::over_limit : Room::served),
      socket_(edge.context()),
      session_(edge.settings().limits,
               {std::move(arrival.peer), fmt::format("{}{}", edge.settings().name, number)},
               read_clocks()) {
  socket_.assign(arrival.descriptor.get());
  arrival.descriptor.release();
}

// The boundary at which an exception ends one connection and not the server.
template <class Action>
void Connection::guard(Action action) {
  const auto self = shared_from_this();  // close() below must not destroy *this
  try {
    if (!closed_) action();
  } catch (const std::exception& failure) {
    edge_.report(fmt::format("a connection failed and was closed: {}", failure.what()));
    close();
  }
}

void Connection::start() {
  guard([this] {
    if (room_ == Room::over_limit) session_.turn_away(read_clocks());
    pump();
  });
}

void Connection::drain() {
  guard([this] {
    if (stream_) pump_stream(*stream_);
    if (closed_) return;
    session_.drain(read_clocks());
    pump();
  });
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  const auto self = shared_from_this();
  error_code ignored;
  socket_.close(ignored);
  if (turn_) turn_->gone = true;
  end_stream();
  edge_.held_body_bytes() -= std::exchange(held_body_bytes_, 0);
  edge_.forget(self);
}

void Connection::reap(http::Moment now) {
  if (now < session_.deadline()) return;
  guard([this] {
    session_.wake(read_clocks());
    pump();
  });
}

void Connection::respond(http::Response response) {
  guard([this, &response] {
    answering_body_bytes_ = 0;
    count_body();
    session_.respond(std::move(response), read_clocks());
    pump();
  });
}

void Connection::begin_stream(const http::Response& head, std::shared_ptr<StreamState> state) {
  if (closed_) return state->end();
  guard([this, &head, &state] {
    stream_ = std::move(state);
    stream_bytes_ = 0;
    answering_body_bytes_ = 0;
    count_body();
    session_.begin_stream(head, read_clocks());
    pump();
  });
}

void Connection::pump_stream(StreamState& state) {
  if (stream_.get() != &state) return;
  guard([this] { pump(); });
}

void Connection::arm_read() {
  if (std::exchange(reading_, true)) return;
  socket_.async_wait(descriptor_base::wait_read,
                     [self = shared_from_this()](const error_code& error) {
                       self->reading_ = false;
                       if (!error) self->guard([&self] { self->on_readable(); });
                     });
}

void Connection::arm_write() {
  if (std::exchange(writing_, true)) return;
  socket_.async_wait(descriptor_base::wait_write,
                     [self = shared_from_this()](const error_code& error) {
                       self->writing_ = false;
                       if (!error) self->guard([&self] { self->pump(); });
                     });
}

void Connection::on_readable() {
  const auto buffer = edge_.read_buffer();
  const ssize_t count = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
  if (count > 0) {
    session_.receive({buffer.data(), static_cast<std::size_t>(count)}, read_clocks());
    count_body();
  } else if (count == 0) {
    if (turn_) turn_->gone = true;
    session_.receive_end(read_clocks());
  } else if (errno != EAGAIN && errno != EINTR) {
    return close();
  }
  pump();
}

// Keeps the edge's count right, and gives up this body where there is too much of them.
void Connection::count_body() {
  const http::Limits& limits = edge_.settings().limits;
  std::size_t& all = edge_.held_body_bytes();
  const auto count = [&] {
    const std::size_t now = session_.body_bytes() + answering_body_bytes_;
    all = all - held_body_bytes_ + now;
    held_body_bytes_ = now;
  };
  count();
  if (all <= limits.held_body_bytes || session_.body_bytes() <= limits.small_body_bytes) return;
  session_.shed(read_clocks());
  count();
}

// Carries out what the session wants until it waits for the socket or the application.
void Connection::pump() {
  while (true) {
    carry_stream();
    auto actions = session_.take_actions();
    outgoing_ += actions.send;
    if (actions.request) dispatch(std::move(*actions.request));
    if (actions.ending == http::Ending::close) return close();
    if (actions.ending == http::Ending::shut_sending && !std::exchange(shut_, true)) {
      ::shutdown(socket_.native_handle(), SHUT_WR);
    }
    if (!outgoing_.empty()) {
      if (!send_some()) return;         // closed
      if (outgoing_.empty()) continue;  // the session may go on to what it held back
      arm_write();
    }
    if (actions.read) arm_read();
    return;
  }
}

// False where the connection is broken, and was closed.
bool Connection::send_some() {
  while (outgoing_at_ < outgoing_.size()) {
    const ssize_t count = ::send(socket_.native_handle(), outgoing_.data() + outgoing_at_,
                                 outgoing_.size() - outgoing_at_, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) {
      close();
      return false;
    }
    outgoing_at_ += static_cast<std::size_t>(count);
    session_.sent(static_cast<std::size_t>(count), read_clocks());
  }
  const std::size_t left = outgoing_.size() - outgoing_at_;
  if (left == 0) {
    outgoing_at_ = 0;
    outgoing_.clear();
    if (outgoing_.capacity() > kCarryBelow) outgoing_.shrink_to_fit();
  }
  if (stream_ && stream_bytes_ > left) {
    stream_->release(std::exchange(stream_bytes_, left) - left);
  }
  return true;
}

// Moves what the application wrote into the session, while little is waiting to be sent.
void Connection::carry_stream() {
  if (!stream_) return;
  if (session_.is_streaming() && outgoing_.size() - outgoing_at_ < kCarryBelow) {
    auto taken = stream_->take();
    stream_bytes_ += taken.bytes.size();
    session_.write_stream(taken.bytes, read_clocks());
    if (taken.finish == StreamState::Finish::close) session_.end_stream(read_clocks());
    if (taken.finish == StreamState::Finish::abort) session_.abort_stream(read_clocks());
  }
  if (!session_.is_streaming()) end_stream();
}

void Connection::end_stream() {
  if (const auto stream = std::exchange(stream_, nullptr)) stream->end();
}

void Connection::dispatch(http::Request request) {
  answering_body_bytes_ = request.body.size();
  count_body();
  turn_ = std::make_shared<Turn>();
  turn_->mailbox = edge_.mailbox();
  turn_->connection = weak_from_this();
  turn_->request_id = request.request_id;
  turn_->stream_buffer_bytes = edge_.settings().limits.stream_buffer_bytes;
  turn_->event_room = edge_.settings().event_room;
  const std::string request_id = request.request_id;
  const auto exchange = make_exchange(turn_);
  try {
    edge_.application()(std::move(request), exchange);
  } catch (const std::exception& failure) {
    // The client does not see the text: it may hold what is not meant for it.
    edge_.report(fmt::format("request {} failed: {}", request_id, failure.what()));
    exchange->respond(http::make_problem(
        {500, base::Code::internal, "the server failed while it worked on the request"},
        request_id));
  }
}

}  // namespace mainspring::net
