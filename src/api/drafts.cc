#include "api/drafts.h"

#include <fmt/core.h>

#include "api/core.h"
#include "plan/fresh_ids.h"
#include "plan/settle.h"

namespace mainspring::api {
namespace {

bool is_json(const http::Request& request) {
  return request.headers.find("Content-Type").value_or("").starts_with("application/json");
}

}  // namespace

base::Result<void> check_supported(std::span<const model::JobSpec> specs) {
  std::vector<base::Problem> problems;
  for (const model::JobSpec& spec : specs) {
    for (base::Problem& problem : model::unsupported_features(spec)) {
      if (specs.size() > 1) problem.message = fmt::format("{}: {}", spec.name, problem.message);
      problems.push_back(std::move(problem));
    }
  }
  if (problems.empty()) return {};
  return base::fail(base::Error{base::Code::unsupported,
                                "The manifest is valid, but this build cannot do all of it; "
                                "nothing was changed.",
                                std::move(problems)});
}

base::Result<model::Manifest> read_manifest(const Call& call) {
  const auto format =
      is_json(call.request()) ? model::ManifestFormat::json : model::ManifestFormat::yaml;
  auto manifest = model::parse_manifest(call.request().body, format);
  if (!manifest) return manifest;
  if (auto able = check_supported(manifest->jobs); !able) return base::fail(able.error());
  return manifest;
}

store::JobDraft make_draft(const env::Clock& clock, env::Random& random, model::JobSpec spec) {
  store::JobDraft draft;
  draft.fresh_id = env::make_id<base::JobId>(clock, random);
  for (std::size_t i = 0; i < spec.schedule.size(); ++i)
    draft.fresh_schedule_ids.push_back(env::make_id<base::ScheduleId>(clock, random));
  draft.spec = std::move(spec);
  return draft;
}

store::JobDraft make_draft(const Call& call, model::JobSpec spec) {
  const Services& services = call.core().services();
  return make_draft(services.clock, services.random, std::move(spec));
}

store::ApplyJobs make_change(const Call& call, model::JobSpec spec,
                             std::optional<std::int64_t> if_version) {
  store::ApplyJobs command{call.tenant(), {}, call.who().name, call.now()};
  const auto stored = call.reads().jobs().find_by_name(call.tenant(), spec.name);
  if (stored) command.settle = settle_job(call, stored->id);
  command.jobs.push_back(make_draft(call, std::move(spec)));
  command.jobs.front().if_version = if_version;
  return command;
}

std::vector<model::SchedulePlan> settle_job(const Call& call, base::JobId id) {
  const Services& services = call.core().services();
  plan::FreshIds ids(services.clock, services.random);
  return plan::settle(call.reads().schedules().of_job(id), call.now(), ids);
}

void answer_job_later(Call& call, base::JobId id) {
  call.continue_as(get_route("get_job"), {id.text()});
  call.core().dispatch(call.shared_from_this());
}

}  // namespace mainspring::api
