// Handlers of the noun job: definitions in, definitions out.
#include <fmt/core.h>

#include "api/core.h"
#include "api/drafts.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "api/views.h"

namespace mainspring::api {
namespace {

void answer_job(Call& call, const model::Job& job) {
  const auto view = make_job_view(job, call.reads().schedules().of_job(job.id), call.now());
  http::Response response{.status = call.status(), .headers = {}, .body = json::encode_text(view)};
  response.headers.set("Content-Type", "application/json");
  response.headers.set("ETag", etag(job.version));
  response.headers.set("Location", "/api/v1/jobs/" + http::percent_encode(job.spec.name));
  call.answer(std::move(response));
}

void store_one(const CallPtr& call, std::optional<std::int64_t> if_version) {
  auto manifest = read_manifest(*call);
  if (!manifest) return call->fail(manifest.error());
  if (manifest->jobs.size() != 1 || !manifest->queues.empty() || !manifest->calendars.empty() ||
      !manifest->connections.empty()) {
    return call->fail(
        {base::Code::invalid_argument,
         fmt::format("The body holds {} jobs; give one job alone, or use manifests/apply.",
                     manifest->jobs.size()),
         {}});
  }
  auto command = make_change(*call, std::move(manifest->jobs.front()), if_version);
  call->apply(std::move(command), [](Call& self, const store::JobsApplied& reply) {
    answer_job_later(self, reply.jobs.front().id);
  });
}

}  // namespace

base::Result<model::Job> find_job(const Call& call, std::string_view name_or_id) {
  std::optional<model::Job> job;
  if (const auto id = base::JobId::parse(name_or_id)) {
    job = call.reads().jobs().find_by_id(call.tenant(), *id);
  }
  if (!job) job = call.reads().jobs().find_by_name(call.tenant(), name_or_id);
  if (job) return std::move(*job);
  return base::fail(base::Code::not_found, fmt::format("There is no job '{}'.", name_or_id));
}

void create_job(const CallPtr& call) { store_one(call, 0); }

void get_job(const CallPtr& call) {
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  answer_job(*call, *job);
}

void replace_job(const CallPtr& call) {
  const auto version = call->if_match();
  if (!version) return call->fail(version.error());
  store_one(call, *version);
}

void delete_job(const CallPtr& call) {
  const auto version = call->if_match();
  if (!version) return call->fail(version.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  store::DeleteJob command{call->tenant(),   job->id,     *version,
                           call->who().name, call->now(), settle_job(*call, job->id)};
  call->apply(std::move(command), [](Call& self, const store::Done&) {
    self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
  });
}

void pause_job(const CallPtr& call) {
  auto body = call->body<PauseBody>();
  if (!body) return call->fail(body.error());
  auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  if (body->until && body->for_) {
    return call->fail({base::Code::invalid_argument,
                       "The body says both `until` and `for`; give one of them.",
                       {}});
  }
  if (body->for_) body->until = call->now() + *body->for_;
  if (body->until && *body->until <= call->now()) {
    return call->fail({base::Code::invalid_argument,
                       fmt::format("until: {} is past; a pause ends in the future.",
                                   base::format_instant(*body->until)),
                       {}});
  }
  store::PauseJob command{call->tenant(), job->id,     body->note,      call->who().name,
                          call->now(),    body->until, body->meanwhile, settle_job(*call, job->id)};
  call->apply(std::move(command),
              [id = job->id](Call& self, const store::Done&) { answer_job_later(self, id); });
}

void resume_job(const CallPtr& call) {
  const auto body = call->body<ResumeBody>();
  if (!body) return call->fail(body.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  store::ResumeJob command{call->tenant(), job->id, call->who().name, call->now(),
                           settle_job(*call, job->id)};
  call->apply(std::move(command),
              [id = job->id](Call& self, const store::Done&) { answer_job_later(self, id); });
}

void get_job_stats(const CallPtr& call) {
  const auto runs = call->query_integer("runs");
  if (!runs) return call->fail(runs.error());
  const std::int64_t limit = runs->value_or(model::kStatsUsual);
  if (limit < 1 || limit > model::kStatsLimit) {
    return call->fail({base::Code::invalid_argument,
                       fmt::format("runs: {} is not between 1 and {}", limit, model::kStatsLimit),
                       {}});
  }
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  call->answer_with(model::summarise(call->reads().runs().timings(job->id, limit)));
}

}  // namespace mainspring::api
