#include "runner/container/init_process.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/core.h>

#include "runner/process/cgroup_layout.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kTextLimit = 1 << 20;  // mountinfo of a machine with many containers

std::optional<std::int64_t> load_count(const std::string& path) {
  return parse_count(load_text(path, 64));
}

bool has_controller(const Hierarchy& tree, std::string_view name) {
  return std::ranges::find(tree.controllers, name) != tree.controllers.end();
}

base::Duration from_micros(std::int64_t count) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::microseconds{count});
}

void raise(std::optional<std::int64_t>& peak, std::optional<std::int64_t> seen) {
  if (seen) peak = std::max(peak.value_or(0), *seen);
}

void sample_v2(const std::string& directory, CgroupUse& use) {
  auto memory = load_count(directory + "/memory.peak");
  if (!memory) memory = load_count(directory + "/memory.current");
  raise(use.memory_peak, memory);
  raise(use.pids_peak, load_count(directory + "/pids.peak"));
  const std::string cpu = load_text(directory + "/cpu.stat", 4096);
  const auto user = find_key(cpu, "user_usec");
  const auto system = find_key(cpu, "system_usec");
  if (user && system) use.cpu = CpuTime{from_micros(*user), from_micros(*system)};
  if (const auto held = find_key(cpu, "throttled_usec")) use.throttled = from_micros(*held);
}

}  // namespace

std::optional<InitProcess> InitProcess::find(pid_t pid, std::string_view container) {
  if (pid <= 1 || container.empty()) return std::nullopt;
  Fd handle{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (!handle.is_open()) return std::nullopt;
  // Read after the pidfd was opened: it is about the same process.
  const std::string groups = load_text(fmt::format("/proc/{}/cgroup", pid), kTextLimit);
  if (!groups.contains(container)) return std::nullopt;
  return InitProcess{std::move(handle), container, groups};
}

InitProcess::InitProcess(Fd handle, std::string_view container, const std::string& groups)
    : handle_(std::move(handle)) {
  const std::string mounts = load_text("/proc/self/mountinfo", kTextLimit);
  for (const Hierarchy& tree : parse_hierarchies(mounts, groups)) {
    if (!tree.own.contains(container)) continue;
    if (tree.version == CgroupVersion::v2) v2_ = tree.own;
    if (has_controller(tree, "memory")) memory_v1_ = tree.own;
    if (has_controller(tree, "cpuacct")) cpu_v1_ = tree.own;
  }
}

bool InitProcess::signal(int number) const {
  return ::syscall(SYS_pidfd_send_signal, handle_.get(), number, nullptr, 0) == 0;
}

void InitProcess::sample(CgroupUse& use) const {
  if (!v2_.empty()) sample_v2(v2_, use);
  if (!memory_v1_.empty())
    raise(use.memory_peak, load_count(memory_v1_ + "/memory.max_usage_in_bytes"));
  if (cpu_v1_.empty()) return;
  const auto user = load_count(cpu_v1_ + "/cpuacct.usage_user");  // nanoseconds
  const auto system = load_count(cpu_v1_ + "/cpuacct.usage_sys");
  if (user && system) use.cpu = CpuTime{from_micros(*user / 1000), from_micros(*system / 1000)};
}

void kill_init(pid_t pid, std::string_view container) {
  if (const auto found = InitProcess::find(pid, container)) found->signal(SIGKILL);
}

}  // namespace mainspring::runner
