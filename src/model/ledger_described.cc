// Tables of what surrounds a run: the occurrence ledger, schedules and plans, workers, events.

#include "json/codec.h"
#include "model/event.h"
#include "model/occurrence.h"
#include "model/worker.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(Ending) {
  static const auto table = json::enumeration<Ending>(
      "Ending", "What became of an occurrence.",
      {{Ending::ran, "ran", "It became a run."},
       {Ending::skipped_overlap, "skipped_overlap", "An earlier run was not finished."},
       {Ending::skipped_calendar, "skipped_calendar", "Its calendar leaves that day out."},
       {Ending::skipped_paused, "skipped_paused", "The job was paused."},
       {Ending::coalesced_into, "coalesced_into", "One run stands for it and for others."},
       {Ending::missed_expired, "missed_expired", "It was missed, and too old to make up for."},
       {Ending::deduplicated, "deduplicated", "The same run existed already."},
       {Ending::dst_skipped, "dst_skipped", "A clock change left that local time out."},
       {Ending::superseded, "superseded", "The job changed before it was due."},
       {Ending::cancelled, "cancelled", "Somebody cancelled it before it started."},
       {Ending::skipped_limit, "skipped_limit",
        "A concurrency limit or a full queue left no room."},
       {Ending::shadowed, "shadowed", "The job only shadows another scheduler."}});
  return table;
}

const json::StructTable& Occurrence::described() {
  static const auto table = json::describe<Occurrence>(
      "Occurrence", "An instant at which a schedule should have fired, and what became of it.",
      field<&Occurrence::job_id>("job_id", "The job's id.").required(),
      field<&Occurrence::job>("job", "The job's name.").required(),
      field<&Occurrence::schedule_id>("schedule_id", "The schedule.").required(),
      field<&Occurrence::at>("at", "The instant.").required(),
      field<&Occurrence::local>("local", "The same as the schedule's time zone reads it.")
          .example("\"2026-03-29T02:30:00\""),
      field<&Occurrence::through>("through",
                                  "The last instant, where one entry stands for several."),
      field<&Occurrence::count>("count", "How many occurrences this entry stands for.").required(),
      field<&Occurrence::ending>("ending", "What became of it; absent while it is still to come."),
      field<&Occurrence::run_id>("run_id", "The run that it became, or that stands for it."),
      field<&Occurrence::detail>("detail", "Why it ended so, a sentence."),
      field<&Occurrence::decided_at>("decided_at", "When its ending was decided."));
  return table;
}

const json::StructTable& Schedule::described() {
  static const auto table = json::describe<Schedule>(
      "Schedule", "One schedule of a job, and how far it is planned.",
      field<&Schedule::id>("id", "The schedule's id; a changed schedule is a new one.").required(),
      field<&Schedule::tenant>("tenant", "The tenant that owns it.").required(),
      field<&Schedule::job_id>("job_id", "The job's id.").required(),
      field<&Schedule::job>("job", "The job's name.").required(),
      field<&Schedule::job_version>("job_version", "The version of the job that it belongs to.")
          .required(),
      field<&Schedule::pause>("pause", "The pause of its job, if there is one."),
      field<&Schedule::paused_at>("paused_at", "When the last pause that drops fires began."),
      field<&Schedule::resumed_at>("resumed_at", "When that pause ended."),
      field<&Schedule::shadow>("shadow", "Whether it fires only in the ledger."),
      field<&Schedule::calendar>("calendar", "The calendar that its definition names."),
      field<&Schedule::runs>("runs", "Fires that became runs, those written ahead included."),
      field<&Schedule::spec>("spec", "When it fires.").required(),
      field<&Schedule::created_at>("created_at", "When it was stored; intervals count from here.")
          .required(),
      field<&Schedule::planned_until>("planned_until", "Every fire up to here is in the ledger.")
          .required(),
      field<&Schedule::exhausted>("exhausted", "Whether no fire will ever follow.").required());
  return table;
}

const json::StructTable& PlannedFire::described() {
  static const auto table = json::describe<PlannedFire>(
      "PlannedFire", "A fire to write ahead.",
      field<&PlannedFire::at>("at", "The instant.").required(),
      field<&PlannedFire::run_id>("run_id", "The id that its run will have.").required(),
      field<&PlannedFire::local>("local", "The instant as the schedule's time zone reads it."),
      field<&PlannedFire::detail>("detail", "What else there is to know, a sentence."),
      field<&PlannedFire::due_at>("due_at", "When it may start, with jitter; absent: at `at`."));
  return table;
}

