// RegisterNode, NodeHeartbeat, RemoveNode.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using base::Code;
using model::NodeRole;
using model::NodeState;
using namespace std::chrono_literals;

model::Node make_node(World& w, std::string name) {
  model::Node node;
  node.id = w.fresh<base::NodeId>();
  node.name = std::move(name);
  node.roles = {NodeRole::api, NodeRole::scheduler};
  node.version = "1.0";
  node.started_at = w.now;
  node.heartbeat_at = w.now;
  return node;
}

model::Node join(World& w, const std::string& name) {
  model::Node node = make_node(w, name);
  w.apply(RegisterNode{node, w.now});
  return node;
}

NodesKnown beat(World& w, const model::Node& node, NodeState state = NodeState::online) {
  return w.apply(NodeHeartbeat{.node_id = node.id, .state = state, .now = w.now});
}

const model::Node& find(const NodesKnown& known, const model::Node& node) {
  for (const model::Node& each : known.nodes) {
    if (each.id == node.id) return each;
  }
  throw std::runtime_error("the node is not known");
}

NodeState state_of(World& w, const model::Node& node) {
  return find(NodesKnown{w.reads().nodes().all()}, node).state;
}

const auto kCases = std::to_array<ConformanceCase>({
    {"a node is known as it said when it joined, and as its last heartbeat says",
     [](Subject& subject) {
       World w(subject);
       model::Node node = make_node(w, "alpha");
       node.clock_offset_ms = -7;
       expect_equal(find(w.apply(RegisterNode{node, w.now}), node), node);
       w.now += 3s;
       w.apply(NodeHeartbeat{.node_id = node.id,
                             .address = "https://alpha:7070",
                             .clock_offset_ms = 12,
                             .now = w.now});
       node.address = "https://alpha:7070";
       node.clock_offset_ms = 12;
       node.heartbeat_at = w.now;
       w.reopen();
       expect_equal(w.reads().nodes().all().at(0), node);
     }},
    {"a node that is not heard of in time is lost, once, and back when it is heard of",
     [](Subject& subject) {
       World w(subject);
       const model::Node alpha = join(w, "alpha");
       const model::Node beta = join(w, "beta");
       for (int i = 0; i < 2; ++i) {
         w.now += 5s;
         expect(find(beat(w, alpha), beta).state == NodeState::online);
       }
       w.now += 1ms;
       expect(find(beat(w, alpha), beta).state == NodeState::lost);
       beat(w, alpha);
       expect(find(beat(w, beta), beta).state == NodeState::online);
       expect_equal(w.events("node."), "node.joined,node.joined,node.lost,node.joined");
     }},
    {"who was away itself judges nobody before its next heartbeat",
     [](Subject& subject) {
       World w(subject);
       const model::Node alpha = join(w, "alpha");
       const model::Node beta = join(w, "beta");
       w.now += 1h;
       expect(find(beat(w, alpha), beta).state == NodeState::online);
       w.now += 3s;
       expect(find(beat(w, alpha), beta).state == NodeState::lost);
     }},
    {"a node that says how it goes is told of, and one that stopped is never lost",
     [](Subject& subject) {
       World w(subject);
       const model::Node alpha = join(w, "alpha");
       const model::Node beta = join(w, "beta");
       beat(w, beta, NodeState::draining);
       beat(w, beta, NodeState::draining);
       beat(w, beta, NodeState::offline);
       for (int i = 0; i < 5; ++i) {
         w.now += 5s;
         beat(w, alpha);
       }
       expect(state_of(w, beta) == NodeState::offline);
       expect_equal(w.events("node."), "node.joined,node.joined,node.draining");
     }},
    {"a clock that is off and one that is right again are told once each",
     [](Subject& subject) {
       World w(subject);
       const model::Node node = join(w, "alpha");
       for (const std::int64_t offset : {1'000, -1'001, -5'000, 900}) {
         w.now += 1s;
         const auto known =
             w.apply(NodeHeartbeat{.node_id = node.id, .clock_offset_ms = offset, .now = w.now});
         expect_equal(model::is_planning(find(known, node)), offset >= -1'000);
       }
       expect_equal(w.events("node."), "node.joined,node.clock_skewed,node.clock_in_time");
     }},
    {"the worker of a lost node is offline, and takes runs again when it is heard of",
     [](Subject& subject) {
       World w(subject);
       const model::Node alpha = join(w, "alpha");
       const base::WorkerId worker = w.worker("beta");
       model::Node beta = make_node(w, "beta");
       beta.id = base::NodeId{worker.bytes()};
       w.apply(RegisterNode{beta, w.now});
       w.submit(w.job("backup"));
       w.now += 6s;
       beat(w, alpha);
       w.now += 6s;
       beat(w, alpha);
       expect(w.reads().workers().all().at(0).state == model::WorkerState::offline);
       expect(w.claim(worker).empty());
       w.apply(RenewLeases{worker, {}, 10s, w.now});
       expect_equal(w.claim(worker).size(), std::size_t{1});
       // Of the worker alone nothing is told: its node is known.
       expect_equal(w.events("node."), "node.joined,node.joined,node.joined,node.lost");
     }},
    {"a worker of no known node is given up after a longer silence",
     [](Subject& subject) {
       World w(subject);
       const model::Node node = join(w, "alpha");
       w.worker("elsewhere");
       for (int i = 0; i < 6; ++i) {
         w.now += 5s;
         beat(w, node);
         expect(w.reads().workers().all().at(0).state == model::WorkerState::online);
       }
       w.now += 1s;
       beat(w, node);
       expect(w.reads().workers().all().at(0).state == model::WorkerState::offline);
       expect_equal(w.events("node."), "node.joined,node.joined,node.lost");
     }},
    {"only a node that went can be removed, and it may join again",
     [](Subject& subject) {
       World w(subject);
       const model::Node node = join(w, "alpha");
       expect_code(w.refuse(RemoveNode{node.id, "ana", w.now}), Code::conflict);
       beat(w, node, NodeState::draining);
       expect_code(w.refuse(RemoveNode{node.id, "ana", w.now}), Code::conflict);
       beat(w, node, NodeState::offline);
       w.apply(RemoveNode{node.id, "ana", w.now});
       expect(w.reads().nodes().all().empty());
       expect_code(w.refuse(RemoveNode{node.id, "ana", w.now}), Code::not_found);
       expect_code(w.refuse(NodeHeartbeat{.node_id = node.id, .now = w.now}), Code::not_found);
       w.apply(RegisterNode{node, w.now});
       expect(state_of(w, node) == NodeState::online);
     }},
    {"a node that went is forgotten after a week",
     [](Subject& subject) {
       World w(subject);
       const model::Node alpha = join(w, "alpha");
       const model::Node beta = join(w, "beta");
       beat(w, beta, NodeState::offline);
       w.now += kNodesKept;
       expect_equal(beat(w, alpha).nodes.size(), std::size_t{2});
       w.now += 1ms;
       expect_equal(beat(w, alpha).nodes.size(), std::size_t{1});
     }},
});

}  // namespace

std::span<const ConformanceCase> node_cases() { return kCases; }

}  // namespace mainspring::store::conformance
