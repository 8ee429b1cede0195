#include "model/codecs.h"
#include "model/job.h"
#include "model/names.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(JobType) {
  static const auto table = json::enumeration<JobType>(
      "JobType", "What kind of work a job is.",
      {{JobType::command, "command", "A program on the worker's own machine."},
       {JobType::container, "container", "An OCI image."},
       {JobType::js, "js", "A JavaScript or TypeScript module."},
       {JobType::http, "http", "An HTTP request."},
       {JobType::sql, "sql", "A statement on a database connection."},
       {JobType::python, "python", "A Python script."},
       {JobType::node, "node", "A Node.js script."},
       {JobType::wasm, "wasm", "A WebAssembly module."},
       {JobType::pipeline, "pipeline", "A graph of steps, each a job of its own."},
       {JobType::broadcast, "broadcast", "One run on every matching node, then a reduce."},
       {JobType::approval, "approval", "Waits for a person to agree."}});
  return table;
}

const json::EnumTable& described(ParamType) {
  static const auto table =
      json::enumeration<ParamType>("ParamType", "The JSON type of a param.",
                                   {{ParamType::string, "string", "Text."},
                                    {ParamType::integer, "integer", "A whole number."},
                                    {ParamType::number, "number", "Any number."},
                                    {ParamType::boolean, "boolean", "true or false."},
                                    {ParamType::object, "object", "A map."},
                                    {ParamType::array, "array", "A list."}});
  return table;
}

const json::EnumTable& described(OnLimit) {
  static const auto table = json::enumeration<OnLimit>(
      "OnLimit", "What happens to a run for which a concurrency limit has no room.",
      {{OnLimit::queue, "queue", "It waits until there is room."},
       {OnLimit::skip, "skip", "It is skipped, and says why."},
       {OnLimit::cancel_running, "cancel_running",
        "The oldest run under way is asked to stop, then this one runs."}});
  return table;
}

const json::EnumTable& described(Meanwhile) {
  static const auto table = json::enumeration<Meanwhile>(
      "Meanwhile", "What becomes of fires that come due during a pause.",
      {{Meanwhile::drop, "drop", "They are skipped, and the ledger says so."},
       {Meanwhile::hold, "hold", "They wait, and meet the overlap policy when the pause ends."}});
  return table;
}

const json::StructTable& Pause::described() {
  static const auto table = json::describe<Pause>(
      "Pause", "Who holds something back, why, and for how long.",
      field<&Pause::by>("by", "Who paused it.").required(),
      field<&Pause::note>("note", "Why, as they said."),
      field<&Pause::at>("at", "Since when.").required(),
      field<&Pause::until>("until", "When it ends by itself; absent: when somebody resumes it."),
      field<&Pause::meanwhile>("meanwhile", "What becomes of fires that come due.").required());
  return table;
}

const json::StructTable& ConcurrencySpec::described() {
  static const auto table = json::describe<ConcurrencySpec>(
      "Concurrency", "How many runs may be under way at the same time.",
      field<&ConcurrencySpec::limit>("limit", "Attempts under way at the same time.").min(1),
      field<&ConcurrencySpec::key>("key",
                                   "Runs of any job count together when this text is the same; "
                                   "empty: all runs of the job.")
          .example(R"("backup-${{ params.region }}")"),
      field<&ConcurrencySpec::on_limit>("on_limit", "What to do with a run that has no room."));
  return table;
}

const json::StructTable& DedupeSpec::described() {
  static const auto table = json::describe<DedupeSpec>(
      "Dedupe", "Turns a repeated submission into the run that exists already.",
      field<&DedupeSpec::key>("key", "Submissions with the same text are the same.").required(),
      field<&DedupeSpec::window>("window", "How long a submission is remembered.")
          .min(base::Duration{1000}));
  return table;
}

