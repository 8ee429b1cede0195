#include "upkeep/round.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "plan/backfill.h"

namespace mainspring::upkeep {
namespace {

using model::OperationKind;
using model::OperationState;

// What the store cannot do now ends the round, and the whole role waits; every other refusal is one
// operation's own trouble.
bool is_storage_failure(base::Code code) {
  return code == base::Code::unavailable || code == base::Code::storage_full;
}

bool is_running_backfill(const model::Operation& operation) {
  return operation.spec.kind == OperationKind::backfill &&
         operation.state == OperationState::running;
}

// Whether a backfill can only wait for its runs to end.
bool is_full(const store::OpenOperation& open) {
  if (!is_running_backfill(open.operation)) return false;
  const bool is_planned = open.cursor >= open.operation.spec.backfill->until;
  return is_planned ? open.unfinished > 0 : open.unfinished > kUnfinishedRuns - kFiresPerPiece;
}

// A slow disk makes small pieces no quicker: below the first size only a lack of room leads.
std::int64_t resized(std::int64_t size, base::Duration took) {
  if (took <= kQuick) return std::min(2 * size, kLargestPiece);
  return took >= kSlow ? std::max(size / 2, std::min(size, kFirstPiece)) : size;
}

// Rising with the fires, so that runs that are due together start in the order of their fires.
class RisingIds final : public plan::RunIds {
 public:
  RisingIds(base::Instant from, env::Random& random) : next_(from), random_(random) {}

  base::RunId next_run_id(base::Instant) override {
    base::IdEntropy entropy;
    random_.fill(entropy);
    return base::RunId::make(next_++, entropy);
  }

