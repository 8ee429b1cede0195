// Cases about calendars: putting, deleting, and the schedules that name them.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using base::Code;

model::CalendarSpec calendar(std::string name, std::string day = "2026-12-25") {
  model::CalendarSpec out;
  out.name = std::move(name);
  out.spans.push_back({std::move(day), "", "Christmas"});
  return out;
}

void put(World& w, const model::CalendarSpec& spec) {
  w.apply(PutCalendar{w.tenant, spec, "ada", w.now});
}

// A job that fires every minute but for what the calendar leaves out.
model::JobSpec user_of(std::string calendar_name, std::string job = "tick") {
  model::JobSpec spec = World::spec(std::move(job));
  spec.schedule.push_back(World::every(60s));
  spec.schedule.front().calendar = std::move(calendar_name);
  return spec;
}

ApplyJobs manifest(World& w, const std::vector<model::JobSpec>& jobs,
                   std::vector<model::CalendarSpec> calendars) {
  ApplyJobs out{w.tenant, {}, "ada", w.now};
  for (const model::JobSpec& spec : jobs)
    out.jobs.push_back(w.draft(spec));
  out.calendars = std::move(calendars);
  return out;
}

std::vector<std::string> names(World& w) {
  std::vector<std::string> out;
  for (const model::CalendarSpec& spec : w.reads().calendars().all(w.tenant))
    out.push_back(spec.name);
  return out;
}

