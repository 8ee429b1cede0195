// Handlers of a job's versions: all of them, one, how two differ, and going back to one.
#include <charconv>

#include <fmt/core.h>

#include "api/definitions.h"
#include "api/drafts.h"
#include "api/handlers.h"

namespace mainspring::api {
namespace {

base::Result<std::int64_t> read_version(std::string_view text) {
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error == std::errc{} && end == text.data() + text.size() && version >= 1) return version;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("'{}' is not the number of a version, such as 3", text));
}

base::Result<model::JobVersion> find_version(const Call& call, const model::Job& job,
                                             std::int64_t version) {
  auto found = call.reads().jobs().find_version(job.id, version);
  if (found) return std::move(*found);
  return base::fail(base::Code::not_found,
                    fmt::format("Job '{}' has no version {}; it has 1 to {}.", job.spec.name,
                                version, job.version));
}

std::vector<std::string> changed_places(const model::JobSpec& before, const model::JobSpec& after) {
  std::vector<std::string> places;
  for (model::Change& change : model::diff({model::canonical(before), model::canonical(after)}))
    places.push_back(std::move(change.pointer));
  return places;
}

// `before` is the version in front of it; nullptr where it is the first.
JobVersionView make_view(const model::JobVersion& version, const model::JobVersion* before) {
  JobVersionView view{.version = version.version,
                      .author = version.author,
                      .created_at = version.created_at,
                      .changed = {},
                      .spec = std::nullopt};
  if (before != nullptr) view.changed = changed_places(before->spec, version.spec);
  return view;
}

}  // namespace

void list_job_versions(const CallPtr& call) {
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const auto listed = call->reads().jobs().versions(job->id, *page);
  if (!listed) return call->fail(listed.error());
  JobVersionList reply;
  for (std::size_t i = 0; i < listed->items.size(); ++i) {
    const model::JobVersion& version = listed->items[i];
    if (i + 1 < listed->items.size()) {
      reply.items.push_back(make_view(version, &listed->items[i + 1]));
    } else {
      const auto before = call->reads().jobs().find_version(job->id, version.version - 1);
      reply.items.push_back(make_view(version, before ? &*before : nullptr));
    }
  }
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call->answer_with(reply);
}

void get_job_version(const CallPtr& call) {
  const auto number = read_version(call->path(1));
  if (!number) return call->fail(number.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const auto version = find_version(*call, *job, *number);
  if (!version) return call->fail(version.error());
  const auto before = call->reads().jobs().find_version(job->id, *number - 1);
  JobVersionView view = make_view(*version, before ? &*before : nullptr);
  view.spec = model::canonical(version->spec);
  call->answer_with(view);
}

void diff_job(const CallPtr& call) {
  const auto from = call->query_integer("from");
  if (!from) return call->fail(from.error());
  const auto to = call->query_integer("to");
  if (!to) return call->fail(to.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const auto newer = find_version(*call, *job, to->value_or(job->version));
  if (!newer) return call->fail(newer.error());
  const std::int64_t usual = std::max<std::int64_t>(newer->version - 1, 1);
  const auto older = find_version(*call, *job, from->value_or(usual));
  if (!older) return call->fail(older.error());
  call->answer_with(JobDiff{
      .job = job->spec.name,
      .from = older->version,
      .to = newer->version,
      .changes = model::diff({model::canonical(older->spec), model::canonical(newer->spec)})});
}

// Without If-Match, conditional on the version that was looked at: a job that somebody deletes
// meanwhile does not come back.
void revert_job(const CallPtr& call) {
  const auto body = call->body<RevertBody>();
  if (!body) return call->fail(body.error());
  const auto if_version = call->if_match();
  if (!if_version) return call->fail(if_version.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  auto version = find_version(*call, *job, body->version);
  if (!version) return call->fail(version.error());
  if (auto able = check_supported({&version->spec, 1}); !able) return call->fail(able.error());
  auto command = make_change(*call, std::move(version->spec), if_version->value_or(job->version));
  call->apply(std::move(command), [](Call& self, const store::JobsApplied& reply) {
    answer_job_later(self, reply.jobs.front().id);
  });
}

}  // namespace mainspring::api
