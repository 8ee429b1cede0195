#include "worker/lease.h"

#include <algorithm>
#include <utility>

namespace mainspring::worker {

Lease::Lease(store::LeaseRef ref, Monotonic lost_at) : ref_(ref) { hold_until(lost_at); }

void Lease::hold_until(Monotonic lost_at) { stop_.begin_by = lost_at.value; }

// The harder stop first: a runner that hears of both does not begin with the softer one.
void Lease::cancel(model::CancelMode mode) {
  if (mode == model::CancelMode::kill) stop_.kill.request_stop();
  stop_.source.request_stop();
}

void Lease::shut_down(ShutDown why) {
  int none = 0;
  shut_down_.compare_exchange_strong(none, static_cast<int>(why) + 1);
  stop_.source.request_stop();
}

std::optional<ShutDown> Lease::shut_down_for() const {
  const int value = shut_down_;
  return value == 0 ? std::nullopt : std::optional{static_cast<ShutDown>(value - 1)};
}

void Lease::lose() {
  stop_.cause = execution::StopCause::lease_lost;
  lost_.request_stop();
  stop_.kill.request_stop();
  stop_.source.request_stop();
}

void Lease::extend(base::Instant until) {
  base::Instant seen = stop_.extended_until.load();
  while (seen < until && !stop_.extended_until.compare_exchange_weak(seen, until)) {
  }
}

std::shared_ptr<Lease> LeaseBook::find(base::RunId run_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(run_id);
  return found == entries_.end() ? nullptr : found->second.lease;
}

std::shared_ptr<Lease> LeaseBook::take(base::RunId run_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(run_id);
  if (found == entries_.end()) return nullptr;
  auto lease = std::move(found->second.lease);
  entries_.erase(found);
  tell_watch();
  return lease;
}

std::shared_ptr<Lease> LeaseBook::add(store::LeaseRef ref, Monotonic lost_at) {
  if (const auto older = take(ref.run_id)) older->lose();
  auto lease = std::make_shared<Lease>(ref, lost_at);
  const std::scoped_lock lock(mutex_);
  entries_[ref.run_id] = {lease, lost_at};
  tell_watch();
  return lease;
}

void LeaseBook::remove(const Lease& lease) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(lease.ref().run_id);
  if (found == entries_.end() || found->second.lease.get() != &lease) return;
  entries_.erase(found);
  tell_watch();
}

std::vector<store::LeaseRef> LeaseBook::refs() const {
  const std::scoped_lock lock(mutex_);
  std::vector<store::LeaseRef> refs;
  refs.reserve(entries_.size());
  for (const auto& [run_id, entry] : entries_)
    refs.push_back(entry.lease->ref());
  return refs;
}

std::optional<Monotonic> LeaseBook::earliest_loss() const {
  const std::scoped_lock lock(mutex_);
  return find_earliest();
}

std::optional<Monotonic> LeaseBook::find_earliest() const {
  std::optional<Monotonic> earliest;
  for (const auto& [run_id, entry] : entries_)
    if (!earliest || entry.lost_at < *earliest) earliest = entry.lost_at;
  return earliest;
}

void LeaseBook::tell_watch() {
  if (!watch_) return;
  const auto earliest = find_earliest();
  if (earliest != std::exchange(told_, earliest)) watch_(earliest);
}

void LeaseBook::renew(const store::LeasesRenewed& reply, const std::vector<store::LeaseRef>& sent,
                      Monotonic lost_at) {
  for (const store::RenewedLease& renewed : reply.leases) {
    const auto held = find(renewed.run_id);
    if (!held || std::ranges::count(sent, held->ref()) == 0) continue;
    if (!renewed.until) {
      if (const auto lease = take(renewed.run_id)) lease->lose();
      continue;
    }
    {
      const std::scoped_lock lock(mutex_);
      const auto found = entries_.find(renewed.run_id);
      if (found != entries_.end()) {
        found->second.lost_at = std::max(found->second.lost_at, lost_at);
        found->second.lease->hold_until(found->second.lost_at);
      }
      tell_watch();
    }
    if (renewed.extended_until) extend(renewed.run_id, *renewed.extended_until);
    if (renewed.cancel) cancel(renewed.run_id, renewed.cancel->mode);
  }
}

void LeaseBook::cancel(base::RunId run_id, model::CancelMode mode) {
  if (const auto lease = find(run_id)) lease->cancel(mode);
}

void LeaseBook::extend(base::RunId run_id, base::Instant until) {
  if (const auto lease = find(run_id)) lease->extend(until);
}

std::size_t LeaseBook::lose_expired(Monotonic now) {
  std::vector<std::shared_ptr<Lease>> lost;
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(entries_, [&](const auto& item) {
      const bool is_expired = item.second.lost_at <= now;
      if (is_expired) lost.push_back(item.second.lease);
      return is_expired;
    });
    tell_watch();
  }
  for (const auto& lease : lost)
    lease->lose();
  return lost.size();
}

std::size_t LeaseBook::lose_all() { return lose_expired({base::Duration::max()}); }

void LeaseBook::shut_down_all(ShutDown why) {
  std::vector<std::shared_ptr<Lease>> held;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [run_id, entry] : entries_)
      held.push_back(entry.lease);
  }
  for (const auto& lease : held)
    lease->shut_down(why);
}

}  // namespace mainspring::worker
