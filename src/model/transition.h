// Every legal change of a run's state, and the decision after an attempt. Pure: the stores, the
// simulator and the tests all call these and nothing else moves a run.
#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "base/time.h"
#include "model/run.h"

namespace mainspring::model {

enum class Move {
  become_due,   // scheduled -> queued
  claim,        // queued -> running
  wait,         // running -> waiting
  resume,       // waiting -> queued
  succeed,      // running, waiting -> succeeded
  fail,         // running, waiting, queued -> failed
  time_out,     // running, waiting, queued -> timed_out
  retry_later,  // running -> scheduled, for the next attempt
  cancel,       // any but final -> cancelled
  skip,         // scheduled, queued -> skipped
};
const json::EnumTable& described(Move);

// Errors: conflict, naming both the state and the move.
base::Result<RunState> next_state(RunState from, Move move);

// What follows an attempt that ended: the run ends by `move`, or waits `delay` for the next attempt
// (move == retry_later).
struct Verdict {
  Move move = Move::succeed;
  base::Duration delay{0};
  std::string reason;  // "attempt 2 of 3 failed (exit code 75); retry in 20s"
};

// Every ending but success and cancelled is retried while attempts remain and retry.only names it
// (or is empty). A lost attempt counts like any other: its work may have been done, so that a job
// with one attempt is never run twice. The pause is at least what the outcome asks for, up to
// kLongestWait.
//
// `attempt` counts from 1. `entropy` is any 64 random bits: it picks the point within full jitter,
// so that the same value gives the same verdict wherever it is applied.
Verdict judge(const RetrySpec& retry, int attempt, const Outcome& outcome, std::uint64_t entropy);

// What an outcome's retry_after may ask for at most: a server with a wrong clock asks for years.
inline constexpr base::Duration kLongestWait = std::chrono::hours{24};

// The pause before attempt `next_attempt` (2 is the first retry), before jitter. `backoff.max`
// bounds the growing kinds, linear and exponential; what a user wrote out is taken as it stands.
base::Duration backoff_delay(const BackoffSpec& backoff, int next_attempt);

}  // namespace mainspring::model
