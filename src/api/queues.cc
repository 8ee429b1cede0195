// Handlers of the noun queue: limits, pauses, and how each stands.
#include "api/queues.h"

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"

namespace mainspring::api {
namespace {

using json::field;

// As get_queue answers it, once the change is durable. Runs on a thread of the writer's.
void answer_queue_later(Call& call) {
  call.continue_as(get_route("get_queue"), {call.path(0)});
  call.core().dispatch(call.shared_from_this());
}

base::Result<std::optional<base::Instant>> end_of(const Call& call, const PauseBody& body) {
  if (body.until && body.for_) {
    return base::fail(base::Code::invalid_argument,
                      "The body says both `until` and `for`; give one of them.");
  }
  if (body.meanwhile != model::Meanwhile::drop) {
    return base::fail(base::Code::invalid_argument,
                      "meanwhile: the runs of a paused queue wait; only a job's pause has it.");
  }
  return body.for_ ? std::optional{call.now() + *body.for_} : body.until;
}

void change_pause(const CallPtr& call, std::optional<model::Pause> pause) {
  call->apply(store::PauseQueue{call->tenant(), call->path(0), std::move(pause), call->who().name,
                                call->now()},
              [](Call& self, const store::Done&) { answer_queue_later(self); });
}

}  // namespace

const json::StructTable& QueueBody::described() {
  static const auto table = json::describe<QueueBody>(
      "QueueBody", "The limits of a queue; what is left out has none.",
      field<&QueueBody::description>("description", "What the queue is for.").max_length(4'096),
      field<&QueueBody::limit>("limit", "Attempts under way at the same time.").min(1),
      field<&QueueBody::rate>("rate", "How often runs may start.")
          .example(R"({"count": 10, "per": "1m"})"),
      field<&QueueBody::depth>("depth", "Runs that may wait; more are refused.").min(1),
      field<&QueueBody::weight>(
          "weight", "Its share of the starts, beside the queues of its tenant; theirs is 1.")
          .min(1)
          .max(1000));
  return table;
}

const json::StructTable& QueueList::described() {
  static const auto table = json::describe<QueueList>(
      "QueueList", "Every queue that has limits or a pause, or holds a run, by name.",
      field<&QueueList::items>("items", "The queues."));
  return table;
}

void list_queues(const CallPtr& call) {
  call->answer_with(QueueList{call->reads().queues().all(call->tenant())});
}

// A name that nothing uses yet is a queue without limits: it exists as soon as a job names it.
void get_queue(const CallPtr& call) {
  auto queue = call->reads().queues().find(call->tenant(), call->path(0));
  if (!queue) {
    return call->fail(
        {base::Code::not_found,
         fmt::format("There is no queue '{}': it has no limits and no runs.", call->path(0)),
         {}});
  }
  call->answer_with(*queue);
}

void put_queue(const CallPtr& call) {
  auto body = call->body<QueueBody>();
  if (!body) return call->fail(body.error());
  store::PutQueue command{call->tenant(), {}, call->who().name, call->now()};
  command.spec.name = call->path(0);
  command.spec.description = std::move(body->description);
  command.spec.limit = body->limit;
  command.spec.rate = body->rate;
  command.spec.depth = body->depth;
  command.spec.weight = body->weight;
  call->apply(std::move(command), [](Call& self, const store::Done&) { answer_queue_later(self); });
}

void delete_queue(const CallPtr& call) {
  call->apply(store::DeleteQueue{call->tenant(), call->path(0), call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

void pause_queue(const CallPtr& call) {
  const auto body = call->body<PauseBody>();
  if (!body) return call->fail(body.error());
  const auto until = end_of(*call, *body);
  if (!until) return call->fail(until.error());
  change_pause(call, model::Pause{call->who().name, body->note, call->now(), *until});
}

void resume_queue(const CallPtr& call) {
  const auto body = call->body<ResumeBody>();
  if (!body) return call->fail(body.error());
  change_pause(call, std::nullopt);
}

}  // namespace mainspring::api