void expect_words(const base::Error& error, std::string_view words,
                  Where where = Where::current()) {
  if (!error.message.contains(words)) fail(error.message, where);
}

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"a calendar that is put is found by its name, as it was put",
     [](Subject& subject) {
       World w(subject);
       model::CalendarSpec spec = calendar("holidays");
       spec.description = "of Germany";
       spec.mode = model::CalendarMode::only;
       spec.timezone = "Europe/Berlin";
       spec.weekly.push_back({{model::Weekday::sat}, {"22:00-06:00"}, "nights"});
       put(w, spec);
       put(w, calendar("closed-days"));
       expect(w.reads().calendars().find("default", "holidays") == spec);
       expect(!w.reads().calendars().find("default", "holiday"));
       expect((names(w) == std::vector<std::string>{"closed-days", "holidays"}));
       expect_equal(w.events("calendar."), "calendar.created,calendar.created");
     }},
    {"a calendar belongs to its tenant",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       w.tenant = "other";
       expect(names(w).empty());
       expect(!w.reads().calendars().find("other", "holidays"));
       expect_code(w.refuse(manifest(w, {user_of("holidays")}, {})), Code::not_found);
       expect_code(w.refuse(DeleteCalendar{"other", "holidays", "ada", w.now}), Code::not_found);
     }},
    {"putting a calendar again replaces it, and an equal one changes nothing",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       put(w, calendar("holidays"));
       expect_equal(w.events("calendar."), "calendar.created");
       put(w, calendar("holidays", "2026-12-26"));
       expect(w.reads().calendars().find("default", "holidays") ==
              calendar("holidays", "2026-12-26"));
       expect_equal(w.events("calendar."), "calendar.created,calendar.updated");
     }},
    {"a calendar survives a restart",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       w.reopen();
       expect(w.reads().calendars().find("default", "holidays") == calendar("holidays"));
     }},
    {"a schedule comes with the calendar that it names, as it stands",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       const base::JobId job = w.put(user_of("holidays")).id;
       expect(w.schedule(job).calendar == calendar("holidays"));
       put(w, calendar("holidays", "2026-12-26"));
       expect(w.schedule(job).calendar == calendar("holidays", "2026-12-26"));
       const auto active = w.reads().schedules().active({}, 10);
       expect_equal(active.size(), std::size_t{1});
       expect(active[0].calendar == calendar("holidays", "2026-12-26"));
     }},
    {"a job that names an unknown calendar is refused, with the name that may be meant",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       const base::Error error = w.refuse(manifest(w, {user_of("hollidays", "report")}, {}));
       expect_code(error, Code::not_found);
       expect_words(error, "job 'report' names the calendar 'hollidays', which does not exist");
       expect_words(error, "did you mean 'holidays'?");
       expect(!w.reads().jobs().find_by_name("default", "report"));
     }},
    {"a manifest may bring the calendar that its jobs name",
     [](Subject& subject) {
       World w(subject);
       w.apply(manifest(w, {user_of("holidays", "report")}, {calendar("holidays")}));
       expect(w.reads().calendars().find("default", "holidays") == calendar("holidays"));
       expect(w.reads().jobs().find_by_name("default", "report").has_value());
     }},
    {"calendars of a manifest that is refused stay as they were",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       const auto error = w.refuse(manifest(w, {user_of("nothing")},
                                            {calendar("holidays", "2026-12-26"), calendar("new")}));
       expect_code(error, Code::not_found);
       expect((names(w) == std::vector<std::string>{"holidays"}));
       expect(w.reads().calendars().find("default", "holidays") == calendar("holidays"));
     }},
    {"a changed calendar takes back what is planned ahead of the schedules that name it",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       put(w, calendar("others"));
       const base::JobId user = w.put(user_of("holidays", "user")).id;
       const base::JobId other = w.put(user_of("others", "other")).id;
       const base::RunId run = w.plan_fire(user, 60s);
       w.plan_fire(other, 60s);
       w.now += 1s;
       put(w, calendar("holidays", "2026-01-01"));
       expect(w.schedule(user).planned_until == w.now);
       expect(w.reads().schedules().occurrences_at(user, w.now + 59s).empty());
       expect(!w.reads().runs().find("default", run));
       expect(w.schedule(other).planned_until == w.now + 59s);
       w.now += 60s;
       expect_equal(w.promote().promoted, 1);
     }},
    {"an equal calendar takes nothing back",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       const base::JobId job = w.put(user_of("holidays")).id;
       const base::RunId run = w.plan_fire(job, 60s);
       put(w, calendar("holidays"));
       expect(w.reads().runs().find("default", run).has_value());
       expect(w.schedule(job).planned_until == w.now + 60s);
     }},
    {"a calendar that jobs use cannot be deleted, and the refusal names them",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       w.put(user_of("holidays", "report"));
       w.put(user_of("holidays", "backup"));
       const base::Error error = w.refuse(DeleteCalendar{"default", "holidays", "ada", w.now});
       expect_code(error, Code::conflict);
       expect_words(error, "backup and report");
       expect(w.reads().calendars().find("default", "holidays").has_value());
     }},
    {"a calendar that no job uses any more is deleted",
     [](Subject& subject) {
       World w(subject);
       put(w, calendar("holidays"));
       const base::JobId changed = w.put(user_of("holidays", "changed")).id;
       const base::JobId deleted = w.put(user_of("holidays", "deleted")).id;
       w.put(World::spec("changed"));
       w.apply(DeleteJob{"default", deleted, {}, "ada", w.now});
       w.apply(DeleteCalendar{"default", "holidays", "ada", w.now});
       expect(names(w).empty());
       expect(w.reads().schedules().of_job(changed).empty());
       expect_equal(w.events("calendar."), "calendar.created,calendar.deleted");
       expect_code(w.refuse(DeleteCalendar{"default", "holidays", "ada", w.now}), Code::not_found);
     }},
    {"a tenant has only so many calendars",
     [](Subject& subject) {
       World w(subject);
       std::vector<model::CalendarSpec> many;
       for (std::int64_t i = 0; i < kCalendarsPerTenant; ++i)
         many.push_back(calendar(fmt::format("calendar-{:04}", i)));
       w.apply(manifest(w, {}, many));
       expect_equal(std::ssize(names(w)), kCalendarsPerTenant);
       expect_code(w.refuse(PutCalendar{"default", calendar("one-more"), "ada", w.now}),
                   Code::too_large);
       put(w, calendar("calendar-0007", "2026-12-26"));
     }},
});

}  // namespace

std::span<const ConformanceCase> calendar_cases() { return kCases; }

}  // namespace mainspring::store::conformance
