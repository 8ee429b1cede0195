// Desk: what the worker's threads, the store's completions and its notices share: which runs wait
// for a slot, which leases are held, what must be sent when. Internal to worker.
//
// Threads: every public function says which calls it; one mutex guards the state, and nothing is
// submitted, stopped or logged while it is held.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "worker/lease.h"
#include "worker/shipment.h"
#include "worker/worker.h"

namespace mainspring::worker {

struct Assignment {
  store::ClaimedRun claimed;
  std::shared_ptr<Lease> lease;
  // Of an earlier attempt of the same run that was still here when this one was claimed, or null.
  std::shared_ptr<Lease> earlier;
};

// More notices than this at once are left to the next heartbeat, which is brought forward.
inline constexpr std::size_t kPendingNotices = 1'000;

// What a notice says about one lease.
using LeaseNotice = std::variant<store::CancelAsked, store::ExtensionGiven>;

class Desk : public std::enable_shared_from_this<Desk> {
 public:
  Desk(Parts parts, Settings settings);

  const Parts& parts() const { return parts_; }
  const Settings& settings() const { return settings_; }

  // ---- slot threads ------------------------------------------------------------------------
  std::optional<Assignment> next_assignment();  // blocks; nothing when the worker ends
  // Blocks until the attempt that `earlier` names has left: it is being killed, and its programs
  // must be gone before the same work begins anew.
  void await_earlier(const Assignment& assignment);
  // So many graphics processors, by their numbers, until they are given back. Blocks while others
  // hold them: the store counts those of a lost lease as free before their program is killed.
  std::vector<int> take_gpus(int count);
  void give_back_gpus(const std::vector<int>& gpus);
  std::shared_ptr<Shipment> open_shipment(const std::shared_ptr<Lease>& lease);
  void close_shipment(const std::shared_ptr<Shipment>& shipment);
  // The outcome is on its way: the next claim may travel with it.
  void vacate(int slots);
  // The runner has come back. It may have been stopped together with the rest of this process, and
  // for long: what it says is worth nothing under a lease that has run out since.
  void lose_overdue();
  // The attempt is over, reported or not. After vacate().
  void leave(const Lease& lease);

  // ---- timer thread ------------------------------------------------------------------------
  void run_timer();  // until close()

  // ---- the worker's owner --------------------------------------------------------------------
  void listen();
  void drain();
  bool wait_until_idle(std::optional<base::Duration> limit);  // no limit: as long as it takes
  void shut_down_attempts();                                  // the node stops
  void close();
  void say_farewell();  // waits for the store, but not long
  int busy() const;

 private:
  // One kind of command of which at most one is on its way.
  struct Call {
    bool is_in_flight = false;
    Monotonic not_before;
    base::Duration pause = kFirstRetry;
  };

  Monotonic now() const { return {parts_.clock.monotonic()}; }
  base::Duration margin() const;
  Monotonic lost_at(Monotonic sent) const;
  void wake();
  void on_notices(const std::vector<store::Notice>& notices);
  void on_notice(const store::Notice& notice);
  void defer(const LeaseNotice& notice, base::WorkerId worker_id);

  // Each does what is due, and says when to call it again at latest.
  Monotonic step();
  Monotonic step_leases();
  Monotonic step_drain();
  Monotonic step_register();
  Monotonic step_renew();
  Monotonic step_claim();  // slot threads call it too
  Monotonic step_shipments();

  void registered(const base::Result<store::Reply>& result);
  void renewed(const base::Result<store::Reply>& result, const std::vector<store::LeaseRef>& leases,
               Monotonic sent);
  void claimed(base::Result<store::Reply> result, Monotonic sent);
  void accept(store::RunsClaimed runs, Monotonic sent);
  // Whether this is the first failure of a row, which is worth a line in the log.
  bool settle(Call& call, const base::Result<store::Reply>& result) const;
  void log_failure(std::string_view what, const base::Error& error) const;
  void forget_registration(const base::Error& error);
  bool is_claim_due() const;

  const Parts parts_;
  const Settings settings_;
  LeaseBook book_;

  mutable std::mutex mutex_;
  std::condition_variable timer_wake_;
  std::condition_variable slot_wake_;
  std::condition_variable idle_;
  std::set<int> free_gpus_;
  bool is_woken_ = false;
  bool is_draining_ = false;
  bool is_shutting_down_ = false;
  bool is_closed_ = false;

  std::deque<Assignment> assigned_;  // at most one per slot
  int occupied_ = 0;                 // slots with an attempt whose outcome is not on its way
  int present_ = 0;                  // attempts claimed and not left
  std::map<base::RunId, std::shared_ptr<Lease>> latest_;  // of those, the last of each run
  std::set<const Lease*> here_;                           // of all of them
  std::vector<LeaseNotice> pending_;
  std::optional<base::Instant> drain_until_;  // as people told the worker
  std::vector<std::shared_ptr<Shipment>> shipments_;

  bool is_registered_ = false;
  Call register_, renew_, claim_;
  Monotonic next_heartbeat_;
  bool is_claim_wanted_ = false;
  std::optional<base::Instant> next_due_;
  Monotonic next_sweep_;
};

}  // namespace mainspring::worker
