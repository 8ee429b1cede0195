// Random schedules against a brute force that shares nothing with the search under test: it walks
// local days, asks a plain list of values for each date and time, and cctz for the instants.
// --rand-seed=<n> replays a run.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <doctest/doctest.h>
#include <fmt/core.h>

#include "cron/occurrence.h"

namespace mainspring::cron {
namespace {

namespace chr = std::chrono;

constexpr int kCases = 100'000;
constexpr int kWindowDays = 30;  // how far the brute force looks

constexpr std::array<const char*, 16> kZones{"UTC",
                                             "Europe/Berlin",
                                             "America/New_York",
                                             "Europe/London",
                                             "Australia/Lord_Howe",
                                             "Pacific/Apia",
                                             "Antarctica/Troll",
                                             "Africa/Casablanca",
                                             "America/Sao_Paulo",
                                             "Asia/Beirut",
                                             "Asia/Tehran",
                                             "Asia/Kolkata",
                                             "America/Caracas",
                                             "Africa/Cairo",
                                             "Asia/Pyongyang",
                                             "Antarctica/Casey"};

struct Zone {
  cctz::time_zone brute;
  TimeZone zone;
  std::vector<chr::sys_seconds> changes;
};

std::vector<Zone> load_zones() {
  std::vector<Zone> zones;
  for (const char* name : kZones) {
    Zone zone;
    REQUIRE(cctz::load_time_zone(name, &zone.brute));
    zone.zone = TimeZone::load(name).value();
    cctz::time_zone::civil_transition change;
    chr::sys_seconds at = chr::sys_days{chr::year{1975} / 1 / 1};
    while (at < chr::sys_days{chr::year{2090} / 1 / 1} && zone.brute.next_transition(at, &change)) {
      at = zone.brute.lookup(change.to).trans;
      if (change.from != change.to) zone.changes.push_back(at);
    }
    zones.push_back(zone);
  }
  return zones;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int roll(int low, int high) { return std::uniform_int_distribution<int>{low, high}(engine_); }
  bool chance(int percent) { return roll(1, 100) <= percent; }

 private:
  std::mt19937_64 engine_;
};

// One field as it is written, and what it plainly means.
struct Plain {
  std::string text;
  std::vector<bool> has = std::vector<bool>(2200);
  std::vector<int> values;

