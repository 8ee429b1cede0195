#include "runner/process/cgroup_layout.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

// Cpu time is handed out in periods: as short as the kernel's own default, so that a throttled
// program stutters little; a share too small for one gets the longest that the kernel takes.
constexpr std::int64_t kPeriodMicros = 100'000;
constexpr std::int64_t kLongestPeriodMicros = 1'000'000;
constexpr std::int64_t kLeastQuotaMicros = 1'000;  // the kernel's minimum

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// mountinfo writes a space, a tab, a line end and a backslash as \ooo.
std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int code = 0;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 4, code, 8).ptr ==
            text.data() + i + 4) {
      plain += static_cast<char>(code);
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

struct Mount {
  CgroupVersion version = CgroupVersion::v2;
  std::string root;  // which directory of the tree is mounted
  std::string top;
  std::vector<std::string> controllers;
};

// "36 25 0:30 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct"
std::optional<Mount> parse_mount(std::string_view line) {
  const std::size_t dash = line.find(" - ");
  if (dash == std::string_view::npos) return std::nullopt;
  const auto place = split(line.substr(0, dash), " ");
  const auto kind = split(line.substr(dash + 3), " ");
  if (place.size() < 5 || kind.size() < 3) return std::nullopt;
  Mount mount{CgroupVersion::v2, unescape(place[3]), unescape(place[4]), {}};
  if (kind[0] == "cgroup2") return mount;
  if (kind[0] != "cgroup") return std::nullopt;
  mount.version = CgroupVersion::v1;
  for (const std::string_view option : split(kind[2], ",")) {
    for (const Limit limit : kAllLimits) {
      if (option == controller_of(limit)) mount.controllers.emplace_back(option);
    }
  }
  if (mount.controllers.empty()) return std::nullopt;  // a tree that limits nothing of ours
  return mount;
}

// The path of our group in that tree. /proc/self/cgroup: "4:cpu,cpuacct:/a/b", v2: "0::/a/b".
std::string find_own_path(const Mount& mount, std::string_view self) {
  for (const std::string_view line : split(self, "\n")) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const auto controllers = split(line.substr(first + 1, second - first - 1), ",");
    const bool is_ours = mount.version == CgroupVersion::v2
                             ? line.starts_with("0::")
                             : contains(controllers, mount.controllers.front());
    if (is_ours) return std::string{line.substr(second + 1)};
  }
  return "/";
}

std::string own_directory(const Mount& mount, std::string path) {
  const std::string root = mount.root == "/" ? "" : mount.root;
  const bool is_below = path == root || path.starts_with(root + "/");
  if (!is_below || path.contains("/..")) return mount.top;
  path.erase(0, root.size());
  return path == "/" ? mount.top : mount.top + path;
}

GroupFile quota_file(std::string name, std::string text) {
  return {std::move(name), std::move(text), GroupFile::Need::required};
}

std::vector<GroupFile> memory_files(CgroupVersion version, std::int64_t bytes) {
  using enum GroupFile::Need;
  const std::string text = std::to_string(bytes);
  if (version == CgroupVersion::v2) {
    return {{"memory.max", text, required}, {"memory.swap.max", "0", if_there}};
  }
  return {{"memory.limit_in_bytes", text, required},
          {"memory.memsw.limit_in_bytes", text, if_there},
          {"memory.swappiness", "0", if_there}};
}

std::vector<GroupFile> cpu_files(CgroupVersion version, double cores) {
  const auto quota_in = [&](std::int64_t period) {
    return static_cast<std::int64_t>(std::llround(cores * static_cast<double>(period)));
  };
  const std::int64_t period =
      quota_in(kPeriodMicros) < kLeastQuotaMicros ? kLongestPeriodMicros : kPeriodMicros;
  const std::int64_t quota = quota_in(period);
  if (version == CgroupVersion::v2) {
    return {quota_file("cpu.max", fmt::format("{} {}", quota, period))};
  }
  return {quota_file("cpu.cfs_period_us", std::to_string(period)),
          quota_file("cpu.cfs_quota_us", std::to_string(quota))};
}

}  // namespace

std::string_view controller_of(Limit limit) {
  switch (limit) {
    case Limit::memory:
      return "memory";
    case Limit::pids:
      return "pids";
    case Limit::cpu:
      return "cpu";
  }
  return "";
}

bool CgroupLimits::has(Limit limit) const {
  switch (limit) {
    case Limit::memory:
      return memory_bytes > 0;
    case Limit::pids:
      return pids > 0;
    case Limit::cpu:
      return cpu_cores > 0;
  }
  return false;
}

std::vector<Hierarchy> parse_hierarchies(std::string_view mountinfo, std::string_view self) {
  std::vector<Hierarchy> found;
  for (const std::string_view line : split(mountinfo, "\n")) {
    auto mount = parse_mount(line);
    if (!mount) continue;
    const bool is_known = std::ranges::any_of(found, [&](const Hierarchy& other) {
      return other.version == mount->version && other.controllers == mount->controllers;
    });
    if (is_known) continue;
    std::string own = own_directory(*mount, find_own_path(*mount, self));
    found.push_back({mount->version, mount->top, std::move(own), std::move(mount->controllers)});
  }
  return found;
}

bool lists_word(std::string_view text, std::string_view word) {
  return contains(split(text, " \n"), word);
}

std::vector<GroupFile> files_of(CgroupVersion version, Limit limit, const CgroupLimits& limits) {
  switch (limit) {
    case Limit::memory:
      return memory_files(version, limits.memory_bytes);
    case Limit::pids:
      return {quota_file("pids.max", std::to_string(limits.pids))};
    case Limit::cpu:
      return cpu_files(version, limits.cpu_cores);
  }
  return {};
}

std::optional<std::int64_t> find_key(std::string_view text, std::string_view key) {
  for (const std::string_view line : split(text, "\n")) {
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ') {
      return parse_count(line.substr(key.size() + 1));
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_count(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<int> parse_members(std::string_view text) {
  std::vector<int> members;
  for (const std::string_view line : split(text, "\n")) {
    if (const auto pid = parse_count(line); pid && *pid > 0) {
      members.push_back(static_cast<int>(*pid));
    }
  }
  return members;
}

}  // namespace mainspring::runner
