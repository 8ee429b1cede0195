#include "api/overview.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& FailingView::described() {
  static const auto table = describe<FailingView>(
      "FailingJob", "A job whose newest run that succeeded or failed has failed.",
      field<&FailingView::job_id>("job_id", "The job.").required(),
      field<&FailingView::job>("job", "Its name.").required(),
      field<&FailingView::since>("since", "The end of the first failure after the last success.")
          .required(),
      field<&FailingView::streak>("streak", "Runs that failed since then.").required(),
      field<&FailingView::run_id>("run_id", "The newest of them.").required(),
      field<&FailingView::failed_at>("failed_at", "Its end.").required());
  return table;
}

const json::StructTable& AgendaFireView::described() {
  static const auto table = describe<AgendaFireView>(
      "AgendaFire", "A fire of one of many schedules.",
      field<&AgendaFireView::at>("at", "In UTC.").required(),
      field<&AgendaFireView::local>("local", "In the schedule's zone.").required(),
      field<&AgendaFireView::job>("job", "Of this job.").required(),
      field<&AgendaFireView::schedule>("schedule", "The schedule in words.").required());
  return table;
}

const json::StructTable& MinuteCounts::described() {
  static const auto table = describe<MinuteCounts>(
      "MinuteCounts", "How many runs ended in each minute.",
      field<&MinuteCounts::from>("from", "The beginning of the first minute.").required(),
      field<&MinuteCounts::ended>(
          "ended", "By final state, those that occurred: 60 numbers, the oldest minute first.")
          .required());
  return table;
}

const json::StructTable& QueueGlance::described() {
  static const auto table = describe<QueueGlance>(
      "QueueGlance", "How a queue stands.",
      field<&QueueGlance::name>("name", "Its name.").required(),
      field<&QueueGlance::waiting>("waiting", "Runs that wait in it.").required(),
      field<&QueueGlance::running>("running", "Attempts under way.").required(),
      field<&QueueGlance::oldest_due_at>("oldest_due_at", "Of the runs that wait."),
      field<&QueueGlance::paused>("paused", "Nothing starts from it.").required());
  return table;
}

const json::StructTable& WorkerCounts::described() {
  static const auto table = describe<WorkerCounts>(
      "WorkerCounts", "The workers together.",
      field<&WorkerCounts::online>("online", "Workers that take runs.").required(),
      field<&WorkerCounts::slots>("slots", "What they have room for.").required(),
      field<&WorkerCounts::busy>("busy", "How much of it is taken.").required());
  return table;
}

const json::StructTable& BackupGlance::described() {
  static const auto table = describe<BackupGlance>(
      "BackupGlance", "How the node's backups stand.",
      field<&BackupGlance::every>("every", "How often it makes one; absent: when asked."),
      field<&BackupGlance::last_made_at>("last_made_at", "When it last made one."),
      field<&BackupGlance::last_proven_at>("last_proven_at", "When a restore was last proven."),
      field<&BackupGlance::problem>("problem", "Why the last attempt failed."));
  return table;
}

const json::EnumTable& described(HealthStatus) {
  static const auto table = json::enumeration<HealthStatus>(
      "HealthStatus", "How well a node is.",
      {{HealthStatus::ok, "ok", "Nothing asks for anybody."},
       {HealthStatus::attention, "attention", "It works; somebody should look at the reasons."},
       {HealthStatus::failing, "failing", "It cannot do its work; /readyz says so too."}});
  return table;
}

const json::StructTable& HealthView::described() {
  static const auto table =
      describe<HealthView>("HealthView", "How well the node is, and why.",
                           field<&HealthView::status>("status", "In one word.").required(),
                           field<&HealthView::reasons>("reasons", "One sentence each.").required());
  return table;
}

const json::StructTable& Overview::described() {
  static const auto table = describe<Overview>(
      "Overview", "What is worth knowing of everything at once.",
      field<&Overview::at>("at", "When this was true.").required(),
      field<&Overview::health>("health", "Of the node that answers.").required(),
      field<&Overview::live>("live", "Runs that have not ended, by state.").required(),
      field<&Overview::failing>("failing", "Jobs that fail now, the newest failure first; 20.")
          .required(),
      field<&Overview::failing_count>("failing_count", "Of all of them; 1000 means or more.")
          .required(),
      field<&Overview::next>("next", "The next fire of each of the 20 schedules that fire next.")
          .required(),
      field<&Overview::schedule_count>("schedule_count", "Schedules that were looked at for it.")
          .required(),
      field<&Overview::next_truncated>("next_truncated", "There are more, which were not.")
          .required(),
      field<&Overview::minutes>("minutes", "Runs that ended within the last hour.").required(),
      field<&Overview::queues>("queues", "The 20 queues in which most runs wait.").required(),
      field<&Overview::queue_count>("queue_count", "Of all queues.").required(),
      field<&Overview::workers>("workers", "Who executes runs.").required(),
      field<&Overview::backups>("backups", "Absent where the node keeps none of itself."));
  return table;
}

const json::StructTable& HourCounts::described() {
  static const auto table = describe<HourCounts>(
      "HourCounts", "How many fires there are in each hour.",
      field<&HourCounts::from>("from", "The beginning of the first hour, in UTC.").required(),
      field<&HourCounts::fires>("fires", "One number for each hour.").required(),
      field<&HourCounts::truncated>("truncated", "True: there are at least so many.").required());
  return table;
}

const json::StructTable& Agenda::described() {
  static const auto table = describe<Agenda>(
      "Agenda", "What fires when, of every job.",
      field<&Agenda::from>("from", "Included.").required(),
      field<&Agenda::until>("until", "Not included.").required(),
      field<&Agenda::items>("items", "The first fires of the range, soonest first.").required(),
      field<&Agenda::truncated>("truncated", "There are more.").required(),
      field<&Agenda::next_cursor>("next_cursor", "Leads to them, with the same range."),
      field<&Agenda::hours>("hours", "Of the whole range, in whole hours; not with fires_only."));
  return table;
}

const json::StructTable& DurationChart::described() {
  static const auto table = describe<DurationChart>(
      "DurationChart",
      "How long the last runs took and waited: lists of equal length, the last to end first.",
      field<&DurationChart::runs>("runs", "Their ids."),
      field<&DurationChart::states>("states", "How they ended."),
      field<&DurationChart::finished_at>("finished_at", "When they did."),
      field<&DurationChart::duration_ms>("duration_ms",
                                         "From the first start to the end; or null."),
      field<&DurationChart::wait_ms>("wait_ms", "From due to the first start; or null."),
      field<&DurationChart::stats>("stats", "Of these runs together."));
  return table;
}

const json::StructTable& DayEndings::described() {
  static const auto table = describe<DayEndings>(
      "DayEndings", "What became of the occurrences of a day.",
      field<&DayEndings::day>("day", "In the calendar's zone, such as 2026-03-29."),
      field<&DayEndings::endings>(
          "endings",
          "How many, by ending; those that ran by the final state of their run; `ran` while that "
          "goes on, `planned` before."));
  return table;
}

const json::StructTable& EndingCalendar::described() {
  static const auto table = describe<EndingCalendar>(
      "EndingCalendar", "The occurrences of a job by the day.",
      field<&EndingCalendar::timezone>("timezone", "Whose days these are."),
      field<&EndingCalendar::items>("items", "Days that had any, the last first."),
      field<&EndingCalendar::complete_from>(
          "complete_from", "There was too much: ask for what is before, with this as `until`."));
  return table;
}

}  // namespace mainspring::api
