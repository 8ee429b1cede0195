#include "runner/process/cgroup.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/core.h>

#include "runner/process/cgroup_tree.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

// v1 has a count of refusals, memory.failcnt, which some kernels (6.18 is one) leave at zero: there
// a peak this near to the limit says the same. What one allocation asks for at most is far less.
constexpr std::int64_t kNearShare = 16;

base::Duration from_micros(std::int64_t micros) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::microseconds{micros});
}

std::string load(const std::string& directory, std::string_view file) {
  return load_group_file(fmt::format("{}/{}", directory, file));
}

}  // namespace

Cgroup::~Cgroup() {
  if (parts_.empty()) return;
  kill();
  runner::wait_until_empty(parts_.front().directory, kGroupPatience);
  for (const Part& part : parts_)
    remove_group(part.directory, kGroupPatience);
}

base::Result<std::size_t> Cgroup::add_part(CgroupVersion version, const std::string& parent) {
  const std::string directory = fmt::format("{}/{}", parent, name_);
  const auto refuse = [&](std::string_view what) {
    return base::fail(base::Code::unavailable,
                      fmt::format("the control group '{}' cannot be {}: {}", directory, what,
                                  std::generic_category().message(errno)));
  };
  if (mkdir(directory.c_str(), 0755) < 0) return refuse("made");
  parts_.push_back({version, directory});
  Fd entry{open((directory + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC)};
  if (!entry.is_open()) return refuse("entered");
  entries_.push_back(entry.get());
  entry_files_.push_back(std::move(entry));
  const bool is_first = parts_.size() == 1;
  if (is_first && version == CgroupVersion::v2) {
    birthplace_ = Fd{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  }
  return parts_.size() - 1;
}

void Cgroup::ask_outside(pid_t process_group) {
  const auto has_left = [&](pid_t pid) {
    const auto stat = load_proc_stat(pid);
    return stat && stat->group != process_group;
  };
  signal_members(parts_.front().directory, SIGTERM, has_left);
  signal_members(parts_.front().directory, SIGCONT, has_left);  // or it would not see the request
}

void Cgroup::kill() { kill_members(parts_.front().directory); }

bool Cgroup::wait_until_empty(base::Duration limit) {
  return runner::wait_until_empty(parts_.front().directory, limit);
}

const Cgroup::Part* Cgroup::find_part(Limit limit) const {
  const auto index = part_of_[static_cast<std::size_t>(limit)];
  return index ? &parts_[*index] : nullptr;
}

void Cgroup::sample() {
  const Part* part = find_part(Limit::memory);
  if (part == nullptr || part->version == CgroupVersion::v1) return;
  sampled_peak_ =
      std::max(sampled_peak_, parse_count(load(part->directory, "memory.current")).value_or(0));
}

CgroupUse Cgroup::load_use() const {
  CgroupUse use;
  if (parts_.front().version == CgroupVersion::v2) {
    const std::string text = load(parts_.front().directory, "cpu.stat");
    const auto user = find_key(text, "user_usec");
    const auto system = find_key(text, "system_usec");
    if (user && system) use.cpu = CpuTime{from_micros(*user), from_micros(*system)};
  }
  if (const Part* part = find_part(Limit::cpu)) {
    const std::string text = load(part->directory, "cpu.stat");
    const auto nanos = find_key(text, "throttled_time");  // v1
    use.throttled =
        from_micros(nanos ? *nanos / 1'000 : find_key(text, "throttled_usec").value_or(0));
  }
  if (const Part* part = find_part(Limit::pids)) {
    use.pids_peak = parse_count(load(part->directory, "pids.peak"));
    use.forks_refused = find_key(load(part->directory, "pids.events"), "max").value_or(0);
  }
  if (const Part* part = find_part(Limit::memory)) load_memory_use(*part, use);
  return use;
}

void Cgroup::load_memory_use(const Part& part, CgroupUse& use) const {
  if (part.version == CgroupVersion::v1) {
    use.memory_peak = parse_count(load(part.directory, "memory.max_usage_in_bytes"));
    use.oom_kills = find_key(load(part.directory, "memory.oom_control"), "oom_kill");
    const auto limit = parse_count(load(part.directory, "memory.limit_in_bytes"));
    use.reached_memory_limit = limit && use.memory_peak >= *limit - *limit / kNearShare;
    return;
  }
  use.memory_peak = parse_count(load(part.directory, "memory.peak"));
  if (!use.memory_peak && sampled_peak_ > 0) use.memory_peak = sampled_peak_;
  const std::string events = load(part.directory, "memory.events");
  use.oom_kills = find_key(events, "oom_kill");
  use.reached_memory_limit = find_key(events, "oom").value_or(0) > 0;
}

}  // namespace mainspring::runner