const json::StructTable& PlannedEnding::described() {
  static const auto table = json::describe<PlannedEnding>(
      "PlannedEnding", "Instants whose ending is known without a run.",
      field<&PlannedEnding::at>("at", "The first instant.").required(),
      field<&PlannedEnding::through>("through", "The last instant, where there are several."),
      field<&PlannedEnding::count>("count", "How many instants.").required(),
      field<&PlannedEnding::ending>("ending", "What became of them.").required(),
      field<&PlannedEnding::run_id>("run_id", "The run that stands for them, if one does."),
      field<&PlannedEnding::local>("local",
                                   "The first instant as the schedule's time zone reads it."),
      field<&PlannedEnding::detail>("detail", "Why, a sentence."));
  return table;
}

const json::StructTable& SchedulePlan::described() {
  static const auto table = json::describe<SchedulePlan>(
      "SchedulePlan", "The next piece of one schedule's plan.",
      field<&SchedulePlan::schedule_id>("schedule_id", "The schedule.").required(),
      field<&SchedulePlan::from>("from", "Where the plan before it ended.").required(),
      field<&SchedulePlan::until>("until", "Where this plan ends, that instant included.")
          .required(),
      field<&SchedulePlan::exhausted>("exhausted", "Whether no fire will ever follow."),
      field<&SchedulePlan::fires>("fires", "The fires to write ahead."),
      field<&SchedulePlan::endings>("endings", "The instants that end without a run."));
  return table;
}

const json::EnumTable& described(WorkerState) {
  static const auto table = json::enumeration<WorkerState>(
      "WorkerState", "Whether a worker takes runs.",
      {{WorkerState::online, "online", "It takes runs."},
       {WorkerState::draining, "draining", "It finishes what it has and takes no more."},
       {WorkerState::offline, "offline", "It is gone."}});
  return table;
}

const json::StructTable& WorkerResources::described() {
  static const auto table = json::describe<WorkerResources>(
      "WorkerResources", "What a worker's machine has for its runs; 0: nobody could tell.",
      field<&WorkerResources::cpu>("cpu", "Cores that it may use.").min(0.0),
      field<&WorkerResources::memory_bytes>("memory_bytes", "Memory, in bytes.").min(0),
      field<&WorkerResources::gpus>("gpus", "GPUs.").min(0),
      field<&WorkerResources::gpu_memory_bytes>("gpu_memory_bytes",
                                                "Memory of the GPU that has the least, in bytes.")
          .min(0),
      field<&WorkerResources::gpu_names>("gpu_names", "The GPUs' names, one for each."));
  return table;
}

const json::StructTable& Worker::described() {
  static const auto table = json::describe<Worker>(
      "Worker", "The role of a node that executes runs.",
      field<&Worker::id>("id", "The worker's id.").required(),
      field<&Worker::name>("name", "The worker's name; its host's unless configured.").required(),
      field<&Worker::state>("state", "Whether it takes runs.").required(),
      field<&Worker::slots>("slots", "Runs that it can make at the same time.").required().min(0),
      field<&Worker::busy>("busy", "Slots in use.").required(),
      field<&Worker::labels>("labels", "Words that placement can ask for."),
      field<&Worker::version>("version", "The version of its program."),
      field<&Worker::started_at>("started_at", "When it started.").required(),
      field<&Worker::heartbeat_at>("heartbeat_at", "When it was last heard of.").required(),
      field<&Worker::resources>("resources", "What its machine has for its runs."),
      field<&Worker::used>("used", "What its runs take of that."),
      field<&Worker::is_remote>("remote", "Whether it joined with a token, from anywhere."),
      field<&Worker::is_cordoned>("cordoned", "Whether nothing new is given to it."),
      field<&Worker::drain_until>("drain_until", "What it still runs then is ended."));
  return table;
}

const json::StructTable& Event::described() {
  static const auto table = json::describe<Event>(
      "Event", "An immutable fact with a position.",
      field<&Event::position>("position", "Grows with every event.").required(),
      field<&Event::tenant>("tenant", "The tenant that it belongs to.").required(),
      field<&Event::type>("type", "What happened.").required().example("\"run.succeeded\""),
      field<&Event::subject>("subject", "What it happened to: an id, or a node's name."),
      field<&Event::time>("time", "When it happened.").required(),
      field<&Event::payload>("data", "The details, by type of event."));
  return table;
}

}  // namespace mainspring::model
