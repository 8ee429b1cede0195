#include "cron/expression.h"

#include <array>
#include <set>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "cron/zone.h"

namespace mainspring::cron {
namespace {

std::string canonical(std::string_view text, std::string_view seed = {}) {
  return Expression::parse(text, seed).value().text();
}

std::string suggestion(std::string_view text) {
  const auto parsed = Expression::parse(text);
  REQUIRE_MESSAGE(!parsed, text);
  return parsed.error().problems.at(0).suggestion;
}

TEST_CASE("the canonical text is short, and says what matters") {
  constexpr auto kTexts = std::to_array<std::pair<const char*, const char*>>({
      {" 05  2\t* * * ", "5 2 * * *"},
      {"0 5 2 * * *", "5 2 * * *"},
      {"0 5 2 * * * *", "5 2 * * *"},
      {"* * * * * *", "* * * * * *"},
      {"0 0 0 1 1 * 2030", "0 0 0 1 1 * 2030"},
      {"0 0 * jan,feb,MAR mon-FRI", "0 0 * 1-3 1-5"},
      {"0 0 * * 7", "0 0 * * 0"},
      {"0 0 * * FRI-SUN", "0 0 * * 0,5,6"},
      {"0 0 ? * ?", "0 0 * * *"},
      {"0,15,30,45 * * * *", "0-45/15 * * * *"},
      {"*/15,7 * * * *", "*/15,7 * * * *"},
      {"*,5 * * * *", "* * * * *"},
      {"*/90 * * * *", "*/60 * * * *"},
      {"1,2,4,5,6 * * * *", "1,2,4-6 * * * *"},
      {"0 0 L,1 * *", "0 0 1,L * *"},
      {"0 0 15W * +MON", "0 0 15W * +1"},
      {"0 0 LW * FRIL,MON#1", "0 0 LW * 1#1,5#L"},
      {"0 0 1-31 * MON,MON#1", "0 0 1-31 * 1"},
      {"@weekly", "0 0 * * 0"},
      {"@reboot", "@reboot"},
      {"@every 90s", "@every 1m30s"},
  });
  for (const auto& [text, expected] : kTexts) {
    CHECK_EQ(canonical(text), expected);
    CHECK(Expression::parse(expected).value() == Expression::parse(text).value());
  }
}

TEST_CASE("expressions that differ in a rule are not equal") {
  const auto parse = [](std::string_view text) { return Expression::parse(text).value(); };
  CHECK(parse("0 0 1 * 1") != parse("0 0 1 * +1"));
  CHECK(parse("0 0 * * 1") != parse("0 0 1-31 * 1"));
  CHECK(parse("*/2 3 * * *") != parse("0-58/2 3 * * *"));
  CHECK(parse("@every 1m") != parse("@every 2m"));
}

TEST_CASE("a spread value depends on the seed and on the field, and never changes") {
  CHECK_EQ(canonical("H H H H H", "nightly-backup"), canonical("H H H H H", "nightly-backup"));
  std::set<std::string> minutes;
  std::set<std::string> different;
  for (int i = 0; i < 200; ++i) {
    const std::string text = canonical("H H * * *", "job-" + std::to_string(i));
    minutes.insert(text.substr(0, text.find(' ')));
    different.insert(text);
  }
  CHECK(minutes.size() > 50);
  CHECK(different.size() > 180);
}

TEST_CASE("a spread day of the month comes in every month") {
  for (int i = 0; i < 500; ++i) {
    const std::string seed = std::to_string(i);
    CHECK(Expression::parse("0 0 H * *", seed).value().fields().days < 1U << 29);
    CHECK(Expression::parse("0 0 ~ * *", seed).value().fields().days < 1U << 29);
  }
}

TEST_CASE("a star in the minute or the hour keeps real-time spacing, nothing else does") {
  const auto spaced = [](std::string_view text) {
    return Expression::parse(text, "x").value().keeps_spacing();
  };
  for (const char* text : {"* 2 * * *", "*/5 2 * * *", "0 * * * *", "0 */2 * * *", "*,5 2 * * *"})
    CHECK_MESSAGE(spaced(text), text);
  for (const char* text : {"0-59 2 * * *", "5,* 2 * * *", "* 5 2 * * *", "H H * * *", "0 0 * * *"})
    CHECK_MESSAGE(!spaced(text), text);
}

TEST_CASE("a misspelt word comes back with the right one") {
  CHECK_EQ(suggestion("@Daily"), "@daily");
  CHECK_EQ(suggestion("@mounthly"), "@monthly");
  CHECK_EQ(suggestion("0 0 * JANUARY *"), "JAN");
  CHECK_EQ(suggestion("0 0 * * tues"), "TUE");
  CHECK_EQ(suggestion("0 0 * * 9"), "");
}

TEST_CASE("no text is too strange to be refused in words") {
  CHECK_EQ(Expression::parse(std::string(kLongestText + 1, '1')).error().message,
           "expression, column 4097: more than 4096 characters; write ranges in place of lists");
  CHECK_EQ(Expression::parse("0 0 * *\n*").error().message,
           "expression, column 8: byte 0x0a is not allowed; write digits, names and * , - / L W # "
           "+ ? H ~ with blanks between fields");
  CHECK_FALSE(Expression::parse(std::string_view{"0 0 * * \0", 9}));
  CHECK_FALSE(Expression::parse("0 0 * * \xff\xfe"));
}

TEST_CASE("a zone is loaded by its own name only, and a slip is recognised") {
  CHECK_EQ(TimeZone::load("Europe/Berlin").value().name(), "Europe/Berlin");
  CHECK_EQ(TimeZone::load("UTC").value().name(), "UTC");
  CHECK(TimeZone{} == TimeZone::load("UTC").value());
  const auto close = [](std::string_view name) {
    const auto zone = TimeZone::load(name);
    REQUIRE_MESSAGE(!zone, name);
    return zone.error().problems.at(0).suggestion;
  };
  CHECK_EQ(close("Europe/Berlim"), "Europe/Berlin");
  CHECK_EQ(close("europe/berlin"), "Europe/Berlin");
  CHECK_EQ(close("Mars/Olympus"), "");
  for (const char* name : {"", "/usr/share/zoneinfo/Europe/Berlin", "../Europe/Berlin", "localtime",
                           "Fixed/UTC+01:00:00", "right/Europe/Berlin", "Europe", "CEST",
                           "file:Europe/Berlin", ":Europe/Berlin"}) {
    CHECK_MESSAGE(!TimeZone::load(name), name);
  }
}

TEST_CASE("local times are written with their offset") {
  const auto instant = base::parse_instant("2026-07-01T12:00:00.750Z").value();
  const auto shown = [&](std::string_view name) {
    return format_local(instant, TimeZone::load(name).value());
  };
  CHECK_EQ(shown("UTC"), "2026-07-01T12:00:00Z");
  CHECK_EQ(shown("Europe/Berlin"), "2026-07-01T14:00:00+02:00");
  CHECK_EQ(shown("America/St_Johns"), "2026-07-01T09:30:00-02:30");
  CHECK_EQ(shown("Asia/Kathmandu"), "2026-07-01T17:45:00+05:45");
  CHECK_EQ(format_offset(std::chrono::seconds{-2670}), "-00:44:30");
}

}  // namespace
}  // namespace mainspring::cron