 private:
  base::Instant next_;
  env::Random& random_;
};

}  // namespace

Round::Round(const Parts& parts, const Settings& settings, std::unique_ptr<store::Reads> reads)
    : parts_(parts),
      settings_(settings),
      reads_(std::move(reads)),
      next_read_(parts.clock.monotonic()),
      next_trim_(next_read_),
      next_check_(next_read_) {}

void Round::hear(News news) {
  const Moment now = parts_.clock.monotonic();
  if (news.has_operations) next_read_ = now;
  if (!news.has_activity) return;
  const bool has_waiting = std::ranges::any_of(tasks_, &Task::waits_for_runs);
  if (has_waiting) next_read_ = std::min(next_read_, now + kActivityPause);
  if (checks_) next_check_ = std::min(next_check_, now + kCheckPause);
}

bool Round::wants_activity() const {
  const Moment now = parts_.clock.monotonic();
  const bool has_waiting = std::ranges::any_of(tasks_, &Task::waits_for_runs);
  return (has_waiting && next_read_ > now + kActivityPause) ||
         (checks_ && next_check_ > now + kCheckPause);
}

base::Result<void> Round::run() {
  const Moment now = parts_.clock.monotonic();
  if (next_read_ <= now) read_tasks();
  if (next_trim_ <= now) {
    if (auto trimmed = trim(); !trimmed) return trimmed;
  }
  if (next_check_ <= now || (expected_at_ && *expected_at_ <= parts_.clock.now())) {
    if (auto checked = check(); !checked) return checked;
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    std::ranges::rotate(tasks_, std::next(tasks_.begin()));
    Task& task = tasks_.back();
    if (task.waits_for_runs || task.not_before > now) continue;
    return advance(task);
  }
  return {};
}

base::Duration Round::time_left() const {
  const Moment now = parts_.clock.monotonic();
  Moment next = std::min({next_read_, next_trim_, next_check_});
  for (const Task& task : tasks_) {
    if (!task.waits_for_runs) next = std::min(next, task.not_before);
  }
  if (expected_at_) next = std::min(next, now + (*expected_at_ - parts_.clock.now()));
  return std::max(next - now, base::Duration{0});
}

void Round::read_tasks() {
  std::deque<Task> found;
  for (store::OpenOperation& open : reads_->operations().open()) {
    const auto known = std::ranges::find(tasks_, open.operation.id,
                                         [](const Task& task) { return task.open.operation.id; });
    Task task = known == tasks_.end() ? Task{} : std::move(*known);
    task.open = std::move(open);
    task.waits_for_runs = is_full(task.open);
    found.push_back(std::move(task));
  }
  tasks_ = std::move(found);
  next_read_ = parts_.clock.monotonic() + kSweep;
}

base::Result<void> Round::advance(Task& task) {
  const auto command = make_piece(task);
  if (!command) {
    postpone(task, command.error());
    return {};
  }
  const Moment began = parts_.clock.monotonic();
  const auto reply = store::apply(parts_.store.writer(), *command);
  if (reply) {
    task.piece = resized(task.piece, parts_.clock.monotonic() - began);
    learn(task, *command, *reply);
    return {};
  }
  const base::Code code = reply.error().code;
  if (is_storage_failure(code)) return base::fail(reply.error());
  if (code == base::Code::not_found) {
    tasks_.pop_back();
  } else if (code == base::Code::overloaded) {
    task.piece = std::max<std::int64_t>(task.piece / 2, 1);
    task.not_before = parts_.clock.monotonic() + kRoomPause;
  } else {
    postpone(task, reply.error());
  }
  return {};
}

// An operation that cannot go on as things stand must not keep the others from going on.
void Round::postpone(Task& task, const base::Error& error) {
  task.not_before = parts_.clock.monotonic() + kSweep;
  parts_.log.say(base::LogLevel::warn,
                 fmt::format("an operation cannot go on and is tried again in {}: {}",
                             base::format_duration(kSweep), error.message),
                 {{"operation_id", task.open.operation.id.text()},
                  {"code", std::string{base::code_row(error.code).name}}});
}

base::Result<store::AdvanceOperation> Round::make_piece(const Task& task) {
  const model::Operation& operation = task.open.operation;
  store::AdvanceOperation command;
  command.id = operation.id;
  command.limit = task.piece;
  command.now = parts_.clock.now();
  if (operation.spec.kind == OperationKind::rerun_runs) {
    RisingIds ids(command.now, parts_.random);
    for (std::int64_t i = 0; i < command.limit; ++i)
      command.ids.push_back(ids.next_run_id(command.now));
  }
  const bool has_plan =
      is_running_backfill(operation) && task.open.cursor < operation.spec.backfill->until;
  if (!has_plan) return command;
  if (auto planned = plan(task, command); !planned) return base::fail(std::move(planned.error()));
  return command;
}

base::Result<void> Round::plan(const Task& task, store::AdvanceOperation& command) {
  const model::BackfillSpec& backfill = *task.open.operation.spec.backfill;
  std::vector<model::Schedule> schedules = reads_->schedules().of_job(backfill.job_id);
  if (backfill.schedule_id) {
    std::erase_if(schedules, [&](const model::Schedule& schedule) {
      return schedule.id != *backfill.schedule_id;
    });
  }
  command.planned_from = task.open.cursor;
  command.planned_until = backfill.until;
  if (schedules.empty()) return {};  // nothing to make up for; the store knows whether it may be so
  RisingIds ids(command.now, parts_.random);
  auto slice =
      plan::plan_backfill({.schedules = schedules,
                           .from = *task.open.cursor,
                           .until = backfill.until,
                           .limit = static_cast<std::size_t>(std::min(task.piece, kFiresPerPiece))},
                          ids);
  if (!slice) return base::fail(std::move(slice.error()));
  command.fires = std::move(slice->fires);
  command.planned_until = slice->planned_until;
  return {};
}

void Round::learn(Task& task, const store::AdvanceOperation& command,
                  const store::OperationAdvanced& reply) {
  model::Operation& operation = task.open.operation;
  if (reply.state != OperationState::running) {
    // A cancelled backfill may have more runs to cancel; every other one has ended.
    if (operation.spec.kind == OperationKind::backfill) {
      next_read_ = parts_.clock.monotonic();
    } else {
      tasks_.pop_back();
    }
    return;
  }
  if (operation.spec.kind != OperationKind::backfill) return;
  task.open.cursor = command.planned_until ? command.planned_until : task.open.cursor;
  task.open.unfinished += std::ssize(command.fires);
  task.waits_for_runs = is_full(task.open);
  // What looks as if all had ended, and has not, is another upkeep's work: read again.
  const bool is_at_end = task.open.cursor >= operation.spec.backfill->until;
  if (is_at_end && !task.waits_for_runs) next_read_ = parts_.clock.monotonic() + kActivityPause;
  if (is_at_end) task.waits_for_runs = true;
}

base::Result<void> Round::trim() {
  const Moment began = parts_.clock.monotonic();
  const auto reply = store::apply(
      parts_.store.writer(), store::TrimHistory{settings_.retention, trim_rows_, parts_.clock.now(),
                                                settings_.events_age});
  const Moment now = parts_.clock.monotonic();
  next_trim_ = now + kTrimEvery;
  if (!reply) {
    return is_storage_failure(reply.error().code) ? base::fail(reply.error())
                                                  : base::Result<void>{};
  }
  trim_rows_ = resized(trim_rows_, now - began);
  // As long again as it took, so that retention never has more than half of the writer.
  if (reply->has_more) next_trim_ = now + std::max(now - began, kQuick);
  return {};
}

base::Result<void> Round::check() {
  const auto reply =
      store::apply(parts_.store.writer(), store::CheckExpectations{parts_.clock.now()});
  const Moment now = parts_.clock.monotonic();
  expected_at_.reset();
  if (reply) {
    checks_ = true;
    next_check_ = now + kTrimEvery;
    if (!reply->next_due) return {};
    // Never twice within a moment, whatever the store says is due.
    expected_at_ = std::max(*reply->next_due, parts_.clock.now() + kCheckPause);
    return {};
  }
  checks_ = reply.error().code != base::Code::unsupported;
  next_check_ = now + (checks_ ? kCheckPause : kUnsupportedPause);
  return is_storage_failure(reply.error().code) ? base::fail(reply.error()) : base::Result<void>{};
}

}  // namespace mainspring::upkeep
