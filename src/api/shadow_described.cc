#include "api/shadow.h"

#include "json/codec.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& PingBody::described() {
  static const auto table = describe<PingBody>(
      "PingBody", "A real run of the job by another scheduler.",
      field<&PingBody::started_at>("started_at", "When it started; with the host, its identity.")
          .required(),
      field<&PingBody::finished_at>("finished_at", "When it ended; absent while it runs."),
      field<&PingBody::exit_code>("exit_code", "Its exit code; 128 and the signal when killed.")
          .min(0)
          .max(255),
      field<&PingBody::host>("host", "The machine it ran on.").max_length(255));
  return table;
}

const json::StructTable& PingView::described() {
  static const auto table = describe<PingView>(
      "Ping", "A real run of a job by another scheduler.",
      field<&PingView::started_at>("started_at", "When it started."),
      field<&PingView::finished_at>("finished_at", "When it ended; absent when nobody said so."),
      field<&PingView::exit_code>("exit_code", "Its exit code."),
      field<&PingView::host>("host", "The machine it ran on."));
  return table;
}

const json::StructTable& PingList::described() {
  static const auto table =
      describe<PingList>("PingList", "A page of a job's pings, oldest first.",
                         field<&PingList::items>("items", "The pings."),
                         field<&PingList::next_cursor>(
                             "next_cursor", "Give it as `cursor`; absent on the last page."));
  return table;
}

const json::StructTable& ShadowExample::described() {
  static const auto table = describe<ShadowExample>(
      "ShadowExample", "Where a shadow and reality differ.",
      field<&ShadowExample::at>("at", "In UTC."),
      field<&ShadowExample::local>("local", "In the schedule's time zone."),
      field<&ShadowExample::count>("count", "Fires from then on that one entry stands for."));
  return table;
}

const json::StructTable& ShadowView::described() {
  static const auto table = describe<ShadowView>(
      "ShadowComparison", "What a shadow would have run, beside what another scheduler ran.",
      field<&ShadowView::job>("job", "Its name."),
      field<&ShadowView::schedules>("schedules", "Its schedules in words."),
      field<&ShadowView::from>("from",
                               "Compared from here; later than asked for where there is more than "
                               "one answer may look at."),
      field<&ShadowView::until>("until", "Up to here."),
      field<&ShadowView::agrees>("agrees", "Nothing is missing and nothing extra."),
      field<&ShadowView::verdict>("verdict", "The same in words."),
      field<&ShadowView::predicted>("predicted", "Fires in the ledger."),
      field<&ShadowView::real>("real", "Runs that were reported."),
      field<&ShadowView::matched>("matched", "Fires that have a real run."),
      field<&ShadowView::missing>("missing", "Fires that have none."),
      field<&ShadowView::extra>("extra", "Real runs that were not predicted."),
      field<&ShadowView::failed>("failed", "Real runs with an exit code other than 0."),
      field<&ShadowView::median_offset>("median_offset",
                                        "How far a fire and its run lie apart, either way."),
      field<&ShadowView::largest_offset>("largest_offset", "The most that they do."),
      field<&ShadowView::missing_examples>("missing_examples", "The first few."),
      field<&ShadowView::extra_examples>("extra_examples", "The first few."));
  return table;
}

const json::StructTable& ShadowReport::described() {
  static const auto table = describe<ShadowReport>(
      "ShadowReport", "The jobs that shadow another scheduler, compared with it.",
      field<&ShadowReport::tolerance>("tolerance", "How far a fire and its run may lie apart."),
      field<&ShadowReport::items>("items", "By name."),
      field<&ShadowReport::next_cursor>("next_cursor",
                                        "Give it as `cursor`; absent on the last page."));
  return table;
}

}  // namespace mainspring::api
