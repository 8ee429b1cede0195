#include "runner/process/cgroup_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include "runner/process/cgroup_layout.h"
#include "runner/process/fd.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kFileLimit = 1 << 20;  // cgroup.procs of a hundred thousand processes
constexpr std::size_t kBatch = 256;          // descriptors held at a time while signals are sent
// With forks stopped one round is enough; without (v1 with no pids controller) each round must
// outrun a program that forks as fast as it can.
constexpr int kKillRounds = 100;
// The kernel has no event for "may be removed now"; it takes microseconds after the last exit.
constexpr std::chrono::milliseconds kNap{1};

struct DirectoryCloser {
  void operator()(DIR* directory) const { closedir(directory); }
};

// The group and all below it, the deepest first.
void collect_tree(const std::string& directory, std::vector<std::string>& found) {
  const std::unique_ptr<DIR, DirectoryCloser> entries{opendir(directory.c_str())};
  while (const dirent* entry = entries ? readdir(entries.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (entry->d_type != DT_DIR || name == "." || name == "..") continue;
    collect_tree(directory + "/" + entry->d_name, found);
  }
  found.push_back(directory);
}

std::vector<std::string> load_tree(const std::string& directory) {
  std::vector<std::string> found;
  collect_tree(directory, found);
  return found;
}

// v2 says whether anybody is in a group or below it in one line.
bool is_known_to_be_empty(const std::string& directory) {
  return find_key(load_group_file(directory + "/cgroup.events"), "populated") == 0;
}

std::vector<pid_t> signal_batch(const std::string& directory, int signal,
                                std::span<const pid_t> batch) {
  std::vector<Fd> pidfds;
  for (const pid_t pid : batch)
    pidfds.emplace_back(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  const std::vector<pid_t> still = load_members(directory);
  std::vector<pid_t> told;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!pidfds[i].is_open() || std::ranges::find(still, batch[i]) == still.end()) continue;
    if (syscall(SYS_pidfd_send_signal, pidfds[i].get(), signal, nullptr, 0) == 0) {
      told.push_back(batch[i]);
    }
  }
  return told;
}

void stop_forks(const std::string& directory) {
  for (const std::string& group : load_tree(directory)) {
    write_group_file(group + "/pids.max", "0");
    write_group_file(group + "/cgroup.freeze", "1");  // v2, where a frozen process can be killed
  }
}

}  // namespace

int write_group_file(const std::string& path, std::string_view text) {
  const Fd file{open(path.c_str(), O_WRONLY | O_CLOEXEC)};
  if (!file.is_open()) return errno;
  return write(file.get(), text.data(), text.size()) < 0 ? errno : 0;
}

std::string load_group_file(const std::string& path) { return load_text(path, kFileLimit); }

std::vector<pid_t> load_members(const std::string& directory) {
  std::vector<pid_t> members;
  for (const std::string& group : load_tree(directory)) {
    const auto found = parse_members(load_group_file(group + "/cgroup.procs"));
    members.insert(members.end(), found.begin(), found.end());
  }
  return members;
}

std::vector<pid_t> signal_members(const std::string& directory, int signal,
                                  const std::function<bool(pid_t)>& is_meant) {
  std::vector<pid_t> members = load_members(directory);
  std::erase_if(members, [&](pid_t pid) { return !is_meant(pid); });
  std::vector<pid_t> told;
  std::span<const pid_t> rest = members;
  while (!rest.empty()) {
    const auto batch = rest.first(std::min(kBatch, rest.size()));
    const auto heard = signal_batch(directory, signal, batch);
    told.insert(told.end(), heard.begin(), heard.end());
    rest = rest.subspan(batch.size());
  }
  return told;
}

void kill_members(const std::string& directory) {
  if (is_known_to_be_empty(directory)) return;
  if (write_group_file(directory + "/cgroup.kill", "1") == 0) return;
  stop_forks(directory);
  std::set<pid_t> told;
  for (int round = 0; round < kKillRounds; ++round) {
    const auto fresh =
        signal_members(directory, SIGKILL, [&](pid_t pid) { return !told.contains(pid); });
    if (fresh.empty()) return;
    told.insert(fresh.begin(), fresh.end());
  }
}

bool wait_until_empty(const std::string& directory, base::Duration limit) {
  if (is_known_to_be_empty(directory)) return true;
  const auto until = std::chrono::steady_clock::now() + limit;
  while (true) {
    std::vector<ProcStat> members;
    for (const pid_t pid : load_members(directory))
      members.push_back({.pid = pid});
    if (members.empty()) return true;
    const auto left = std::chrono::ceil<base::Duration>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !wait_for_end(members, left)) return false;
    std::this_thread::sleep_for(kNap);  // dead, and about to be taken off the list
  }
}

bool remove_group(const std::string& directory, base::Duration limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (rmdir(directory.c_str()) < 0 && errno != ENOENT) {
    for (const std::string& group : load_tree(directory))
      rmdir(group.c_str());
    if (access(directory.c_str(), F_OK) < 0) return true;
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kNap);
  }
  return true;
}

}  // namespace mainspring::runner
