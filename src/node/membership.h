// Membership: the node among those that share its store. It says that it lives, hears who else
// does, and tells the roles here which part of the work is theirs.
//
// Threads: one of its own from start() to leave(); fleet() from any; the rest from its owner's.
// What it is given must outlive it. Failures of the store are waited for: who cannot write cannot
// do anybody's work either.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "model/node.h"
#include "node/reference_clock.h"
#include "plan/share.h"
#include "store/store.h"

namespace mainspring::node {

// As it was heard last.
struct Fleet {
  std::vector<model::Node> nodes;
  plan::Share share;  // of this node
  std::optional<std::int64_t> clock_offset_ms;
};

// Sentences about what keeps the fleet from its work, for people; empty: all is well.
std::vector<std::string> troubles_of(const Fleet& fleet);

class Membership {
 public:
  struct Parts {
    store::Store& store;
    ReferenceClock& clock;
    base::Log log;
  };
  struct Settings {
    model::Node self;
    base::Duration liveness{10'000};
  };
  // Hears of each change of the share, on membership's thread; must not block, nor call back.
  using OnShare = std::function<void(const plan::Share&)>;

  Membership(Parts parts, Settings settings);
  ~Membership();  // leave()
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  // Makes the node known, before its roles begin. Errors: what the store said.
  base::Result<void> join();
  void start(OnShare on_share);
  void set_address(std::string address);
  // The others take over; `on_share` hears nothing more.
  void drain();
  void leave();  // its last word; idempotent

  Fleet fleet() const;

 private:
  void run();
  void beat();
  void hear(const base::Result<store::NodesKnown>& reply);
  void measure_clock();
  base::Result<store::NodesKnown> say(model::NodeState state);
  base::Duration pause() const;  // under the lock

  const Parts parts_;
  const base::Duration liveness_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  model::Node self_;
  Fleet fleet_;
  OnShare on_share_;
  bool is_joined_ = false;  // by its owner, or its own thread
  bool is_to_beat_ = false;
  bool is_stopping_ = false;
  bool was_heard_ = true;  // the last word reached the store
  std::thread thread_;
};

}  // namespace mainspring::node
