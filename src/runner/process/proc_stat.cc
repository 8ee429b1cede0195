#include "runner/process/proc_stat.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

#include <charconv>
#include <chrono>
#include <memory>

#include <fmt/core.h>

#include "runner/process/fd.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kStatLimit = 4096;            // a line has about 300 bytes
constexpr std::size_t kEnvironmentLimit = 4 << 20;  // the kernel's own limit is of this order

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

std::optional<ProcStat> parse_proc_stat(std::string_view line) {
  const std::size_t open = line.find(" (");
  const std::size_t close = line.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> fields;  // fields[0] is field 3, the state
  std::string_view rest = line.substr(close + 2);
  while (!rest.empty() && fields.size() < 20) {
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    fields.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (fields.size() < 20 || fields[0].size() != 1) return std::nullopt;
  const auto pid = parse_number<pid_t>(line.substr(0, open));
  const auto group = parse_number<pid_t>(fields[2]);
  const auto session = parse_number<pid_t>(fields[3]);
  const auto start = parse_number<std::uint64_t>(fields[19]);
  if (!pid || !group || !session || !start) return std::nullopt;
  return ProcStat{*pid, fields[0][0], *group, *session, *start};
}

std::string load_text(const std::string& path, std::size_t limit) {
  const Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.is_open()) return {};
  std::string text;
  char buffer[4096];
  while (text.size() < limit) {
    const ssize_t size = read(file.get(), buffer, std::min(sizeof buffer, limit - text.size()));
    if (size <= 0) break;
    text.append(buffer, static_cast<std::size_t>(size));
  }
  return text;
}

std::optional<ProcStat> load_proc_stat(pid_t pid) {
  return parse_proc_stat(load_text(fmt::format("/proc/{}/stat", pid), kStatLimit));
}

std::vector<ProcStat> load_group(pid_t group) {
  std::vector<ProcStat> members;
  const std::unique_ptr<DIR, DirectoryCloser> proc{opendir("/proc")};
  if (!proc) return members;
  while (const dirent* entry = readdir(proc.get())) {
    const auto pid = parse_number<pid_t>(entry->d_name);
    if (!pid) continue;
    const auto stat = load_proc_stat(*pid);
    if (stat && stat->group == group && stat->state != 'Z' && stat->state != 'X') {
      members.push_back(*stat);
    }
  }
  return members;
}

bool wait_for_end(const std::vector<ProcStat>& members, base::Duration limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (const ProcStat& member : members) {
    const Fd pidfd{static_cast<int>(syscall(SYS_pidfd_open, member.pid, 0))};
    if (!pidfd.is_open()) continue;
    const auto left = std::chrono::ceil<base::Duration>(until - std::chrono::steady_clock::now());
    pollfd entry{pidfd.get(), POLLIN, 0};
    if (poll(&entry, 1, std::max(0, static_cast<int>(left.count()))) != 1) return false;
  }
  return true;
}

bool environment_holds(pid_t pid, std::string_view value) {
  const std::string all = load_text(fmt::format("/proc/{}/environ", pid), kEnvironmentLimit);
  std::string_view rest = all;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    const std::string_view entry = rest.substr(0, end);
    const std::size_t equals = entry.find('=');
    if (equals != std::string_view::npos && entry.substr(equals + 1) == value) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::string load_boot_id() {
  std::string id = load_text("/proc/sys/kernel/random/boot_id", 64);
  while (!id.empty() && id.back() == '\n')
    id.pop_back();
  return id;
}

}  // namespace mainspring::runner
