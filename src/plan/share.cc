#include "plan/share.h"

#include <algorithm>
#include <utility>

namespace mainspring::plan {
namespace {

// The finalizer of SplitMix64: every bit of the result depends on every bit given.
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

std::uint64_t fold(const base::IdBytes& bytes) {
  std::uint64_t halves[2] = {};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    halves[i / 8] = (halves[i / 8] << 8) | bytes[i];
  return mix(halves[0] + 0x9e3779b97f4a7c15) ^ halves[1];
}

using Score = std::pair<std::uint64_t, base::NodeId>;  // no two are equal

Score score(base::NodeId node, std::uint64_t key) {
  return {mix(mix(fold(node.bytes())) ^ key), node};
}

}  // namespace

Share::Share(base::NodeId self, std::vector<base::NodeId> members)
    : is_alone_(false),
      is_member_(std::ranges::find(members, self) != members.end()),
      self_(self),
      others_(std::move(members)) {
  std::erase(others_, self);
  std::ranges::sort(others_);
}

bool Share::has(base::JobId job) const {
  if (is_alone_ || !is_member_) return is_alone_;
  const std::uint64_t key = mix(fold(job.bytes()));
  const Score own = score(self_, key);
  return std::ranges::none_of(others_, [&](base::NodeId other) { return score(other, key) > own; });
}

std::optional<int> Share::rank(Duty duty) const {
  if (!is_member_) return std::nullopt;
  const std::uint64_t key = mix(static_cast<std::uint64_t>(duty) + 1);
  const Score own = score(self_, key);
  return static_cast<int>(
      std::ranges::count_if(others_, [&](base::NodeId other) { return score(other, key) > own; }));
}

}  // namespace mainspring::plan
