// Lease: the right to act on one run, held by one slot. LeaseBook: all that this worker holds.
//
// A lease is given up locally before the store can give it to somebody else: `lost_at` lies a
// margin before its end, on the clock that never jumps. Losing one kills the work at once.
//
// Threads: everything here may be called from any thread. Stop callbacks run on the calling one.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "execution/runner.h"
#include "store/commands.h"

namespace mainspring::worker {

// A reading of env::Clock::monotonic().
struct Monotonic {
  base::Duration value{0};

  friend auto operator<=>(const Monotonic&, const Monotonic&) = default;
};

// Why attempts are ended that nobody has cancelled.
enum class ShutDown { node_stops, drained };

class Lease {
 public:
  Lease(store::LeaseRef ref, Monotonic lost_at);

  const store::LeaseRef& ref() const { return ref_; }
  const execution::StopSignal& stop() const { return stop_; }

  void cancel(model::CancelMode mode);  // a person or a policy asked; kill may follow ask
  // The ladder of a cancel, but the run will be tried again. The first reason counts.
  void shut_down(ShutDown why);
  void lose();
  void extend(base::Instant until);  // the run timeout ends the work no earlier
  void hold_until(Monotonic lost_at);

  std::optional<ShutDown> shut_down_for() const;
  bool is_lost() const { return lost_.stop_requested(); }
  std::stop_token lost() const { return lost_.get_token(); }

 private:
  const store::LeaseRef ref_;
  execution::StopSignal stop_;
  std::stop_source lost_;
  std::atomic<int> shut_down_ = 0;  // 0: no; else the reason and one
};

class LeaseBook {
 public:
  // Told of the earliest `lost_at` whenever it changes; nothing: no lease is held. Called with the
  // book locked: it must not block, and not come back.
  using Watch = std::function<void(std::optional<Monotonic>)>;
  explicit LeaseBook(Watch watch = {}) : watch_(std::move(watch)) {}

  // An older lease of the same run is lost by this: the store has given it to us anew.
  std::shared_ptr<Lease> add(store::LeaseRef ref, Monotonic lost_at);
  void remove(const Lease& lease);

  // Of those not lost.
  std::vector<store::LeaseRef> refs() const;
  std::optional<Monotonic> earliest_loss() const;

  // What a heartbeat about `sent` brought: new ends, losses, cancels, extensions. A lease that has
  // come since, of a run that came back, is another one.
  void renew(const store::LeasesRenewed& reply, const std::vector<store::LeaseRef>& sent,
             Monotonic lost_at);
  void cancel(base::RunId run_id, model::CancelMode mode);
  void extend(base::RunId run_id, base::Instant until);
  // How many leases were lost by this.
  std::size_t lose_expired(Monotonic now);
  std::size_t lose_all();
  void shut_down_all(ShutDown why);

 private:
  struct Entry {
    std::shared_ptr<Lease> lease;
    Monotonic lost_at;
  };

  std::shared_ptr<Lease> find(base::RunId run_id) const;  // null: not held, or lost
  std::shared_ptr<Lease> take(base::RunId run_id);
  std::optional<Monotonic> find_earliest() const;
  void tell_watch();

  const Watch watch_;
  std::optional<Monotonic> told_;
  mutable std::mutex mutex_;
  std::unordered_map<base::RunId, Entry> entries_;  // not lost; at most one per run
};

}  // namespace mainspring::worker
