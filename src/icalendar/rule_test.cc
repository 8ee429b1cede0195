// The table in testdata/: expected times come from tools/rrule_oracle.py, never from this code.
#include "icalendar/rule.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "icalendar/icalendar.h"

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

std::string show(cron::LocalTime at, const RuleStart& start) {
  std::string text = cron::format_local(at);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return start.is_date ? text.substr(0, 8) : text;
}

std::string show(const std::vector<cron::LocalTime>& times, const RuleStart& start) {
  constexpr std::size_t kShown = 5;  // as in the oracle
  std::string out;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times.size() > kShown + 1 && i == kShown) out += " ...";
    if (times.size() <= kShown + 1 || i < kShown || i + 1 == times.size())
      out += " " + show(times[i], start);
  }
  if (times.size() > kShown + 1) out += " (" + std::to_string(times.size()) + ")";
  return out.empty() ? "none" : out.substr(1);
}

std::vector<cron::LocalTime> unfolded(const Rule& rule, const RuleStart& start, LocalRange range) {
  Work work{kMostSteps};
  auto times = unfold(rule, start, range, work);
  CHECK_FALSE(work.exhausted());
  return times;
}

// "rule | start | until | times"
void check_row(const std::string& line) {
  CAPTURE(line);
  std::vector<std::string> columns;
  for (std::string_view rest = line; columns.size() < 3;) {
    const std::size_t end = rest.find(" | ");
    REQUIRE_NE(end, std::string_view::npos);
    columns.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 3);
    if (columns.size() == 3) columns.emplace_back(rest);
  }
  const Rule rule = parse_rule(columns[0]).value();
  const Stamp stamp = parse_stamp(columns[1]).value();
  const RuleStart start{stamp.local, stamp.is_date};
  const auto until = parse_stamp(columns[2]).value().local + chr::days{1} - chr::seconds{1};
  const auto all = unfolded(rule, start, {start.local, until});
  CHECK_EQ(show(all, start), columns[3]);
  // Looking at a later part of the series gives the same part.
  const auto middle = start.local + (until - start.local) / 2;
  std::vector<cron::LocalTime> later;
  for (const auto at : all)
    if (at >= middle) later.push_back(at);
  CHECK_EQ(show(unfolded(rule, start, {middle, until}), start), show(later, start));
}

std::string mistake(std::string_view text) {
  const auto rule = parse_rule(text);
  REQUIRE_MESSAGE(!rule, text);
  return rule.error().message;
}

TEST_CASE("a rule gives the times that a second reading gives") {
  int rows = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"src/icalendar/testdata"}) {
    if (!entry.path().filename().string().starts_with("rules")) continue;
    std::ifstream file{entry.path()};
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      check_row(line);
      ++rows;
    }
  }
  CHECK_GE(rows, 70);
}

TEST_CASE("a rule that says nothing clear is refused in words") {
  CHECK_EQ(mistake("BYDAY=MO"), "the rule 'BYDAY=MO': FREQ is missing");
  CHECK_EQ(mistake("FREQ=FORTNIGHTLY"),
           "the rule 'FREQ=FORTNIGHTLY': FREQ: 'FORTNIGHTLY' is not DAILY, WEEKLY, MONTHLY or "
           "YEARLY");
  CHECK_EQ(
      mistake("FREQ=MINUTELY;BYDAY=MO"),
      "the rule 'FREQ=MINUTELY;BYDAY=MO': FREQ: a calendar has no rules by the hour, minute or "
      "second; use DAILY with BYHOUR");
  CHECK_EQ(mistake("FREQ=DAILY;BYMONTH=13"),
           "the rule 'FREQ=DAILY;BYMONTH=13': BYMONTH: '13' is not a number from 1 to 12");
  CHECK_EQ(mistake("FREQ=MONTHLY;BYMONTHDAY=0"),
           "the rule 'FREQ=MONTHLY;BYMONTHDAY=0': BYMONTHDAY: '0' is not a number from 1 to 31, or "
           "the same below zero");
  CHECK_EQ(mistake("FREQ=WEEKLY;BYDAY=1MO"),
           "the rule 'FREQ=WEEKLY;BYDAY=1MO': BYDAY takes numbers with MONTHLY and YEARLY only");
  for (const char* text : {"",
                           ";",
                           "FREQ",
                           "FREQ=",
                           "FREQ=DAILY;;",
                           "FREQ=DAILY;FREQ=DAILY",
                           "FREQ=DAILY;COUNT=0",
                           "FREQ=DAILY;COUNT=1;UNTIL=20260101",
                           "FREQ=DAILY;UNTIL=20260230",
                           "FREQ=DAILY;INTERVAL=0",
                           "FREQ=DAILY;BYDAY=XX",
                           "FREQ=DAILY;BYDAY=",
                           "FREQ=DAILY;BYDAY=54MO",
                           "FREQ=DAILY;WKST=8",
                           "FREQ=WEEKLY;BYMONTHDAY=1",
                           "FREQ=MONTHLY;BYWEEKNO=1",
                           "FREQ=MONTHLY;BYYEARDAY=1",
                           "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
                           "RSCALE=HEBREW;FREQ=YEARLY",
                           "FREQ=DAILY;COUNT=1,2x",
                           "FREQ=DAILY;INTERVAL=99999999999999",
                           "FREQ=DAILY;BYHOUR=24",
                           "FREQ=DAILY;X-A=1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rule(text).has_value());
  }
}

TEST_CASE("a rule that never comes true ends when its work is used up") {
  const Rule rule = parse_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30").value();
  const auto from = parse_stamp("19000101").value().local;
  const auto until = parse_stamp("22001231").value().local;
  Work work{1'000};
  CHECK(unfold(rule, {from, true}, {from + chr::days{1}, until}, work).empty());
  CHECK(work.exhausted());
}

}  // namespace
}  // namespace mainspring::icalendar
