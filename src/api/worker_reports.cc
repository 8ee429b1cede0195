// The handler of what attempts of remote workers say: output, progress, outcomes.
#include <mutex>

#include <fmt/core.h>

#include "api/handlers.h"
#include "api/worker_link.h"
#include "protocol/messages.h"
#include "protocol/version.h"

namespace mainspring::api {
namespace {

using protocol::Report;
using protocol::ReportAnswer;

// Clocks that differ by less are left as they are: that is what the way takes.
constexpr base::Duration kClockTolerance{1'000};

void shift(protocol::ReportBody& body, base::Duration by) {
  for (Report& report : body.reports) {
    for (model::LogChunk& chunk : report.output)
      chunk.at += by;
    if (report.progress) report.progress->at += by;
  }
}

// The reports of one request on their way to the store. Those of one lease go one after another, so
// that no output overtakes what failed; those of different leases go together.
class Batch : public std::enable_shared_from_this<Batch> {
 public:
  Batch(CallPtr call, protocol::ReportBody body, int version)
      : call_(std::move(call)),
        body_(std::move(body)),
        version_(version),
        answers_(body_.reports.size()),
        left_(body_.reports.size()) {}

  void start() {
    if (body_.reports.empty()) return answer();
    std::map<store::LeaseRef, std::size_t> last;
    next_.assign(body_.reports.size(), kNone);
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < body_.reports.size(); ++i) {
      const auto [place, is_new] = last.try_emplace(body_.reports[i].lease, i);
      if (is_new) {
        first.push_back(i);
      } else {
        next_[std::exchange(place->second, i)] = i;
      }
    }
    for (const std::size_t index : first)
      submit(index);
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  store::Command make_command(const Report& report) const {
    const base::WorkerId worker = call_->who().worker->worker_id;
    if (report.outcome) {
      store::FinishAttempt command{.lease = report.lease, .outcome = *report.outcome};
      command.entropy = env::random_below(call_->core().services().random, UINT64_MAX);
      command.now = call_->now();
      command.log = report.output;
      command.worker_id = worker;
      return command;
    }
    if (report.progress) return store::ReportProgress{report.lease, *report.progress, worker};
    return make_late_output(report);
  }

  // Output belongs into its attempt's log, whether the lease has moved on meanwhile or not.
  store::AppendLog make_late_output(const Report& report) const {
    store::AppendLog command{.lease = report.lease, .chunks = report.output};
    command.worker_id = call_->who().worker->worker_id;
    command.is_late = true;
    return command;
  }

  void submit(std::size_t index) {
    const Report& report = body_.reports[index];
    if (auto checked = protocol::check_report(report, version_); !checked) {
      return settle(index, base::fail(std::move(checked.error())));
    }
    send(make_command(report), [self = shared_from_this(), index](auto result) {
      self->settle(index, std::move(result));
    });
  }

  void send(store::Command command, store::Completion completion) {
    call_->core().services().store.writer().submit({std::move(command), std::nullopt},
                                                   std::move(completion));
  }

  void settle(std::size_t index, base::Result<store::Reply> result) {
    const Report& report = body_.reports[index];
    const bool is_refused = !result && result.error().code == base::Code::lease_lost;
    if (is_refused && report.outcome && !report.output.empty()) {
      const base::Error refusal = result.error();
      return send(make_late_output(report),
                  [self = shared_from_this(), index, refusal](const auto& kept) {
                    const bool is_retryable = !kept && base::code_row(kept.error().code).retryable;
                    self->close(index, base::fail(is_retryable ? kept.error() : refusal));
                  });
    }
    close(index, std::move(result));
  }

  // The answer stands; the next report of the same lease follows, unless this one is to be
  // repeated.
  void close(std::size_t index, base::Result<store::Reply> result) {
    const bool is_retryable = !result && base::code_row(result.error().code).retryable;
    note(index, result);
    for (std::size_t next = next_[index]; next != kNone; next = next_[next]) {
      if (!is_retryable) {
        submit(next);
        break;
      }
      note(next, base::fail(base::Code::unavailable, "what came before it is to be repeated"));
    }
    const std::scoped_lock lock(mutex_);
    if (left_ == 0 && !std::exchange(is_answered_, true)) answer();
  }

  void note(std::size_t index, const base::Result<store::Reply>& result) {
    const std::scoped_lock lock(mutex_);
    ReportAnswer& answer = answers_[index];
    if (!result) {
      answer.code = base::code_row(result.error().code).name;
      answer.message = result.error().message;
    } else if (const auto* finished = std::get_if<store::AttemptFinished>(&*result)) {
      answer.state = finished->state;
      answer.retry_at = finished->retry_at;
    }
    --left_;
  }

  void answer() {
    call_->answer_with(protocol::ReportReply{std::move(answers_)}, json::Audience::self);
  }

  const CallPtr call_;
  const protocol::ReportBody body_;
  const int version_;
  std::vector<std::size_t> next_;  // of the same lease
  std::mutex mutex_;
  std::vector<ReportAnswer> answers_;
  std::size_t left_;
  bool is_answered_ = false;
};

}  // namespace

void take_reports(const CallPtr& call) {
  const auto version = read_version(*call);
  if (!version) return call->fail(version.error());
  auto body = call->body<protocol::ReportBody>(json::Audience::self);
  if (!body) return call->fail(body.error());
  const base::Duration skew = call->now() - body->sent_at;
  if (skew > kClockTolerance || skew < -kClockTolerance) shift(*body, skew);
  std::make_shared<Batch>(call, std::move(*body), *version)->start();
}

}  // namespace mainspring::api
