#include <utility>

#include "base/check.h"
#include "json/codec.h"
#include "model/run.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(RunState) {
  static const auto table = json::enumeration<RunState>(
      "RunState", "Where a run stands.",
      {{RunState::scheduled, "scheduled", "Due later."},
       {RunState::queued, "queued", "Due, waiting for a worker."},
       {RunState::running, "running", "An attempt is being made."},
       {RunState::waiting, "waiting", "For children, an approval or an event."},
       {RunState::succeeded, "succeeded", "Ended well."},
       {RunState::failed, "failed", "Ended badly, with no attempt left."},
       {RunState::cancelled, "cancelled", "Ended because somebody asked."},
       {RunState::timed_out, "timed_out", "Ended because it took too long."},
       {RunState::skipped, "skipped", "Ended without a start, by a policy."}});
  return table;
}

const json::EnumTable& described(Trigger) {
  static const auto table = json::enumeration<Trigger>(
      "Trigger", "Why a run exists.",
      {{Trigger::cron, "cron", "A cron schedule."},
       {Trigger::every, "every", "An interval schedule."},
       {Trigger::at, "at", "A schedule for one instant."},
       {Trigger::delay, "delay", "A schedule for once, some time after the job was stored."},
       {Trigger::event, "event", "An event matched."},
       {Trigger::webhook, "webhook", "A call from outside."},
       {Trigger::stream, "stream", "Records on a topic."},
       {Trigger::manual, "manual", "A person asked."},
       {Trigger::api, "api", "A program asked."},
       {Trigger::pipeline, "pipeline", "It is a step of a pipeline."},
       {Trigger::backfill, "backfill", "It makes up for a past occurrence."},
       {Trigger::retry, "retry", "It repeats an earlier run."}});
  return table;
}

const json::EnumTable& described(LogStream) {
  static const auto table = json::enumeration<LogStream>(
      "LogStream", "Where a piece of output came from.",
      {{LogStream::out, "stdout", "The program's standard output."},
       {LogStream::err, "stderr", "The program's standard error."},
       {LogStream::system, "system", "Mainspring itself, about the attempt."}});
  return table;
}

const json::StructTable& Failure::described() {
  static const auto table = json::describe<Failure>(
      "Failure", "What went wrong in an attempt.",
      field<&Failure::type>(
          "type",
          "A word: exit_code, signal, out_of_memory, start, limit, timeout, lost, "
          "result_protocol, or the program's own.")
          .required(),
      field<&Failure::message>("message", "What happened, a sentence."),
      field<&Failure::stack>("stack", "Where it happened, if the program said so."));
  return table;
}

const json::StructTable& ResourceUse::described() {
  static const auto table = json::describe<ResourceUse>(
      "ResourceUse", "What an attempt took, its children included.",
      field<&ResourceUse::cpu_user>("cpu_user", "Processor time in the program."),
      field<&ResourceUse::cpu_system>("cpu_system", "Processor time in the kernel for it."),
      field<&ResourceUse::wall>("wall", "Time from its start to its end."),
      field<&ResourceUse::max_rss_bytes>("max_rss_bytes",
                                         "The most memory at once: of all its processes and the "
                                         "files they had cached, where a control group counted "
                                         "it; else resident in its largest process."),
      field<&ResourceUse::throttled>("throttled", "How long resources.cpu held it back."),
      field<&ResourceUse::max_pids>("max_pids",
                                    "The most processes and threads at once; 0: not counted."));
  return table;
}

const json::StructTable& Outcome::described() {
  static const auto table = json::describe<Outcome>(
      "Outcome", "How an attempt ended.",
      field<&Outcome::status>("status", "The ending in one word.").required(),
      field<&Outcome::exit_code>("exit_code", "The program's exit code, if it exited."),
      field<&Outcome::signal>("signal", "The signal that ended it, if one did.")
          .example("\"SIGKILL\""),
      field<&Outcome::result>("result", "The result document that the program wrote."),
      field<&Outcome::result_media_type>("result_media_type", "The type of the result."),
      field<&Outcome::error>("error", "What went wrong, if something did."),
      field<&Outcome::retry_after>("retry_after",
                                   "How long the other side asked to wait before another try."),
      field<&Outcome::usage>("usage", "What the attempt took."));
  return table;
}

