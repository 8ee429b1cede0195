#include "plan/agenda.h"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include "plan/fixtures.h"
#include "plan/occurrences.h"

namespace mainspring::plan {
namespace {

using namespace std::chrono_literals;

base::Instant at(std::string_view text) { return *base::parse_instant(text); }

model::Schedule cron(std::string job, std::string expression, std::string zone = "UTC") {
  model::Schedule schedule;
  schedule.job = std::move(job);
  schedule.spec.cron = std::move(expression);
  schedule.spec.timezone = std::move(zone);
  schedule.created_at = schedule.planned_until = at("2026-01-01T00:00:00Z");
  return schedule;
}

FireLines lines_of(const std::vector<model::Schedule>& schedules) {
  FireLines lines;
  for (const model::Schedule& schedule : schedules) {
    auto line = FireLine::make(schedule);
    REQUIRE(line.has_value());
    lines.push_back(std::move(*line));
  }
  return lines;
}

std::vector<std::string> list(const FireLines& lines, std::string_view from,
                              std::string_view until) {
  std::vector<std::string> out;
  for (const AgendaFire& fire : list_fires(lines, {at(from), at(until)}, 100).fires)
    out.push_back(fmt::format("{} {}", fire.line->local(fire.at), fire.line->job()));
  return out;
}

TEST_CASE("the fires of many schedules come in one order, each in its own zone") {
  const FireLines lines = lines_of({cron("night", "0 2 * * *", "Europe/Berlin"),
                                    cron("hour", "0 * * * *"), cron("other", "30 1 * * *")});
  CHECK(list(lines, "2026-01-05T00:30:00Z", "2026-01-05T02:00:00Z") ==
        std::vector<std::string>{"2026-01-05T02:00:00+01:00 night", "2026-01-05T01:00:00Z hour",
                                 "2026-01-05T01:30:00Z other", "2026-01-05T02:00:00Z hour"});
}

TEST_CASE("a list that reaches its limit says so") {
  const FireLines lines = lines_of({cron("minute", "* * * * *")});
  const cron::Period hour{at("2026-01-05T00:00:00Z"), at("2026-01-05T01:00:00Z")};
  CHECK_FALSE(list_fires(lines, hour, 59).is_complete);
  CHECK(list_fires(lines, hour, 60).is_complete);
}

TEST_CASE("of each schedule the next fire alone, the soonest first") {
  model::Schedule shadow = cron("shadow", "* * * * *");
  shadow.shadow = true;
  const FireLines lines = lines_of(
      {cron("night", "0 2 * * *"), cron("minute", "* * * * *"), cron("hour", "0 * * * *"), shadow});
  const cron::Period day{at("2026-01-05T00:30:00Z"), at("2026-01-06T00:30:00Z")};
  const auto jobs = [&](std::size_t limit) {
    std::vector<std::string> out;
    for (const AgendaFire& fire : list_next_fires(lines, day, limit).fires)
      out.push_back(fire.line->job());
    return out;
  };
  CHECK(jobs(10) == std::vector<std::string>{"minute", "hour", "night"});
  CHECK(jobs(2) == std::vector<std::string>{"minute", "hour"});
  CHECK(jobs(0).empty());
  CHECK(list_next_fires(lines, day, 3).is_complete);
  CHECK_FALSE(list_next_fires(lines, day, 2).is_complete);
}

TEST_CASE("a paused schedule fires when its pause ends, a shadow and an exhausted one never") {
  model::Schedule paused = cron("paused", "0 * * * *");
  paused.pause.emplace();
  paused.pause->until = at("2026-01-05T02:00:00Z");
  model::Schedule held = paused;
  held.pause->until.reset();
  model::Schedule shadow = cron("shadow", "0 * * * *");
  shadow.shadow = true;
  model::Schedule over = cron("over", "0 * * * *");
  over.exhausted = true;
  const FireLines lines = lines_of({paused, held, shadow, over});
  CHECK(list(lines, "2026-01-05T00:00:00Z", "2026-01-05T03:00:00Z") ==
        std::vector<std::string>{"2026-01-05T02:00:00Z paused", "2026-01-05T03:00:00Z paused"});
}

TEST_CASE("a schedule that ends after so many runs fires no more than are left") {
  model::Schedule schedule = cron("few", "0 * * * *");
  schedule.spec.max_runs = 5;
  schedule.runs = 3;
  const FireLines lines = lines_of({schedule});
  CHECK(list(lines, "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z").size() == 2);
  CHECK(list(lines, "2026-01-01T01:00:00Z", "2026-01-05T00:00:00Z").size() == 1);
}

// What counting must come to: every fire, one by one.
std::vector<std::int64_t> counted_one_by_one(const FireLines& lines, base::Instant from,
                                             std::size_t hours) {
  std::vector<std::int64_t> out(hours);
  const auto until = from + static_cast<std::int64_t>(hours) * 1h - 1ms;
  for (const AgendaFire& fire : list_fires(lines, {from - 1ms, until}, 1'000'000).fires)
    ++out[static_cast<std::size_t>((fire.at - from) / 1h)];
  return out;
}

TEST_CASE("counts by the hour are those of the single fires, also around clock changes") {
  for (const char* expression :
       {"*/5 * * * *", "30 2 * * *", "0 2,3 * * 1-5", "15,45 1-4 * * *", "*/20 30 3 * * 0",
        "0 0 L * *", "@every 7m", "59 23 * * *", "30 2 29 3 *"}) {
    for (const char* zone : {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata",
                             "Australia/Lord_Howe", "Pacific/Chatham"}) {
      for (const cron::GapPolicy gap :
           {cron::GapPolicy::skip, cron::GapPolicy::next, cron::GapPolicy::shift}) {
        CAPTURE(expression);
        CAPTURE(zone);
        model::Schedule schedule = cron("job", expression, zone);
        schedule.spec.dst = {gap, cron::FoldPolicy::both};
        const FireLines lines = lines_of({schedule});
        for (const char* from : {"2026-03-27T00:00:00Z", "2026-10-24T00:00:00Z",
                                 "2026-04-04T00:00:00Z", "2026-03-07T00:00:00Z"}) {
          CAPTURE(from);
          const HourlyFires hours = count_fires(lines, at(from), 72);
          CHECK(hours.is_complete);
          CHECK(hours.counts == counted_one_by_one(lines, at(from), 72));
        }
      }
    }
  }
}

TEST_CASE("counting begins at a whole hour and ends when it has cost too much") {
  const HourlyFires one =
      count_fires(lines_of({cron("job", "* * * * *")}), at("2026-01-05T10:25:00Z"), 2);
  CHECK((one.from == at("2026-01-05T10:00:00Z")));
  CHECK(one.counts == std::vector<std::int64_t>{60, 60});
  const HourlyFires many =
      count_fires(lines_of({cron("job", "* * * * * *", "Asia/Kolkata")}), one.from, 24 * 31);
  CHECK_FALSE(many.is_complete);
}

}  // namespace
}  // namespace mainspring::plan
