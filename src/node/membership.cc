#include "node/membership.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mainspring::node {
namespace {

using model::NodeState;

// A word may be lost, and the next be late, before others take a node for dead.
constexpr int kBeatsPerLiveness = 4;
// Nobody waits for the word of a node that is alone; each costs a write to disk.
constexpr int kBeatsAlone = 2;

plan::Share share_of(base::NodeId self, const std::vector<model::Node>& nodes) {
  std::vector<base::NodeId> members;
  for (const model::Node& node : nodes) {
    if (model::is_planning(node)) members.push_back(node.id);
  }
  return {self, std::move(members)};
}

bool is_there(const model::Node& node) {
  return node.state == NodeState::online || node.state == NodeState::draining;
}

std::string say_offset(std::int64_t offset_ms) {
  return fmt::format("{:.1f} s {} the store's", std::abs(static_cast<double>(offset_ms)) / 1000,
                     offset_ms > 0 ? "behind" : "ahead of");
}

}  // namespace

std::vector<std::string> troubles_of(const Fleet& fleet) {
  std::vector<std::string> out;
  if (!model::is_in_time(fleet.clock_offset_ms)) {
    out.push_back(
        fmt::format("This node's clock is {}: it plans nothing and ends no lease until "
                    "the clock is right (timedatectl set-ntp true).",
                    say_offset(*fleet.clock_offset_ms)));
  }
  if (std::ranges::none_of(fleet.nodes, model::is_planning)) {
    out.emplace_back(
        "No node with the role scheduler is alive and in time: nothing that time "
        "fires is planned or becomes due. Start one.");
  }
  return out;
}

Membership::Membership(Parts parts, Settings settings)
    : parts_(std::move(parts)), liveness_(settings.liveness), self_(std::move(settings.self)) {}

Membership::~Membership() { leave(); }

base::Result<void> Membership::join() {
  measure_clock();
  store::RegisterNode command;
  {
    const std::scoped_lock lock(mutex_);
    command.node = self_;
  }
  command.now = parts_.clock.now();
  const auto reply = store::apply(parts_.store.writer(), std::move(command));
  if (!reply) return base::fail(reply.error());
  hear(reply);
  is_joined_ = true;
  return {};
}

void Membership::start(OnShare on_share) {
  const std::scoped_lock lock(mutex_);
  on_share_ = std::move(on_share);
  thread_ = std::thread([this] { run(); });
}

void Membership::set_address(std::string address) {
  const std::scoped_lock lock(mutex_);
  self_.address = std::move(address);
  is_to_beat_ = true;
  changed_.notify_all();
}

void Membership::drain() {
  const std::scoped_lock lock(mutex_);
  if (self_.state != NodeState::online) return;
  self_.state = NodeState::draining;
  on_share_ = nullptr;
  is_to_beat_ = true;
  changed_.notify_all();
}

void Membership::leave() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(is_stopping_, true)) return;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  if (is_joined_) hear(say(NodeState::offline));
}

Fleet Membership::fleet() const {
  const std::scoped_lock lock(mutex_);
  return fleet_;
}

base::Duration Membership::pause() const {
  const bool is_alone = std::ranges::count_if(fleet_.nodes, is_there) <= 1;
  return liveness_ / (is_alone ? kBeatsAlone : kBeatsPerLiveness);
}

void Membership::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    if (is_to_beat_) {
      is_to_beat_ = false;
      lock.unlock();
      beat();
      lock.lock();
      continue;
    }
    const bool is_woken =
        changed_.wait_for(lock, pause(), [this] { return is_stopping_ || is_to_beat_; });
    if (!is_woken) is_to_beat_ = true;
  }
}

void Membership::beat() {
  measure_clock();
  NodeState state = NodeState::online;
  {
    const std::scoped_lock lock(mutex_);
    state = self_.state;
  }
  auto reply = say(state);
  // Somebody removed it while it was away.
  if (!reply && reply.error().code == base::Code::not_found) {
    if (auto joined = join(); !joined) parts_.log.warn(joined.error().message);
    return;
  }
  hear(reply);
}

base::Result<store::NodesKnown> Membership::say(NodeState state) {
  store::NodeHeartbeat command;
  {
    const std::scoped_lock lock(mutex_);
    command.node_id = self_.id;
    command.address = self_.address;
    command.clock_offset_ms = self_.clock_offset_ms;
  }
  command.state = state;
  command.liveness = liveness_;
  command.now = parts_.clock.now();
  return store::apply(parts_.store.writer(), std::move(command));
}

void Membership::hear(const base::Result<store::NodesKnown>& reply) {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(was_heard_, reply.has_value()) && !reply) {
    parts_.log.say(
        base::LogLevel::warn,
        fmt::format("the other nodes do not hear of this one: {}", reply.error().message),
        {{"code", std::string{base::code_row(reply.error().code).name}}});
  }
  if (!reply) return;
  plan::Share share = share_of(self_.id, reply->nodes);
  const bool is_new = share != fleet_.share;
  fleet_.nodes = reply->nodes;
  fleet_.share = share;
  if (is_new && on_share_) on_share_(share);  // under the lock: drain() ends it for good
}

// Where the clock is off by more than a little, what is written here is set right, so that leases
// and events stay in order; but fires are others' business until somebody has mended it.
void Membership::measure_clock() {
  const auto measured = parts_.store.clock_offset();
  if (!measured) return;
  const auto offset = std::chrono::duration_cast<base::Duration>(measured->offset).count();
  const std::scoped_lock lock(mutex_);
  const bool was_in_time = model::is_in_time(self_.clock_offset_ms);
  const bool is_in_time = model::is_in_time(offset);
  self_.clock_offset_ms = fleet_.clock_offset_ms = offset;
  parts_.clock.correct(correction_for(*measured));
  if (was_in_time == is_in_time) return;
  if (is_in_time) return parts_.log.info("the clock is right again");
  parts_.log.say(base::LogLevel::error,
                 fmt::format("the clock is {}: this node plans nothing and ends no lease until it "
                             "is right",
                             say_offset(offset)),
                 {{"clock_offset_ms", offset}});
}

}  // namespace mainspring::node