const json::StructTable& Attempt::described() {
  static const auto table = json::describe<Attempt>(
      "Attempt", "One try of a run.",
      field<&Attempt::number>("number", "Counts from 1.").required(),
      field<&Attempt::epoch>("epoch", "The fencing number of its lease.").required(),
      field<&Attempt::worker_id>("worker_id", "The worker that made it.").required(),
      field<&Attempt::worker>("worker", "That worker's name at the time."),
      field<&Attempt::started_at>("started_at", "When the worker took it.").required(),
      field<&Attempt::finished_at>("finished_at", "When it ended."),
      field<&Attempt::outcome>("outcome", "How it ended; absent while it runs."));
  return table;
}

const json::EnumTable& described(CancelMode) {
  static const auto table = json::enumeration<CancelMode>(
      "CancelMode", "How a run is stopped.",
      {{CancelMode::ask, "ask", "It is asked to stop, and killed after its grace."},
       {CancelMode::kill, "kill", "It is killed at once."}});
  return table;
}

const json::EnumTable& described(ObstacleKind) {
  static const auto table = json::enumeration<ObstacleKind>(
      "ObstacleKind", "What keeps a run from starting.",
      {{ObstacleKind::not_due, "not_due", "Its time has not come."},
       {ObstacleKind::job_paused, "job_paused", "Its job is paused and holds its fires."},
       {ObstacleKind::overlap, "overlap", "An earlier run of the job has not finished."},
       {ObstacleKind::concurrency, "concurrency", "As many as may run under its key."},
       {ObstacleKind::queue_paused, "queue_paused", "Its queue is paused."},
       {ObstacleKind::queue_limit, "queue_limit", "As many of its queue run as may."},
       {ObstacleKind::queue_rate, "queue_rate", "Its queue has started as many as it may for now."},
       {ObstacleKind::no_worker, "no_worker", "No worker is online."},
       {ObstacleKind::placement, "placement", "No worker online may take it."},
       {ObstacleKind::slots, "slots", "Every slot is busy, or others go first."},
       {ObstacleKind::resources, "resources", "What it takes of a worker is used up."}});
  return table;
}

const json::StructTable& Obstacle::described() {
  static const auto table = json::describe<Obstacle>(
      "Obstacle", "Something that keeps a run from starting now.",
      field<&Obstacle::kind>("kind", "What it is.").required(),
      field<&Obstacle::key>("key", "The concurrency key, or the queue's name."),
      field<&Obstacle::limit>("limit", "How many may, where there is a limit."),
      field<&Obstacle::ahead>("ahead", "How many runs go first."),
      field<&Obstacle::runs>("runs", "The runs in its way, the first ten."),
      field<&Obstacle::until>("until", "When it ends, where that is known."),
      field<&Obstacle::note>("note", "What a person said about it."));
  return table;
}

const json::StructTable& CancelRequest::described() {
  static const auto table =
      json::describe<CancelRequest>("CancelRequest", "Who asked a run to stop, and why.",
                                    field<&CancelRequest::by>("by", "Who asked.").required(),
                                    field<&CancelRequest::reason>("reason", "Why, as they said."),
                                    field<&CancelRequest::at>("at", "When.").required(),
                                    field<&CancelRequest::mode>("mode", "How."));
  return table;
}

const json::StructTable& Progress::described() {
  static const auto table = json::describe<Progress>(
      "Progress", "How far an attempt says it has come.",
      field<&Progress::fraction>("fraction", "From 0 to 1.").required().min(0.0).max(1.0),
      field<&Progress::message>("message", "What it is doing."),
      field<&Progress::at>("at", "When it said so.").required());
  return table;
}

