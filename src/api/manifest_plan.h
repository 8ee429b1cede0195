// What applying a manifest would do, from what is stored.
//
// Threads: those of a handler; the store is asked.
#pragma once

#include <span>
#include <vector>

#include "api/call.h"
#include "api/definitions.h"
#include "model/manifest.h"

namespace mainspring::api {

// A fire every second of each of many jobs would keep a reader busy for minutes.
inline constexpr base::Duration kForecastTime{2'000};

struct ManifestChange {
  const model::Manifest& manifest;
  std::span<const model::Job> pruned;
  std::span<const model::CalendarSpec> calendars;  // that there would be
};
AppliedList plan_manifest(const Call& call, const ManifestChange& change);

// The calendars that there would be. Errors: not_found, with every schedule that names another one.
base::Result<std::vector<model::CalendarSpec>> load_calendars(const Call& call,
                                                              const model::Manifest& manifest);

// Whether every connection is there that the jobs name. Errors: not_found, with every job that
// names another one.
base::Result<void> check_connections(const Call& call, const model::Manifest& manifest);

struct ManifestCalendars {
  const model::Manifest& manifest;
  std::span<const model::CalendarSpec> calendars;
};
// Adds to each job whose schedules or calendars change what becomes of its fires.
void add_forecasts(const Call& call, const ManifestCalendars& change, AppliedList& plan);

}  // namespace mainspring::api
