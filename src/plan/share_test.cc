#include "plan/share.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

namespace mainspring::plan {
namespace {

constexpr int kJobs = 20'000;

class Draw {
 public:
  template <class Id>
  Id id() {
    base::IdEntropy entropy{};
    for (auto& byte : entropy)
      byte = static_cast<std::uint8_t>(random_());
    return Id::make(base::from_millis(1'767'225'600'000 + ++made_), entropy);
  }
  template <class Id>
  std::vector<Id> ids(int count) {
    std::vector<Id> out;
    for (int i = 0; i < count; ++i)
      out.push_back(id<Id>());
    return out;
  }

 private:
  std::mt19937_64 random_{20'261'122};
  std::int64_t made_ = 0;
};

// Who plans each job, where all see the same nodes. Fails unless it is exactly one.
std::map<base::JobId, base::NodeId> divide(const std::vector<base::JobId>& jobs,
                                           const std::vector<base::NodeId>& nodes) {
  std::map<base::JobId, base::NodeId> owners;
  for (const base::NodeId node : nodes) {
    const Share share(node, nodes);
    for (const base::JobId job : jobs) {
      if (share.has(job)) REQUIRE(owners.emplace(job, node).second);
    }
  }
  REQUIRE_EQ(owners.size(), jobs.size());
  return owners;
}

TEST_CASE("a node that is alone has everything, and one that is no member nothing") {
  Draw draw;
  const auto job = draw.id<base::JobId>();
  const auto self = draw.id<base::NodeId>();
  CHECK(Share{}.has(job));
  CHECK_EQ(Share{}.rank(Duty::promotion), 0);
  CHECK(Share(self, {self}).has(job));
  CHECK_EQ(Share(self, {self}).rank(Duty::upkeep), 0);
  const Share outside(self, draw.ids<base::NodeId>(2));
  CHECK_FALSE(outside.has(job));
  CHECK_FALSE(outside.rank(Duty::promotion).has_value());
  CHECK_FALSE(Share(self, {}).has(job));
}

TEST_CASE("every job has one owner, and the jobs are spread evenly") {
  Draw draw;
  const auto jobs = draw.ids<base::JobId>(kJobs);
  for (const int count : {2, 3, 5, 16}) {
    std::map<base::NodeId, int> owned;
    for (const auto& [job, node] : divide(jobs, draw.ids<base::NodeId>(count)))
      ++owned[node];
    CHECK_EQ(owned.size(), count);
    for (const auto& [node, number] : owned) {
      CHECK(number > kJobs / count * 85 / 100);
      CHECK(number < kJobs / count * 115 / 100);
    }
  }
}

TEST_CASE("of a node that goes only its own jobs move, and they are spread over all others") {
  Draw draw;
  const auto jobs = draw.ids<base::JobId>(kJobs);
  auto nodes = draw.ids<base::NodeId>(5);
  const auto before = divide(jobs, nodes);
  const base::NodeId gone = nodes[2];
  nodes.erase(nodes.begin() + 2);
  const auto after = divide(jobs, nodes);
  std::map<base::NodeId, int> taken;
  for (const auto& [job, owner] : before) {
    if (owner == gone) {
      ++taken[after.at(job)];
    } else {
      REQUIRE(after.at(job) == owner);
    }
  }
  CHECK_EQ(taken.size(), 4);
  for (const auto& [node, number] : taken)
    CHECK(number > kJobs / 5 / 4 * 70 / 100);
}

TEST_CASE("a node that comes takes its share from all, and nothing else moves") {
  Draw draw;
  const auto jobs = draw.ids<base::JobId>(kJobs);
  auto nodes = draw.ids<base::NodeId>(4);
  const auto before = divide(jobs, nodes);
  const auto fresh = draw.id<base::NodeId>();
  nodes.push_back(fresh);
  int moved = 0;
  for (const auto& [job, owner] : divide(jobs, nodes)) {
    if (owner == before.at(job)) continue;
    REQUIRE(owner == fresh);
    ++moved;
  }
  CHECK(moved > kJobs / 5 * 85 / 100);
  CHECK(moved < kJobs / 5 * 115 / 100);
}

TEST_CASE(
    "the members of a duty stand in an order that each of them knows, whatever is said first") {
  Draw draw;
  auto nodes = draw.ids<base::NodeId>(6);
  for (const Duty duty : {Duty::promotion, Duty::upkeep}) {
    std::vector<int> ranks;
    for (const base::NodeId node : nodes) {
      const Share share(node, nodes);
      ranks.push_back(share.rank(duty).value());
      std::vector<base::NodeId> turned(nodes.rbegin(), nodes.rend());
      CHECK(share == Share(node, turned));
    }
    std::ranges::sort(ranks);
    CHECK_EQ(ranks, std::vector{0, 1, 2, 3, 4, 5});
  }
}

}  // namespace
}  // namespace mainspring::plan
