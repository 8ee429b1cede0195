#include "api/messages.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& ScheduleView::described() {
  static const auto table = describe<ScheduleView>(
      "ScheduleView", "A schedule of a job, in words.",
      field<&ScheduleView::id>("id", "Changes when the schedule itself changes."),
      field<&ScheduleView::words>("words", "When it fires, for a person."),
      field<&ScheduleView::timezone>("timezone", "IANA name."),
      field<&ScheduleView::next_at>("next_at", "The next fire; absent when there is none."));
  return table;
}

const json::StructTable& JobView::described() {
  static const auto table = describe<JobView>(
      "Job", "A named, versioned definition of what runs, when, and under which policy.",
      field<&JobView::id>("id", "Stays the same across versions."),
      field<&JobView::name>("name", "Unique in its tenant."),
      field<&JobView::version>("version", "Grows by one with every change; also the ETag."),
      field<&JobView::paused>("paused", "While true, its schedules do not start runs."),
      field<&JobView::pause>("pause", "Who paused it, why, and for how long."),
      field<&JobView::author>("author", "Who stored this version."),
      field<&JobView::created_at>("created_at", "When version 1 was stored."),
      field<&JobView::updated_at>("updated_at", "When this version was stored."),
      field<&JobView::type>("type", "What kind of work it is."),
      field<&JobView::description>("description", "As its manifest has it."),
      field<&JobView::labels>("labels", "As its manifest has them."),
      field<&JobView::schedules>("schedules", "Its schedules in words, with their next fire."),
      field<&JobView::next_at>("next_at", "The soonest of these fires; absent: there is none."),
      field<&JobView::recent>("recent", "Its last 14 runs, newest first, where asked for."),
      field<&JobView::stats>("stats", "Of its last 100 finished runs, where asked for."),
      field<&JobView::spec>("spec", "The canonical manifest; see Manifest."));
  return table;
}

const json::StructTable& JobList::described() {
  static const auto table = describe<JobList>(
      "JobList", "A page of jobs, by name.", field<&JobList::items>("items", "The jobs."),
      field<&JobList::next_cursor>("next_cursor", "Give it as `cursor`; absent on the last page."));
  return table;
}

