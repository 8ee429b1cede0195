#include "worker/desk.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <utility>

namespace mainspring::worker {
namespace {

constexpr Monotonic kNever{base::Duration::max() / 2};

Monotonic after(Monotonic start, base::Duration by) { return {start.value + by}; }

}  // namespace

// The watchdog comes after the worker's own kill, and before the lease ends.
Desk::Desk(Parts parts, Settings settings)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      book_([this](std::optional<Monotonic> earliest) {
        if (!parts_.hold_until) return;
        parts_.hold_until(earliest ? std::optional{earliest->value + margin() / 2} : std::nullopt);
      }) {
  for (int gpu = 0; gpu < settings_.resources.gpus; ++gpu)
    free_gpus_.insert(gpu);
}

base::Duration Desk::margin() const { return std::min(kKillMargin, settings_.lease / 4); }

Monotonic Desk::lost_at(Monotonic sent) const { return after(sent, settings_.lease - margin()); }

void Desk::wake() {
  const std::scoped_lock lock(mutex_);
  is_woken_ = true;
  timer_wake_.notify_one();
}

// ---- notices -----------------------------------------------------------------------------------

void Desk::listen() {
  parts_.writer.add_listener([desk = weak_from_this()](const std::vector<store::Notice>& notices) {
    if (const auto alive = desk.lock()) alive->on_notices(notices);
  });
}

void Desk::on_notices(const std::vector<store::Notice>& notices) {
  const std::scoped_lock lock(mutex_);
  for (const store::Notice& notice : notices)
    on_notice(notice);
  if (is_woken_) timer_wake_.notify_one();
}

void Desk::on_notice(const store::Notice& notice) {
  if (std::holds_alternative<store::RunsReady>(notice) ||
      std::holds_alternative<store::NoticesLost>(notice)) {
    is_claim_wanted_ = true;
    is_woken_ = is_woken_ || occupied_ < settings_.slots;
  } else if (const auto* due = std::get_if<store::DueChanged>(&notice)) {
    // Only ever earlier: the reply to a claim says when it is later.
    if (due->next_due && (!next_due_ || *due->next_due < *next_due_)) next_due_ = due->next_due;
    is_woken_ = true;
  } else if (const auto* cancel = std::get_if<store::CancelAsked>(&notice)) {
    defer(*cancel, cancel->worker_id);
  } else if (const auto* extension = std::get_if<store::ExtensionGiven>(&notice)) {
    defer(*extension, extension->worker_id);
  } else if (const auto* order = std::get_if<store::WorkerOrdered>(&notice)) {
    if (order->worker_id != settings_.id) return;
    next_heartbeat_ = Monotonic{};  // its answer says what
    is_woken_ = true;
  }
}

void Desk::defer(const LeaseNotice& notice, base::WorkerId worker_id) {
  if (worker_id != settings_.id) return;
  if (pending_.size() < kPendingNotices)
    pending_.push_back(notice);
  else
    next_heartbeat_ = Monotonic{};
  is_woken_ = true;
}

// ---- slots -------------------------------------------------------------------------------------

std::optional<Assignment> Desk::next_assignment() {
  std::unique_lock lock(mutex_);
  slot_wake_.wait(lock, [&] { return is_closed_ || !assigned_.empty(); });
  if (assigned_.empty()) return std::nullopt;
  Assignment assignment = std::move(assigned_.front());
  assigned_.pop_front();
  return assignment;
}

void Desk::await_earlier(const Assignment& assignment) {
  if (!assignment.earlier) return;
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return !here_.contains(assignment.earlier.get()); });
}

std::vector<int> Desk::take_gpus(int count) {
  std::vector<int> out;
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return std::ssize(free_gpus_) >= count; });
  for (; count > 0; --count)
    out.push_back(free_gpus_.extract(free_gpus_.begin()).value());
  return out;
}

void Desk::give_back_gpus(const std::vector<int>& gpus) {
  const std::scoped_lock lock(mutex_);
  free_gpus_.insert(gpus.begin(), gpus.end());
  idle_.notify_all();
}

