// The rules of how many runs there may be, how long they may take and what is kept of them: what
// one policy says must leave the others something to do.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "json/codec.h"
#include "model/mistakes.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

// Keys are stored with every run and compared at each start.
constexpr std::size_t kLongestKey = 1'000;

// Below this the kernel's scheduler rounds to nothing: 1 ms in each 100 ms.
constexpr double kLeastCpu = 0.01;

// No program starts with less.
constexpr std::int64_t kLeastMemory = 1 << 20;

class PolicyRules {
 public:
  PolicyRules(const JobSpec& spec, Mistakes& found) : spec_(spec), found_(found) {}

  void run() {
    check_timeout();
    check_backoff();
    check_retry_only();
    check_keys();
    if (spec_.debounce) check_debounce(*spec_.debounce);
    if (spec_.expect) check_expect(*spec_.expect);
    check_resources();
    check_retention();
    if (spec_.shadow && spec_.schedule.empty())
      found_.add("/shadow", "compares schedules, and this job has none; add one, or leave it out");
  }

 private:
  // Whether a part is longer than what it is a part of, where both are given.
  static bool exceeds(const std::optional<base::Duration>& part,
                      const std::optional<base::Duration>& whole) {
    return part && whole && *part > *whole;
  }

  void check_timeout() {
    const TimeoutSpec& timeout = spec_.timeout;
    if (exceeds(timeout.idle, timeout.run))
      found_.add("/timeout/idle",
                 fmt::format("is longer than run ({}), which ends the attempt first; write less",
                             base::format_duration(*timeout.run)));
  }

  void check_backoff() {
    const BackoffSpec& backoff = spec_.retry.backoff;
    const bool is_list = backoff.type == BackoffType::list;
    const bool grows =
        backoff.type == BackoffType::linear || backoff.type == BackoffType::exponential;
    if (is_list && backoff.delays.empty())
      found_.add("/retry/backoff", "type list needs delays, such as [1s, 10s, 1m]");
    if (!is_list && !backoff.delays.empty())
      found_.add_key("/retry/backoff/delays",
                     "is for type list only; add type: list, or leave it out");
    if (grows && backoff.initial > backoff.max)
      found_.add("/retry/backoff/initial",
                 fmt::format("is longer than max ({})", base::format_duration(backoff.max)));
  }

  void check_retry_only() {
    const RetryOnly& only = spec_.retry.only;
    for (std::size_t i = 0; i < only.outcomes.size(); ++i)
      if (only.outcomes[i] == OutcomeStatus::success ||
          only.outcomes[i] == OutcomeStatus::cancelled)
        found_.add(fmt::format("/retry/only/outcomes/{}", i),
                   fmt::format("{} is never retried; write failed, retryable, lost or timed_out",
                               json::to_text(only.outcomes[i])));
    for (std::size_t i = 0; i < only.exit_codes.size(); ++i)
      if (only.exit_codes[i] == 0)
        found_.add(fmt::format("/retry/only/exit_codes/{}", i),
                   "0 is a success, which is never retried; write 1 to 255");
  }

  void check_keys() {
    if (spec_.concurrency) check_key("/concurrency/key", spec_.concurrency->key);
    if (spec_.debounce) check_key("/debounce/key", spec_.debounce->key);
    if (!spec_.dedupe) return;
    check_key("/dedupe/key", spec_.dedupe->key);
    if (spec_.dedupe->key.empty())
      found_.add("/dedupe/key",
                 "must not be empty: every submission would be the same; name a param, such as "
                 "\"${{ params.order_id }}\"");
  }

  void check_key(std::string pointer, std::string_view key) {
    if (key.size() > kLongestKey)
      found_.add(std::move(pointer), fmt::format("must have at most {} bytes", kLongestKey));
    else if (key.contains('\0'))
      found_.add(std::move(pointer), "must not hold a zero byte");
  }

  void check_debounce(const DebounceSpec& debounce) {
    if (debounce.max_wait && *debounce.max_wait < debounce.wait)
      found_.add("/debounce/max_wait", fmt::format("must not be shorter than wait ({})",
                                                   base::format_duration(debounce.wait)));
  }

  void check_expect(const ExpectSpec& expect) {
    if (!expect.start_within && !expect.finish_within && !expect.every)
      found_.add("/expect", "says nothing; give start_within, finish_within or every");
    if (exceeds(expect.start_within, expect.finish_within))
      found_.add("/expect/start_within",
                 fmt::format("is longer than finish_within ({}); a run ends after it started",
                             base::format_duration(*expect.finish_within)));
    const bool is_steady = spec_.schedule.size() == 1 && spec_.schedule.front().every;
    if (is_steady && expect.every && *expect.every < *spec_.schedule.front().every)
      found_.add(
          "/expect/every",
          fmt::format("is shorter than the schedule's interval ({}), so the job would always "
                      "be late; write more than that",
                      base::format_duration(*spec_.schedule.front().every)));
  }

  void check_resources() {
    const ResourceSpec& resources = spec_.resources;
    if (resources.cpu > 0 && resources.cpu < kLeastCpu)
      found_.add("/resources/cpu",
                 fmt::format("must be at least {}, or 0 for no limit", kLeastCpu));
    if (resources.memory_bytes > 0 && resources.memory_bytes < kLeastMemory)
      found_.add("/resources/memory", "must be at least 1MiB; leave it out for no limit");
  }

  void check_retention() {
    const RetentionSpec& retention = spec_.retention;
    if (exceeds(retention.log_age, retention.age))
      found_.add("/retention/log_age",
                 fmt::format("is longer than age ({}), and logs go with their runs; write less",
                             base::format_duration(*retention.age)));
  }

  const JobSpec& spec_;
  Mistakes& found_;
};

}  // namespace

void check_policies(const JobSpec& spec, Mistakes& found) { PolicyRules(spec, found).run(); }

std::vector<Mistake> find_mistakes(const QueueSpec& spec) {
  constexpr base::Duration kLongestRate = std::chrono::hours{24};
  Mistakes found;
  if (spec.rate && spec.rate->per > kLongestRate)
    found.add("/rate/per", "must be at most 1d; for a slower rate use a schedule");
  return found.take();
}

}  // namespace mainspring::model
