#include "net/answer.h"

#include <algorithm>
#include <utility>

#include "http/sse.h"
#include "net/connection.h"

namespace mainspring::net {
namespace {

class StreamHandle final : public http::Stream {
 public:
  explicit StreamHandle(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}
  ~StreamHandle() override { state_->finish(StreamState::Finish::abort); }

  bool write(std::string bytes) override { return state_->write(std::move(bytes)); }
  void close() override { state_->finish(StreamState::Finish::close); }
  void on_closed(std::function<void()> callback) override {
    state_->on_closed(std::move(callback));
  }
  void on_writable(std::function<void()> callback) override {
    state_->on_writable(std::move(callback));
  }

 private:
  const std::shared_ptr<StreamState> state_;
};

class ServerExchange final : public http::Exchange {
 public:
  explicit ServerExchange(std::shared_ptr<Turn> turn) : turn_(std::move(turn)) {}
  ~ServerExchange() override {
    if (answered_) return;
    respond(
        http::make_problem({500, base::Code::internal, "the request was dropped without an answer"},
                           turn_->request_id));
  }

  void respond(http::Response response) override {
    if (answered_.exchange(true)) return;
    turn_->mailbox->post([to = turn_->connection, response = std::move(response)]() mutable {
      if (const auto connection = to.lock()) connection->respond(std::move(response));
    });
  }

  std::shared_ptr<http::Stream> start_stream(http::Response head) override {
    const bool is_events =
        head.headers.find("Content-Type").value_or("").starts_with(http::kEventStreamType);
    auto state = std::make_shared<StreamState>(
        turn_, is_events ? StreamState::Kind::events : StreamState::Kind::download);
    auto stream = std::make_shared<StreamHandle>(state);
    const bool posted =
        !answered_.exchange(true) &&
        turn_->mailbox->post([to = turn_->connection, state, head = std::move(head)]() {
          if (const auto connection = to.lock()) {
            connection->begin_stream(head, state);
          } else {
            state->end();
          }
        });
    if (!posted) state->end();
    return stream;
  }

  bool client_gone() const override { return turn_->gone.load(); }

 private:
  const std::shared_ptr<Turn> turn_;
  std::atomic<bool> answered_ = false;
};

}  // namespace

std::shared_ptr<http::Exchange> make_exchange(std::shared_ptr<Turn> turn) {
  return std::make_shared<ServerExchange>(std::move(turn));
}

std::size_t EventRoom::each() const {
  const std::size_t share = limits_.all_event_buffer_bytes / std::max<std::size_t>(1, streams_);
  return std::clamp(share, std::min(limits_.least_event_buffer_bytes, limits_.event_buffer_bytes),
                    limits_.event_buffer_bytes);
}

StreamState::StreamState(std::shared_ptr<Turn> turn, Kind kind)
    : turn_(std::move(turn)), kind_(kind) {
  if (kind_ == Kind::events) turn_->event_room->enter();
}

StreamState::~StreamState() {
  if (!ended_) leave_event_room();
}

void StreamState::leave_event_room() {
  if (kind_ == Kind::events) turn_->event_room->leave();
}

std::size_t StreamState::room() const {
  return kind_ == Kind::events ? turn_->event_room->each() : turn_->stream_buffer_bytes;
}

bool StreamState::write(std::string bytes) {
  std::unique_lock lock(mutex_);
  if (ended_ || finish_ != Finish::no) return false;
  // One that nothing waits before is taken even above a small share, or it could never be sent.
  const bool is_alone = kind_ == Kind::events && held_ == 0;
  if (held_ + bytes.size() > (is_alone ? turn_->event_room->most() : room())) {
    refused_ = true;
    return false;
  }
  held_ += bytes.size();
  pending_ += bytes;
  return notify(std::move(lock));
}

void StreamState::finish(Finish how) {
  std::unique_lock lock(mutex_);
  if (ended_ || finish_ != Finish::no) return;
  finish_ = how;
  notify(std::move(lock));
}

// Tells the edge thread once, however much is written before it looks.
bool StreamState::notify(std::unique_lock<std::mutex> lock) {
  if (std::exchange(noted_, true)) return true;
  lock.unlock();
  auto letter = [to = turn_->connection, state = shared_from_this()]() {
    if (const auto connection = to.lock()) {
      connection->pump_stream(*state);
    } else {
      state->end();
    }
  };
  const bool posted = turn_->mailbox->post_bulk(std::move(letter));
  if (!posted) end();
  return posted;
}

void StreamState::on_closed(std::function<void()> callback) {
  std::unique_lock lock(mutex_);
  if (!ended_) {
    on_closed_.swap(callback);  // an older one is destroyed after the lock
    return;
  }
  lock.unlock();
  // On the edge thread where there still is one, so that the callback never runs inside its caller.
  auto letter = [callback]() { callback(); };
  if (!turn_->mailbox->post(std::move(letter))) callback();
}

void StreamState::on_writable(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  on_writable_.swap(callback);
}

StreamState::Taken StreamState::take() {
  const std::lock_guard lock(mutex_);
  noted_ = false;
  return {std::exchange(pending_, {}), finish_};
}

void StreamState::release(std::size_t bytes) {
  std::unique_lock lock(mutex_);
  held_ -= bytes;
  if (!refused_ || held_ > room() / 2) return;
  refused_ = false;
  const auto callback = on_writable_;
  lock.unlock();
  if (callback) callback();
}

void StreamState::end() {
  std::unique_lock lock(mutex_);
  if (std::exchange(ended_, true)) return;
  leave_event_room();
  const auto callback = std::exchange(on_closed_, nullptr);
  const auto unused = std::exchange(on_writable_, nullptr);
  pending_.clear();
  lock.unlock();
  if (callback) callback();
}

}  // namespace mainspring::net