std::shared_ptr<Shipment> Desk::open_shipment(const std::shared_ptr<Lease>& lease) {
  auto shipment = std::make_shared<Shipment>(Shipment::Parts{parts_.writer, parts_.clock,
                                                             [desk = weak_from_this()] {
                                                               if (const auto alive = desk.lock())
                                                                 alive->wake();
                                                             }},
                                             lease, settings_.shipment);
  const std::scoped_lock lock(mutex_);
  shipments_.push_back(shipment);
  return shipment;
}

void Desk::close_shipment(const std::shared_ptr<Shipment>& shipment) {
  const std::scoped_lock lock(mutex_);
  std::erase(shipments_, shipment);
}

// The claim stands behind the outcome before the writer has woken up for that: one commit for both.
void Desk::vacate(int slots) {
  {
    const std::scoped_lock lock(mutex_);
    occupied_ -= slots;
    is_claim_wanted_ = true;
  }
  if (step_claim() < kNever) wake();
}

void Desk::leave(const Lease& lease) {
  book_.remove(lease);
  const std::scoped_lock lock(mutex_);
  --present_;
  here_.erase(&lease);
  const auto latest = latest_.find(lease.ref().run_id);
  if (latest != latest_.end() && latest->second.get() == &lease) latest_.erase(latest);
  idle_.notify_all();
}

// ---- owner -------------------------------------------------------------------------------------

void Desk::drain() {
  {
    const std::scoped_lock lock(mutex_);
    is_draining_ = true;
  }
  parts_.writer.submit(
      {store::SetWorkerState{settings_.id, model::WorkerState::draining, parts_.clock.now()},
       std::nullopt},
      [](const base::Result<store::Reply>&) {});  // a screen's business only
}

bool Desk::wait_until_idle(std::optional<base::Duration> limit) {
  std::unique_lock lock(mutex_);
  const auto is_idle = [&] { return present_ == 0 && !claim_.is_in_flight; };
  if (limit) return idle_.wait_for(lock, *limit, is_idle);
  idle_.wait(lock, [&] { return present_ == 0; });
  return true;
}

void Desk::shut_down_attempts() {
  {
    const std::scoped_lock lock(mutex_);
    is_shutting_down_ = true;
  }
  book_.shut_down_all(ShutDown::node_stops);
}

void Desk::close() {
  const std::scoped_lock lock(mutex_);
  is_closed_ = true;
  slot_wake_.notify_all();
  timer_wake_.notify_all();
}

void Desk::say_farewell() {
  const auto told = std::make_shared<std::promise<void>>();
  parts_.writer.submit(
      {store::SetWorkerState{settings_.id, model::WorkerState::offline, parts_.clock.now()},
       std::nullopt},
      [told](const base::Result<store::Reply>&) { told->set_value(); });
  told->get_future().wait_for(kFarewell);
}

int Desk::busy() const {
  const std::scoped_lock lock(mutex_);
  return present_;
}

// ---- timer -------------------------------------------------------------------------------------

void Desk::run_timer() {
  std::unique_lock lock(mutex_);
  while (!is_closed_) {
    is_woken_ = false;
    lock.unlock();
    const Monotonic next = step();
    const base::Duration pause =
        std::clamp(next.value - now().value, base::Duration{0}, kLongestSleep);
    lock.lock();
    timer_wake_.wait_for(lock, pause, [&] { return is_woken_ || is_closed_; });
  }
}

Monotonic Desk::step() {
  Monotonic next = step_leases();
  next = std::min(next, step_drain());
  next = std::min(next, step_register());
  next = std::min(next, step_renew());
  next = std::min(next, step_claim());
  return std::min(next, step_shipments());
}

void Desk::lose_overdue() {
  if (const auto lost = book_.lose_expired(now()); lost > 0)
    parts_.log.say(base::LogLevel::warn, "leases were not renewed in time; their work was killed",
                   {{"leases", static_cast<std::int64_t>(lost)}});
}

Monotonic Desk::step_leases() {
  std::vector<LeaseNotice> pending;
  {
    const std::scoped_lock lock(mutex_);
    pending.swap(pending_);
  }
  for (const LeaseNotice& notice : pending) {
    if (const auto* cancel = std::get_if<store::CancelAsked>(&notice))
      book_.cancel(cancel->run_id, cancel->mode);
    if (const auto* extension = std::get_if<store::ExtensionGiven>(&notice))
      book_.extend(extension->run_id, extension->extended_until);
  }
  lose_overdue();
  return book_.earliest_loss().value_or(kNever);
}

