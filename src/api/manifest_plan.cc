#include "api/manifest_plan.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "api/views.h"
#include "base/text.h"
#include "plan/forecast.h"

namespace mainspring::api {
namespace {

using store::ApplyEffect;

template <class Spec>
ApplyEffect effect_of(const Spec* stored, const Spec& spec) {
  if (stored == nullptr) return ApplyEffect::created;
  return *stored == spec ? ApplyEffect::unchanged : ApplyEffect::updated;
}

template <class Spec>
std::vector<model::Change> changes_of(const Spec* stored, const Spec& spec) {
  if (stored == nullptr) return {};
  return model::diff({model::canonical(*stored), model::canonical(spec)});
}

AppliedItem plan_job(const Call& call, const model::JobSpec& spec,
                     std::span<const model::CalendarSpec> calendars) {
  const auto stored = call.reads().jobs().find_by_name(call.tenant(), spec.name);
  const model::JobSpec* before = stored ? &stored->spec : nullptr;
  AppliedItem item{.kind = DefinitionKind::job,
                   .name = spec.name,
                   .id = std::nullopt,
                   .version = 1,
                   .effect = effect_of(before, spec),
                   .schedules = preview_schedules(spec, calendars, call.now()),
                   .changes = changes_of(before, spec),
                   .forecast = std::nullopt};
  if (stored) {
    item.id = stored->id;
    item.version = stored->version + (item.effect == ApplyEffect::updated ? 1 : 0);
  }
  return item;
}

template <class Spec>
AppliedItem plan_other(DefinitionKind kind, const Spec* stored, const Spec& spec) {
  return {.kind = kind,
          .name = spec.name,
          .id = std::nullopt,
          .version = std::nullopt,
          .effect = effect_of(stored, spec),
          .schedules = {},
          .changes = changes_of(stored, spec),
          .forecast = std::nullopt};
}

AppliedItem plan_pruned(const model::Job& job) {
  return {.kind = DefinitionKind::job,
          .name = job.spec.name,
          .id = job.id,
          .version = job.version,
          .effect = ApplyEffect::deleted,
          .schedules = {},
          .changes = {},
          .forecast = std::nullopt};
}

// ---- fires ----

FireChangesView make_view(const plan::FireChanges& changes) {
  FireChangesView view{changes.count, {}};
  for (const plan::ForecastFire& fire : changes.first)
    view.first.push_back({fire.at, fire.local, fire.schedule});
  return view;
}

ForecastView make_view(const plan::Forecast& forecast) {
  ForecastView view{make_view(forecast.added), make_view(forecast.removed), forecast.until, {}};
  for (const auto& [schedule, note] : forecast.clock)
    view.clock.push_back({schedule, note.at, note.is_surprise, note.text});
  return view;
}

// Names of the calendars that the plan changes.
std::set<std::string_view> changed_calendars(const AppliedList& plan) {
  std::set<std::string_view> names;
  for (const AppliedItem& item : plan.items) {
    if (item.kind == DefinitionKind::calendar && item.effect != ApplyEffect::unchanged)
      names.insert(item.name);
  }
  return names;
}

// A job that the plan would leave with other fires than it has, perhaps.
bool may_fire_otherwise(const AppliedItem& item, const model::JobSpec* spec,
                        const std::set<std::string_view>& calendars) {
  if (item.effect != ApplyEffect::unchanged) return true;
  return std::ranges::any_of(spec->schedule, [&](const model::ScheduleSpec& schedule) {
    return calendars.contains(schedule.calendar);
  });
}

std::optional<ForecastView> find_forecast(const Call& call, const AppliedItem& item,
                                          const ManifestCalendars& change,
                                          const model::JobSpec* spec) {
  std::vector<model::Schedule> stored;
  if (item.id) stored = call.reads().schedules().of_job(*item.id);
  plan::ForecastRequest request{.job = item.name,
                                .stored = stored,
                                .specs = {},
                                .calendars = change.calendars,
                                .shadow = false,
                                .now = call.now()};
  if (spec != nullptr) {
    request.specs = spec->schedule;
    request.shadow = spec->shadow;
  }
  if (request.stored.empty() && request.specs.empty()) return std::nullopt;
  const auto forecast = plan::forecast(request);
  if (!forecast) return std::nullopt;  // of an expression that an older build stored
  return make_view(*forecast);
}

}  // namespace

AppliedList plan_manifest(const Call& call, const ManifestChange& change) {
  const model::Manifest& manifest = change.manifest;
  AppliedList plan;
  for (const model::CalendarSpec& spec : manifest.calendars) {
    const auto stored = call.reads().calendars().find(call.tenant(), spec.name);
    plan.items.push_back(plan_other(DefinitionKind::calendar, stored ? &*stored : nullptr, spec));
  }
  for (const model::QueueSpec& spec : manifest.queues) {
    const auto stored = call.reads().queues().find(call.tenant(), spec.name);
    plan.items.push_back(plan_other(DefinitionKind::queue, stored ? &stored->spec : nullptr, spec));
  }
  for (const model::ConnectionSpec& spec : manifest.connections) {
    const auto stored = call.reads().connections().find(call.tenant(), spec.name);
    plan.items.push_back(plan_other(DefinitionKind::connection, stored ? &*stored : nullptr, spec));
  }
  for (const model::JobSpec& spec : manifest.jobs)
    plan.items.push_back(plan_job(call, spec, change.calendars));
  for (const model::Job& job : change.pruned)
    plan.items.push_back(plan_pruned(job));
  return plan;
}

namespace {

// Of those that are stored and those of the manifest, the one whose name may be meant; "" where
// none is near.
template <class Spec>
std::string find_close(std::vector<Spec> stored, const std::vector<Spec>& given,
                       std::string_view name) {
  stored.insert(stored.end(), given.begin(), given.end());
  std::vector<std::string_view> names;
  for (const Spec& spec : stored)
    names.push_back(spec.name);
  return base::find_closest(name, names);
}

}  // namespace

base::Result<std::vector<model::CalendarSpec>> load_calendars(const Call& call,
                                                              const model::Manifest& manifest) {
  std::vector<model::CalendarSpec> calendars = manifest.calendars;
  std::set<std::string_view> names;
  for (const model::CalendarSpec& spec : manifest.calendars)
    names.insert(spec.name);
  std::vector<base::Problem> problems;
  for (const model::JobSpec& job : manifest.jobs) {
    for (const model::ScheduleSpec& schedule : job.schedule) {
      if (schedule.calendar.empty() || names.contains(schedule.calendar)) continue;
      if (auto stored = call.reads().calendars().find(call.tenant(), schedule.calendar)) {
        calendars.push_back(std::move(*stored));
        names.insert(schedule.calendar);
      } else {
        problems.push_back({"", 0, 0,
                            fmt::format("job '{}' names the calendar '{}', which is neither stored "
                                        "nor in the manifest",
                                        job.name, schedule.calendar),
                            find_close(call.reads().calendars().all(call.tenant()),
                                       manifest.calendars, schedule.calendar)});
      }
    }
  }
  if (problems.empty()) return calendars;
  return base::fail(base::Error{base::Code::not_found,
                                "The manifest names calendars that are not there; nothing was "
                                "changed.",
                                std::move(problems)});
}

base::Result<void> check_connections(const Call& call, const model::Manifest& manifest) {
  std::set<std::string, std::less<>> known;
  for (const model::ConnectionSpec& spec : manifest.connections)
    known.insert(spec.name);
  std::vector<base::Problem> problems;
  for (const model::JobSpec& job : manifest.jobs) {
    for (const std::string& name : model::connection_names(job)) {
      if (known.contains(name)) continue;
      if (call.reads().connections().find(call.tenant(), name)) {
        known.insert(name);
        continue;
      }
      problems.push_back(
          {"", 0, 0,
           fmt::format("job '{}' names the connection '{}', which is neither stored "
                       "nor in the manifest",
                       job.name, name),
           find_close(call.reads().connections().all(call.tenant()), manifest.connections, name)});
    }
  }
  if (problems.empty()) return {};
  return base::fail(base::Error{base::Code::not_found,
                                "The manifest names connections that are not there; nothing was "
                                "changed.",
                                std::move(problems)});
}

void add_forecasts(const Call& call, const ManifestCalendars& change, AppliedList& plan) {
  const base::Instant give_up = call.now() + kForecastTime;
  const std::set<std::string_view> calendars = changed_calendars(plan);
  auto spec = change.manifest.jobs.begin();  // the jobs of the plan are in the manifest's order
  for (AppliedItem& item : plan.items) {
    if (item.kind != DefinitionKind::job) continue;
    const model::JobSpec* after = item.effect == ApplyEffect::deleted ? nullptr : &*spec++;
    if (call.now() >= give_up) return;
    if (may_fire_otherwise(item, after, calendars))
      item.forecast = find_forecast(call, item, change, after);
  }
}

}  // namespace mainspring::api
