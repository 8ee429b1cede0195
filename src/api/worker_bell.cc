#include "api/worker_bell.h"

#include <algorithm>

#include "api/core.h"
#include "json/codec.h"

namespace mainspring::api {

struct WorkerBell::Ear {
  std::mutex mutex;
  WorkerBell* bell = nullptr;
};

bool WorkerBell::Box::has_something() const {
  return notes.are_runs_ready || notes.is_ordered || !notes.cancels.empty() ||
         !notes.extensions.empty() || next_due.has_value();
}

WorkerBell::WorkerBell(const Services& services)
    : services_(services), ear_(std::make_shared<Ear>()) {
  thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
  ear_->bell = this;
  services_.store.writer().add_listener([ear = ear_](const std::vector<store::Notice>& notices) {
    const std::scoped_lock lock(ear->mutex);
    if (ear->bell != nullptr) ear->bell->on_notices(notices);
  });
}

WorkerBell::~WorkerBell() { stop(); }

void WorkerBell::stop() {
  {
    const std::scoped_lock lock(ear_->mutex);
    ear_->bell = nullptr;
  }
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  std::vector<Answer> answers;
  {
    const std::scoped_lock lock(mutex_);
    is_stopped_ = true;
    for (auto& [worker, box] : boxes_) {
      if (box.waiting) answers.push_back(take(box));
    }
  }
  send(std::move(answers));
}

void WorkerBell::listen(const CallPtr& call, base::WorkerId worker, base::Duration wait) {
  std::vector<Answer> answers;
  {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) return call->fail({base::Code::unavailable, "The node is stopping.", {}});
    const auto [place, is_new] = boxes_.try_emplace(worker);
    Box& box = place->second;
    if (is_new) {
      box.notes.are_runs_ready = true;
      box.notes.is_ordered = true;
    }
    if (box.waiting) answers.push_back({std::exchange(box.waiting, nullptr), {}});
    box.waiting = call;
    box.deadline = services_.clock.monotonic() + wait;
    if (box.has_something()) answers.push_back(take(box));
  }
  changed_.notify_one();
  send(std::move(answers));
}

WorkerBell::Answer WorkerBell::take(Box& box) const {
  Answer answer{std::exchange(box.waiting, nullptr), std::exchange(box.notes, {})};
  if (box.next_due) {
    answer.reply.next_due_in = std::max(*box.next_due - services_.clock.now(), base::Duration{0});
  }
  box.next_due.reset();
  box.deadline = services_.clock.monotonic() + kBoxKept;
  return answer;
}

void WorkerBell::send(std::vector<Answer> answers) {
  for (const Answer& answer : answers)
    answer.call->answer_with(answer.reply, json::Audience::self);
}

void WorkerBell::on_notices(const std::vector<store::Notice>& notices) {
  std::vector<Answer> answers;
  {
    const std::scoped_lock lock(mutex_);
    if (boxes_.empty()) return;
    for (const store::Notice& notice : notices)
      note(notice);
    for (auto& [worker, box] : boxes_) {
      if (box.waiting && box.has_something()) answers.push_back(take(box));
    }
  }
  send(std::move(answers));
}

void WorkerBell::note(const store::Notice& notice) {
  const auto box_of = [this](base::WorkerId worker) {
    const auto found = boxes_.find(worker);
    return found == boxes_.end() ? nullptr : &found->second;
  };
  const bool is_all_lost = std::holds_alternative<store::NoticesLost>(notice);
  if (is_all_lost || std::holds_alternative<store::RunsReady>(notice)) {
    for (auto& [worker, box] : boxes_) {
      box.notes.are_runs_ready = true;
      box.notes.is_ordered = box.notes.is_ordered || is_all_lost;
    }
  } else if (const auto* due = std::get_if<store::DueChanged>(&notice)) {
    if (!due->next_due) return;
    for (auto& [worker, box] : boxes_)
      box.next_due = std::min(box.next_due.value_or(*due->next_due), *due->next_due);
  } else if (const auto* cancel = std::get_if<store::CancelAsked>(&notice)) {
    Box* box = box_of(cancel->worker_id);
    if (box == nullptr) return;
    if (box->notes.cancels.size() < kNotesPerBox)
      box->notes.cancels.push_back({cancel->run_id, cancel->mode});
    else
      box->notes.is_ordered = true;
  } else if (const auto* more = std::get_if<store::ExtensionGiven>(&notice)) {
    Box* box = box_of(more->worker_id);
    if (box == nullptr) return;
    const base::Duration left = more->extended_until - services_.clock.now();
    if (box->notes.extensions.size() < kNotesPerBox)
      box->notes.extensions.push_back({more->run_id, std::max(left, base::Duration{0})});
    else
      box->notes.is_ordered = true;
  } else if (const auto* order = std::get_if<store::WorkerOrdered>(&notice)) {
    if (Box* box = box_of(order->worker_id)) box->notes.is_ordered = true;
  }
}

// Waits that are over; boxes that nobody came back to are forgotten.
std::vector<WorkerBell::Answer> WorkerBell::take_due(base::Duration now) {
  std::vector<Answer> due;
  for (auto& [worker, box] : boxes_) {
    if (box.waiting && box.deadline <= now) due.push_back(take(box));
  }
  std::erase_if(boxes_, [now](const auto& entry) { return entry.second.deadline <= now; });
  return due;
}

void WorkerBell::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    auto due = take_due(services_.clock.monotonic());
    if (!due.empty()) {
      lock.unlock();
      send(std::move(due));
      lock.lock();
      continue;
    }
    if (boxes_.empty()) {
      changed_.wait(lock, stop, [this] { return !boxes_.empty(); });
      continue;
    }
    const auto next = std::ranges::min_element(
        boxes_, {}, [](const auto& entry) { return entry.second.deadline; });
    const base::Duration seen = next->second.deadline;
    const base::Duration pause = seen - services_.clock.monotonic();
    changed_.wait_for(lock, stop, std::max(pause, base::Duration{1}), [this, seen] {
      return std::ranges::any_of(boxes_,
                                 [seen](const auto& e) { return e.second.deadline < seen; });
    });
  }
}

}  // namespace mainspring::api
