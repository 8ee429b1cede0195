#include "api/definitions.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::EnumTable& described(DefinitionKind) {
  static const auto table = json::enumeration<DefinitionKind>(
      "DefinitionKind", "What a document of a manifest defines.",
      {{DefinitionKind::job, "job", "A job."},
       {DefinitionKind::queue, "queue", "The limits of a queue."},
       {DefinitionKind::calendar, "calendar", "A named set of local times."},
       {DefinitionKind::connection, "connection", "How to reach something outside."}});
  return table;
}

const json::StructTable& FireChangesView::described() {
  static const auto table =
      describe<FireChangesView>("FireChanges", "Fires that there are on one side only.",
                                field<&FireChangesView::count>("count", "How many."),
                                field<&FireChangesView::first>("first", "The first few of them."));
  return table;
}

const json::StructTable& ClockView::described() {
  static const auto table = describe<ClockView>(
      "ClockNote", "What the next change of the clock does to a schedule.",
      field<&ClockView::schedule>("schedule", "In words."),
      field<&ClockView::at>("at", "When the clock is set."),
      field<&ClockView::surprise>("surprise", "A fire is left out, moved, or comes twice."),
      field<&ClockView::text>("text", "A sentence."));
  return table;
}

const json::StructTable& ForecastView::described() {
  static const auto table = describe<ForecastView>(
      "Forecast", "What a change of a job does to its fires.",
      field<&ForecastView::added>("added", "Fires that there would be."),
      field<&ForecastView::removed>("removed", "Fires that there would be no more."),
      field<&ForecastView::until>("until", "Compared up to here: 30 days, or less for very many."),
      field<&ForecastView::clock>("clock", "Of each schedule whose zone sets its clock."));
  return table;
}

const json::StructTable& AppliedItem::described() {
  static const auto table = describe<AppliedItem>(
      "AppliedDefinition", "One document of an applied manifest, or a job that was pruned.",
      field<&AppliedItem::kind>("kind", "What it defines."),
      field<&AppliedItem::name>("name", "As in the manifest."),
      field<&AppliedItem::id>("id", "Of a job; absent in a plan that would create it."),
      field<&AppliedItem::version>("version", "Of a job: the version after applying."),
      field<&AppliedItem::effect>("effect", "What changed."),
      field<&AppliedItem::schedules>("schedules", "Its schedules in words, with their next fire."),
      field<&AppliedItem::changes>("changes", "Of what is updated: how it differs."),
      field<&AppliedItem::forecast>(
          "forecast",
          "In a plan: what becomes of the job's fires. Absent where they stay, and for the rest of "
          "a plan that has taken two seconds."));
  return table;
}

const json::StructTable& AppliedList::described() {
  static const auto table = describe<AppliedList>(
      "ApplyResult", "What applying a manifest did, or with dry_run would do.",
      field<&AppliedList::dry_run>("dry_run", "True: nothing was changed."),
      field<&AppliedList::items>("items",
                                 "Calendars, queues, connections and jobs, each in the order of "
                                 "the manifest; then the jobs that are pruned."));
  return table;
}

const json::StructTable& ExportPage::described() {
  static const auto table = describe<ExportPage>(
      "ExportPage", "Stored definitions as canonical documents; together they are a manifest.",
      field<&ExportPage::items>("items", "Calendars, queues, connections, then jobs by name."),
      field<&ExportPage::next_cursor>("next_cursor",
                                      "Give it as `cursor`; absent on the last page."));
  return table;
}

const json::StructTable& JobVersionView::described() {
  static const auto table = describe<JobVersionView>(
      "JobVersion", "One immutable version of a job.",
      field<&JobVersionView::version>("version", "From 1, without gaps."),
      field<&JobVersionView::author>("author", "Who stored it."),
      field<&JobVersionView::created_at>("created_at", "When it was stored."),
      field<&JobVersionView::changed>(
          "changed", "Where it differs from the version before, as JSON pointers."),
      field<&JobVersionView::spec>("spec", "The canonical manifest; absent in lists."));
  return table;
}

const json::StructTable& JobVersionList::described() {
  static const auto table =
      describe<JobVersionList>("JobVersionList", "A page of a job's versions, newest first.",
                               field<&JobVersionList::items>("items", "The versions."),
                               field<&JobVersionList::next_cursor>(
                                   "next_cursor", "Give it as `cursor`; absent on the last page."));
  return table;
}

const json::StructTable& JobDiff::described() {
  static const auto table = describe<JobDiff>(
      "JobDiff", "How two versions of a job differ.", field<&JobDiff::job>("job", "Its name."),
      field<&JobDiff::from>("from", "The older one, or the one asked for."),
      field<&JobDiff::to>("to", "The newer one, or the one asked for."),
      field<&JobDiff::changes>("changes", "Between the canonical manifests."));
  return table;
}

const json::StructTable& RevertBody::described() {
  static const auto table = describe<RevertBody>(
      "RevertBody", "Which version becomes the newest again.",
      field<&RevertBody::version>("version", "One that the job has.").required().min(1));
  return table;
}

}  // namespace mainspring::api
