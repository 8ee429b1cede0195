#include "net/connection.h"

#include <boost/asio/post.hpp>
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
      number_(number),
      socket_(edge.context()),
      channel_(arrival.descriptor.get()),
      tls_(std::move(arrival.tls)),
      session_(edge.settings().limits,
               {std::move(arrival.peer), fmt::format("{}{}", edge.settings().name, number),
                tls_ != nullptr},
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
    if (!is_shaking_hands()) return begin_session();
    handshake_by_ = read_clocks().moment + edge_.settings().handshake;
    edge_.begin_handshake(number_, *this);
    arm_read();
  });
}

void Connection::begin_session() {
  if (room_ == Room::over_limit) session_.turn_away(read_clocks());
  pump();
}

void Connection::step_handshake() {
  guard([this] {
    if (!is_shaking_hands()) return;
    switch (const Channel::Handshake step = channel_.shake_hands(*tls_)) {
      case Channel::Handshake::want_read:
        return arm_read();
      case Channel::Handshake::want_write:
        return arm_write();
      default:
        return end_handshake(step);
    }
  });
}

void Connection::end_handshake(Channel::Handshake how) {
  const auto tls = std::exchange(tls_, nullptr);
  HandshakeCounts& counts = tls->counts();
  edge_.end_handshake(number_);
  if (how == Channel::Handshake::done) {
    ++counts.done;
    if (channel_.is_resumed()) ++counts.resumed;
    return begin_session();
  }
  if (how == Channel::Handshake::not_tls) {
    ++counts.not_tls;
    session_.refuse_plain(read_clocks());
    return pump();
  }
  ++counts.failed;
  close();
}

void Connection::crowd_out() {
  ++tls_->counts().crowded_out;
  close();
}

void Connection::drain() {
  guard([this] {
    if (is_shaking_hands()) return close();
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
  if (is_shaking_hands()) edge_.end_handshake(number_);
  if (turn_) turn_->gone = true;
  end_stream();
  edge_.held_body_bytes() -= std::exchange(held_body_bytes_, 0);
  edge_.forget(self);
}

void Connection::reap(http::Moment now) {
  if (is_shaking_hands()) {
    if (now < handshake_by_) return;
    ++tls_->counts().timed_out;
    return close();
  }
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
  if (channel_.has_more()) {
    boost::asio::post(edge_.context(), [self = shared_from_this()] {
      self->reading_ = false;
      self->guard([&self] { self->on_readable(); });
    });
    return;
  }
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
                       if (!error) self->guard([&self] { self->on_writable(); });
                     });
}

void Connection::on_readable() {
  if (is_shaking_hands()) return edge_.queue_handshake(shared_from_this());
  receive();
}

void Connection::on_writable() {
  if (is_shaking_hands()) return edge_.queue_handshake(shared_from_this());
  if (std::exchange(read_waits_for_write_, false)) return receive();
  pump();
}

void Connection::receive() {
  const auto buffer = edge_.read_buffer();
  const Channel::Io io = channel_.read(buffer);
  switch (io.state) {
    case Channel::State::moved:
      session_.receive({buffer.data(), io.bytes}, read_clocks());
      count_body();
      break;
    case Channel::State::ended:
      if (turn_) turn_->gone = true;
      session_.receive_end(read_clocks());
      break;
    case Channel::State::want_read:
      break;
    case Channel::State::want_write:
      read_waits_for_write_ = true;
      arm_write();
      break;
    case Channel::State::broken:
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
    if (actions.ending == http::Ending::close) return say_farewell();
    if (actions.ending == http::Ending::shut_sending) shutting_ = true;
    if (shutting_ && !shut_) shut_sending();
    if (!outgoing_.empty()) {
      if (!send_some()) return;         // closed
      if (outgoing_.empty()) continue;  // the session may go on to what it held back
      arm_write();
    }
    if (actions.read) arm_read();
    return;
  }
}

void Connection::shut_sending() {
  if (cut_short_) channel_.cut_sending();
  shut_ = cut_short_ || channel_.shut_sending();
  if (!shut_) arm_write();
}

// Inside TLS, whoever sees no farewell takes what it got for cut off, unless HTTP told its length.
void Connection::say_farewell() {
  if (channel_.is_encrypted() && !shut_ && !cut_short_ && outgoing_.empty())
    channel_.shut_sending();
  close();
}

// False where the connection is broken, and was closed.
bool Connection::send_some() {
  while (outgoing_at_ < outgoing_.size()) {
    const Channel::Io io = channel_.write(std::string_view{outgoing_}.substr(outgoing_at_));
    if (io.state == Channel::State::want_write) break;
    if (io.state != Channel::State::moved) {
      close();
      return false;
    }
    outgoing_at_ += io.bytes;
    session_.sent(io.bytes, read_clocks());
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
    if (taken.finish == StreamState::Finish::abort) {
      cut_short_ = true;
      session_.abort_stream(read_clocks());
    }
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
