// Doubles for this module's tests: a store that keeps schedules, fires and leases in memory and
// answers on the calling thread, and a clock that any thread may read.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "env/clock.h"
#include "store/store.h"

namespace mainspring::scheduler::testing {

class SharedClock final : public env::Clock {
 public:
  explicit SharedClock(base::Instant start) : now_(base::to_millis(start)) {}
  base::Instant now() const override { return base::from_millis(now_); }
  base::Duration monotonic() const override { return base::Duration{now_}; }
  void set(base::Instant now) { now_ = base::to_millis(now); }

 private:
  std::atomic<std::int64_t> now_;
};

struct Fire {
  std::string job;
  base::Instant at;
  base::Instant due_at;
  std::optional<base::Instant> promoted_at;
  base::RunId id;
};

class MemoryStore final : public store::Store, public store::Writer {
 public:
  explicit MemoryStore(const env::Clock& clock) : clock_(clock) {}

  store::Writer& writer() override { return *this; }
  std::unique_ptr<store::Reads> open_reads() override { return std::make_unique<View>(*this); }
  void submit(store::Request request, store::Completion completion) override {
    completion(submit_and_wait(std::move(request)));
  }
  base::Result<store::Reply> submit_and_wait(store::Request request) override {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
    ++commands;
    if (is_down) return base::fail(base::Code::unavailable, "the store is down");
    return std::visit([this](const auto& command) { return apply(command); }, request.command);
  }
  void add_listener(store::Listener listener) override {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
  }

  // ---- what tests do ------------------------------------------------------------------------

