// The handler that runs a finished run again.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "model/manifest.h"

namespace mainspring::api {
namespace {

using Params = std::map<std::string, json::Value>;

// What a re-run is made from.
struct Original {
  model::Run run;
  std::int64_t version = 1;  // of the new run
  model::JobSpec spec;       // of that version
};

base::Result<Original> find_original(const Call& call, RerunVersion wanted) {
  auto run = find_run(call, call.path(0));
  if (!run) return base::fail(std::move(run.error()));
  if (!model::is_final(run->summary.state)) {
    return base::fail(base::Code::conflict,
                      fmt::format("Run {} has not ended: it is {}. Wait for it, or cancel it.",
                                  run->summary.id.text(), json::to_text(run->summary.state)));
  }
  auto job = call.reads().jobs().find_by_id(call.tenant(), run->summary.job_id);
  if (!job) {
    return base::fail(base::Code::not_found,
                      fmt::format("Job '{}' of this run was deleted.", run->summary.job));
  }
  if (wanted == RerunVersion::latest || run->summary.job_version == job->version)
    return Original{std::move(*run), job->version, std::move(job->spec)};
  auto version = call.reads().jobs().find_version(job->id, run->summary.job_version);
  if (!version) {
    return base::fail(base::Code::not_found,
                      fmt::format("Job '{}' has no version {} any more; run its latest one.",
                                  run->summary.job, run->summary.job_version));
  }
  return Original{std::move(*run), version->version, std::move(version->spec)};
}

// As a JSON Merge Patch (RFC 7396) of the input: null takes a value away.
Params edit(Params params, const Params& edits) {
  for (const auto& [name, value] : edits) {
    if (value.is_null()) {
      params.erase(name);
    } else {
      params[name] = value;
    }
  }
  return params;
}

}  // namespace

void rerun_run(const CallPtr& call) {
  const auto body = call->body<RerunBody>();
  if (!body) return call->fail(body.error());
  const auto original = find_original(*call, body->version);
  if (!original) return call->fail(original.error());
  auto params = model::bind_params(original->spec, edit(original->run.params, body->params));
  if (!params) return call->fail(params.error());
  const model::RunSummary& run = original->run.summary;
  const Services& services = call->core().services();
  store::SubmitRuns command{call->tenant(), {}, call->who().name, call->now()};
  command.runs.push_back({.id = env::make_id<base::RunId>(services.clock, services.random),
                          .job_id = run.job_id,
                          .trigger = model::Trigger::retry,
                          .params = std::move(*params),
                          .due_at = call->now(),
                          .priority = body->priority,
                          .parent_run = std::nullopt,
                          .rerun_of = run.id,
                          .job_version = original->version,
                          .operation_id = std::nullopt,
                          .overlap = std::nullopt});
  store::NewRun& fresh = command.runs.front();
  if (!body->priority && body->version == RerunVersion::same) fresh.priority = run.priority;
  fresh.trace = call->begin_trace(fresh.id);
  call->apply(std::move(command), [](Call& self, const store::RunsSubmitted& reply) {
    answer_submitted(self, reply.runs.front());
  });
}

}  // namespace mainspring::api
