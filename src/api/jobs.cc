// Handlers of the noun job: definitions in, definitions out.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "api/views.h"
#include "model/manifest.h"

namespace mainspring::api {
namespace {

base::Error not_in_this_build(std::vector<base::Problem> problems) {
  return base::Error{base::Code::unsupported,
                     "The manifest is valid, but this build cannot do all of it; nothing was "
                     "changed.",
                     std::move(problems)};
}

bool is_json(const http::Request& request) {
  return request.headers.find("Content-Type").value_or("").starts_with("application/json");
}

// The body, its jobs checked against what this build can run.
base::Result<model::Manifest> read_manifest(const Call& call) {
  const auto format =
      is_json(call.request()) ? model::ManifestFormat::json : model::ManifestFormat::yaml;
  auto manifest = model::parse_manifest(call.request().body, format);
  if (!manifest) return manifest;
  std::vector<base::Problem> problems;
  for (const model::JobSpec& spec : manifest->jobs) {
    for (base::Problem& problem : model::unsupported_features(spec)) {
      if (manifest->jobs.size() > 1) {
        problem.message = fmt::format("{}: {}", spec.name, problem.message);
      }
      problems.push_back(std::move(problem));
    }
  }
  if (!problems.empty()) return base::fail(not_in_this_build(std::move(problems)));
  return manifest;
}

store::JobDraft make_draft(const Call& call, model::JobSpec spec) {
  const Services& services = call.core().services();
  store::JobDraft draft;
  draft.fresh_id = env::make_id<base::JobId>(services.clock, services.random);
  for (std::size_t i = 0; i < spec.schedule.size(); ++i) {
    draft.fresh_schedule_ids.push_back(
        env::make_id<base::ScheduleId>(services.clock, services.random));
  }
  draft.spec = std::move(spec);
  return draft;
}

AppliedItem plan_item(Call& call, const model::JobSpec& spec) {
  AppliedItem item{.name = spec.name,
                   .id = std::nullopt,
                   .version = 1,
                   .effect = store::ApplyEffect::created,
                   .schedules = preview_schedules(spec, call.now())};
  if (const auto stored = call.reads().jobs().find_by_name(call.tenant(), spec.name)) {
    const bool equal = stored->spec == spec;
    item.id = stored->id;
    item.version = equal ? stored->version : stored->version + 1;
    item.effect = equal ? store::ApplyEffect::unchanged : store::ApplyEffect::updated;
  }
  return item;
}

void answer_job(Call& call, const model::Job& job) {
  const auto view = make_job_view(job, call.reads().schedules().of_job(job.id), call.now());
  http::Response response{
      .status = call.status(), .headers = {}, .body = json::write(json::encode(view))};
  response.headers.set("Content-Type", "application/json");
  response.headers.set("ETag", etag(job.version));
  response.headers.set("Location", "/api/v1/jobs/" + http::percent_encode(job.spec.name));
  call.answer(std::move(response));
}

// After a command: a reader's thread answers with the job as it stands now.
void answer_job_later(Call& call, base::JobId id) {
  call.continue_as(get_route("get_job"), {id.text()});
  call.core().dispatch(call.shared_from_this());
}

void store_one(const CallPtr& call, std::optional<std::int64_t> if_version) {
  auto manifest = read_manifest(*call);
  if (!manifest) return call->fail(manifest.error());
  if (manifest->jobs.size() != 1 || !manifest->queues.empty() || !manifest->calendars.empty()) {
    return call->fail(
        {base::Code::invalid_argument,
         fmt::format("The body holds {} jobs; give one job alone, or use manifests/apply.",
                     manifest->jobs.size()),
         {}});
  }
  store::ApplyJobs command{call->tenant(), {}, call->who().name, call->now()};
  command.jobs.push_back(make_draft(*call, std::move(manifest->jobs.front())));
  command.jobs.front().if_version = if_version;
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

void apply_manifest(const CallPtr& call) {
  const auto dry_run = call->query_flag("dry_run");
  if (!dry_run) return call->fail(dry_run.error());
  auto manifest = read_manifest(*call);
  if (!manifest) return call->fail(manifest.error());
  AppliedList result{.dry_run = *dry_run, .items = {}};
  for (const model::JobSpec& spec : manifest->jobs)
    result.items.push_back(plan_item(*call, spec));
  if (*dry_run) return call->answer(json::encode(result));
  store::ApplyJobs command{call->tenant(), {}, call->who().name, call->now()};
  command.queues = std::move(manifest->queues);
  command.calendars = std::move(manifest->calendars);
  for (model::JobSpec& spec : manifest->jobs)
    command.jobs.push_back(make_draft(*call, std::move(spec)));
  call->apply(std::move(command),
              [result = std::move(result)](Call& self, const store::JobsApplied& reply) {
                AppliedList done = result;
                for (std::size_t i = 0; i < done.items.size(); ++i) {
                  done.items[i].id = reply.jobs.at(i).id;
                  done.items[i].version = reply.jobs.at(i).version;
                  done.items[i].effect = reply.jobs.at(i).effect;
                }
                self.answer(json::encode(done));
              });
}

void list_jobs(const CallPtr& call) {
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  auto selector = model::parse_selector(call->query("label"));
  if (!selector) return call->fail(selector.error());
  store::JobFilter filter{.tenant = call->tenant(),
                          .name_prefix = call->query("prefix"),
                          .selector = std::move(*selector),
                          .paused = std::nullopt};
  if (!call->query("paused").empty()) {
    const auto paused = call->query_flag("paused");
    if (!paused) return call->fail(paused.error());
    filter.paused = *paused;
  }
  const auto listed = call->reads().jobs().list(filter, *page);
  if (!listed) return call->fail(listed.error());
  JobList reply;
  for (const model::Job& job : listed->items) {
    reply.items.push_back(
        make_job_view(job, call->reads().schedules().of_job(job.id), call->now()));
  }
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call->answer(json::encode(reply));
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
  store::DeleteJob command{call->tenant(), job->id, *version, call->who().name, call->now()};
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
  store::PauseJob command{call->tenant(), job->id,     body->note,     call->who().name,
                          call->now(),    body->until, body->meanwhile};
  call->apply(std::move(command),
              [id = job->id](Call& self, const store::Done&) { answer_job_later(self, id); });
}

void resume_job(const CallPtr& call) {
  const auto body = call->body<ResumeBody>();
  if (!body) return call->fail(body.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  call->apply(store::ResumeJob{call->tenant(), job->id, call->who().name, call->now()},
              [id = job->id](Call& self, const store::Done&) { answer_job_later(self, id); });
}

}  // namespace mainspring::api
