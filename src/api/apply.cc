// Handlers of manifests: applying one, as a plan or for good, and exporting what is stored.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "api/core.h"
#include "api/definitions.h"
#include "api/drafts.h"
#include "api/handlers.h"
#include "api/manifest_plan.h"

namespace mainspring::api {
namespace {

// Every job that the selector lets through. Errors: those of JobReads::list().
base::Result<std::vector<model::Job>> load_selected(const Call& call,
                                                    const model::Selector& selector) {
  const store::JobFilter filter{.tenant = call.tenant(), .selector = selector};
  std::vector<model::Job> jobs;
  store::Page page{store::kPageLimit, ""};
  do {
    auto listed = call.reads().jobs().list(filter, page);
    if (!listed) return base::fail(std::move(listed.error()));
    std::ranges::move(listed->items, std::back_inserter(jobs));
    page.after = listed->next;
  } while (!page.after.empty());
  return jobs;
}

// The jobs that `prune` names and the manifest does not hold. Errors: invalid_argument: a selector
// that cannot be read, or that is empty and so would mean every job.
base::Result<std::vector<model::Job>> find_pruned(const Call& call,
                                                  const model::Manifest& manifest) {
  const auto given = call.request().find_parameter("prune");
  if (!given) return std::vector<model::Job>{};
  const auto selector = model::parse_selector(*given);
  if (!selector) return base::fail(selector.error());
  if (selector->empty()) {
    return base::fail(base::Code::invalid_argument,
                      "prune: give the labels of the jobs that this manifest stands for, such as "
                      "team=platform; without them every other job would be deleted");
  }
  auto jobs = load_selected(call, *selector);
  if (!jobs) return jobs;
  std::set<std::string_view> kept;
  for (const model::JobSpec& spec : manifest.jobs)
    kept.insert(spec.name);
  std::erase_if(*jobs, [&](const model::Job& job) { return kept.contains(job.spec.name); });
  return jobs;
}

store::ApplyJobs make_command(const Call& call, model::Manifest manifest) {
  store::ApplyJobs command{call.tenant(), {}, call.who().name, call.now()};
  command.queues = std::move(manifest.queues);
  command.calendars = std::move(manifest.calendars);
  command.connections = std::move(manifest.connections);
  for (model::JobSpec& spec : manifest.jobs)
    command.jobs.push_back(make_draft(call, std::move(spec)));
  return command;
}

void settle_changed(const Call& call, const AppliedList& plan, store::ApplyJobs& command) {
  for (const AppliedItem& item : plan.items) {
    if (!item.id || item.effect == store::ApplyEffect::unchanged) continue;
    std::ranges::move(settle_job(call, *item.id), std::back_inserter(command.settle));
  }
}

// What the store says about the jobs takes the place of what was expected.
void correct(AppliedList& plan, const store::JobsApplied& reply) {
  auto item = plan.items.begin();
  for (const store::AppliedJob& job : reply.jobs) {
    item = std::ranges::find_if(item, plan.items.end(), [&](const AppliedItem& each) {
      return each.kind == DefinitionKind::job && each.name == job.name;
    });
    if (item == plan.items.end()) return;
    item->id = job.id;
    item->version = job.version;
    item->effect = job.effect;
  }
}

}  // namespace

void apply_manifest(const CallPtr& call) {
  const auto dry_run = call->query_flag("dry_run");
  if (!dry_run) return call->fail(dry_run.error());
  auto manifest = read_manifest(*call);
  if (!manifest) return call->fail(manifest.error());
  const auto pruned = find_pruned(*call, *manifest);
  if (!pruned) return call->fail(pruned.error());
  const auto calendars = load_calendars(*call, *manifest);
  if (!calendars) return call->fail(calendars.error());
  if (auto found = check_connections(*call, *manifest); !found) return call->fail(found.error());
  AppliedList plan = plan_manifest(*call, {*manifest, *pruned, *calendars});
  if (*dry_run) {
    plan.dry_run = true;
    add_forecasts(*call, {*manifest, *calendars}, plan);
    return call->answer_with(plan);
  }
  store::ApplyJobs command = make_command(*call, std::move(*manifest));
  settle_changed(*call, plan, command);
  std::ranges::transform(*pruned, std::back_inserter(command.prune), &model::Job::id);
  call->apply(std::move(command),
              [plan = std::move(plan)](Call& self, const store::JobsApplied& reply) {
                AppliedList done = plan;
                correct(done, reply);
                self.answer_with(done);
              });
}

namespace {

// A queue that says nothing is as good as none.
bool is_plain(const model::QueueSpec& spec) { return spec == model::QueueSpec{.name = spec.name}; }

// What jobs name.
void add_named(const Call& call, ExportPage& page) {
  for (const model::CalendarSpec& spec : call.reads().calendars().all(call.tenant()))
    page.items.push_back(model::canonical(spec));
  for (const model::Queue& queue : call.reads().queues().all(call.tenant())) {
    if (!is_plain(queue.spec)) page.items.push_back(model::canonical(queue.spec));
  }
  for (const model::ConnectionSpec& spec : call.reads().connections().all(call.tenant()))
    page.items.push_back(model::canonical(spec));
}

// Those that the jobs name.
void add_used(const Call& call, const std::vector<model::Job>& jobs, ExportPage& page) {
  std::set<std::string> calendars;
  std::set<std::string> queues;
  std::set<std::string> connections;
  for (const model::Job& job : jobs) {
    queues.insert(job.spec.queue);
    for (std::string& name : model::connection_names(job.spec))
      connections.insert(std::move(name));
    for (const model::ScheduleSpec& schedule : job.spec.schedule)
      calendars.insert(schedule.calendar);
  }
  for (const std::string& name : calendars) {
    const auto spec = call.reads().calendars().find(call.tenant(), name);
    if (spec) page.items.push_back(model::canonical(*spec));
  }
  for (const std::string& name : queues) {
    const auto queue = call.reads().queues().find(call.tenant(), name);
    if (queue && !is_plain(queue->spec)) page.items.push_back(model::canonical(queue->spec));
  }
  for (const std::string& name : connections) {
    const auto spec = call.reads().connections().find(call.tenant(), name);
    if (spec) page.items.push_back(model::canonical(*spec));
  }
}

}  // namespace

void export_manifest(const CallPtr& call) {
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  auto selector = model::parse_selector(call->query("label"));
  if (!selector) return call->fail(selector.error());
  const bool is_whole = selector->empty();
  const auto listed = call->reads().jobs().list(
      {.tenant = call->tenant(), .selector = std::move(*selector)}, *page);
  if (!listed) return call->fail(listed.error());
  ExportPage reply;
  if (!is_whole) {
    add_used(*call, listed->items, reply);
  } else if (page->after.empty()) {
    add_named(*call, reply);
  }
  for (const model::Job& job : listed->items)
    reply.items.push_back(model::canonical(job.spec));
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call->answer_with(reply);
}

void get_manifest_schema(const CallPtr& call) {
  static const std::string text = json::write(model::manifest_schema());
  http::Response response{.status = 200, .headers = {}, .body = text};
  response.headers.set("Content-Type", "application/schema+json");
  call->answer(std::move(response));
}

}  // namespace mainspring::api
