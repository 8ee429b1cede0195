// Handlers of the noun worker, for people: the list, and what workers are told.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "api/worker_messages.h"

namespace mainspring::api {
namespace {

using store::WorkerOrder;

// By id, or by a name that only one of them has. Errors: not_found, conflict.
base::Result<model::Worker> find_worker(const Call& call, const std::string& name_or_id) {
  if (const auto id = base::WorkerId::parse(name_or_id)) {
    if (auto found = call.reads().workers().find(*id)) return std::move(*found);
  }
  std::vector<model::Worker> found;
  for (model::Worker& worker : call.reads().workers().all()) {
    if (worker.name == name_or_id) found.push_back(std::move(worker));
  }
  if (found.size() == 1) return std::move(found.front());
  if (found.empty()) {
    return base::fail(base::Code::not_found, fmt::format("There is no worker '{}'.", name_or_id));
  }
  return base::fail(base::Code::conflict,
                    fmt::format("{} workers are called '{}'; say which by its id, such as {}.",
                                found.size(), name_or_id, found.front().id.text()));
}

// The worker as it stands after the command.
void answer_worker_later(Call& call, base::WorkerId id) {
  const CallPtr self = call.shared_from_this();
  const auto answer = [self, id](store::Reads& reads) {
    const auto worker = reads.workers().find(id);
    if (!worker) return self->fail({base::Code::not_found, "The worker was removed.", {}});
    self->answer_with(*worker);
  };
  if (!call.core().post(answer)) {
    call.fail({base::Code::overloaded, "The order is given; the answer found no room.", {}});
  }
}

struct Order {
  WorkerOrder what = WorkerOrder::cordon;
  std::optional<base::Instant> drain_until = {};
};

void give_order(const CallPtr& call, const Order& order) {
  const auto worker = find_worker(*call, call->path(0));
  if (!worker) return call->fail(worker.error());
  call->apply(
      store::OrderWorker{worker->id, order.what, order.drain_until, call->who().name, call->now()},
      [id = worker->id](Call& self, const store::Done&) { answer_worker_later(self, id); });
}

}  // namespace

void list_workers(const CallPtr& call) {
  call->answer_with(WorkerList{call->reads().workers().all()});
}

void get_worker(const CallPtr& call) {
  const auto worker = find_worker(*call, call->path(0));
  if (!worker) return call->fail(worker.error());
  call->answer_with(*worker);
}

void cordon_worker(const CallPtr& call) { give_order(call, {WorkerOrder::cordon}); }

void uncordon_worker(const CallPtr& call) { give_order(call, {WorkerOrder::uncordon}); }

void drain_worker(const CallPtr& call) {
  const auto body = call->body<DrainBody>();
  if (!body) return call->fail(body.error());
  give_order(call, {WorkerOrder::drain, call->now() + body->deadline});
}

void remove_worker(const CallPtr& call) {
  const auto worker = find_worker(*call, call->path(0));
  if (!worker) return call->fail(worker.error());
  call->apply(store::RemoveWorker{worker->id, call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

}  // namespace mainspring::api
