// Requests and replies of the API that are not nouns of the model already.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/glances.h"
#include "json/codec.h"
#include "model/event.h"
#include "model/job.h"
#include "model/occurrence.h"
#include "model/run.h"
#include "model/worker.h"

namespace mainspring::api {

struct ScheduleView {
  std::optional<base::ScheduleId> id;  // absent in a plan
  std::string words;                   // "at 02:30 on weekdays, Europe/Berlin"
  std::string timezone;
  std::optional<base::Instant> next_at;

  static const json::StructTable& described();
};
struct JobView {
  base::JobId id;
  std::string name;
  std::int64_t version = 1;
  bool paused = false;
  std::optional<model::Pause> pause;
  std::string author;
  base::Instant created_at;
  base::Instant updated_at;
  model::JobType type = model::JobType::command;
  std::string description;
  std::map<std::string, std::string> labels;
  std::vector<ScheduleView> schedules;
  std::optional<base::Instant> next_at;  // the soonest of its schedules
  // Where they were asked for; the spec also where nothing was.
  std::optional<std::vector<RunGlance>> recent;  // newest first
  std::optional<JobGlance> stats;
  std::optional<json::Value> spec;  // the canonical manifest

  static const json::StructTable& described();
};
struct JobList {
  std::vector<JobView> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};
struct PauseBody {
  std::string note;
  std::optional<base::Instant> until;  // it ends by itself then
  std::optional<base::Duration> for_;  // key `for`: the same, from now
  model::Meanwhile meanwhile = model::Meanwhile::drop;

  static const json::StructTable& described();
};
struct ResumeBody {
  std::string note;

  static const json::StructTable& described();
};
struct Fire {
  base::Instant at;
  std::string local;
  std::string schedule;  // in words

  static const json::StructTable& described();
};
struct FireList {
  std::vector<Fire> items;

  static const json::StructTable& described();
};

struct SubmitBody {
  std::map<std::string, json::Value> params;
  std::optional<base::Instant> at;        // start then; in the past: now
  std::optional<base::Duration> delay;    // start after this
  std::optional<int> priority;            // instead of the job's
  std::optional<model::Trigger> trigger;  // manual or api

  static const json::StructTable& described();
};
enum class RerunVersion { same, latest };
const json::EnumTable& described(RerunVersion);

struct RerunBody {
  std::map<std::string, json::Value>
      params;  // instead of the run's, one by one; null takes it away
  RerunVersion version = RerunVersion::same;
  std::optional<int> priority;

  static const json::StructTable& described();
};
struct RunList {
  std::vector<model::RunSummary> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};
struct AttemptList {
  std::vector<model::Attempt> items;

  static const json::StructTable& described();
};
struct CancelBody {
  std::string reason;
  model::CancelMode mode = model::CancelMode::ask;

  static const json::StructTable& described();
};
// More time for a run; one of the two at least.
struct ExtendBody {
  std::optional<base::Duration> run;
  std::optional<base::Duration> queue;

  static const json::StructTable& described();
};
struct CancelView {
  base::RunId id;
  model::RunState state = model::RunState::cancelled;

  static const json::StructTable& described();
};

struct OccurrenceList {
  std::vector<model::Occurrence> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};
// Why something did or did not run: a chain of sentences, the first one the answer.
struct Explanation {
  std::string subject;
  std::vector<std::string> lines;
  std::vector<model::Occurrence> occurrences;
  std::optional<base::RunId> run_id;

  static const json::StructTable& described();
};

// An event in the form of CloudEvents 1.0 (JSON format, structured mode).
struct CloudEvent {
  std::string specversion = "1.0";
  std::string id;      // the position, which also orders them
  std::string source;  // "/tenants/default"
  std::string type;
  std::string subject;
  base::Instant time;
  json::Value payload;  // key `data`

  static const json::StructTable& described();
};
CloudEvent to_cloud_event(const model::Event& event);
struct EventList {
  std::vector<CloudEvent> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};
struct WorkerList {
  std::vector<model::Worker> items;

  static const json::StructTable& described();
};

struct NodeList {
  std::vector<model::Node> items;

  static const json::StructTable& described();
};

struct Health {
  std::string status;
  std::vector<std::string> checks;  // one sentence each

  static const json::StructTable& described();
};
struct VersionView {
  std::string name;
  std::string version;
  std::string api;

  static const json::StructTable& described();
};
struct SessionView {
  std::string tenant;
  std::string name;
  std::string role;
  std::int64_t position = 0;  // of the last event
  std::optional<std::string> csrf_token;

  static const json::StructTable& described();
};
struct SignInLink {
  std::string path;  // below this server's address
  base::Instant expires_at;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
