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
                 {settings.horizon, parts.clock.now()}) {
  take_share(settings.share);
  timetable_.reload();
}

void Round::take_share(plan::Share share) {
  const auto rank = share.rank(plan::Duty::promotion);
  stand_in_ = rank ? std::optional{*rank * kStandIn} : std::nullopt;
  next_sweep_ = base::Instant{};  // what is due is found out at once
  timetable_.set_share(share);
  share_ = std::move(share);
}

void Round::hear(News news) {
  if (news.share && *news.share != share_) take_share(std::move(*news.share));
  if (news.has_overflowed) timetable_.reload();
  for (const base::JobId job : news.changed)
    timetable_.job_changed(job);
  const bool is_stand_in = stand_in_ > base::Duration{0};
  if (is_stand_in && news.last_due) {
    next_due_ = news.last_due->next_due;
  } else if (news.due && (!next_due_ || *news.due < *next_due_)) {
    next_due_ = news.due;
  }
  if (news.has_activity && !next_expiry_) next_expiry_ = parts_.clock.now() + settings_.lease;
}

// Also where another node should have done it: then it is late, and somebody must.
bool Round::has_come(const std::optional<base::Instant>& at, base::Instant now) const {
  return stand_in_ && at && *at + *stand_in_ <= now;
}

base::Result<void> Round::run() {
  const base::Instant now = parts_.clock.now();
  const bool is_set_back = stand_in_ && next_sweep_ > now + kSweep;  // the clock, by an operator
  if (is_set_back || has_come(next_sweep_, now) || has_come(next_due_, now))
    if (auto promoted = promote(); !promoted) return promoted;
  if (next_expiry_ && has_come(*next_expiry_ + kTick, now))
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
  next_sweep_ = now + kSweep;
  return {};
}

base::Result<void> Round::expire() {
  const base::Instant now = parts_.clock.now();
  const auto reply =
      store::apply(parts_.store.writer(),
                   store::ExpireLeases{env::random_below(parts_.random, UINT64_MAX), now});
  if (!reply) return base::fail(reply.error());
  next_due_ = reply->next_due;
  next_expiry_ = no_sooner(reply->next_expiry, now);
  return {};
}

base::Instant Round::next() const {
  base::Instant next = base::Instant::max();
  if (stand_in_) {
    next = next_sweep_;
    if (next_due_) next = std::min(next, *next_due_);
    if (next_expiry_) next = std::min(next, *next_expiry_ + kTick);
    next += *stand_in_;
  }
  if (const auto wake = timetable_.next_wake()) next = std::min(next, *wake);
  return next;
}

}  // namespace mainspring::scheduler
