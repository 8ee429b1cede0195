#include "worker/attempt.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "json/codec.h"
#include "model/interpolate.h"

namespace mainspring::worker {
namespace {

model::Outcome failure(model::OutcomeStatus status, std::string_view type, std::string message) {
  model::Outcome outcome;
  outcome.status = status;
  outcome.error = model::Failure{std::string(type), std::move(message), {}};
  return outcome;
}

std::string in_words(ShutDown why) {
  return why == ShutDown::drained ? "the worker was drained" : "the node shut down";
}

// The store's answer to one command, waited for until the lease is lost.
class Answer {
 public:
  void give(base::Result<store::Reply> result) {
    const std::scoped_lock lock(mutex_);
    result_ = std::move(result);
    arrived_.notify_all();
  }

  // Nothing when the lease was lost first.
  std::optional<base::Result<store::Reply>> wait(const Lease& lease) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, lease.lost(), [&] { return result_.has_value(); });
    return result_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::optional<base::Result<store::Reply>> result_;
};

void pause(const Lease& lease, base::Duration duration) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, lease.lost(), duration, [] { return false; });
}

// Graphics processors that nobody else on this worker uses.
class GpuLoan {
 public:
  GpuLoan(Desk& desk, int count) : desk_(desk), numbers_(desk.take_gpus(count)) {}
  ~GpuLoan() { desk_.give_back_gpus(numbers_); }
  GpuLoan(const GpuLoan&) = delete;
  GpuLoan& operator=(const GpuLoan&) = delete;

  const std::vector<int>& numbers() const { return numbers_; }

 private:
  Desk& desk_;
  const std::vector<int> numbers_;
};

class Attempt {
 public:
  Attempt(Desk& desk, const Assignment& assignment)
      : desk_(desk), claimed_(assignment.claimed), lease_(assignment.lease) {}

  void run() {
    const auto shipment = desk_.open_shipment(lease_);
    desk_.lose_overdue();  // the claim may have been answered after a standstill
    model::Outcome outcome = execute(*shipment);
    desk_.lose_overdue();
    std::vector<model::LogChunk> rest = shipment->take_rest();
    desk_.close_shipment(shipment);
    const auto shut_down = lease_->shut_down_for();
    if (shut_down && outcome.status == model::OutcomeStatus::cancelled)
      outcome = failure(model::OutcomeStatus::lost, "lost", in_words(*shut_down));
    auto unsent = report(std::move(outcome), std::move(rest));
    if (lease_->is_lost()) shipment->leave_rest(std::move(unsent));
  }

  // Whatever happened, the slot is free after this.
  void end() {
    vacate();
    desk_.leave(*lease_);
  }

  void warn(std::string_view message, std::string_view code = {}) const {
    const std::string run = claimed_.run.id.text();
    const std::int64_t attempt = claimed_.attempt;
    const base::Log& log = desk_.parts().log;
    if (code.empty()) {
      log.say(base::LogLevel::warn, message,
              {{"run_id", run}, {"attempt", attempt}, {"job", claimed_.run.job}});
    } else {
      log.say(base::LogLevel::warn, message,
              {{"run_id", run},
               {"attempt", attempt},
               {"job", claimed_.run.job},
               {"code", std::string{code}}});
    }
  }

 private:
  model::Outcome execute(execution::Report& report) {
    if (lease_->stop().source.stop_requested())
      return failure(model::OutcomeStatus::cancelled, "cancelled", "cancelled before it started");
    const auto runner = desk_.parts().runners.find(claimed_.spec.type);
    if (runner == desk_.parts().runners.end())
      return failure(model::OutcomeStatus::failed, "unsupported",
                     fmt::format("this worker has no runner for jobs of type '{}'",
                                 json::to_text(claimed_.spec.type)));
    try {
      const trace::Recorder* traces = desk_.parts().traces;
      auto order = make_order(claimed_, traces == nullptr ? trace::Policy{} : traces->policy());
      if (!order) return failure(model::OutcomeStatus::failed, "expression", order.error().message);
      const int wanted = claimed_.spec.resources.gpus;
      const int present = desk_.settings().resources.gpus;
      if (wanted > present)
        return failure(
            model::OutcomeStatus::failed, "resources",
            fmt::format("the run takes {} gpus, and this worker has {}", wanted, present));
      const GpuLoan gpus(desk_, wanted);
      order->gpus = gpus.numbers();
      return runner->second->run(*order, lease_->stop(), report);
    } catch (const std::exception& error) {
      return failure(model::OutcomeStatus::failed, "internal", error.what());
    } catch (...) {
      return failure(model::OutcomeStatus::failed, "internal",
                     "the runner threw no exception type");
    }
  }

