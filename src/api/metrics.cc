// GET /metrics: what is counted, and what is read at this moment.
#include <algorithm>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "json/codec.h"
#include "metrics/page.h"

namespace mainspring::api {
namespace {

// Queues are named by users, and a series costs the reader: those beyond are shown as one.
constexpr std::size_t kQueuesShown = 200;
constexpr std::string_view kOtherQueues = "_others";

struct QueueFigures {
  std::string name;
  std::int64_t waiting = 0;
  std::int64_t running = 0;
  double oldest_age = 0;  // seconds
};

QueueFigures figures_of(const model::Queue& queue, base::Instant now) {
  QueueFigures out{queue.spec.name, queue.waiting, queue.running, 0};
  if (queue.oldest_due_at) {
    const std::chrono::duration<double> age = now - *queue.oldest_due_at;
    out.oldest_age = std::max(0.0, age.count());
  }
  return out;
}

// The first queues by name, and the rest together.
std::vector<QueueFigures> load_queues(const Call& call) {
  std::vector<QueueFigures> out;
  const base::Instant now = call.now();
  for (const model::Queue& queue : call.reads().queues().all(call.tenant())) {
    QueueFigures figures = figures_of(queue, now);
    if (out.size() < kQueuesShown) {
      out.push_back(std::move(figures));
      continue;
    }
    if (out.size() == kQueuesShown) out.push_back({std::string{kOtherQueues}, 0, 0, 0});
    QueueFigures& others = out.back();
    others.waiting += figures.waiting;
    others.running += figures.running;
    others.oldest_age = std::max(others.oldest_age, figures.oldest_age);
  }
  return out;
}

void write_queues(metrics::Page& page, const std::vector<QueueFigures>& queues) {
  page.begin("mainspring_queue_depth");
  for (const QueueFigures& queue : queues)
    page.add(queue.waiting, {queue.name});
  page.begin("mainspring_queue_running");
  for (const QueueFigures& queue : queues)
    page.add(queue.running, {queue.name});
  page.begin("mainspring_queue_oldest_age_seconds");
  for (const QueueFigures& queue : queues)
    page.add(queue.oldest_age, {queue.name});
}

void write_runs(metrics::Page& page, const Call& call) {
  std::int64_t running = 0;
  page.begin("mainspring_jobs_live");
  for (const auto& [state, count] : call.reads().runs().count_live(call.tenant())) {
    page.add(count, {json::to_text(state)});
    if (state == model::RunState::running) running = count;
  }
  page.begin("mainspring_jobs_running");
  page.add(running);
}

void write_workers(metrics::Page& page, const Call& call) {
  std::int64_t slots = 0;
  std::int64_t busy = 0;
  std::map<model::NodeState, std::int64_t> by_state;
  for (const model::Node& node : call.reads().nodes().all())
    ++by_state[node.state];
  for (const model::Worker& worker : call.reads().workers().all()) {
    if (worker.state != model::WorkerState::online) continue;
    slots += worker.slots;
    busy += worker.busy;
  }
  page.begin("mainspring_cluster_nodes");
  for (const auto& row : described(model::NodeState{}).rows)
    page.add(by_state[static_cast<model::NodeState>(row.value)], {row.name});
  page.begin("mainspring_worker_slots");
  page.add(slots);
  page.begin("mainspring_worker_slots_busy");
  page.add(busy);
}

}  // namespace

void get_metrics(const CallPtr& call) {
  Core& core = call->core();
  metrics::Page page;
  if (core.services().write_metrics) core.services().write_metrics(page);
  write_runs(page, *call);
  write_queues(page, load_queues(*call));
  write_workers(page, *call);
  page.begin("mainspring_writer_queue_length");
  page.add(static_cast<std::int64_t>(core.services().store.writer().waiting()));
  page.begin("mainspring_sse_clients");
  page.add(core.hub().open_streams());
  core.http_metrics().write(page);
  page.begin("mainspring_build_info");
  page.add(std::int64_t{1}, {core.settings().version});
  http::Response response{.status = 200, .headers = {}, .body = page.text()};
  response.headers.set("Content-Type", std::string{metrics::kPageType});
  call->answer(std::move(response));
}

}  // namespace mainspring::api
