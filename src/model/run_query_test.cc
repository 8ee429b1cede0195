#include "model/run_query.h"

#include <doctest/doctest.h>

namespace mainspring::model {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

const base::Instant kNow = base::from_millis(1'767'225'600'000);  // 2026-01-01

RunQuery read(std::string_view text) {
  auto query = parse_run_query(text, kNow);
  REQUIRE_MESSAGE(query.has_value(), base::to_text(query.error()));
  return std::move(*query);
}

base::Problem mistake(std::string_view text) {
  const auto query = parse_run_query(text, kNow);
  REQUIRE_FALSE(query.has_value());
  REQUIRE_FALSE(query.error().problems.empty());
  return query.error().problems.front();
}

TEST_CASE("an empty query asks for every run") {
  const RunQuery query = read("  ");
  CHECK(query.states.empty());
  CHECK(query.jobs.empty());
  CHECK_FALSE(query.since.has_value());
}

TEST_CASE("every term narrows the runs, and of its values any will do") {
  const RunQuery query = read(
      "state:failed,timed_out job:etl-*,nightly label:team=data,tier!=test trigger:cron "
      "queue:default,\"slow lane\" since:2h until:2026-01-01");
  CHECK(query.states == std::vector{RunState::failed, RunState::timed_out});
  CHECK(query.jobs == Texts{"etl-*", "nightly"});
  CHECK(to_text(query.labels) == "team=data,tier!=test");
  CHECK(query.triggers == std::vector{Trigger::cron});
  CHECK(query.queues == Texts{"default", "slow lane"});
  CHECK((query.since == kNow - 2h));
  CHECK((query.until == kNow));
}

TEST_CASE("a word alone is a part of the job's name") {
  CHECK(read("backup").jobs == Texts{"*backup*"});
  CHECK(read("\"a \\\"b\\\"\"").jobs == Texts{"*a \"b\"*"});
}

TEST_CASE("a state, a trigger or a label is negated by a dash") {
  CHECK(read("-state:scheduled").states.size() == 8);
  CHECK(read("-trigger:cron,every").triggers.size() == 10);
  CHECK(to_text(read("-label:team=data -label:old label:new").labels) == "team!=data,!old,new");
  CHECK(mistake("-job:x").message == "'job' cannot be negated");
  CHECK(mistake("-label:a!=b").column == 8);
}

TEST_CASE("runs and operations are named by their ids") {
  const std::string run = "run_00000000000070008000000000000000";
  CHECK(read("id:" + run).ids.size() == 1);
  CHECK(mistake("id:run_1").column == 4);
  CHECK(mistake("operation:nothing").column == 11);
}

TEST_CASE("a mistake has its column and the word that was probably meant") {
  CHECK(mistake("job:x stat:failed").column == 7);
  CHECK(mistake("job:x stat:failed").suggestion == "state");
  CHECK(mistake("state:failed,quued").column == 14);
  CHECK(mistake("state:failed,quued").suggestion == "queued");
  CHECK(mistake("state:").message == "a value is missing");
  CHECK(mistake("job:\"open").column == 5);
  CHECK(mistake("job:\"a\"b").message == "a blank is missing between two terms");
  CHECK(mistake(":x").column == 1);
  CHECK(mistake("since:yesterday").column == 7);
  CHECK(mistake("state:failed state:queued").column == 14);
  CHECK(mistake("until:2025-01-01 since:1h").column == 1);
  CHECK(mistake("-state:scheduled,queued,running,waiting,succeeded,failed,cancelled,timed_out,"
                "skipped")
            .message == "nothing is left to match");
}

TEST_CASE("every mistake of a query is told, not only the first") {
  const auto query = parse_run_query("stat:x trigger:crom since:z", kNow);
  REQUIRE_FALSE(query.has_value());
  CHECK(query.error().problems.size() == 3);
  CHECK(query.error().message.contains("in column 1"));
}

TEST_CASE("a query that is longer than a line is refused") {
  CHECK_FALSE(parse_run_query(std::string(kRunQueryBytes + 1, 'x'), kNow).has_value());
}

TEST_CASE("a query becomes a selection of an operation where that can say it") {
  const auto selection = to_selection(read("job:nightly state:failed label:a=b since:1d"));
  REQUIRE(selection.has_value());
  CHECK(selection->job == "nightly");
  CHECK(selection->states == std::vector{RunState::failed});
  CHECK(selection->selector == "a=b");
  CHECK((selection->created_from == kNow - 24h));
  for (const std::string_view text : {"job:a,b", "job:a*", "queue:a,b", "-trigger:cron",
                                      "id:run_00000000000070008000000000000000"}) {
    CAPTURE(text);
    CHECK_FALSE(to_selection(read(text)).has_value());
  }
}

TEST_CASE("a star in a pattern stands for any part of a name") {
  for (const std::string_view pattern :
       {"etl-load", "etl-*", "*load", "*tl*oa*", "*", "etl-load*"}) {
    CAPTURE(pattern);
    CHECK(matches_glob(pattern, "etl-load"));
  }
  for (const std::string_view pattern : {"", "etl", "load", "*x*", "etl-loa", "e*tl"})
    CHECK_FALSE(matches_glob(pattern, "etl-load"));
  CHECK(matches_glob("", ""));
  CHECK(matches_glob("*a*a*b", std::string(1'000, 'a') + "b"));
}

}  // namespace
}  // namespace mainspring::model
