#include <doctest/doctest.h>

#include "json/codec.h"
#include "model/transition.h"

namespace mainspring::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("every move from every state does what this table says") {
  // One line per state; one column per move, in the order of Move; "-" is a refusal.
  // become_due claim wait resume succeed fail time_out retry_later cancel skip
  const std::map<std::string, std::vector<std::string>> expected{
      // clang-format off
      {"scheduled", {"queued", "-", "-", "-", "-", "-", "-", "-", "cancelled", "skipped"}},
      {"queued", {"-", "running", "-", "-", "-", "failed", "timed_out", "-", "cancelled", "skipped"}},
      {"running", {"-", "-", "waiting", "-", "succeeded", "failed", "timed_out", "scheduled", "cancelled", "-"}},
      {"waiting", {"-", "-", "-", "queued", "succeeded", "failed", "timed_out", "-", "cancelled", "-"}},
      {"succeeded", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
      {"failed", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
      {"cancelled", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
      {"timed_out", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
      {"skipped", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
      // clang-format on
  };
  REQUIRE_EQ(described(RunState{}).rows.size(), expected.size());
  for (const auto& [state, row] : expected) {
    REQUIRE_EQ(described(Move{}).rows.size(), row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Move move{static_cast<int>(i)};
      CAPTURE(state);
      CAPTURE(json::to_text(move));
      const auto next = next_state(json::parse_enum<RunState>(state).value(), move);
      CHECK_EQ(next ? json::to_text(*next) : "-", row[i]);
      if (!next) {
        CHECK(next.error().code == base::Code::conflict);
        CHECK(next.error().message.contains(state));
        CHECK(next.error().message.contains(json::to_text(move)));
      }
    }
  }
}

TEST_CASE("a state is final when no move leaves it") {
  for (const auto& state : described(RunState{}).rows) {
    bool leaves = false;
    for (const auto& move : described(Move{}).rows)
      leaves |=
          next_state(RunState{static_cast<int>(state.value)}, Move{static_cast<int>(move.value)})
              .has_value();
    CAPTURE(state.name);
    CHECK_NE(is_final(RunState{static_cast<int>(state.value)}), leaves);
  }
}

Outcome exited(OutcomeStatus status, int exit_code) {
  Outcome outcome;
  outcome.status = status;
  outcome.exit_code = exit_code;
  return outcome;
}

Outcome ended(OutcomeStatus status) {
  Outcome outcome;
  outcome.status = status;
  return outcome;
}

RetrySpec attempts(int max_attempts) {
  RetrySpec retry;
  retry.max_attempts = max_attempts;
  retry.backoff.jitter = Jitter::none;
  return retry;
}

TEST_CASE("every ending but success and cancelled is retried while attempts remain") {
  // One line per status: with an attempt left, and without.
  const std::map<OutcomeStatus, std::pair<Move, Move>> expected{
      {OutcomeStatus::success, {Move::succeed, Move::succeed}},
      {OutcomeStatus::failed, {Move::retry_later, Move::fail}},
      {OutcomeStatus::retryable, {Move::retry_later, Move::fail}},
      {OutcomeStatus::lost, {Move::retry_later, Move::fail}},
      {OutcomeStatus::timed_out, {Move::retry_later, Move::time_out}},
      {OutcomeStatus::cancelled, {Move::cancel, Move::cancel}}};
  for (const auto& [status, moves] : expected) {
    CAPTURE(json::to_text(status));
    CHECK(judge(attempts(3), 2, ended(status), 1).move == moves.first);
    CHECK(judge(attempts(3), 3, ended(status), 1).move == moves.second);
    CHECK(judge(attempts(1), 1, ended(status), 1).move == moves.second);
    // An attempt beyond the limit, because the job changed meanwhile, ends the run too.
    CHECK(judge(attempts(1), 4, ended(status), 1).move == moves.second);
  }
}

TEST_CASE("retry.only lets an attempt be retried when either list names it") {
  RetrySpec retry = attempts(3);
  retry.only.exit_codes = {75};
  CHECK(judge(retry, 1, exited(OutcomeStatus::retryable, 75), 0).move == Move::retry_later);
  CHECK(judge(retry, 1, exited(OutcomeStatus::failed, 1), 0).move == Move::fail);
  CHECK(judge(retry, 1, ended(OutcomeStatus::lost), 0).move == Move::fail);
  CHECK(judge(retry, 1, ended(OutcomeStatus::timed_out), 0).move == Move::time_out);
  retry.only.outcomes = {OutcomeStatus::lost};
  CHECK(judge(retry, 1, ended(OutcomeStatus::lost), 0).move == Move::retry_later);
  CHECK(judge(retry, 1, exited(OutcomeStatus::failed, 75), 0).move == Move::retry_later);
  CHECK(judge(retry, 1, exited(OutcomeStatus::failed, 2), 0).move == Move::fail);
}

TEST_CASE("the reason of a verdict says what happened and what follows") {
  const auto reason = [](const RetrySpec& retry, int attempt, const Outcome& outcome) {
    return judge(retry, attempt, outcome, 0).reason;
  };
  RetrySpec three = attempts(3);
  CHECK_EQ(reason(three, 2, exited(OutcomeStatus::retryable, 75)),
           "attempt 2 of 3 failed (exit code 75); retry in 20s");
  CHECK_EQ(reason(three, 3, exited(OutcomeStatus::failed, 1)),
           "attempt 3 of 3 failed (exit code 1)");
  CHECK_EQ(reason(attempts(1), 1, ended(OutcomeStatus::lost)),
           "attempt 1 of 1 was lost: its worker vanished; set retry.max_attempts to retry");
  CHECK_EQ(reason(three, 1, ended(OutcomeStatus::timed_out)),
           "attempt 1 of 3 timed out; retry in 10s");
  CHECK_EQ(reason(three, 1, ended(OutcomeStatus::success)), "");

  Outcome killed = ended(OutcomeStatus::failed);
  killed.signal = "SIGKILL";
  CHECK_EQ(reason(three, 3, killed), "attempt 3 of 3 failed (SIGKILL)");
  Outcome absent = ended(OutcomeStatus::failed);
  absent.error = Failure{"start", "/bin/nothing: no such file", ""};
  CHECK_EQ(reason(three, 3, absent), "attempt 3 of 3 failed: /bin/nothing: no such file");
  Outcome stopped = ended(OutcomeStatus::cancelled);
  stopped.error = Failure{"cancelled", "cancelled by ada", ""};
  CHECK_EQ(reason(three, 1, stopped), "cancelled by ada");
  three.only.exit_codes = {75};
  CHECK_EQ(reason(three, 1, exited(OutcomeStatus::failed, 1)),
           "attempt 1 of 3 failed (exit code 1); retry.only does not name this ending");
}

TEST_CASE("a pause grows as its type says, and growing ones stop at the maximum") {
  BackoffSpec backoff;
  backoff.initial = seconds{10};
  backoff.max = minutes{1};
  const auto pauses = [&](BackoffType type) {
    backoff.type = type;
    std::vector<std::int64_t> out;
    for (int next = 2; next <= 6; ++next)
      out.push_back(backoff_delay(backoff, next).count() / 1000);
    return out;
  };
  using Pauses = std::vector<std::int64_t>;
  CHECK_EQ(pauses(BackoffType::fixed), Pauses{10, 10, 10, 10, 10});
  CHECK_EQ(pauses(BackoffType::linear), Pauses{10, 20, 30, 40, 50});
  CHECK_EQ(pauses(BackoffType::exponential), Pauses{10, 20, 40, 60, 60});
  CHECK_EQ(pauses(BackoffType::list), Pauses{0, 0, 0, 0, 0});
  backoff.delays = {seconds{1}, seconds{5}, minutes{5}};
  CHECK_EQ(pauses(BackoffType::list), Pauses{1, 5, 300, 300, 300});
  backoff.factor = 1.5;
  CHECK_EQ(pauses(BackoffType::exponential), Pauses{10, 15, 22, 33, 50});
  backoff.factor = 100;
  backoff.type = BackoffType::exponential;
  CHECK_EQ(backoff_delay(backoff, 1000), base::Duration{minutes{1}});
}

TEST_CASE("full jitter picks every part of the pause, and the same point for the same entropy") {
  RetrySpec retry = attempts(2);
  retry.backoff.jitter = Jitter::full;
  retry.backoff.initial = seconds{10};
  std::array<int, 10> tenths{};
  for (std::uint64_t entropy = 0; entropy < 10'000; ++entropy) {
    const Verdict verdict = judge(retry, 1, ended(OutcomeStatus::failed), entropy);
    REQUIRE(verdict.delay >= milliseconds{0});
    REQUIRE(verdict.delay <= seconds{10});
    CHECK_EQ(verdict.delay, judge(retry, 1, ended(OutcomeStatus::failed), entropy).delay);
    ++tenths[std::min<std::size_t>(9, static_cast<std::size_t>(verdict.delay.count()) / 1000)];
  }
  for (const int count : tenths) {
    CHECK(count > 800);
    CHECK(count < 1200);
  }
}

}  // namespace
}  // namespace mainspring::model