const json::StructTable& DebounceSpec::described() {
  static const auto table = json::describe<DebounceSpec>(
      "Debounce", "Turns a burst of submissions into one run, with the params of the last.",
      field<&DebounceSpec::wait>("wait", "The run starts when nothing has come for so long.")
          .min(base::Duration{1}),
      field<&DebounceSpec::max_wait>("max_wait", "At the latest so long after the first.")
          .min(base::Duration{1}),
      field<&DebounceSpec::key>(
          "key", "Submissions with the same text are one burst; empty: all of the job."));
  return table;
}

const json::StructTable& ExpectSpec::described() {
  static const auto table = json::describe<ExpectSpec>(
      "Expect", "What is expected of the job; an event tells when it does not hold.",
      field<&ExpectSpec::start_within>("start_within", "Each run starts so soon after it is due.")
          .min(base::Duration{1000}),
      field<&ExpectSpec::finish_within>("finish_within",
                                        "Each run has ended so long after it is due.")
          .min(base::Duration{1000}),
      field<&ExpectSpec::every>("every", "The job succeeds at least once in so long.")
          .min(base::Duration{1000}));
  return table;
}

const json::StructTable& ResourceSpec::described() {
  static const auto table = json::describe<ResourceSpec>(
      "Resources", "What a run takes from its worker.",
      field<&ResourceSpec::cpu>("cpu", "Cores, such as 0.5 or 2; 0 is no limit.").min(0.0),
      field_as<&ResourceSpec::memory_bytes>(kSizeType, "memory",
                                            "Memory, such as 512MiB or 2GB; left out is no limit.")
          .example("\"512MiB\""),
      field<&ResourceSpec::gpus>("gpus", "Graphics processors, whole ones.").min(0),
      field_as<&ResourceSpec::gpu_memory_bytes>(
          kSizeType, "gpu_memory", "Memory that each of its gpus has at least; left out: any.")
          .example("\"24GiB\""),
      field<&ResourceSpec::slots>("slots", "Slots of the worker that one run occupies.").min(1),
      field<&ResourceSpec::pids>("pids", "Processes and threads at once; 0 is no limit.").min(0),
      field<&ResourceSpec::best_effort>(
          "best_effort", "Run even where the worker's machine cannot enforce a limit."));
  return table;
}

const json::StructTable& PlacementSpec::described() {
  static const auto table = json::describe<PlacementSpec>(
      "Placement", "Which workers may run the job, and which of them should.",
      field<&PlacementSpec::labels>("labels", "A worker must carry all of these labels."),
      field<&PlacementSpec::constraints>("constraints", "A worker must satisfy all of these.")
          .example(R"([{"label": "zone", "op": "in", "values": ["eu-1", "eu-2"]}])")
          .max_items(32),
      field<&PlacementSpec::prefer>("prefer", "Of the workers that may, those that should.")
          .example(R"([{"label": "disk", "value": "ssd", "weight": 10}])")
          .max_items(32),
      field<&PlacementSpec::spread>("spread", "Its attempts do not gather in one place.")
          .example(R"({"label": "zone"})"));
  return table;
}

const json::EnumTable& described(LabelOp) {
  static const auto table = json::enumeration<LabelOp>(
      "LabelOp", "What a label must be.",
      {{LabelOp::in, "in", "One of the values."},
       {LabelOp::not_in, "not_in", "None of the values; a worker without the label is as good."},
       {LabelOp::exists, "exists", "There, whatever its value."},
       {LabelOp::absent, "absent", "Not there."}});
  return table;
}

const json::StructTable& ConstraintSpec::described() {
  static const auto table = json::describe<ConstraintSpec>(
      "Constraint", "What a label of the worker must be.",
      field<&ConstraintSpec::label>("label", "The label's key.").required(),
      field<&ConstraintSpec::op>("op", "How it is compared."),
      field<&ConstraintSpec::values>("values", "What it is compared with; for in and not_in.")
          .example(R"(["eu-1", "eu-2"])")
          .max_items(100));
  return table;
}

