// The rules of a job's schedules.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "cron/expression.h"
#include "cron/zone.h"
#include "json/codec.h"
#include "model/mistakes.h"
#include "model/names.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

void check_zone(const std::string& name, std::string pointer, Mistakes& found) {
  const auto zone = cron::TimeZone::load(name);
  if (zone) return;
  const auto& problems = zone.error().problems;
  found.add(std::move(pointer), zone.error().message,
            problems.empty() ? "" : problems[0].suggestion);
}

class ScheduleRules {
 public:
  ScheduleRules(const JobSpec& job, Mistakes& found) : job_(job), found_(found) {}

  void check(const ScheduleSpec& schedule, const std::string& at) {
    check_time(schedule, at);
    check_zone(schedule.timezone, at + "/timezone", found_);
    check_limits(schedule, at);
    check_jitter(schedule, at);
    check_params(schedule, at);
    if (!schedule.calendar.empty() && !kNameRule.accepts(schedule.calendar))
      found_.add(at + "/calendar", std::string(kNameRule.sentence),
                 correct_name(schedule.calendar));
  }

 private:
  void check_time(const ScheduleSpec& schedule, const std::string& at) {
    std::vector<std::string_view> given;
    if (schedule.cron) given.push_back("cron");
    if (schedule.every) given.push_back("every");
    if (schedule.at) given.push_back("at");
    if (schedule.delay) given.push_back("delay");
    if (given.empty()) found_.add(at, "says no time; give one of cron, every, at or delay");
    if (given.size() > 1)
      found_.add(at, fmt::format("gives {}; keep exactly one", base::join_words(given, " and ")));
    if (schedule.cron) check_cron(*schedule.cron, at + "/cron");
  }

  void check_cron(const std::string& text, std::string pointer) {
    const auto parsed = cron::Expression::parse(text, job_.name);
    if (parsed) return;
    const base::Error& error = parsed.error();
    Mistake mistake{std::move(pointer), json::Part::value, error.message};
    if (!error.problems.empty()) {
      mistake.suggestion = error.problems.front().suggestion;
      mistake.in_text = {1, error.problems.front().column};
    }
    found_.push(std::move(mistake));
  }

  void check_limits(const ScheduleSpec& schedule, const std::string& at) {
    if (schedule.start && schedule.end && *schedule.start >= *schedule.end)
      return found_.add(at + "/end", fmt::format("must be after start ({})",
                                                 base::format_instant(*schedule.start)));
    if (schedule.at && schedule.start && *schedule.at < *schedule.start)
      found_.add(at + "/at", fmt::format("is before start ({}), so it never fires; leave start out",
                                         base::format_instant(*schedule.start)));
    if (schedule.at && schedule.end && *schedule.at >= *schedule.end)
      found_.add(at + "/at", fmt::format("is not before end ({}), so it never fires; leave end out",
                                         base::format_instant(*schedule.end)));
  }

  // A fire that moves past the next one would make their order a matter of luck.
  void check_jitter(const ScheduleSpec& schedule, const std::string& at) {
    std::optional<base::Duration> every = schedule.every;
    if (schedule.cron)
      if (const auto parsed = cron::Expression::parse(*schedule.cron, job_.name))
        if (parsed->interval() > base::Duration{0}) every = parsed->interval();
    if (every && schedule.jitter > base::Duration{0} && schedule.jitter >= *every)
      found_.add(at + "/jitter", fmt::format("must be shorter than the interval ({})",
                                             base::format_duration(*every)));
  }

  void check_params(const ScheduleSpec& schedule, const std::string& at) {
    std::vector<std::string_view> known;
    for (const auto& [name, param] : job_.params)
      known.push_back(name);
    for (const auto& [name, value] : schedule.params) {
      const std::string pointer = child(at + "/params", name);
      const auto param = job_.params.find(name);
      if (param == job_.params.end()) {
        found_.add_key(pointer, "the job has no param of this name; add it to `params` of the job",
                       base::find_closest(name, known));
      } else if (const std::string why = why_unfit(param->second, value); !why.empty()) {
        found_.add(pointer, why);
      }
    }
    for (const auto& [name, param] : job_.params)
      if (param.required && !schedule.params.contains(name))
        found_.add(at, fmt::format("gives no value to the param {}, which the job requires; add "
                                   "params: {{{}: ...}}",
                                   name, name));
  }

  const JobSpec& job_;
  Mistakes& found_;
};

}  // namespace

void check_schedules(const JobSpec& job, const json::Object& document, Mistakes& found) {
  const json::Value* list = document.if_contains("schedule");
  const bool is_list = list != nullptr && list->is_array();
  ScheduleRules rules(job, found);
  for (std::size_t i = 0; i < job.schedule.size(); ++i) {
    const std::string at = is_list ? fmt::format("/schedule/{}", i) : "/schedule";
    rules.check(job.schedule[i], at);
    const auto same = std::ranges::find(job.schedule, job.schedule[i]) - job.schedule.begin();
    if (std::cmp_less(same, i))
      found.add(at, fmt::format("is the same as /schedule/{}, so that every fire would come twice; "
                                "remove one of them",
                                same));
  }
}

}  // namespace mainspring::model