const json::StructTable& PauseBody::described() {
  static const auto table = describe<PauseBody>(
      "PauseBody", "Why a job is paused, and for how long.",
      field<&PauseBody::note>("note", "For whoever finds it paused.").max_length(1'000),
      field<&PauseBody::until>("until", "When it resumes by itself."),
      field<&PauseBody::for_>("for", "The same, from now.").min(base::Duration{1000}),
      field<&PauseBody::meanwhile>("meanwhile", "What becomes of fires that come due."));
  return table;
}

const json::StructTable& ResumeBody::described() {
  static const auto table =
      describe<ResumeBody>("ResumeBody", "Why a job is resumed.",
                           field<&ResumeBody::note>("note", "For the record.").max_length(1'000));
  return table;
}

const json::StructTable& Fire::described() {
  static const auto table = describe<Fire>(
      "Fire", "An instant at which a schedule will fire.", field<&Fire::at>("at", "In UTC."),
      field<&Fire::local>("local", "In the schedule's zone."),
      field<&Fire::schedule>("schedule", "The schedule in words."));
  return table;
}

const json::StructTable& FireList::described() {
  static const auto table =
      describe<FireList>("FireList", "The next fires of a job, soonest first.",
                         field<&FireList::items>("items", "The fires."));
  return table;
}

const json::StructTable& SubmitBody::described() {
  static const auto table = describe<SubmitBody>(
      "SubmitBody", "How a run is started. An empty body starts it now with default params.",
      field<&SubmitBody::params>("params", "Checked against the job's params."),
      field<&SubmitBody::at>("at", "Start at this instant; one in the past means now."),
      field<&SubmitBody::delay>("delay", "Start after this; not together with `at`."),
      field<&SubmitBody::priority>("priority", "Instead of the job's.").min(-100).max(100),
      field<&SubmitBody::trigger>("trigger", "Who asks: `manual` for a person, else `api`."));
  return table;
}

const json::EnumTable& described(RerunVersion) {
  static const auto table =
      json::enumeration<RerunVersion>("RerunVersion", "Which definition a re-run follows.",
                                      {{RerunVersion::same, "same", "The one that the run had."},
                                       {RerunVersion::latest, "latest", "The newest one."}});
  return table;
}

const json::StructTable& RerunBody::described() {
  static const auto table = describe<RerunBody>(
      "RerunBody", "How a run is run again. An empty body: as it was.",
      field<&RerunBody::params>("params",
                                "Instead of the run's own, one by one; null takes one away."),
      field<&RerunBody::version>("version", "Which definition it follows."),
      field<&RerunBody::priority>("priority", "Instead of the run's, or with `latest` the job's.")
          .min(-100)
          .max(100));
  return table;
}

const json::StructTable& RunList::described() {
  static const auto table = describe<RunList>(
      "RunList", "A page of runs, newest first.", field<&RunList::items>("items", "The runs."),
      field<&RunList::next_cursor>("next_cursor", "Give it as `cursor`; absent on the last page."));
  return table;
}

const json::StructTable& AttemptList::described() {
  static const auto table =
      describe<AttemptList>("AttemptList", "The attempts of a run, first to last.",
                            field<&AttemptList::items>("items", "The attempts."));
  return table;
}

const json::StructTable& CancelBody::described() {
  static const auto table = describe<CancelBody>(
      "CancelBody", "Why a run is cancelled.",
      field<&CancelBody::reason>("reason", "Kept with the run.").max_length(1'000),
      field<&CancelBody::mode>("mode", "`kill` gives the program no time to end by itself."));
  return table;
}

const json::StructTable& ExtendBody::described() {
  static const auto table = describe<ExtendBody>(
      "ExtendBody", "More time for a run, counted from now.",
      field<&ExtendBody::run>("run", "timeout.run does not end it sooner.")
          .min(base::Duration{1000}),
      field<&ExtendBody::queue>("queue", "timeout.queue does not end it sooner, while it waits.")
          .min(base::Duration{1000}));
  return table;
}

const json::StructTable& CancelView::described() {
  static const auto table = describe<CancelView>(
      "CancelResult", "What became of a cancel.", field<&CancelView::id>("id", "The run."),
      field<&CancelView::state>("state", "`running`: its worker has been asked to stop it."));
  return table;
}

const json::StructTable& OccurrenceList::described() {
  static const auto table =
      describe<OccurrenceList>("OccurrenceList", "A page of the occurrence ledger, newest first.",
                               field<&OccurrenceList::items>("items", "The occurrences."),
                               field<&OccurrenceList::next_cursor>(
                                   "next_cursor", "Give it as `cursor`; absent on the last page."));
  return table;
}

const json::StructTable& Explanation::described() {
  static const auto table = describe<Explanation>(
      "Explanation", "Why something did or did not run.",
      field<&Explanation::subject>("subject", "What was asked about."),
      field<&Explanation::lines>("lines", "Sentences; the first one is the answer."),
      field<&Explanation::occurrences>("occurrences", "The ledger rows behind it."),
      field<&Explanation::run_id>("run_id", "The run behind it, if there is one."));
  return table;
}

const json::StructTable& CloudEvent::described() {
  static const auto table = describe<CloudEvent>(
      "CloudEvent", "A fact, in the form of CloudEvents 1.0.",
      field<&CloudEvent::specversion>("specversion", "Always 1.0."),
      field<&CloudEvent::id>("id", "The event's position: grows with every event."),
      field<&CloudEvent::source>("source", "Whose event it is."),
      field<&CloudEvent::type>("type", "What happened, such as run.succeeded."),
      field<&CloudEvent::subject>("subject", "The id of the run or job, or the node's name."),
      field<&CloudEvent::time>("time", "When it happened."),
      field<&CloudEvent::payload>("data", "What else is known about it."));
  return table;
}

CloudEvent to_cloud_event(const model::Event& event) {
  return {.id = std::to_string(event.position),
          .source = "/tenants/" + event.tenant,
          .type = event.type,
          .subject = event.subject,
          .time = event.time,
          .payload = event.payload};
}

const json::StructTable& EventList::described() {
  static const auto table = describe<EventList>(
      "EventList", "Events in the order of their positions.",
      field<&EventList::items>("items", "CloudEvents 1.0."),
      field<&EventList::next_cursor>("next_cursor", "Give it as `cursor` to read on."));
  return table;
}

const json::StructTable& NodeList::described() {
  static const auto table =
      describe<NodeList>("NodeList", "The nodes that share the store.",
                         field<&NodeList::items>("items", "Those that went a while ago, too."));
  return table;
}

const json::StructTable& WorkerList::described() {
  static const auto table =
      describe<WorkerList>("WorkerList", "The workers known to this cluster.",
                           field<&WorkerList::items>("items", "The workers."));
  return table;
}

const json::StructTable& Health::described() {
  static const auto table = describe<Health>(
      "Health", "Whether this node can do its work.", field<&Health::status>("status", "`ok`."),
      field<&Health::checks>("checks", "What was looked at, a sentence each."));
  return table;
}

const json::StructTable& VersionView::described() {
  static const auto table = describe<VersionView>(
      "Version", "Which program this is.", field<&VersionView::name>("name", "`mainspring`."),
      field<&VersionView::version>("version", "Of the program."),
      field<&VersionView::api>("api", "Of this API."));
  return table;
}

const json::StructTable& SessionView::described() {
  static const auto table = describe<SessionView>(
      "Session", "Who is asking.", field<&SessionView::tenant>("tenant", "Whose things it sees."),
      field<&SessionView::name>("name", "Of the token or session."),
      field<&SessionView::role>("role", "viewer, operator or admin."),
      field<&SessionView::position>(
          "position", "Of the last event: a stream that follows after it misses nothing since."),
      field<&SessionView::csrf_token>(
          "csrf_token", "Of a browser session: send it as X-CSRF-Token with every change."));
  return table;
}

const json::StructTable& SignInLink::described() {
  static const auto table =
      describe<SignInLink>("SignInLink", "A link that signs a browser in, once.",
                           field<&SignInLink::path>("path", "Below this server's address."),
                           field<&SignInLink::expires_at>("expires_at", "Not valid after this."));
  return table;
}

}  // namespace mainspring::api