const json::StructTable& PreferenceSpec::described() {
  static const auto table = json::describe<PreferenceSpec>(
      "Preference", "A label that makes a worker better than others.",
      field<&PreferenceSpec::label>("label", "The label's key.").required(),
      field<&PreferenceSpec::value>("value", "The label's value.").required(),
      field<&PreferenceSpec::weight>("weight", "How much better; below zero, how much worse.")
          .min(-100)
          .max(100));
  return table;
}

const json::StructTable& SpreadSpec::described() {
  static const auto table = json::describe<SpreadSpec>(
      "Spread", "Over what the attempts of a job are spread.",
      field<&SpreadSpec::label>("label", "The key of a label; each value is one place.")
          .required());
  return table;
}

const json::StructTable& ParamSpec::described() {
  static const auto table = json::describe<ParamSpec>(
      "Param", "A value that a run is given; checked when the run is submitted.",
      field<&ParamSpec::type>("type", "The JSON type of the value."),
      field<&ParamSpec::description>("description", "What the value means, for people."),
      field<&ParamSpec::default_value>("default", "The value when none is given.")
          .example("\"eu\""),
      field<&ParamSpec::allowed>("enum", "The only values allowed.")
          .example("[\"eu\", \"us\"]")
          .max_items(1000),
      field<&ParamSpec::required>("required", "Whether a run must be given a value."),
      field<&ParamSpec::minimum>("minimum", "The smallest number allowed."),
      field<&ParamSpec::maximum>("maximum", "The largest number allowed."),
      field<&ParamSpec::max_length>("max_length", "The longest text allowed, in characters.")
          .min(0));
  return table;
}

const json::StructTable& RetentionSpec::described() {
  static const auto table = json::describe<RetentionSpec>(
      "Retention", "How much history is kept.",
      field<&RetentionSpec::runs>("runs", "Finished runs kept, newest first.").min(1),
      field<&RetentionSpec::age>("age", "How long a finished run is kept.")
          .min(base::Duration{1000}),
      field<&RetentionSpec::log_age>("log_age", "How long the log of a finished run is kept.")
          .min(base::Duration{1000}),
      field_as<&RetentionSpec::log_bytes>(kSizeType, "log_bytes",
                                          "How much log of all its runs is kept, newest first.")
          .example("\"1GiB\""),
      field<&RetentionSpec::ledger_age>("ledger_age", "How long the ledger of occurrences is kept.")
          .min(base::Duration{1000}));
  return table;
}

