#include "runner/process/cgroup_layout.h"

#include <doctest/doctest.h>

namespace mainspring::runner {
namespace {

using enum CgroupVersion;
using enum GroupFile::Need;

TEST_CASE("a machine with v1 alone has a tree for each controller, joined ones once") {
  const auto found = parse_hierarchies(
      "22 1 0:21 / /proc rw - proc proc rw\n"
      "30 25 0:26 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,name=systemd\n"
      "31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
      "32 25 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "33 25 0:28 / /mnt/again rw - cgroup cgroup rw,memory\n",
      "5:memory:/system.slice/mainspring.service\n4:cpu,cpuacct:/\n1:name=systemd:/x\n");
  REQUIRE_EQ(found.size(), 2);
  CHECK(found[0] ==
        Hierarchy{v1, "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", {"cpu"}});
  CHECK(found[1] == Hierarchy{v1,
                              "/sys/fs/cgroup/memory",
                              "/sys/fs/cgroup/memory/system.slice/mainspring.service",
                              {"memory"}});
}

TEST_CASE("a machine with v2 has one tree, and its own group is below it") {
  const auto found =
      parse_hierarchies("30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
                        "0::/user.slice/user-1000.slice\n");
  REQUIRE_EQ(found.size(), 1);
  CHECK(found[0] ==
        Hierarchy{v2, "/sys/fs/cgroup", "/sys/fs/cgroup/user.slice/user-1000.slice", {}});
}

TEST_CASE("a container sees a part of the tree, at whose top it stands") {
  const auto bound =
      parse_hierarchies("32 25 0:28 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n",
                        "5:pids:/docker/abc/inner\n");
  REQUIRE_EQ(bound.size(), 1);
  CHECK_EQ(bound[0].own, "/sys/fs/cgroup/pids/inner");
  const auto strange = parse_hierarchies(
      "32 25 0:28 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n"
      "33 25 0:29 /.. /sys/fs/cgroup/unified ro - cgroup2 cgroup rw\n",
      "5:pids:/elsewhere\n0::/../other\n");
  REQUIRE_EQ(strange.size(), 2);
  CHECK_EQ(strange[0].own, strange[0].top);
  CHECK_EQ(strange[1].own, strange[1].top);
}

TEST_CASE("the name of a mount point is read with its escapes, and broken lines are passed over") {
  const auto found = parse_hierarchies(
      "\n30 25\nx - cgroup2\n"
      "30 25 0:26 / /mnt/a\\040b\\134 rw - cgroup2 cgroup2 rw\n",
      "nonsense\n0:\n");
  REQUIRE_EQ(found.size(), 1);
  CHECK_EQ(found[0].top, "/mnt/a b\\");
  CHECK(parse_hierarchies("", "").empty());
}

TEST_CASE("limits are the texts that each version takes, swap shut off with memory") {
  const CgroupLimits limits{64 << 20, 20, 0.25};
  CHECK(files_of(v2, Limit::memory, limits) ==
        std::vector<GroupFile>{{"memory.max", "67108864", required},
                               {"memory.swap.max", "0", if_there}});
  CHECK(files_of(v1, Limit::memory, limits) ==
        std::vector<GroupFile>{{"memory.limit_in_bytes", "67108864", required},
                               {"memory.memsw.limit_in_bytes", "67108864", if_there},
                               {"memory.swappiness", "0", if_there}});
  CHECK(files_of(v1, Limit::pids, limits) == files_of(v2, Limit::pids, limits));
  CHECK(files_of(v2, Limit::pids, limits) == std::vector<GroupFile>{{"pids.max", "20", required}});
  CHECK(files_of(v2, Limit::cpu, limits) ==
        std::vector<GroupFile>{{"cpu.max", "25000 100000", required}});
  CHECK(files_of(v1, Limit::cpu, limits) ==
        std::vector<GroupFile>{{"cpu.cfs_period_us", "100000", required},
                               {"cpu.cfs_quota_us", "25000", required}});
}

TEST_CASE("a share of a core too small for the usual period gets a longer one") {
  CHECK_EQ(files_of(v2, Limit::cpu, {.cpu_cores = 0.005}).front().text, "5000 1000000");
  CHECK_EQ(files_of(v2, Limit::cpu, {.cpu_cores = 0.01}).front().text, "1000 100000");
  CHECK_EQ(files_of(v2, Limit::cpu, {.cpu_cores = 2.5}).front().text, "250000 100000");
}

TEST_CASE("files of groups are read by key, as a number, or as a list of processes") {
  constexpr std::string_view kStat = "usage_usec 12\nuser_usec 7\nuser 3\n";
  CHECK_EQ(find_key(kStat, "user_usec"), 7);
  CHECK_EQ(find_key(kStat, "user"), 3);
  CHECK_FALSE(find_key(kStat, "usec").has_value());
  CHECK_EQ(parse_count("4096\n"), 4096);
  CHECK_FALSE(parse_count("max\n").has_value());
  CHECK_FALSE(parse_count("").has_value());
  // A process outside of our namespace is listed as 0, which would mean ourselves.
  CHECK_EQ(parse_members("12\n0\n7\n"), std::vector<int>{12, 7});
  CHECK(lists_word("cpu io memory\n", "memory"));
  CHECK_FALSE(lists_word("cpuset io\n", "cpu"));
}

}  // namespace
}  // namespace mainspring::runner
