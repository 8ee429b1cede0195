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
#include <functional>
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
  std::optional<int> weight;
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

// Where a queue stands among those of its tenant, while they share starts by weight: start-time
// fair queueing (Goyal, Vin, Cheng 1996). A start is tagged with the work that the queue had begun,
// but with no less than the latest tag of the tenant, so that who was idle has no claim for it; and
// it adds slots / weight to that work. The queue with the least work begun goes first.
struct QueueShare {
  double tag = 0;   // of its last start
  double work = 0;  // begun, by weight

  friend bool operator==(const QueueShare&, const QueueShare&) = default;
};

// What a claim does with a run that may start.
enum class Verdict {
  take,
  leave,  // others may be taken before it: this worker cannot, or another should
  wait,   // nothing may be taken before it
};
// `head`: minus its priority, when it was due, its id.
using Judge = std::function<Verdict(const Needs& needs, const ReadyKey& head)>;

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

  // The first that `judge` takes. The tenant with the fewest attempts under way first; then
  // priority, the queue's share, due, id.
  std::optional<base::RunId> next(const Judge& judge) const;
  bool empty() const { return loads_.empty(); }
  std::optional<Excess> find_excess() const;

  // What a start of so many slots makes of the queue's share; absent: its tenant shares nothing.
  std::optional<QueueShare> next_share(const QueueName& name, int slots) const;
  QueueShare share(const QueueName& name) const;
  void set_share(const QueueName& name, const QueueShare& share);

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
  using HeadKey = std::tuple<int, double, base::Instant, base::RunId>;  // the second: the share
  struct Heads {
    std::set<ReadyKey> runs;
    std::optional<HeadKey> shown;

    friend bool operator==(const Heads&, const Heads&) = default;
  };
  struct Queue {
    std::optional<QueueGate> gate;
    QueueShare share;
    std::map<Needs, Heads> heads;  // of its lanes
    std::set<TimeKey> waiting;     // those held back by an overlap too
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
    std::map<Needs, std::set<HeadKey>> heads;  // of its queues
    std::int64_t running = 0;
    std::int64_t weighted = 0;   // queues with a weight
    std::multiset<double> tags;  // of its queues' shares

    double latest_tag() const { return tags.empty() ? 0 : *tags.rbegin(); }

    friend bool operator==(const Tenant&, const Tenant&) = default;
  };

  static HeadKey head_key(const Tenant& tenant, const Queue& queue, const ReadyKey& run);
  static LaneName lane_of(const LiveRun& run);
  static bool is_open(const Queue& queue);
  static bool has_room(const Tenant& tenant, const Limit& limit);
  static bool has_excess(const Tenant& tenant, const Key& key);
  void count(const LiveRun& run, std::int64_t change);
  void refresh(TenantKey tenant, const LaneName& lane);
  void refresh_key(TenantKey tenant, const std::string& key);
  void refresh_queue(TenantKey tenant, const std::string& name);
  void refresh_wake(TenantKey tenant, const std::string& name);
  void refresh_shares(TenantKey tenant);
  void show_queue(TenantKey tenant, const std::string& name, const Needs& needs);
  void settle_load(TenantKey tenant, std::int64_t running_before);

  std::map<TenantKey, Tenant> tenants_;
  std::set<std::pair<std::int64_t, TenantKey>> loads_;  // tenants that have something ready
  std::set<std::pair<TenantKey, std::string>> excess_;  // keys
  std::set<std::pair<base::Instant, QueueName>> wakes_;
  std::set<QueueName> changed_;
};

}  // namespace mainspring::sql