// What runs when the time is over that people gave it to drain. Nothing new is given to the worker.
Monotonic Desk::step_drain() {
  base::Duration left{0};
  {
    const std::scoped_lock lock(mutex_);
    if (!drain_until_ || present_ == 0) return kNever;
    left = *drain_until_ - parts_.clock.now();
  }
  if (left > base::Duration{0}) return after(now(), left);
  book_.shut_down_all(ShutDown::drained);
  return kNever;
}

bool Desk::settle(Call& call, const base::Result<store::Reply>& result) const {
  call.is_in_flight = false;
  const bool is_first = call.pause == kFirstRetry;
  if (result) {
    call.pause = kFirstRetry;
    return false;
  }
  call.not_before = after(now(), call.pause);
  call.pause = std::min(2 * call.pause, kLongestRetry);
  return is_first;
}

void Desk::log_failure(std::string_view what, const base::Error& error) const {
  parts_.log.say(
      base::LogLevel::warn, fmt::format("{} failed and will be repeated: {}", what, error.message),
      {{"worker", settings_.name}, {"code", std::string{base::code_row(error.code).name}}});
}

// ---- registration
// --------------------------------------------------------------------------------

Monotonic Desk::step_register() {
  {
    const std::scoped_lock lock(mutex_);
    if (is_registered_ || is_draining_ || register_.is_in_flight) return kNever;
    if (register_.not_before > now()) return register_.not_before;
    register_.is_in_flight = true;
  }
  store::RegisterWorker command;
  command.now = parts_.clock.now();
  command.entropy = env::random_below(parts_.random, UINT64_MAX);
  command.worker = {.id = settings_.id,
                    .name = settings_.name,
                    .state = model::WorkerState::online,
                    .slots = settings_.slots,
                    .busy = 0,
                    .labels = settings_.labels,
                    .version = settings_.version,
                    .started_at = command.now,
                    .heartbeat_at = command.now,
                    .resources = settings_.resources};
  parts_.writer.submit({std::move(command), std::nullopt},
                       [self = shared_from_this()](const base::Result<store::Reply>& result) {
                         self->registered(result);
                       });
  return kNever;
}

void Desk::registered(const base::Result<store::Reply>& result) {
  bool is_new_failure = false;
  {
    const std::scoped_lock lock(mutex_);
    is_new_failure = settle(register_, result);
    is_registered_ = result.has_value();
    is_claim_wanted_ = true;
  }
  if (is_new_failure) log_failure("registration", result.error());
  wake();
}

// The store knows this worker no more, and none of its leases either.
void Desk::forget_registration(const base::Error& error) {
  parts_.log.say(
      base::LogLevel::warn, fmt::format("registering again: {}", error.message),
      {{"worker", settings_.name}, {"code", std::string{base::code_row(error.code).name}}});
  {
    const std::scoped_lock lock(mutex_);
    is_registered_ = false;
  }
  book_.lose_all();
}

// ---- heartbeat
// -----------------------------------------------------------------------------------

Monotonic Desk::step_renew() {
  const Monotonic sent = now();
  store::RenewLeases command{settings_.id, book_.refs(), settings_.lease, parts_.clock.now()};
  {
    const std::scoped_lock lock(mutex_);
    if (!is_registered_ || renew_.is_in_flight) return kNever;
    const Monotonic due = std::max(next_heartbeat_, renew_.not_before);
    if (due > sent) return due;
    renew_.is_in_flight = true;
    const int beats = command.leases.empty() ? kIdleHeartbeats : 1;
    next_heartbeat_ = after(sent, beats * settings_.heartbeat);
  }
  auto told = [self = shared_from_this(), sent,
               leases = command.leases](const base::Result<store::Reply>& result) {
    self->renewed(result, leases, sent);
  };
  parts_.writer.submit({std::move(command), std::nullopt}, std::move(told));
  return kNever;
}

