// What the conformance cases are written with: a clock and ids that count, commands in one line,
// and expectations that say where they failed. For conformance*.cc and tests of stores.
#pragma once

#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>

#include <fmt/core.h>

#include "json/codec.h"
#include "store/conformance.h"

namespace mainspring::store::conformance {

using Where = std::source_location;

[[noreturn]] void fail(const std::string& text, Where where);

void expect(bool condition, Where where = Where::current());  // tidy: it asserts a condition
void expect_code(const base::Error& error, base::Code code, Where where = Where::current());

// Compares numbers and texts as such, and described values by what is written of them.
template <class A, class B>
void expect_equal(const A& got, const B& wanted, Where where = Where::current()) {
  std::string got_text;
  std::string wanted_text;
  if constexpr (std::is_convertible_v<A, std::string_view>) {
    got_text = std::string_view(got);
    wanted_text = std::string_view(wanted);
  } else if constexpr (std::is_integral_v<A>) {
    got_text = fmt::format("{}", got);
    wanted_text = fmt::format("{}", wanted);
  } else {
    got_text = json::encode_text(got, json::Audience::self);
    wanted_text = json::encode_text(wanted, json::Audience::self);
  }
  if (got_text != wanted_text) {
    fail(fmt::format("got {}, wanted {}", got_text, wanted_text), where);
  }
}

template <class T>
T taken(base::Result<T> result, Where where = Where::current()) {
  if (!result) fail(base::to_text(result.error()), where);
  return std::move(*result);
}

// A database with one tenant's worth of shorthand. Time starts at 2026-01-01T00:00:00Z.
class World {
 public:
  explicit World(Subject& subject) : subject_(subject) {}

  base::Instant now = base::from_millis(1'767'225'600'000);
  std::string tenant = "default";

  template <class Id>
  Id fresh() {
    ++ids_;
    base::IdEntropy entropy{};
    for (std::size_t i = 0; i < 8; ++i)
      entropy[2 + i] = static_cast<std::uint8_t>(ids_ >> (8 * (7 - i)));
    return Id::make(now, entropy);
  }

  template <class C>
  ReplyOf<C> apply(C command, Where where = Where::current()) {
    return taken(store::apply(subject_.store().writer(), std::move(command)), where);
  }
  template <class C>
  base::Error refuse(C command, Where where = Where::current()) {
    auto reply = store::apply(subject_.store().writer(), std::move(command));
    if (reply) fail("the command succeeded", where);
    return std::move(reply.error());
  }
  Writer& writer() { return subject_.store().writer(); }
  Reads& reads();
  void reopen();

  // ---- definitions
  static model::JobSpec spec(std::string name);
  static model::ScheduleSpec every(base::Duration interval);
  JobDraft draft(model::JobSpec job);
  AppliedJob put(model::JobSpec job, Where where = Where::current());
  base::JobId job(std::string name) { return put(spec(std::move(name))).id; }

  // ---- runs
  NewRun new_run(base::JobId job);
  base::RunId submit(base::JobId job, Where where = Where::current());
  base::WorkerId worker(std::string name = "w1");
  // Claims all that is ready.
  std::vector<ClaimedRun> claim(base::WorkerId worker, std::int64_t limit = 100);
  // Claims exactly one.
  ClaimedRun claim_one(base::WorkerId worker, Where where = Where::current());
  LeaseRef lease(const ClaimedRun& run) { return {run.run.id, run.epoch}; }
  static model::Outcome failed(int exit_code);
  AttemptFinished finish(const ClaimedRun& run, model::Outcome outcome = {});
  RunCancelled cancel(base::RunId run);
  model::Run run(base::RunId id, Where where = Where::current());

  // ---- time
  // The job's only schedule.
  model::Schedule schedule(base::JobId job, Where where = Where::current());
  // Writes one fire of it ahead, `wait` from now.
  base::RunId plan_fire(base::JobId job, base::Duration wait);
  model::Occurrence occurrence(base::JobId job, base::Instant at, Where where = Where::current());
  DueState promote() { return apply(PromoteDue{now}); }
  DueState expire() { return apply(ExpireLeases{7, now}); }

  // The types of all events of the tenant, oldest first, with a comma between.
  std::string events(std::string_view type_prefix = "");

 private:
  Subject& subject_;
  std::unique_ptr<Reads> reads_;
  std::uint64_t ids_ = 0;
};

std::span<const ConformanceCase> job_cases();
std::span<const ConformanceCase> run_cases();
std::span<const ConformanceCase> log_cases();
std::span<const ConformanceCase> retry_cases();
std::span<const ConformanceCase> lease_cases();
std::span<const ConformanceCase> order_cases();
std::span<const ConformanceCase> cut_off_cases();
std::span<const ConformanceCase> join_cases();
std::span<const ConformanceCase> time_cases();
std::span<const ConformanceCase> calendar_cases();
std::span<const ConformanceCase> connection_cases();
std::span<const ConformanceCase> overlap_cases();
std::span<const ConformanceCase> pause_cases();
std::span<const ConformanceCase> wait_cases();
std::span<const ConformanceCase> key_cases();
std::span<const ConformanceCase> queue_cases();
std::span<const ConformanceCase> placement_cases();
std::span<const ConformanceCase> resource_cases();
std::span<const ConformanceCase> choice_cases();
std::span<const ConformanceCase> share_cases();
std::span<const ConformanceCase> list_cases();
std::span<const ConformanceCase> durability_cases();
std::span<const ConformanceCase> operation_cases();
std::span<const ConformanceCase> history_cases();
std::span<const ConformanceCase> lateness_cases();
std::span<const ConformanceCase> prediction_cases();
std::span<const ConformanceCase> silence_cases();
std::span<const ConformanceCase> timing_cases();
std::span<const ConformanceCase> ping_cases();
std::span<const ConformanceCase> backup_cases();
std::span<const ConformanceCase> node_cases();
std::span<const ConformanceCase> overview_cases();

}  // namespace mainspring::store::conformance
