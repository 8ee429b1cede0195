#include "worker/worker.h"

#include <utility>

#include "worker/attempt.h"
#include "worker/desk.h"

namespace mainspring::worker {

Worker::Worker(Parts parts, Settings settings)
    : desk_(std::make_shared<Desk>(std::move(parts), settings)), slots_(settings.slots) {}

Worker::~Worker() { stop(base::Duration{0}); }

void Worker::start() {
  desk_->listen();
  for (int i = 0; i < slots_; ++i)
    threads_.emplace_back([this] {
      while (const auto assignment = desk_->next_assignment())
        work(*desk_, *assignment);
    });
  timer_ = std::jthread([this] { desk_->run_timer(); });
}

void Worker::stop(base::Duration drain) {
  if (!timer_.joinable()) return;
  desk_->drain();
  if (!desk_->wait_until_idle(drain)) {
    desk_->shut_down_attempts();
    desk_->wait_until_idle(std::nullopt);
  }
  desk_->close();
  threads_.clear();
  timer_.join();
  desk_->say_farewell();
}

int Worker::busy() const { return desk_->busy(); }

}  // namespace mainspring::worker