  // What was left of the output, where the outcome did not carry it to the store.
  std::vector<model::LogChunk> report(model::Outcome outcome, std::vector<model::LogChunk> rest) {
    store::FinishAttempt command{lease_->ref(), std::move(outcome),
                                 env::random_below(desk_.parts().random, UINT64_MAX),
                                 desk_.parts().clock.now(), std::move(rest)};
    base::Duration pause_before_retry = kFirstRetry;
    bool was_refused = false;
    while (!lease_->is_lost()) {
      const auto result = submit(command);
      if (!result) break;
      if (*result) return {};
      const base::Error& error = result->error();
      if (error.code == base::Code::lease_lost) break;
      if (base::code_row(error.code).retryable) {
        pause(*lease_, pause_before_retry);
        pause_before_retry = std::min(2 * pause_before_retry, kLongestRetry);
        continue;
      }
      warn("the store refused the outcome: " + error.message, base::code_row(error.code).name);
      if (std::exchange(was_refused, true)) return {};
      command.outcome = failure(model::OutcomeStatus::failed, "internal",
                                "the outcome could not be stored: " + error.message);
    }
    lease_->lose();
    warn("the lease of an attempt was lost; its outcome is not reported",
         base::code_row(base::Code::lease_lost).name);
    return std::move(command.log);
  }

  std::optional<base::Result<store::Reply>> submit(const store::FinishAttempt& command) {
    const auto answer = std::make_shared<Answer>();
    desk_.parts().writer.submit(
        {command, std::nullopt},
        [answer](base::Result<store::Reply> result) { answer->give(std::move(result)); });
    vacate();
    return answer->wait(*lease_);
  }

  // A claim submitted from now on stands behind the outcome in the writer's queue.
  void vacate() {
    if (!std::exchange(has_vacated_, true)) desk_.vacate(claimed_.spec.resources.slots);
  }

  Desk& desk_;
  const store::ClaimedRun& claimed_;
  const std::shared_ptr<Lease> lease_;
  bool has_vacated_ = false;
};

}  // namespace

base::Result<execution::Order> make_order(const store::ClaimedRun& claimed,
                                          const trace::Policy& policy) {
  auto spec = model::resolve(
      claimed.spec, {claimed.run.id, claimed.attempt, claimed.run.scheduled_at, claimed.params});
  if (!spec) return base::fail(std::move(spec.error()));
  execution::Order order;
  order.run_id = claimed.run.id;
  order.tenant = claimed.run.tenant;
  order.attempt = claimed.attempt;
  order.epoch = claimed.epoch;
  order.job_version = claimed.run.job_version;
  order.scheduled_at = claimed.run.scheduled_at;
  order.trigger = claimed.run.trigger;
  order.params = claimed.params;
  order.trace =
      trace::context_for_program({claimed.run.id, claimed.attempt}, claimed.trace, policy);
  order.spec = std::make_shared<const model::JobSpec>(std::move(*spec));
  order.connections = claimed.connections;
  return order;
}

void work(Desk& desk, const Assignment& assignment) {
  Attempt attempt(desk, assignment);
  desk.await_earlier(assignment);
  try {
    attempt.run();
  } catch (const std::exception& error) {
    attempt.warn(fmt::format("the worker failed, the lease runs out: {}", error.what()));
  }
  attempt.end();
}

}  // namespace mainspring::worker