const json::StructTable& RunSummary::described() {
  static const auto table = json::describe<RunSummary>(
      "RunSummary", "A run as lists show it: no payload, no attempt in detail.",
      field<&RunSummary::id>("id", "The run's id; ids sort by the time they were made.").required(),
      field<&RunSummary::tenant>("tenant", "The tenant that owns the run.").required(),
      field<&RunSummary::job_id>("job_id", "The job's id.").required(),
      field<&RunSummary::job>("job", "The job's name.").required(),
      field<&RunSummary::job_version>("job_version", "The version of the job that runs.")
          .required(),
      field<&RunSummary::state>("state", "Where the run stands.").required(),
      field<&RunSummary::reason>("reason", "Why it stands there, a sentence; often empty."),
      field<&RunSummary::trigger>("trigger", "Why the run exists.").required(),
      field<&RunSummary::requested_by>("requested_by", "Who asked for it; empty for schedules."),
      field<&RunSummary::queue>("queue", "The queue that it waits in.").required(),
      field<&RunSummary::priority>("priority", "Higher runs first within a queue.").required(),
      field<&RunSummary::attempts>("attempt_count", "Attempts started so far.").required(),
      field<&RunSummary::created_at>("created_at", "When the run was accepted.").required(),
      field<&RunSummary::scheduled_at>("scheduled_at",
                                       "The instant of its occurrence, or the time asked for.")
          .required(),
      field<&RunSummary::due_at>("due_at", "The next moment it may start; a retry moves it later.")
          .required(),
      field<&RunSummary::started_at>("started_at", "When its first attempt started."),
      field<&RunSummary::finished_at>("finished_at", "When it ended."),
      field<&RunSummary::exit_code>("exit_code", "The exit code of its last attempt."));
  return table;
}

namespace {

constexpr std::size_t kSummaryFields = 18;

// A field of the summary, reached through the run that holds it.
template <std::size_t index>
void* at_summary_field(void* run) {
  return RunSummary::described().fields[index].at(&static_cast<Run*>(run)->summary);
}

template <std::size_t... index>
void lift_summary(std::vector<json::FieldRow>& fields, std::index_sequence<index...>) {
  const auto& summary = RunSummary::described().fields;
  CHECK(summary.size() == sizeof...(index));
  fields = summary;
  ((fields[index].at = &at_summary_field<index>), ...);
}

json::StructTable describe_run() {
  auto table = json::describe<Run>(
      "Run", "One execution of a job version, whole.", field<&Run::summary>("summary", ""),
      field<&Run::schedule_id>("schedule_id", "The schedule that fired, if one did."),
      field<&Run::parent_run>("parent_run", "The run that this one is a part of."),
      field<&Run::rerun_of>("rerun_of", "The run that this one repeats."),
      field<&Run::operation_id>("operation_id", "The backfill or bulk re-run that made it."),
      field<&Run::first_due_at>("first_due_at",
                                "When it was due at first; absent while no retry moved that."),
      field<&Run::concurrency_key>("concurrency_key", "Runs with this key count together."),
      field<&Run::queue_until>("queue_until", "When it has waited too long."),
      field<&Run::extended_until>("extended_until", "Its run timeout does not end it before."),
      field<&Run::params>("params", "The values it was given, defaults included."),
      field<&Run::attempts>("attempts", "Every attempt, in order."),
      field<&Run::cancel>("cancel", "Who asked it to stop, if somebody did."),
      field<&Run::progress>("progress", "How far its attempt says it has come."),
      field<&Run::outcome>("outcome", "How its last finished attempt ended."),
      field<&Run::trace>("trace",
                         "The trace that it is a part of; absent: it begins one, whose id is the "
                         "digits of the run's id."));
  std::vector<json::FieldRow> fields;
  lift_summary(fields, std::make_index_sequence<kSummaryFields>{});
  fields.insert(fields.end(), table.fields.begin() + 1, table.fields.end());
  table.fields = std::move(fields);
  return table;
}

}  // namespace

// The summary's fields stand at the top level, so that a run reads the same in a list and alone.
const json::StructTable& Run::described() {
  static const auto table = describe_run();
  return table;
}

const json::StructTable& TraceContext::described() {
  static const auto table = json::describe<TraceContext>(
      "TraceContext", "W3C Trace Context: the trace, and the span that is the parent.",
      field<&TraceContext::traceparent>("traceparent", "Version, trace, parent span, flags.")
          .required(),
      field<&TraceContext::tracestate>("tracestate", "What tracing systems add."));
  return table;
}

const json::StructTable& LogChunk::described() {
  static const auto table = json::describe<LogChunk>(
      "OutputChunk", "A piece of an attempt's output, byte for byte.",
      field<&LogChunk::seq>("seq", "Counts from 1 without gaps within an attempt.").required(),
      field<&LogChunk::stream>("stream", "Where it came from.").required(),
      field<&LogChunk::at>("at", "When it arrived.").required(),
      field<&LogChunk::bytes>("bytes", "The bytes.").required());
  return table;
}

}  // namespace mainspring::model
