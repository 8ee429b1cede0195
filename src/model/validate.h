// Internal to model: the rules of a job that its described tables cannot say.
#pragma once

#include <vector>

#include "json/value.h"
#include "model/aliases.h"
#include "model/calendar.h"
#include "model/job.h"
#include "model/queue.h"

namespace mainspring::model {

class Mistakes;

// Every mistake of a decoded job. `document` is what `spec` was read from, canonical keys: it tells
// a missing value from an empty one, and one schedule from a list of one. Reads the tz database
// through cron::TimeZone.
std::vector<Mistake> find_mistakes(const JobSpec& spec, const json::Object& document);
std::vector<Mistake> find_mistakes(const QueueSpec& spec);
std::vector<Mistake> find_mistakes(const CalendarSpec& spec);
std::vector<Mistake> find_mistakes(const ConnectionSpec& spec);

// Parts of the above.
void check_schedules(const JobSpec& job, const json::Object& document, Mistakes& found);
void check_policies(const JobSpec& spec, Mistakes& found);
// What the job does, against its type.
void check_work(const JobSpec& spec, const json::Object& document, Mistakes& found);

// What a job of this type means where it does not say.
void give_type_defaults(JobSpec& spec);

// Why a value does not fit its param, a sentence; empty when it does.
std::string why_unfit(const ParamSpec& param, const json::Value& value);

}  // namespace mainspring::model
