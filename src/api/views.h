// Stored nouns as the API shows them.
#pragma once

#include <span>
#include <vector>

#include "api/call.h"
#include "api/messages.h"

namespace mainspring::api {

// What a view of a job holds beside what it always does.
struct JobParts {
  bool spec = true;
  bool next = true;  // the next fires
  bool recent = false;
  bool stats = false;
};

// The job with its schedules in words and their next fires after `now`.
JobView make_job_view(const model::Job& job, const std::vector<model::Schedule>& schedules,
                      base::Instant now, const JobParts& parts = {});

// What the schedules of a spec would look like if it were stored at `now`. `calendars` are those
// that it may name.
std::vector<ScheduleView> preview_schedules(const model::JobSpec& spec,
                                            std::span<const model::CalendarSpec> calendars,
                                            base::Instant now);

// "\"v3\""
std::string etag(std::int64_t version);

}  // namespace mainspring::api