void Desk::renewed(const base::Result<store::Reply>& result,
                   const std::vector<store::LeaseRef>& leases, Monotonic sent) {
  bool is_new_failure = false;
  {
    const std::scoped_lock lock(mutex_);
    is_new_failure = settle(renew_, result);
    if (!result) next_heartbeat_ = renew_.not_before;
    if (result) drain_until_ = std::get<store::LeasesRenewed>(*result).drain_until;
  }
  if (is_new_failure) log_failure("a heartbeat", result.error());
  if (result)
    book_.renew(std::get<store::LeasesRenewed>(*result), leases, lost_at(sent));
  else if (result.error().code == base::Code::not_found)
    forget_registration(result.error());
  wake();
}

// ---- claims
// --------------------------------------------------------------------------------------

bool Desk::is_claim_due() const {
  return is_claim_wanted_ || next_sweep_ <= now() ||
         (next_due_ && *next_due_ <= parts_.clock.now());
}

Monotonic Desk::step_claim() {
  const Monotonic sent = now();
  store::ClaimRuns command{settings_.id, 0, settings_.lease, parts_.clock.now()};
  {
    const std::scoped_lock lock(mutex_);
    command.limit = settings_.slots - occupied_;
    if (!is_registered_ || is_draining_ || claim_.is_in_flight || command.limit <= 0) return kNever;
    if (!is_claim_due()) {
      const auto until_due = next_due_ ? *next_due_ - command.now : kSweep;
      return std::min(next_sweep_, after(sent, until_due));
    }
    if (claim_.not_before > sent) return claim_.not_before;
    claim_.is_in_flight = true;
    is_claim_wanted_ = false;
    next_due_.reset();
    next_sweep_ = after(sent, kSweep);
  }
  parts_.writer.submit({command, std::nullopt},
                       [self = shared_from_this(), sent](base::Result<store::Reply> result) {
                         self->claimed(std::move(result), sent);
                       });
  return kNever;
}

void Desk::claimed(base::Result<store::Reply> result, Monotonic sent) {
  if (result) accept(std::get<store::RunsClaimed>(std::move(*result)), sent);
  bool is_new_failure = false;
  {
    const std::scoped_lock lock(mutex_);
    is_new_failure = settle(claim_, result);
    if (!result) is_claim_wanted_ = true;
    idle_.notify_all();
  }
  if (is_new_failure) log_failure("a claim", result.error());
  if (!result && result.error().code == base::Code::not_found) forget_registration(result.error());
  wake();
}

// Before the reply counts as dealt with: a cancel that follows it must find the lease.
void Desk::accept(store::RunsClaimed runs, Monotonic sent) {
  std::vector<Assignment> assignments;
  int slots = 0;
  for (store::ClaimedRun& run : runs.runs) {
    slots += run.spec.resources.slots;
    auto lease = book_.add({run.run.id, run.epoch}, lost_at(sent));
    assignments.push_back({std::move(run), std::move(lease), nullptr});
  }
  bool is_too_late = false;
  {
    const std::scoped_lock lock(mutex_);
    if (runs.next_due && (!next_due_ || *runs.next_due < *next_due_)) next_due_ = runs.next_due;
    is_too_late = is_shutting_down_;
    const int count = static_cast<int>(assignments.size());
    occupied_ += slots;
    present_ += count;
    if (count > 0) next_heartbeat_ = std::min(next_heartbeat_, after(sent, settings_.heartbeat));
    for (Assignment& assignment : assignments) {
      here_.insert(assignment.lease.get());
      assignment.earlier = std::exchange(latest_[assignment.claimed.run.id], assignment.lease);
    }
    std::ranges::move(assignments, std::back_inserter(assigned_));
  }
  for (std::size_t i = 0; i < runs.runs.size(); ++i)
    slot_wake_.notify_one();
  if (is_too_late) book_.shut_down_all(ShutDown::node_stops);
}

// ---- logs
// ----------------------------------------------------------------------------------------

Monotonic Desk::step_shipments() {
  std::vector<std::shared_ptr<Shipment>> shipments;
  {
    const std::scoped_lock lock(mutex_);
    shipments = shipments_;
  }
  Monotonic next = kNever;
  for (const auto& shipment : shipments)
    next = std::min(next, shipment->tick().value_or(kNever));
  return next;
}

}  // namespace mainspring::worker
