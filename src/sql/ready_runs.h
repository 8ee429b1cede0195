// ReadyRuns: the queued runs that may start now, so that a claim takes the first one and searches
// for nothing. Runs with the same needs, queue and concurrency key wait in one lane; the head of a
// lane shows in its queue while the key has room, the head of a queue in its tenant while the queue
// is open. A change touches one head at each level, however many wait behind it.
//
// Belongs to the writer's thread, inside LiveIndex. Pure: no I/O, no clock; what time changes (a
// rate, a pause that ends) comes in as a new gate.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/describe.h"
#include "sql/live_run.h"

namespace mainspring::sql {

struct QueueName {
  TenantKey tenant = 0;
  std::string name;

  friend auto operator<=>(const QueueName&, const QueueName&) = default;
  static const json::StructTable& described();
};

// The limits of a queue that was put, and where its rate and pause stand.
struct QueueGate {
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> depth;
  std::optional<model::RateSpec> rate;
  double tokens = 0;  // of the rate, at tokens_at
  base::Instant tokens_at;
  bool is_paused = false;
  std::optional<base::Instant> paused_until;

  friend bool operator==(const QueueGate&, const QueueGate&) = default;
};

// The bucket as it is at `now`: what has run in since tokens_at is added, up to the burst.
QueueGate refilled(QueueGate gate, base::Instant now);
// Whether a start may take a token. Sums of doubles: nearly one counts as one.
bool has_token(const QueueGate& gate);
// When the bucket holds a token again.
base::Instant next_token_at(const QueueGate& gate);

// For whom the full queue turned away: until it has a place again, where its rate or its pause says
// when that is, else longer the more it holds. Between 1 s and kLongestRetry.
std::chrono::seconds retry_after(const QueueGate& gate, base::Instant now);
inline constexpr std::chrono::seconds kLongestRetry{3'600};

// What a worker offers.
struct Offer {
  std::int64_t slots = 0;  // all it has, busy ones included
  const std::map<std::string, std::string>& labels;
};
bool fits(const Needs& needs, const Offer& offer);

class ReadyRuns {
 public:
  struct QueueCounts {
    std::int64_t waiting = 0;
    std::int64_t running = 0;
    std::optional<base::Instant> oldest;  // of those that wait

    friend bool operator==(const QueueCounts&, const QueueCounts&) = default;
  };
  // A run that its full key does not let wait: it is skipped, or `is_cancel`, stopped.
  struct Excess {
    base::RunId run;
    base::RunId behind;  // the oldest run under way of the key
    bool is_cancel = false;
  };

  void link(const LiveRun& run);  // queued or running
  void unlink(const LiveRun& run);
  void set_gate(const QueueName& name, std::optional<QueueGate> gate);

  // The tenant with the fewest attempts under way first; then priority, due, id.
  std::optional<base::RunId> next(const Offer& offer) const;
  bool empty() const { return loads_.empty(); }
  std::optional<Excess> find_excess() const;

  const QueueGate* find_gate(const QueueName& name) const;
  QueueCounts counts(const QueueName& name) const;
  // Queues whose pause ends, or that get a token that a run waits for, at `now` or before.
  std::vector<QueueName> due(base::Instant now) const;
  std::optional<base::Instant> next_due() const;
  // Those whose counts may have changed since the last call.
  std::set<QueueName> take_changed() { return std::exchange(changed_, {}); }

  friend bool operator==(const ReadyRuns& a, const ReadyRuns& b);

 private:
  struct LaneName {
    Needs needs;
    std::string queue;
    Limit limit;

    friend auto operator<=>(const LaneName&, const LaneName&) = default;
  };
  // What one level shows to the next: its first run, while it is open.
  struct Lane {
    std::set<ReadyKey> runs;
    std::optional<ReadyKey> shown;

    friend bool operator==(const Lane&, const Lane&) = default;
  };
  struct Queue {
    std::optional<QueueGate> gate;
    std::map<Needs, Lane> heads;  // of its lanes
    std::set<TimeKey> waiting;    // those held back by an overlap too
    std::int64_t running = 0;
    std::optional<base::Instant> wake;

    friend bool operator==(const Queue&, const Queue&) = default;
  };
  struct Key {
    std::set<LaneName> lanes;
    std::set<TimeKey> under_way;  // those not asked to stop
    std::int64_t stopping = 0;

    std::int64_t count() const { return std::ssize(under_way) + stopping; }
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Tenant {
    std::map<LaneName, Lane> lanes;
    std::map<std::string, Key> keys;
    std::map<std::string, Queue> queues;
    std::map<Needs, std::set<ReadyKey>> heads;  // of its queues
    std::int64_t running = 0;

    friend bool operator==(const Tenant&, const Tenant&) = default;
  };

  static LaneName lane_of(const LiveRun& run);
  static bool is_open(const Queue& queue);
  static bool has_room(const Tenant& tenant, const Limit& limit);
  static bool has_excess(const Tenant& tenant, const Key& key);
  void count(const LiveRun& run, std::int64_t change);
  void refresh(TenantKey tenant, const LaneName& lane);
  void refresh_key(TenantKey tenant, const std::string& key);
  void refresh_queue(TenantKey tenant, const std::string& name);
  void refresh_wake(TenantKey tenant, const std::string& name);
  void show_queue(TenantKey tenant, const std::string& name, const Needs& needs);
  void settle_load(TenantKey tenant, std::int64_t running_before);

  std::map<TenantKey, Tenant> tenants_;
  std::set<std::pair<std::int64_t, TenantKey>> loads_;  // tenants that have something ready
  std::set<std::pair<TenantKey, std::string>> excess_;  // keys
  std::set<std::pair<base::Instant, QueueName>> wakes_;
  std::set<QueueName> changed_;
};

}  // namespace mainspring::sql
