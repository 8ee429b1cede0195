#include "runner/container/ladder.h"

#include <doctest/doctest.h>

namespace mainspring::runner {
namespace {

using std::chrono::seconds;

SteadyTime at(int second) { return SteadyTime{} + seconds{second}; }
SteadyTime no_more() { return {}; }

TEST_CASE("what is asked to end is killed when its grace is over, and once") {
  Ladder ladder{{.run = {}, .queue = {}, .idle = {}, .grace = seconds{5}}, at(0)};
  CHECK(ladder.next() == SteadyTime::max());
  CHECK(ladder.step(at(1), StopLevel::none, no_more) == LadderStep::none);
  CHECK(ladder.step(at(2), StopLevel::ask, no_more) == LadderStep::ask);
  CHECK(ladder.next() == at(7));
  CHECK(ladder.step(at(6), StopLevel::ask, no_more) == LadderStep::none);
  CHECK(ladder.step(at(7), StopLevel::ask, no_more) == LadderStep::kill);
  CHECK(ladder.step(at(9), StopLevel::kill, no_more) == LadderStep::none);
  CHECK(ladder.cause() == EndCause::asked);
  CHECK(ladder.was_killed());
}

TEST_CASE("a stop without grace kills at once, also within a grace") {
  Ladder ladder{{}, at(0)};
  CHECK(ladder.step(at(1), StopLevel::kill, no_more) == LadderStep::kill);
  CHECK(ladder.cause() == EndCause::killed);
  Ladder asked{{}, at(0)};
  CHECK(asked.step(at(1), StopLevel::ask, no_more) == LadderStep::ask);
  CHECK(asked.step(at(2), StopLevel::kill, no_more) == LadderStep::kill);
  CHECK(asked.cause() == EndCause::asked);
}

TEST_CASE("the run timeout ends it, unless it was given more time") {
  Ladder ladder{{.run = seconds{10}, .queue = {}, .idle = {}, .grace = seconds{5}}, at(0)};
  CHECK(ladder.next() == at(10));
  const auto more = [] { return at(20); };
  CHECK(ladder.step(at(10), StopLevel::none, more) == LadderStep::none);
  CHECK(ladder.next() == at(20));
  CHECK(ladder.step(at(20), StopLevel::none, more) == LadderStep::ask);
  CHECK(ladder.cause() == EndCause::run_timeout);
}

TEST_CASE("silence ends it after the idle timeout; every sign of life puts that off") {
  Ladder ladder{{.run = {}, .queue = {}, .idle = seconds{3}, .grace = seconds{5}}, at(0)};
  ladder.note_activity(at(2));
  CHECK(ladder.next() == at(5));
  CHECK(ladder.step(at(4), StopLevel::none, no_more) == LadderStep::none);
  CHECK(ladder.step(at(5), StopLevel::none, no_more) == LadderStep::ask);
  CHECK(ladder.cause() == EndCause::idle_timeout);
}

}  // namespace
}  // namespace mainspring::runner
