#include "runner/attempt/outcomes.h"

#include <doctest/doctest.h>

namespace mainspring::runner {
namespace {

using execution::StopCause;
using model::OutcomeStatus;

struct Case {
  EndCause by;
  StopCause why;
  OutcomeStatus status;
  std::string_view message;
};

TEST_CASE("an attempt that we ended says in the same words why, and then what became of it") {
  const model::TimeoutSpec timeout{.run = std::chrono::seconds{3}, .idle = std::chrono::seconds{2}};
  const Case cases[] = {
      {EndCause::asked, StopCause::cancelled, OutcomeStatus::cancelled,
       "cancelled while it ran; it is gone"},
      {EndCause::killed, StopCause::cancelled, OutcomeStatus::cancelled,
       "cancelled while it ran; it is gone"},
      {EndCause::asked, StopCause::lease_lost, OutcomeStatus::lost,
       "the worker lost its lease; it is gone"},
      {EndCause::killed, StopCause::lease_lost, OutcomeStatus::lost,
       "the worker lost its lease; it is gone"},
      {EndCause::run_timeout, StopCause::cancelled, OutcomeStatus::timed_out,
       "ran longer than timeout.run, 3s; it is gone"},
      {EndCause::idle_timeout, StopCause::cancelled, OutcomeStatus::timed_out,
       "no sign of life for timeout.idle, 2s; it is gone"},
  };
  for (const Case& row : cases) {
    CAPTURE(row.message);
    const model::Outcome outcome = make_stopped({row.by, row.why, timeout}, "it is gone");
    CHECK(outcome.status == row.status);
    CHECK_EQ(outcome.error->message, row.message);
    const std::string_view begin = row.message.substr(0, row.message.find(';'));
    CHECK_EQ(make_stopped({row.by, row.why, timeout}, "").error->message, begin);
  }
}

TEST_CASE("an attempt that was to end before it had begun says that nothing was done") {
  const model::Outcome cancelled = make_unstarted(StopCause::cancelled);
  CHECK(cancelled.status == OutcomeStatus::cancelled);
  CHECK_EQ(cancelled.error->message, "cancelled before it was started");
  const model::Outcome lost = make_unstarted(StopCause::lease_lost);
  CHECK(lost.status == OutcomeStatus::lost);
  CHECK_EQ(lost.error->message, "the worker lost its lease; nothing of it was started");
}

TEST_CASE("an attempt that cannot start is tried again only where the machine lacks something") {
  CHECK(make_start_failure({base::Code::unavailable, "no memory", {}}).status ==
        OutcomeStatus::retryable);
  CHECK(make_start_failure({base::Code::not_found, "no program", {}}).status ==
        OutcomeStatus::failed);
}

}  // namespace
}  // namespace mainspring::runner
