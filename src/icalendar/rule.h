// Internal: recurrence rules (RFC 5545, 3.3.10) and the local times they give.
//
// A rule works by periods: the year, month, week or day that FREQ names. Each period has a set of
// times; the rule is those of every INTERVALth period, from the start on. Days and clock times
// only, blind to clock changes.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cron/zone.h"
#include "icalendar/values.h"

namespace mainspring::icalendar {

enum class Frequency : std::uint8_t { daily, weekly, monthly, yearly };

// Places counted from the beginning of something (1, 2, ...) or from its end (-1, -2, ...).
class Places {
 public:
  static constexpr int kMost = 366;

  void add(int place);
  bool empty() const { return empty_; }
  // Whether the nth of `count`, from 1, is named.
  bool contains(int nth, int count) const;

 private:
  bool empty_ = true;
  std::bitset<kMost + 1> from_first_;
  std::bitset<kMost + 1> from_last_;
};

struct RuleWeekday {
  unsigned weekday = 0;  // 0 is Sunday
  int nth = 0;           // of the month or year, -1 the last; 0 is each
};

struct Rule {
  Frequency frequency = Frequency::daily;
  int interval = 1;
  std::optional<int> count;
  std::optional<Stamp> until;  // included
  std::uint16_t months = 0;    // bits 1 to 12; 0 is each
  Places month_days;
  Places year_days;
  Places weeks;  // by ISO 8601, but beginning on week_start
  std::vector<RuleWeekday> weekdays;
  std::vector<int> hours;  // sorted, none twice, as are the next two
  std::vector<int> minutes;
  std::vector<int> seconds;
  Places positions;
  unsigned week_start = 1;
};

// Errors: invalid_argument, a sentence.
base::Result<Rule> parse_rule(std::string_view text);

// How much work is left for one file. Unfolding a rule takes a step for each day it looks at and
// each time it makes.
class Work {
 public:
  explicit Work(std::int64_t steps) : left_(steps) {}
  void spend(std::int64_t steps) { left_ -= steps; }
  bool exhausted() const { return left_ < 0; }

 private:
  std::int64_t left_;
};

// Both included.
struct LocalRange {
  cron::LocalTime from;
  cron::LocalTime until;
};

struct RuleStart {
  cron::LocalTime local;
  bool is_date = false;  // the rule gives dates: BYHOUR and the like say nothing
};

// The times in the range, in order; `start` is the first of the series and counts, whether or not
// the rule names it. UNTIL in UTC is taken generously: the caller drops what is past it.
// Stops early where the work is exhausted.
std::vector<cron::LocalTime> unfold(const Rule& rule, const RuleStart& start,
                                    const LocalRange& range, Work& work);

}  // namespace mainspring::icalendar
