// Handlers of the noun run: submit, look, cancel.
#include <array>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "model/manifest.h"
#include "model/run_query.h"

namespace mainspring::api {
namespace {

base::Result<base::Instant> due_time(const SubmitBody& body, base::Instant now) {
  if (body.at && body.delay) {
    return base::fail(base::Code::invalid_argument, "Give `at` or `delay`, not both.");
  }
  if (body.at) return std::max(*body.at, now);
  return body.delay ? now + *body.delay : now;
}

base::Result<store::SubmitRuns> make_submit(Call& call, const model::Job& job,
                                            const SubmitBody& body) {
  auto params = model::bind_params(job.spec, body.params);
  if (!params) return base::fail(std::move(params.error()));
  const auto due_at = due_time(body, call.now());
  if (!due_at) return base::fail(due_at.error());
  const model::Trigger trigger = body.trigger.value_or(model::Trigger::api);
  if (trigger != model::Trigger::manual && trigger != model::Trigger::api) {
    return base::fail(base::Code::invalid_argument,
                      "trigger: a submitted run is `manual` or `api`.");
  }
  const Services& services = call.core().services();
  store::SubmitRuns command{call.tenant(), {}, call.who().name, call.now()};
  command.runs.push_back({.id = env::make_id<base::RunId>(services.clock, services.random),
                          .job_id = job.id,
                          .trigger = trigger,
                          .params = std::move(*params),
                          .due_at = *due_at,
                          .priority = body.priority,
                          .parent_run = std::nullopt});
  store::NewRun& run = command.runs.back();
  run.trace = call.begin_trace(run.id);
  return command;
}

// A name that is no pattern and that a job has now becomes its id: that the index can answer.
base::Result<void> choose_jobs(const Call& call, std::vector<std::string> jobs,
                               store::RunFilter& filter) {
  if (jobs.size() != 1 || jobs.front().contains('*')) {
    filter.jobs = std::move(jobs);
    return {};
  }
  auto found = find_job(call, jobs.front());
  if (!found) return base::fail(std::move(found.error()));
  filter.job_id = found->id;
  return {};
}

// What `q` says, with the parameters that are a part of it too.
constexpr std::array<std::string_view, 8> kInQuery{"job",   "state", "trigger",   "queue",
                                                   "label", "from",  "operation", "until"};

base::Result<store::RunFilter> read_query(const Call& call) {
  for (const std::string_view parameter : kInQuery) {
    if (call.query(parameter).empty()) continue;
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{}: with q, say it there.", parameter));
  }
  auto query = model::parse_run_query(call.query("q"), call.now());
  if (!query) return base::fail(at_parameter("q", std::move(query.error())));
  store::RunFilter filter{.tenant = call.tenant()};
  if (!query->jobs.empty()) {
    auto chosen = choose_jobs(call, std::move(query->jobs), filter);
    if (!chosen) return base::fail(at_parameter("q", std::move(chosen.error())));
  }
  filter.states = std::move(query->states);
  filter.triggers = std::move(query->triggers);
  filter.queues = std::move(query->queues);
  filter.selector = std::move(query->labels);
  filter.created_from = query->since;
  filter.created_until = query->until;
  filter.operation_id = query->operation;
  filter.ids = std::move(query->ids);
  return filter;
}

base::Result<store::RunFilter> read_parameters(const Call& call) {
  store::RunFilter filter{.tenant = call.tenant()};
  if (const std::string job = call.query("job"); !job.empty()) {
    auto found = find_job(call, job);
    if (!found) return base::fail(std::move(found.error()));
    filter.job_id = found->id;
  }
  auto states = read_choices<model::RunState>(call, "state");
  if (!states) return base::fail(std::move(states.error()));
  filter.states = std::move(*states);
  auto triggers = read_choices<model::Trigger>(call, "trigger");
  if (!triggers) return base::fail(std::move(triggers.error()));
  filter.triggers = std::move(*triggers);
  if (std::string queue = call.query("queue"); !queue.empty()) filter.queues = {std::move(queue)};
  if (const std::string text = call.query("operation"); !text.empty()) {
    const auto operation = base::OperationId::parse(text);
    if (!operation) return base::fail(operation.error());
    filter.operation_id = *operation;
  }
  auto from = call.query_instant("from");
  if (!from) return base::fail(std::move(from.error()));
  auto until = call.query_instant("until");
  if (!until) return base::fail(std::move(until.error()));
  auto selector = model::parse_selector(call.query("label"));
  if (!selector) return base::fail(std::move(selector.error()));
  filter.selector = std::move(*selector);
  filter.created_from = *from;
  filter.created_until = *until;
  return filter;
}

}  // namespace

base::Result<model::Run> find_run(const Call& call, std::string_view id) {
  const auto parsed = base::RunId::parse(id);
  if (!parsed) return base::fail(parsed.error());
  if (auto run = call.reads().runs().find(call.tenant(), *parsed)) return std::move(*run);
  return base::fail(base::Code::not_found, fmt::format("There is no run '{}'.", id));
}

void answer_submitted(Call& call, const model::RunSummary& run) {
  if (call.wait_until()) {
    call.set_status(200);  // the run itself, not a promise of it
    call.continue_as(get_route("get_run"), {run.id.text()});
    return call.core().dispatch(call.shared_from_this());
  }
  http::Response response{.status = 202, .headers = {}, .body = json::encode_text(run)};
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Location", "/api/v1/runs/" + run.id.text());
  call.answer(std::move(response));
}

void submit_run(const CallPtr& call) {
  const auto body = call->body<SubmitBody>();
  if (!body) return call->fail(body.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  auto command = make_submit(*call, *job, *body);
  if (!command) return call->fail(command.error());
  call->apply(std::move(*command), [](Call& self, const store::RunsSubmitted& reply) {
    answer_submitted(self, reply.runs.front());
  });
}

void list_runs(const CallPtr& call) {
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  const auto filter = call->query("q").empty() ? read_parameters(*call) : read_query(*call);
  if (!filter) return call->fail(filter.error());
  auto listed = call->reads().runs().list(*filter, *page);
  if (!listed) return call->fail(listed.error());
  RunList reply{.items = std::move(listed->items), .next_cursor = std::nullopt};
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call->answer_with(reply);
}

void get_run(const CallPtr& call) {
  const std::int64_t since = call->core().hub().version();
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  if (call->may_wait() && !model::is_final(run->summary.state)) {
    return call->core().hub().wait({.run_id = run->summary.id.text(),
                                    .since = since,
                                    .deadline = *call->wait_until(),
                                    .resume = [call] { call->core().dispatch(call); }});
  }
  call->answer_with(*run);
}

void list_attempts(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  call->answer_with(AttemptList{call->reads().runs().attempts(run->summary.id)});
}

void cancel_run(const CallPtr& call) {
  const auto body = call->body<CancelBody>();
  if (!body) return call->fail(body.error());
  const auto id = base::RunId::parse(call->path(0));
  if (!id) return call->fail(id.error());
  store::CancelRun command{call->tenant(), *id,         call->who().name,
                           body->reason,   call->now(), body->mode};
  call->apply(std::move(command), [id = *id](Call& self, const store::RunCancelled& reply) {
    self.answer_with(CancelView{id, reply.state});
  });
}

void extend_run(const CallPtr& call) {
  const auto body = call->body<ExtendBody>();
  if (!body) return call->fail(body.error());
  const auto id = base::RunId::parse(call->path(0));
  if (!id) return call->fail(id.error());
  if (!body->run && !body->queue) {
    return call->fail(
        {base::Code::invalid_argument, "Say how much time: `run`, `queue` or both.", {}});
  }
  call->apply(
      store::ExtendRun{call->tenant(), *id, body->run, body->queue, call->who().name, call->now()},
      [id = *id](Call& self, const store::Done&) {
        self.continue_as(get_route("get_run"), {id.text()});
        self.core().dispatch(self.shared_from_this());
      });
}

}  // namespace mainspring::api