  base::JobId put(const std::string& job, model::ScheduleSpec spec) {
    model::Schedule schedule;
    {
      const std::scoped_lock lock(mutex_);
      base::IdBytes bytes{};
      bytes[15] = static_cast<std::uint8_t>(schedules.size() + 1);
      schedule.id = base::ScheduleId{bytes};
      schedule.job_id = base::JobId{bytes};
      schedule.job = job;
      schedule.spec = std::move(spec);
      schedule.created_at = schedule.planned_until = clock_.now();
      schedules[schedule.id] = schedule;
    }
    tell(store::JobChanged{"default", schedule.job_id});
    return schedule.job_id;
  }
  base::JobId put(const std::string& job, const std::string& cron) {
    model::ScheduleSpec spec;
    spec.cron = cron;
    return put(job, std::move(spec));
  }
  void pause(base::JobId job) { set_paused(job, Pausing::paused); }
  void resume(base::JobId job) { set_paused(job, Pausing::active); }
  void tell(store::Notice notice) {
    std::vector<store::Listener> listeners;
    {
      const std::scoped_lock lock(mutex_);
      listeners = listeners_;
    }
    for (const auto& listener : listeners)
      listener({notice});
  }
  void change(const std::function<void(MemoryStore&)>& action) {
    const std::scoped_lock lock(mutex_);
    action(*this);
    changed_.notify_all();
  }
  // Waits until the condition holds; false after ten seconds.
  bool wait(const std::function<bool(MemoryStore&)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return condition(*this); });
  }

  // State; other threads touch it within change() and wait() only.
  std::map<base::ScheduleId, model::Schedule> schedules;
  std::vector<Fire> fires;
  std::vector<model::PlannedEnding> endings;
  std::vector<base::Instant> leases;  // their ends
  int commands = 0;
  int materialised = 0;
  int promotions = 0;
  int reads = 0;
  std::string refused_job;  // plans of it are an invalid_argument
  bool is_down = false;

 private:
  enum class Pausing { active, paused };
  void set_paused(base::JobId job, Pausing pausing) {
    change([&](MemoryStore&) {
      for (auto& [id, schedule] : schedules)
        if (schedule.job_id == job) set_paused(schedule, pausing);
    });
    tell(store::JobChanged{"default", job});
  }

  void set_paused(model::Schedule& schedule, Pausing pausing) const {
    if (pausing == Pausing::active) {
      schedule.pause.reset();
      schedule.resumed_at = clock_.now();
      return;
    }
    schedule.pause = model::Pause{"ana", "", clock_.now(), std::nullopt, model::Meanwhile::drop};
    schedule.paused_at = clock_.now();
  }

  using Answered = base::Result<store::Reply>;

  class View final : public store::Reads, public store::ScheduleReads {
   public:
    explicit View(MemoryStore& store) : store_(store) {}
    std::vector<model::Schedule> active(base::ScheduleId after, std::int64_t limit) override {
      return select([&](const model::Schedule& s) { return s.id > after; }, limit);
    }
    std::vector<model::Schedule> of_job(base::JobId id) override {
      return select([&](const model::Schedule& s) { return s.job_id == id; }, INT64_MAX);
    }
    base::Result<store::Listed<model::Occurrence>> occurrences(const store::OccurrenceFilter&,
                                                               const store::Page&) override {
      throw std::logic_error("not used by a scheduler");
    }
    std::vector<model::Occurrence> occurrences_at(base::JobId, base::Instant) override {
      throw std::logic_error("not used by a scheduler");
    }
    store::EndingCounts endings(base::JobId, base::Instant, base::Instant) override {
      throw std::logic_error("not used by a scheduler");
    }
    store::ScheduleReads& schedules() override { return *this; }
    store::JobReads& jobs() override { throw std::logic_error("not used by a scheduler"); }
    store::RunReads& runs() override { throw std::logic_error("not used by a scheduler"); }
    store::QueueReads& queues() override { throw std::logic_error("not used by a scheduler"); }
    store::CalendarReads& calendars() override {
      throw std::logic_error("not used by a scheduler");
    }
    store::ConnectionReads& connections() override {
      throw std::logic_error("not used by a scheduler");
    }
    store::OperationReads& operations() override {
      throw std::logic_error("not used by a scheduler");
    }
    store::PingReads& pings() override { throw std::logic_error("not used by a scheduler"); }
    store::EventReads& events() override { throw std::logic_error("not used by a scheduler"); }
    store::WorkerReads& workers() override { throw std::logic_error("not used by a scheduler"); }
    store::NodeReads& nodes() override { throw std::logic_error("not used by a scheduler"); }
    store::TokenReads& tokens() override { throw std::logic_error("not used by a scheduler"); }

   private:
    std::vector<model::Schedule> select(const std::function<bool(const model::Schedule&)>& wanted,
                                        std::int64_t limit) {
      const std::scoped_lock lock(store_.mutex_);
      ++store_.reads;
      if (store_.is_down) throw store::Unavailable(base::Code::unavailable, "the store is down");
      std::vector<model::Schedule> found;
      for (const auto& [id, schedule] : store_.schedules)
        if (wanted(schedule) && !schedule.exhausted && std::ssize(found) < limit)
          found.push_back(schedule);
      return found;
    }
    MemoryStore& store_;
  };

  Answered apply(const store::Materialise& command) {
    ++materialised;
    for (const auto& plan : command.plans)
      if (schedules[plan.schedule_id].job == refused_job)
        return base::fail(base::Code::invalid_argument, "refused, as the test says");
    store::Materialised reply;
    for (const auto& plan : command.plans) {
      model::Schedule& schedule = schedules[plan.schedule_id];
      if (schedule.planned_until != plan.from) continue;
      schedule.planned_until = plan.until;
      schedule.exhausted = plan.exhausted;
      schedule.runs += std::ssize(plan.fires);
      for (const auto& fire : plan.fires)
        fires.push_back(
            {schedule.job, fire.at, fire.due_at.value_or(fire.at), std::nullopt, fire.run_id});
      endings.insert(endings.end(), plan.endings.begin(), plan.endings.end());
      ++reply.plans_applied;
      reply.fires += std::ssize(plan.fires);
    }
    return reply;
  }
  Answered apply(const store::PromoteDue& command) {
    ++promotions;
    store::DueState state = due_state();
    for (Fire& fire : fires)
      if (!fire.promoted_at && fire.due_at <= command.now) {
        fire.promoted_at = command.now;
        ++state.promoted;
      }
    state.next_due = due_state().next_due;
    return state;
  }
  Answered apply(const store::ExpireLeases& command) {
    std::erase_if(leases, [&](base::Instant until) { return until < command.now; });
    return due_state();
  }
  template <class C>
  Answered apply(const C&) {
    return store::Done{};
  }
  store::DueState due_state() const {
    store::DueState state;
    for (const Fire& fire : fires)
      if (!fire.promoted_at && (!state.next_due || fire.due_at < *state.next_due))
        state.next_due = fire.due_at;
    if (!leases.empty()) state.next_expiry = *std::ranges::min_element(leases);
    return state;
  }

  const env::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<store::Listener> listeners_;
};

}  // namespace mainspring::scheduler::testing
