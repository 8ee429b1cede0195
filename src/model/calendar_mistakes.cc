// What is wrong in a calendar beyond what its described tables say.
#include <fmt/core.h>

#include "cron/zone.h"
#include "json/reader.h"
#include "model/calendar_times.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

using json::Part;

class CalendarRules {
 public:
  explicit CalendarRules(const CalendarSpec& spec) : spec_(spec) {}

  std::vector<Mistake> run() {
    check_zone();
    for (std::size_t i = 0; i < spec_.spans.size(); ++i)
      add_problems(to_local(spec_.spans[i]), fmt::format("/spans/{}", i));
    for (std::size_t i = 0; i < spec_.weekly.size(); ++i)
      check_window(spec_.weekly[i], fmt::format("/weekly/{}", i));
    if (spec_.mode == CalendarMode::only && spec_.spans.empty() && spec_.weekly.empty())
      add("/mode", "a calendar of mode only lets nothing through without spans or weekly windows");
    return std::move(found_);
  }

 private:
  void add(std::string pointer, std::string message, std::string suggestion = {}) {
    if (found_.size() <= json::kMaxProblems)
      found_.push_back(
          {std::move(pointer), Part::value, std::move(message), std::move(suggestion)});
  }

  template <class T>
  void add_problems(const base::Result<T>& parsed, const std::string& at) {
    if (parsed) return;
    for (const base::Problem& problem : parsed.error().problems)
      add(at + problem.pointer, problem.message, problem.suggestion);
  }

  void check_zone() {
    if (spec_.timezone.empty()) return;
    if (const auto zone = cron::TimeZone::load(spec_.timezone); !zone) {
      const auto& problems = zone.error().problems;
      add("/timezone", zone.error().message, problems.empty() ? "" : problems[0].suggestion);
    }
  }

  void check_window(const CalendarWindow& window, const std::string& at) {
    if (window.weekdays.empty() && window.times.empty())
      add(at, "covers all the time; give weekdays, times or both");
    for (std::size_t i = 0; i < window.times.size(); ++i)
      add_problems(parse_day_times(window.times[i]), fmt::format("{}/times/{}", at, i));
  }

  const CalendarSpec& spec_;
  std::vector<Mistake> found_;
};

}  // namespace

std::vector<Mistake> find_mistakes(const CalendarSpec& spec) { return CalendarRules(spec).run(); }

}  // namespace mainspring::model