const json::StructTable& JobSpec::described() {
  static const auto table = json::describe<JobSpec>(
      "JobSpec", "The definition of a job: what to run, when, and under which policy.",
      field<&JobSpec::name>("name", "The job's name, unique within its tenant.")
          .required()
          .matches(kNameRule.accepts, kNameRule.pattern, kNameRule.sentence)
          .example("\"nightly-backup\""),
      field<&JobSpec::description>("description", "What the job is for, for people.")
          .max_length(4096),
      field<&JobSpec::type>("type", "What kind of work the job is."),
      field<&JobSpec::command>(
          "command", "What to run: a list is executed as it stands, a string is run by /bin/sh -c.")
          .example(R"(["/usr/local/bin/backup", "--full"])"),
      field<&JobSpec::environment>("environment",
                                   "Environment variables: a text, {secret: name} or {file: path}.")
          .example(R"({"PGUSER": "backup", "PGPASSWORD": {"secret": "pg-backup"}})"),
      field<&JobSpec::working_dir>(
          "working_dir", "The directory to run in; left out: the one that the worker runs in.")
          .example("\"/srv\""),
      field<&JobSpec::stdin_text>("stdin", "Text for the program's standard input."),
      field<&JobSpec::user>("user",
                            "The system user to run as; left out: the worker's own user, or the "
                            "image's."),
      field<&JobSpec::sandbox>("sandbox", "What of the worker's machine the program can reach.")
          .example(R"({"filesystem": "read_only", "network": "none"})"),
      field<&JobSpec::http>("http", "The request of a job of type http."),
      field<&JobSpec::sql>("sql", "The statement of a job of type sql."),
      field<&JobSpec::python>("python", "The function of a job of type python."),
      field<&JobSpec::node>("node", "The function of a job of type node."),
      field<&JobSpec::container>("container", "The container of a job of type container."),
      field_as<&JobSpec::schedule>(kScheduleListType, "schedule",
                                   "When to run: one schedule, or a list of them.")
          .example(R"({"cron": "30 2 * * *", "timezone": "Europe/Berlin"})")
          .max_items(100),
      field<&JobSpec::timeout>("timeout", "How long the parts of a run may take.")
          .example(R"({"run": "2h", "idle": "15m"})"),
      field<&JobSpec::retry>("retry", "When and how a failed attempt is repeated.")
          .example(R"({"max_attempts": 3})"),
      field<&JobSpec::queue>("queue", "The queue that the job's runs wait in.")
          .matches(kNameRule.accepts, kNameRule.pattern, kNameRule.sentence),
      field<&JobSpec::priority>("priority", "Higher runs first within a queue.").min(-100).max(100),
      field<&JobSpec::concurrency>("concurrency", "How many runs may run at the same time."),
      field<&JobSpec::dedupe>("dedupe", "Which submissions are one and the same."),
      field<&JobSpec::debounce>("debounce", "Which bursts of submissions become one run.")
          .example(R"({"wait": "10s", "max_wait": "1m"})"),
      field<&JobSpec::expect>("expect", "When somebody should be told that the job is late.")
          .example(R"({"start_within": "5m", "finish_within": "2h", "every": "25h"})"),
      field<&JobSpec::pause_after_failures>(
          "pause_after_failures", "Its schedules are paused after so many failed runs in a row.")
          .min(1),
      field<&JobSpec::shadow>(
          "shadow", "Its schedules fire only in the ledger, to compare with another scheduler."),
      field<&JobSpec::resources>("resources", "What a run takes from its worker."),
      field<&JobSpec::placement>("placement", "Which workers may run the job."),
      field<&JobSpec::params>("params", "The values that a run may be given, by name.")
          .example(R"({"region": {"type": "string", "default": "eu", "enum": ["eu", "us"]}})")
          .max_items(200),
      field<&JobSpec::labels>("labels", "Words to find the job by.")
          .example(R"({"team": "platform"})")
          .max_items(64),
      field<&JobSpec::retention>("retention", "How much of the job's history is kept."));
  return table;
}

const json::StructTable& Job::described() {
  static const auto table = json::describe<Job>(
      "Job", "A stored job: its definition at one version.",
      field<&Job::id>("id", "The job's id; it stays when the job changes.").required(),
      field<&Job::tenant>("tenant", "The tenant that owns the job.").required(),
      field<&Job::version>("version", "Grows by one with every change of the definition.")
          .required(),
      field<&Job::pause>("pause", "Who holds its schedules back, and why; absent: they fire."),
      field<&Job::spec>("spec", "The definition.").required(),
      field<&Job::author>("author", "Who stored this version."),
      field<&Job::created_at>("created_at", "When the job was first stored.").required(),
      field<&Job::updated_at>("updated_at", "When this version was stored.").required());
  return table;
}

const json::StructTable& JobVersion::described() {
  static const auto table = json::describe<JobVersion>(
      "JobVersion", "One version of a job; it never changes.",
      field<&JobVersion::version>("version", "Counts from 1.").required(),
      field<&JobVersion::spec>("spec", "The definition.").required(),
      field<&JobVersion::author>("author", "Who stored it."),
      field<&JobVersion::created_at>("created_at", "When it was stored.").required());
  return table;
}

}  // namespace mainspring::model
