#include "node/membership.h"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <optional>

#include "sqlite/store.h"

namespace mainspring::node {
namespace {

using model::NodeRole;
using model::NodeState;

constexpr std::chrono::seconds kPatience{30};

// A real store whose clock can be set apart from the machine's.
class SkewedStore final : public store::Store {
 public:
  explicit SkewedStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}
  store::Writer& writer() override { return inner_->writer(); }
  std::unique_ptr<store::Reads> open_reads() override { return inner_->open_reads(); }
  std::optional<store::ClockDifference> clock_offset() const override {
    if (offset_ms == kNone) return std::nullopt;
    return store::ClockDifference{std::chrono::milliseconds{offset_ms}, {}};
  }
  static constexpr std::int64_t kNone = INT64_MIN;
  std::atomic<std::int64_t> offset_ms = kNone;

 private:
  std::unique_ptr<store::Store> inner_;
};

struct Bench {
  Bench() {
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    store.emplace(sqlite::open({.path = path + "/db", .log = {}, .observe = {}}).value());
  }
  ~Bench() {
    store.reset();
    std::filesystem::remove_all(path);
  }

  model::Node node(std::uint8_t number, std::vector<NodeRole> roles = {NodeRole::scheduler}) {
    base::IdBytes bytes{};
    bytes[15] = number;
    model::Node out;
    out.id = base::NodeId{bytes};
    out.name = "node" + std::to_string(number);
    out.roles = std::move(roles);
    out.started_at = clock.now();
    return out;
  }
  std::unique_ptr<Membership> make(model::Node self,
                                   base::Duration liveness = std::chrono::hours{1}) {
    return std::make_unique<Membership>(
        Membership::Parts{.store = *store, .clock = clock, .log = {}},
        Membership::Settings{.self = std::move(self), .liveness = liveness});
  }
  NodeState state_of(const model::Node& node) {
    for (const model::Node& each : store->open_reads()->nodes().all()) {
      if (each.id == node.id) return each.state;
    }
    return NodeState::lost;
  }

  std::string path = "/tmp/mainspring-fleet-XXXXXX";
  ReferenceClock clock;
  std::optional<SkewedStore> store;
};

// The shares that were told, for a test that waits for one after another.
class Told {
 public:
  void put(const plan::Share& share) {
    const std::scoped_lock lock(mutex_);
    shares_.push_back(share);
    changed_.notify_all();
  }
  bool wait(const plan::Share& wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] {
      while (seen_ < shares_.size()) {
        if (shares_[seen_++] == wanted) return true;
      }
      return false;
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<plan::Share> shares_;
  std::size_t seen_ = 0;
};

TEST_CASE_FIXTURE(Bench, "a node knows its share before its roles begin, and hears of who comes") {
  Told told;  // outlives who tells it
  const model::Node first = node(1);
  const model::Node second = node(2);
  const auto one = make(first, std::chrono::milliseconds{400});
  REQUIRE(one->join().has_value());
  CHECK(one->fleet().share == plan::Share(first.id, {first.id}));
  one->start([&told](const plan::Share& share) { told.put(share); });
  const auto two = make(second, std::chrono::hours{1});
  REQUIRE(two->join().has_value());
  CHECK(two->fleet().share == plan::Share(second.id, {first.id, second.id}));
  CHECK(told.wait(plan::Share(first.id, {first.id, second.id})));
  // It says nothing any more: the first is alone again at the liveness timeout.
  CHECK(told.wait(plan::Share(first.id, {first.id})));
  CHECK(state_of(second) == NodeState::lost);
}

TEST_CASE_FIXTURE(Bench, "a node that stops says so, and others take over before it has gone") {
  Told told;  // outlives who tells it
  const model::Node first = node(1);
  const model::Node second = node(2);
  const auto one = make(first);
  const auto two = make(second);
  REQUIRE(one->join().has_value());
  REQUIRE(two->join().has_value());
  one->start([&told](const plan::Share& share) { told.put(share); });
  two->start({});
  one->set_address("http://first");  // a word at once, as any other
  CHECK(told.wait(plan::Share(first.id, {first.id, second.id})));
  two->drain();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (state_of(second) != NodeState::draining && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  CHECK(state_of(second) == NodeState::draining);
  one->set_address("http://first");
  CHECK(told.wait(plan::Share(first.id, {first.id})));
  two->leave();
  CHECK(state_of(second) == NodeState::offline);
}

TEST_CASE_FIXTURE(Bench, "only schedulers in time have a share") {
  const model::Node worker = node(1, {NodeRole::worker, NodeRole::api});
  const auto one = make(worker);
  REQUIRE(one->join().has_value());
  CHECK_FALSE(one->fleet().share.rank(plan::Duty::promotion).has_value());
  CHECK(troubles_of(one->fleet()).at(0).contains("No node with the role scheduler"));
  const auto two = make(node(2));
  REQUIRE(two->join().has_value());
  CHECK(troubles_of(two->fleet()).empty());
}

TEST_CASE_FIXTURE(Bench,
                  "a clock that is off is said, set right in what is written, and plans nothing") {
  Told told;  // outlives who tells it
  const model::Node self = node(1);
  store->offset_ms = 900;
  const auto one = make(self);
  REQUIRE(one->join().has_value());
  CHECK_EQ(one->fleet().share.rank(plan::Duty::promotion), 0);
  CHECK(troubles_of(one->fleet()).empty());
  const base::Instant machine = system::SystemClock{}.now();
  CHECK(clock.now() - machine < std::chrono::seconds{20});
  one->start([&told](const plan::Share& share) { told.put(share); });

  store->offset_ms = -3'600'000;  // read by the thread of `one` only when it is told to speak
  one->set_address("x");
  CHECK(told.wait(plan::Share(self.id, {})));
  CHECK(machine - clock.now() > std::chrono::minutes{59});
  const auto troubles = troubles_of(one->fleet());
  REQUIRE_EQ(troubles.size(), 2);
  CHECK(troubles[0].contains("3600.0 s ahead of the store's"));
  CHECK_EQ(store->open_reads()->nodes().all().at(0).clock_offset_ms, -3'600'000);

  store->offset_ms = 3;
  one->set_address("x");
  CHECK(told.wait(plan::Share(self.id, {self.id})));
  CHECK(clock.now() - machine >= base::Duration{0});
}

TEST_CASE_FIXTURE(Bench, "a node that somebody removed joins again") {
  const model::Node self = node(1);
  const auto one = make(self);
  REQUIRE(one->join().has_value());
  one->start({});
  using store::NodeHeartbeat;
  REQUIRE(store::apply(
      store->writer(),
      NodeHeartbeat{.node_id = self.id, .state = NodeState::offline, .now = clock.now()}));
  REQUIRE(store::apply(store->writer(), store::RemoveNode{self.id, "ana", clock.now()}));
  one->set_address("x");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (state_of(self) != NodeState::online && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  CHECK(state_of(self) == NodeState::online);
}

}  // namespace
}  // namespace mainspring::node
