#include "model/transition.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/core.h>

#include "json/codec.h"

namespace mainspring::model {
namespace {

using States = std::uint32_t;  // bit n stands for the n-th RunState

constexpr States bit(RunState state) { return States{1} << static_cast<int>(state); }

constexpr States any_of(std::initializer_list<RunState> states) {
  States all = 0;
  for (const RunState state : states)
    all |= bit(state);
  return all;
}

constexpr States kFinal = any_of({RunState::succeeded, RunState::failed, RunState::cancelled,
                                  RunState::timed_out, RunState::skipped});
constexpr States kLive =
    any_of({RunState::scheduled, RunState::queued, RunState::running, RunState::waiting});
constexpr States kStoppable = any_of({RunState::queued, RunState::running, RunState::waiting});

struct Row {
  Move move;
  States from;
  RunState to;
  std::string_view phrase;  // "a run that is queued cannot <phrase>"
};
// The only table of moves.
constexpr std::array<Row, 10> kRows{{
    {Move::become_due, any_of({RunState::scheduled}), RunState::queued, "become due"},
    {Move::claim, any_of({RunState::queued}), RunState::running, "be claimed"},
    {Move::wait, any_of({RunState::running}), RunState::waiting, "wait"},
    {Move::resume, any_of({RunState::waiting}), RunState::queued, "resume"},
    {Move::succeed, any_of({RunState::running, RunState::waiting}), RunState::succeeded, "succeed"},
    {Move::fail, kStoppable, RunState::failed, "fail"},
    {Move::time_out, kStoppable, RunState::timed_out, "time out"},
    {Move::retry_later, any_of({RunState::running}), RunState::scheduled, "be retried"},
    {Move::cancel, kLive, RunState::cancelled, "be cancelled"},
    {Move::skip, any_of({RunState::scheduled, RunState::queued}), RunState::skipped, "be skipped"},
}};

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every
// bit of the input, so that neighbouring inputs give unrelated pauses.
std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

base::Duration spread(base::Duration delay, std::uint64_t entropy) {
  const auto choices = static_cast<std::uint64_t>(delay.count()) + 1;
  return base::Duration{static_cast<std::int64_t>(scramble(entropy) % choices)};
}

// What happened, as the end of "attempt 1 of 3 ...".
std::string describe_ending(const Outcome& outcome) {
  if (outcome.status == OutcomeStatus::lost) return "was lost: its worker vanished";
  if (outcome.status == OutcomeStatus::timed_out) {
    const bool is_known = outcome.error && !outcome.error->message.empty();
    return is_known ? "timed out: " + outcome.error->message : "timed out";
  }
  if (outcome.exit_code && *outcome.exit_code != 0)
    return fmt::format("failed (exit code {})", *outcome.exit_code);
  if (outcome.signal) return fmt::format("failed ({})", *outcome.signal);
  if (outcome.error && !outcome.error->message.empty()) return "failed: " + outcome.error->message;
  return outcome.status == OutcomeStatus::retryable ? "asked to be retried" : "failed";
}

bool may_retry(const RetryOnly& only, const Outcome& outcome) {
  if (only.exit_codes.empty() && only.outcomes.empty()) return true;
  if (std::ranges::count(only.outcomes, outcome.status) > 0) return true;
  return outcome.exit_code && std::ranges::count(only.exit_codes, *outcome.exit_code) > 0;
}

base::Duration exponential_delay(const BackoffSpec& backoff, int retry) {
  const auto max = static_cast<double>(backoff.max.count());
  auto delay = static_cast<double>(backoff.initial.count());
  for (int i = 1; i < retry && delay < max; ++i)
    delay *= backoff.factor;
  return base::Duration{static_cast<std::int64_t>(std::min(delay, max))};
}

}  // namespace

const json::EnumTable& described(Move) {
  static const auto table = json::enumeration<Move>(
      "Move", "A reason for a run to change state.",
      {{Move::become_due, "become_due", "Its time has come."},
       {Move::claim, "claim", "A worker takes it."},
       {Move::wait, "wait", "It waits for something else."},
       {Move::resume, "resume", "What it waited for has come."},
       {Move::succeed, "succeed", "Its work is done."},
       {Move::fail, "fail", "Its work failed, and no attempt is left."},
       {Move::time_out, "time_out", "It took too long, and no attempt is left."},
       {Move::retry_later, "retry_later", "It failed, and another attempt is left."},
       {Move::cancel, "cancel", "Somebody asked it to stop."},
       {Move::skip, "skip", "A policy says that it must not start."}});
  return table;
}

bool is_final(RunState state) { return (kFinal & bit(state)) != 0; }

base::Result<RunState> next_state(RunState from, Move move) {
  for (const Row& row : kRows) {
    if (row.move != move) continue;
    if ((row.from & bit(from)) != 0) return row.to;
    return base::fail(base::Code::conflict,
                      fmt::format("a run that is {} cannot {} (move {})", json::to_text(from),
                                  row.phrase, json::to_text(move)));
  }
  return base::fail(base::Code::internal, "a move that is not in the table");
}

base::Duration backoff_delay(const BackoffSpec& backoff, int next_attempt) {
  const int retry = std::max(1, next_attempt - 1);
  switch (backoff.type) {
    case BackoffType::fixed:
      return backoff.initial;
    case BackoffType::linear:
      return std::min(backoff.initial * retry, backoff.max);
    case BackoffType::exponential:
      return exponential_delay(backoff, retry);
    case BackoffType::list:
      if (backoff.delays.empty()) return base::Duration{0};
      return backoff.delays[std::min(static_cast<std::size_t>(retry), backoff.delays.size()) - 1];
  }
  return base::Duration{0};
}

Verdict judge(const RetrySpec& retry, int attempt, const Outcome& outcome, std::uint64_t entropy) {
  if (outcome.status == OutcomeStatus::success) return {Move::succeed, {}, {}};
  if (outcome.status == OutcomeStatus::cancelled)
    return {Move::cancel, {}, outcome.error ? outcome.error->message : std::string()};

  const std::string what =
      fmt::format("attempt {} of {} {}", attempt, std::max(attempt, retry.max_attempts),
                  describe_ending(outcome));
  const Move end = outcome.status == OutcomeStatus::timed_out ? Move::time_out : Move::fail;
  if (!may_retry(retry.only, outcome))
    return {end, {}, what + "; retry.only does not name this ending"};
  if (attempt < retry.max_attempts) {
    base::Duration delay = backoff_delay(retry.backoff, attempt + 1);
    if (retry.backoff.jitter == Jitter::full) delay = spread(delay, entropy);
    if (outcome.retry_after) delay = std::max(delay, std::min(*outcome.retry_after, kLongestWait));
    return {Move::retry_later, delay, what + "; retry in " + base::format_roughly(delay)};
  }
  const bool is_told = outcome.status == OutcomeStatus::lost && retry.max_attempts == 1;
  return {end, {}, is_told ? what + "; set retry.max_attempts to retry" : what};
}

}  // namespace mainspring::model
