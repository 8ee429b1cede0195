// Handlers of the noun run: submit, look, cancel.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "model/manifest.h"

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

template <class E>
base::Result<std::vector<E>> parse_list(std::string_view text) {
  std::vector<E> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    auto value = json::parse_enum<E>(text.substr(0, end));
    if (!value) return base::fail(std::move(value.error()));
    values.push_back(*value);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

base::Result<store::RunFilter> read_filter(const Call& call) {
  store::RunFilter filter;
  filter.tenant = call.tenant();
  if (const std::string job = call.query("job"); !job.empty()) {
    auto found = find_job(call, job);
    if (!found) return base::fail(std::move(found.error()));
    filter.job_id = found->id;
  }
  auto states = parse_list<model::RunState>(call.query("state"));
  if (!states) return base::fail(at_parameter("state", std::move(states.error())));
  filter.states = std::move(*states);
  if (const std::string text = call.query("trigger"); !text.empty()) {
    auto trigger = json::parse_enum<model::Trigger>(text);
    if (!trigger) return base::fail(at_parameter("trigger", std::move(trigger.error())));
    filter.trigger = *trigger;
  }
  filter.queue = call.query("queue");
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
  http::Response response{.status = 202, .headers = {}, .body = json::write(json::encode(run))};
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
  const auto filter = read_filter(*call);
  if (!filter) return call->fail(filter.error());
  auto listed = call->reads().runs().list(*filter, *page);
  if (!listed) return call->fail(listed.error());
  RunList reply{.items = std::move(listed->items), .next_cursor = std::nullopt};
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call->answer(json::encode(reply));
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
  call->answer(json::encode(*run));
}

void list_attempts(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  call->answer(json::encode(AttemptList{call->reads().runs().attempts(run->summary.id)}));
}

void cancel_run(const CallPtr& call) {
  const auto body = call->body<CancelBody>();
  if (!body) return call->fail(body.error());
  const auto id = base::RunId::parse(call->path(0));
  if (!id) return call->fail(id.error());
  store::CancelRun command{call->tenant(), *id,         call->who().name,
                           body->reason,   call->now(), body->mode};
  call->apply(std::move(command), [id = *id](Call& self, const store::RunCancelled& reply) {
    self.answer(json::encode(CancelView{id, reply.state}));
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