  void add(int value) {
    if (!has[static_cast<std::size_t>(value)]) values.push_back(value);
    has[static_cast<std::size_t>(value)] = true;
  }
  bool holds(int value) const { return has[static_cast<std::size_t>(value)]; }
};

Plain any(int low, int high) {
  Plain field;
  field.text = "*";
  for (int value = low; value <= high; ++value)
    field.add(value);
  return field;
}

void append(Plain& field, const std::string& item) {
  field.text += (field.text.empty() ? "" : ",") + item;
}

Plain random_list(Dice& dice, int low, int high, int most = 3) {
  Plain field;
  const int items = dice.roll(1, most);
  for (int i = 0; i < items; ++i) {
    const int a = dice.roll(low, high);
    const int b = std::min(high, a + dice.roll(0, 4));
    const int step = dice.roll(1, 3);
    const int kind = dice.roll(0, 3);
    if (kind == 0) {
      append(field, fmt::format("{}-{}/{}", a, b, step));
      for (int value = a; value <= b; value += step)
        field.add(value);
    } else if (kind == 1 && high - low > 12) {
      const int wide = dice.roll((high - low) / 4, high - low);
      append(field, fmt::format("*/{}", wide));
      for (int value = low; value <= high; value += wide)
        field.add(value);
    } else {
      append(field, fmt::format("{}", a));
      field.add(a);
    }
  }
  return field;
}

struct Schedule {
  std::string text;
  Plain second, minute, hour, day, month, weekday, year;
  bool plus = false;
  bool both = false;  // the day fields combine with AND
  bool last_day = false;
  int nearest = 0;                    // 32 is the last weekday
  std::set<std::pair<int, int>> nth;  // weekday, n; 6 is the last
};

void random_day(Dice& dice, Schedule& made) {
  made.day = dice.chance(40) ? any(1, 31) : random_list(dice, 1, 31);
  if (dice.chance(15)) {
    append(made.day, "L");
    made.last_day = true;
  } else if (dice.chance(10)) {
    made.day = Plain{};
    made.nearest = dice.roll(1, 32);
    made.day.text = made.nearest == 32 ? "LW" : fmt::format("{}W", made.nearest);
  }
}

void random_weekday(Dice& dice, Schedule& made) {
  made.weekday = dice.chance(50) ? any(0, 6) : random_list(dice, 0, 6);
  if (dice.chance(20)) {
    if (dice.chance(50)) made.weekday = Plain{};
    const int weekday = dice.roll(0, 6);
    const int n = dice.roll(1, 6);
    append(made.weekday, fmt::format("{}#{}", weekday, n == 6 ? "L" : fmt::format("{}", n)));
    made.nth.insert({weekday, n});
  }
  made.plus = dice.chance(20);
  const auto starred = [](const Plain& field) {
    return field.text == "*" || field.text.starts_with("*,");
  };
  made.both = starred(made.day) || starred(made.weekday) || made.plus;
}

Schedule random_schedule(Dice& dice, int month) {
  static const Plain every_year = any(kFirstYear, kLastYear);
  Schedule made;
  const bool dense = dice.chance(2);
  made.second = random_list(dice, 0, 59, 1);
  made.minute = dense && dice.chance(50) ? any(0, 59) : random_list(dice, 0, 59, 2);
  made.hour = dice.chance(dense ? 80 : 10) ? any(0, 23) : random_list(dice, 0, 4);
  if (dice.chance(30)) made.hour = random_list(dice, 0, 23);
  random_day(dice, made);
  made.month = dice.chance(80) ? any(1, 12) : random_list(dice, 1, 12);
  if (!made.month.holds(month) && dice.chance(70)) {
    append(made.month, fmt::format("{}", month));
    made.month.add(month);
  }
  random_weekday(dice, made);
  made.year = dice.chance(85) ? every_year : random_list(dice, 2005, 2035);
  if (made.year.text != "*" && made.year.text.contains('*')) made.year = every_year;
  const bool five = made.year.text == "*" && dice.chance(60);
  if (five) {
    made.second = Plain{};
    made.second.add(0);
  }
  const std::string rest =
      fmt::format("{} {} {} {} {}{}", made.minute.text, made.hour.text, made.day.text,
                  made.month.text, made.plus ? "+" : "", made.weekday.text);
  made.text = five ? rest : fmt::format("{} {} {}", made.second.text, rest, made.year.text);
  return made;
}

bool is_workday(const cctz::civil_day& day) {
  const auto weekday = cctz::get_weekday(day);
  return weekday != cctz::weekday::saturday && weekday != cctz::weekday::sunday;
}

cctz::civil_day last_of(const cctz::civil_day& day) {
  return cctz::civil_day{cctz::civil_month{day} + 1} - 1;
}

bool nearest_matches(int nearest, const cctz::civil_day& day) {
  const cctz::civil_day last = last_of(day);
  if (!is_workday(day)) return false;
  if (nearest == 32) {
    bool later = false;
    for (cctz::civil_day other = day + 1; other <= last && other <= day + 3; ++other)
      later = later || is_workday(other);
    return !later;
  }
  if (nearest > last.day()) return false;
  const cctz::civil_day wanted{day.year(), day.month(), nearest};
  if (is_workday(wanted)) return day == wanted;
  for (const int away : {1, -1, 2, -2}) {
    const cctz::civil_day other = wanted + away;
    if (other.month() == day.month() && is_workday(other)) return day == other;
  }
  return false;
}

bool date_matches(const Schedule& made, const cctz::civil_day& day) {
  if (!made.year.holds(static_cast<int>(day.year())) || !made.month.holds(day.month()))
    return false;
  const int weekday = (static_cast<int>(cctz::get_weekday(day)) + 1) % 7;
  bool by_date = made.day.holds(day.day()) || (made.last_day && day == last_of(day));
  if (made.nearest != 0) by_date = by_date || nearest_matches(made.nearest, day);
  bool by_weekday = made.weekday.holds(weekday);
  for (const auto& [wanted, n] : made.nth) {
    const bool hit = n == 6 ? day + 7 > last_of(day) : (day.day() + 6) / 7 == n;
    by_weekday = by_weekday || (wanted == weekday && hit);
  }
  if (made.both) return by_date && by_weekday;
  return by_date || by_weekday;
}

using Fires = std::vector<chr::sys_seconds>;

void fires_of_time(const cctz::time_zone::civil_lookup& found, const Schedule& made,
                   const DstPolicy& dst, Fires& fires) {
  const bool spaced = made.minute.text.starts_with('*') || made.hour.text.starts_with('*');
  switch (found.kind) {
    case cctz::time_zone::civil_lookup::UNIQUE:
      fires.push_back(found.pre);
      break;
    case cctz::time_zone::civil_lookup::SKIPPED:
      if (!spaced && dst.gap == GapPolicy::next) fires.push_back(found.trans);
      if (!spaced && dst.gap == GapPolicy::shift) fires.push_back(found.pre);
      break;
    case cctz::time_zone::civil_lookup::REPEATED:
      if (spaced || dst.fold != FoldPolicy::second) fires.push_back(found.pre);
      if (spaced || dst.fold != FoldPolicy::first) fires.push_back(found.post);
      break;
  }
}

// The first fire after, by walking local days from two days back to two days past the first find.
std::optional<chr::sys_seconds> brute_next(const Zone& zone, const Schedule& made,
                                           const DstPolicy& dst, chr::sys_seconds after) {
  std::optional<chr::sys_seconds> best;
  const cctz::civil_day today{zone.brute.lookup(after).cs};
  int stop = kWindowDays;
  Fires fires;
  for (int offset = -2; offset <= stop; ++offset) {
    const cctz::civil_day day = today + offset;
    if (!date_matches(made, day)) continue;
    fires.clear();
    for (const int hour : made.hour.values) {
      for (const int minute : made.minute.values) {
        for (const int second : made.second.values) {
          const cctz::civil_second local{day.year(), day.month(), day.day(), hour, minute, second};
          fires_of_time(zone.brute.lookup(local), made, dst, fires);
        }
      }
    }
    for (const auto fire : fires) {
      if (fire > after && (!best || fire < *best)) best = fire;
    }
    if (best) stop = std::min(stop, offset + 2);
  }
  return best;
}

std::uint64_t pick_seed() {
  const unsigned given = doctest::getContextOptions()->rand_seed;
  const std::uint64_t seed = given != 0 ? given : std::random_device{}();
  MESSAGE("replay with test_cron --rand-seed=" << seed);
  return seed;
}

chr::sys_seconds random_instant(Dice& dice, const Zone& zone) {
  const chr::sys_seconds base = chr::sys_days{chr::year{2000} / 1 / 1};
  const bool near = !zone.changes.empty() && dice.chance(70);
  if (!near) return base + chr::hours{dice.roll(0, 90 * 8766)} + chr::seconds{dice.roll(0, 3599)};
  const auto which = dice.roll(0, static_cast<int>(zone.changes.size()) - 1);
  return zone.changes[static_cast<std::size_t>(which)] + chr::seconds{dice.roll(-100'000, 100'000)};
}

// The search against the brute force, and its own inverse.
void check_case(const Zone& zone, const Schedule& made, const DstPolicy& dst,
                chr::sys_seconds after) {
  const std::string what = fmt::format("'{}' in {}, gap {}, fold {}, after {}", made.text,
                                       zone.zone.name(), static_cast<int>(dst.gap),
                                       static_cast<int>(dst.fold), base::format_instant(after));
  const auto expression = Expression::parse(made.text);
  REQUIRE_MESSAGE(expression, what);
  const Timing timing{*expression, zone.zone, dst};
  const auto next = next_after(timing, after);
  if (const auto brute = brute_next(zone, made, dst, after)) {
    REQUIRE_MESSAGE((next && *next == *brute), what);
  } else {
    const auto horizon = after + chr::days{kWindowDays - 2};
    REQUIRE_MESSAGE((!next || *next > horizon), what);
  }
  if (!next) return;
  const auto previous = previous_before(timing, *next);
  REQUIRE_MESSAGE((!previous || *previous <= after), what);
  if (previous) REQUIRE_MESSAGE(next_after(timing, *previous) == next, what);
  const auto second = next_after(timing, *next);
  if (second) REQUIRE_MESSAGE(previous_before(timing, *second) == next, what);
}

TEST_CASE("the canonical text of a random expression means the same") {
  Dice dice{pick_seed()};
  for (int i = 0; i < kCases / 10; ++i) {
    const Schedule made = random_schedule(dice, 1);
    const auto expression = Expression::parse(made.text);
    REQUIRE_MESSAGE(expression, made.text);
    const auto again = Expression::parse(expression->text());
    REQUIRE_MESSAGE((again && *again == *expression), made.text << " as " << expression->text());
  }
}

TEST_CASE("next_after equals a brute force on random schedules, and previous_before undoes it") {
  Dice dice{pick_seed()};
  const std::vector<Zone> zones = load_zones();
  for (int i = 0; i < kCases; ++i) {
    const Zone& zone = zones[static_cast<std::size_t>(dice.roll(0, kZones.size() - 1))];
    const auto after = random_instant(dice, zone);
    const Schedule made = random_schedule(dice, zone.brute.lookup(after).cs.month());
    const DstPolicy dst{static_cast<GapPolicy>(dice.roll(0, 2)),
                        static_cast<FoldPolicy>(dice.roll(0, 2))};
    check_case(zone, made, dst, after);
  }
}

}  // namespace
}  // namespace mainspring::cron
