#include "worker/shipment.h"

#include <algorithm>
#include <utility>

namespace mainspring::worker {

Shipment::Shipment(Parts parts, std::shared_ptr<Lease> lease, const ShipmentLimits& limits)
    : parts_(std::move(parts)),
      lease_(std::move(lease)),
      limits_(limits),
      batch_(limits.log_bytes) {}

void Shipment::arm(std::optional<Monotonic>& deadline, base::Duration after) const {
  if (!deadline) deadline = Monotonic{now().value + after};
}

void Shipment::output(model::LogStream stream, std::string_view bytes) {
  Commands commands;
  bool was_armed = false;
  std::unique_lock lock(mutex_);
  if (lease_->is_lost()) return keep_late(stream, bytes);
  batch_.append(stream, bytes, parts_.clock.now());
  was_armed = send_at_.has_value();
  arm(send_at_, limits_.flush_after);
  if (batch_.bytes() >= limits_.flush_bytes && sending_.empty()) collect_log(commands);
  lock.unlock();
  submit(std::move(commands));
  if (!was_armed) parts_.wake();
  lock.lock();
  room_.wait(lock, lease_->lost(), [&] { return batch_.bytes() <= limits_.waiting_bytes; });
}

// Called under the lock: what was on its way from the program when the lease was lost. It is being
// killed and cannot be slowed down any more.
void Shipment::keep_late(model::LogStream stream, std::string_view bytes) {
  if (batch_.bytes() <= limits_.waiting_bytes) batch_.append(stream, bytes, parts_.clock.now());
}

void Shipment::progress(double fraction, std::string_view message) {
  Commands commands;
  {
    const std::scoped_lock lock(mutex_);
    progress_ = model::Progress{fraction, std::string(message), parts_.clock.now()};
    const bool is_soon = progress_sent_ && now().value - progress_sent_->value < kProgressPause;
    if (is_soon)
      arm(progress_at_, kProgressPause);
    else
      collect_progress(commands);
  }
  if (commands.empty())
    parts_.wake();
  else
    submit(std::move(commands));
}

std::vector<model::LogChunk> Shipment::take_rest() {
  Commands commands;
  std::unique_lock lock(mutex_);
  is_ending_ = true;
  if (!is_rest() && sending_.empty()) collect_log(commands);
  collect_progress(commands);
  lock.unlock();
  submit(std::move(commands));
  lock.lock();
  const bool is_held =
      room_.wait(lock, lease_->lost(), [&] { return is_rest() && sending_.empty(); });
  if (!is_held || batch_.empty()) return {};
  return batch_.take(limits_.command_bytes);
}

void Shipment::leave_rest(std::vector<model::LogChunk> taken) {
  Commands commands;
  {
    const std::scoped_lock lock(mutex_);
    is_left_ = true;
    if (!taken.empty()) sending_ = std::move(taken);
    batch_.append(model::LogStream::system,
                  "[the worker could not keep its lease; the work was killed]\n",
                  parts_.clock.now());
    if (!is_in_flight_) collect_late(commands);
  }
  submit(std::move(commands));
}

std::optional<Monotonic> Shipment::tick() {
  Commands commands;
  std::optional<Monotonic> next;
  {
    const std::scoped_lock lock(mutex_);
    if (lease_->is_lost()) return std::nullopt;
    if (!is_in_flight_ && send_at_ && *send_at_ <= now()) collect_log(commands);
    if (progress_at_ && *progress_at_ <= now()) collect_progress(commands);
    if (!is_in_flight_) next = send_at_;
    if (progress_at_ && (!next || *progress_at_ < *next)) next = progress_at_;
  }
  submit(std::move(commands));
  return next;
}

// Called under the lock: takes the next chunks, or those that the store refused before. The rest is
// left to take_rest().
void Shipment::collect_log(Commands& out) {
  if (is_in_flight_) return;
  send_at_.reset();
  if (sending_.empty() && is_rest()) return;
  if (sending_.empty()) sending_ = batch_.take(limits_.command_bytes);
  if (!batch_.empty()) arm(send_at_, limits_.flush_after);
  if (sending_.empty()) return;
  is_in_flight_ = true;
  out.emplace_back(store::AppendLog{lease_->ref(), sending_});
}

// Called under the lock, with nothing in flight: all that is left, in order. What the store does
// not take now is lost.
void Shipment::collect_late(Commands& out) {
  while (!sending_.empty() || !batch_.empty()) {
    if (sending_.empty()) sending_ = batch_.take(limits_.command_bytes);
    store::AppendLog command{lease_->ref(), std::exchange(sending_, {})};
    command.is_late = true;
    out.emplace_back(std::move(command));
  }
}

void Shipment::collect_progress(Commands& out) {
  if (!progress_ || is_progress_in_flight_) return;
  is_progress_in_flight_ = true;
  progress_at_.reset();
  progress_sent_ = now();
  out.emplace_back(store::ReportProgress{lease_->ref(), *std::exchange(progress_, std::nullopt)});
}

// Outside the lock: a full writer completes at once, on this thread.
void Shipment::submit(Commands commands) {
  for (store::Command& command : commands) {
    const auto* log = std::get_if<store::AppendLog>(&command);
    store::Completion completion = [self = shared_from_this(),
                                    is_log = log != nullptr](const base::Result<store::Reply>& r) {
      is_log ? self->log_stored(r) : self->progress_stored(r);
    };
    if (log != nullptr && log->is_late) completion = [](const base::Result<store::Reply>&) {};
    parts_.writer.submit({std::move(command), std::nullopt}, std::move(completion));
  }
}

void Shipment::log_stored(const base::Result<store::Reply>& result) {
  Commands commands;
  const bool is_lost = !result && result.error().code == base::Code::lease_lost;
  const bool is_worth_a_retry = !result && base::code_row(result.error().code).retryable;
  if (is_lost) lease_->lose();
  {
    const std::scoped_lock lock(mutex_);
    is_in_flight_ = false;
    if (lease_->is_lost()) {
      if (result) sending_.clear();
      if (is_left_) collect_late(commands);
    } else if (is_worth_a_retry) {
      send_at_ = Monotonic{now().value + retry_pause_};
      retry_pause_ = std::min(2 * retry_pause_, kLongestRetry);
    } else {
      sending_.clear();
      retry_pause_ = kFirstRetry;
      const bool is_due =
          is_ending_ || batch_.bytes() >= limits_.flush_bytes || (send_at_ && *send_at_ <= now());
      if (is_due) collect_log(commands);
    }
  }
  room_.notify_all();
  parts_.wake();
  submit(std::move(commands));
}

// Progress that the store refused is dropped: the next report replaces it.
void Shipment::progress_stored(const base::Result<store::Reply>& result) {
  if (!result && result.error().code == base::Code::lease_lost) lease_->lose();
  {
    const std::scoped_lock lock(mutex_);
    is_progress_in_flight_ = false;
    if (progress_) arm(progress_at_, kProgressPause);
  }
  parts_.wake();
}

}  // namespace mainspring::worker
