// A double for this module's tests: a store that keeps operations in memory and remembers what it
// was asked to do.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.h"

namespace mainspring::upkeep::testing {

class MemoryStore final : public store::Store, public store::Writer {
 public:
  store::Writer& writer() override { return *this; }
  std::unique_ptr<store::Reads> open_reads() override { return std::make_unique<View>(*this); }
  void submit(store::Request request, store::Completion completion) override {
    completion(submit_and_wait(std::move(request)));
  }
  base::Result<store::Reply> submit_and_wait(store::Request request) override {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
    if (is_down) return base::fail(base::Code::unavailable, "the store is down");
    return std::visit([this](const auto& command) { return apply(command); }, request.command);
  }
  void add_listener(store::Listener listener) override {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
  }

  // ---- what tests do ------------------------------------------------------------------------

  struct Work {
    store::OpenOperation open;
    std::int64_t left = 0;  // runs of a bulk operation
  };

  base::OperationId start(model::OperationSpec spec, std::int64_t runs) {
    base::IdBytes bytes{};
    bytes[15] = static_cast<std::uint8_t>(works.size() + 1);
    const base::OperationId id{bytes};
    Work work;
    work.open.operation.id = id;
    work.open.operation.spec = std::move(spec);
    if (work.open.operation.spec.backfill) {
      work.open.cursor = work.open.operation.spec.backfill->from;
    }
    work.left = runs;
    change([&](MemoryStore&) { works[id] = work; });
    tell(store::OperationChanged{id});
    return id;
  }
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
  std::map<base::OperationId, Work> works;
  std::vector<model::Schedule> schedules;
  std::vector<store::AdvanceOperation> pieces;
  std::vector<store::TrimHistory> trims;
  int checks = 0;
  int reads = 0;
  int trims_left = 0;                          // TrimHistory says so often that there is more
  std::optional<base::Instant> expected_next;  // of CheckExpectations
  bool checks_expectations = true;
  bool is_down = false;
  std::int64_t room = INT64_MAX;         // more new runs are overloaded
  std::function<void()> during_a_piece;  // such as letting time pass

 private:
  using Answered = base::Result<store::Reply>;

  class View final : public store::Reads,
                     public store::OperationReads,
                     public store::ScheduleReads {
   public:
    explicit View(MemoryStore& store) : store_(store) {}

    std::vector<store::OpenOperation> open() override {
      const std::scoped_lock lock(store_.mutex_);
      ++store_.reads;
      if (store_.is_down) throw store::Unavailable(base::Code::unavailable, "the store is down");
      std::vector<store::OpenOperation> found;
      for (const auto& [id, work] : store_.works)
        if (work.open.operation.state == model::OperationState::running || work.open.unfinished > 0)
          found.push_back(work.open);
      return found;
    }
    std::vector<model::Schedule> of_job(base::JobId) override { return store_.schedules; }

    std::optional<model::Operation> find(std::string_view, base::OperationId) override {
      throw unused();
    }
    base::Result<store::Listed<model::Operation>> list(std::string_view,
                                                       const store::Page&) override {
      throw unused();
    }
    base::Result<store::SelectionCount> count(std::string_view,
                                              const model::OperationSpec&) override {
      throw unused();
    }
    std::vector<model::Schedule> active(base::ScheduleId, std::int64_t) override { throw unused(); }
    base::Result<store::Listed<model::Occurrence>> occurrences(const store::OccurrenceFilter&,
                                                               const store::Page&) override {
      throw unused();
    }
    std::vector<model::Occurrence> occurrences_at(base::JobId, base::Instant) override {
      throw unused();
    }
    store::EndingCounts endings(base::JobId, base::Instant, base::Instant) override {
      throw unused();
    }
    store::OperationReads& operations() override { return *this; }
    store::ScheduleReads& schedules() override { return *this; }
    store::JobReads& jobs() override { throw unused(); }
    store::RunReads& runs() override { throw unused(); }
    store::QueueReads& queues() override { throw unused(); }
    store::CalendarReads& calendars() override { throw unused(); }
    store::ConnectionReads& connections() override { throw unused(); }
    store::PingReads& pings() override { throw unused(); }
    store::EventReads& events() override { throw unused(); }
    store::WorkerReads& workers() override { throw unused(); }
    store::NodeReads& nodes() override { throw unused(); }
    store::TokenReads& tokens() override { throw unused(); }

   private:
    static std::logic_error unused() { return std::logic_error("not used by upkeep"); }
    MemoryStore& store_;
  };

  Answered apply(const store::AdvanceOperation& command) {
    const auto found = works.find(command.id);
    if (found == works.end()) return base::fail(base::Code::not_found, "there is none");
    if (during_a_piece) during_a_piece();
    pieces.push_back(command);
    Work& work = found->second;
    model::Operation& operation = work.open.operation;
    store::OperationAdvanced reply;
    if (operation.state == model::OperationState::cancelled) {
      work.open.unfinished = 0;
    } else if (operation.spec.backfill) {
      if (std::ssize(command.fires) > room) return base::fail(base::Code::overloaded, "no room");
      reply.done = submit(work, command);
    } else {
      reply.done = std::min(command.limit, work.left);
      work.left -= reply.done;
      if (work.left == 0) operation.state = model::OperationState::completed;
    }
    reply.state = operation.state;
    return reply;
  }
  std::int64_t submit(Work& work, const store::AdvanceOperation& command) {
    std::int64_t done = 0;
    if (command.planned_until && command.planned_from == work.open.cursor) {
      done = std::ssize(command.fires);
      work.open.cursor = command.planned_until;
      work.open.unfinished += done;
    }
    const bool is_planned = work.open.cursor >= work.open.operation.spec.backfill->until;
    if (is_planned && work.open.unfinished == 0)
      work.open.operation.state = model::OperationState::completed;
    return done;
  }
  Answered apply(const store::TrimHistory& command) {
    trims.push_back(command);
    store::HistoryTrimmed reply;
    reply.has_more = trims_left-- > 0;
    return reply;
  }
  Answered apply(const store::CheckExpectations&) {
    ++checks;
    if (!checks_expectations) return base::fail(base::Code::unsupported, "not yet");
    return store::ExpectationsChecked{0, expected_next};
  }
  template <class C>
  Answered apply(const C&) {
    return store::Done{};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<store::Listener> listeners_;
};

}  // namespace mainspring::upkeep::testing
