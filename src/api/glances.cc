#include "api/glances.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& RunGlance::described() {
  static const auto table = describe<RunGlance>(
      "RunGlance", "What a bar or a dot of a chart needs of a run.",
      field<&RunGlance::id>("id", "The run."), field<&RunGlance::state>("state", "Where it is."),
      field<&RunGlance::trigger>("trigger", "Why it exists."),
      field<&RunGlance::due_at>("due_at", "When it could first start; absent: not known any more."),
      field<&RunGlance::started_at>("started_at", "When its first attempt did."),
      field<&RunGlance::finished_at>("finished_at", "When it ended."));
  return table;
}

RunGlance make_glance(const store::RunGlance& run) {
  return {run.id, run.state, run.trigger, run.due_at, run.started_at, run.finished_at};
}

const json::StructTable& JobGlance::described() {
  static const auto table = describe<JobGlance>(
      "JobGlance", "How a job does, in a few numbers.",
      field<&JobGlance::runs>("runs", "Finished runs that were looked at."),
      field<&JobGlance::failure_rate>("failure_rate",
                                      "0 to 1, of those that succeeded or did not."),
      field<&JobGlance::p50>("p50", "How long half of those that succeeded took at most."),
      field<&JobGlance::p95>("p95", "The same of 95 in 100."),
      field<&JobGlance::last_success>("last_success", "Its end."));
  return table;
}

JobGlance make_glance(const model::JobStats& stats) {
  JobGlance out{stats.runs, stats.failure_rate, {}, {}, stats.last_success};
  if (!stats.duration) return out;
  out.p50 = stats.duration->p50;
  out.p95 = stats.duration->p95;
  return out;
}

}  // namespace mainspring::api
