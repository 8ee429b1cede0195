#include "scheduler/round.h"

#include <algorithm>
#include <utility>

namespace mainspring::scheduler {
namespace {

constexpr base::Duration kTick{1};  // leases end before an instant, not at it

// When to ask again for what the store says is due at `told`.
std::optional<base::Instant> no_sooner(std::optional<base::Instant> told, base::Instant now) {
  if (!told || *told > now) return told;
  return now + kStuckPause;
}

}  // namespace

Round::Round(const Parts& parts, const Settings& settings, std::unique_ptr<store::Reads> reads)
    : parts_(parts),
      settings_(settings),
      reads_(std::move(reads)),
      timetable_({parts.store.writer(), *reads_, parts.clock, parts.random, parts.log},
                 {settings.horizon, parts.clock.now()}),
      patient_until_(parts.clock.now() + settings.silence) {
  timetable_.reload();
}

void Round::hear(News news) {
  if (news.has_overflowed) timetable_.reload();
  for (const base::JobId job : news.changed)
    timetable_.job_changed(job);
  if (news.due && (!next_due_ || *news.due < *next_due_)) next_due_ = news.due;
  if (news.has_activity && !next_expiry_) next_expiry_ = parts_.clock.now() + settings_.lease;
}

base::Result<void> Round::run() {
  const base::Instant now = parts_.clock.now();
  const bool is_set_back = next_sweep_ > now + kSweep;  // the clock, by an operator
  if (is_set_back || next_sweep_ <= now || (next_due_ && *next_due_ <= now))
    if (auto promoted = promote(); !promoted) return promoted;
  const bool has_expired = next_expiry_ && *next_expiry_ < now;
  const bool is_silent = next_silence_ && *next_silence_ < now;
  if (has_expired || is_silent)
    if (auto expired = expire(); !expired) return expired;
  const auto wake = timetable_.next_wake();
  if (!wake || *wake > now) return {};
  auto planned = timetable_.plan_some();
  const auto fire = timetable_.take_earliest_fire();
  if (fire && (!next_due_ || *fire < *next_due_)) next_due_ = fire;
  return planned;
}

base::Result<void> Round::promote() {
  const base::Instant now = parts_.clock.now();
  const auto reply = store::apply(parts_.store.writer(), store::PromoteDue{now});
  if (!reply) return base::fail(reply.error());
  const bool has_moved = reply->promoted + reply->skipped > 0;
  next_due_ = has_moved ? reply->next_due : no_sooner(reply->next_due, now);
  next_expiry_ = reply->next_expiry;
  hear_heartbeats(*reply);
  next_sweep_ = now + kSweep;
  return {};
}

base::Result<void> Round::expire() {
  const base::Instant now = parts_.clock.now();
  const auto reply =
      store::apply(parts_.store.writer(),
                   store::ExpireLeases{env::random_below(parts_.random, UINT64_MAX), now,
                                       silence(now)});
  if (!reply) return base::fail(reply.error());
  next_due_ = reply->next_due;
  next_expiry_ = no_sooner(reply->next_expiry, now);
  hear_heartbeats(*reply);
  return {};
}

base::Duration Round::silence(base::Instant now) const {
  return now < patient_until_ ? base::Duration{0} : settings_.silence;
}

void Round::hear_heartbeats(const store::DueState& reply) {
  next_silence_.reset();
  if (!reply.oldest_heartbeat) return;
  const base::Instant gone = std::max(*reply.oldest_heartbeat + settings_.silence, patient_until_);
  next_silence_ = no_sooner(gone, parts_.clock.now());
}

base::Instant Round::next() const {
  base::Instant next = next_sweep_;
  if (next_due_) next = std::min(next, *next_due_);
  if (next_expiry_) next = std::min(next, *next_expiry_ + kTick);
  if (next_silence_) next = std::min(next, *next_silence_ + kTick);
  if (const auto wake = timetable_.next_wake()) next = std::min(next, *wake);
  return next;
}

}  // namespace mainspring::scheduler
