#include "runner/process/ledger.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

constexpr std::string_view kHeader = "mainspring-process-1 ";  // then boot id, label, newline
constexpr std::string_view kSuffix = ".process";
constexpr std::size_t kRecordLimit = 8 << 10;  // a header and one line of /proc/PID/stat
constexpr int kNameTries = 10'000;  // names taken by leftovers nobody has cleared are passed over

// Members die within milliseconds of SIGKILL, unless one is stuck in a dead file system.
constexpr std::chrono::milliseconds kLeftoverWait{5'000};

std::string error_text(int code) { return std::generic_category().message(code); }

struct Record {
  std::string boot_id;
  std::string label;
  std::optional<ProcStat> leader;  // absent: the node died between opening the file and the clone
};

std::optional<Record> parse_record(std::string_view text) {
  if (!text.starts_with(kHeader)) return std::nullopt;
  text.remove_prefix(kHeader.size());
  const std::size_t space = text.find(' ');
  const std::size_t line = text.find('\n');
  if (space == std::string_view::npos || line == std::string_view::npos || space > line) {
    return std::nullopt;
  }
  Record record;
  record.boot_id = text.substr(0, space);
  record.label = text.substr(space + 1, line - space - 1);
  record.leader = parse_proc_stat(text.substr(line + 1));
  return record;
}

bool is_ours(const Record& record, const std::vector<ProcStat>& members) {
  for (const ProcStat& member : members) {
    if (member.pid == record.leader->pid) {
      return member.start_ticks == record.leader->start_ticks;
    }
  }
  for (const ProcStat& member : members) {
    if (!record.label.empty() && environment_holds(member.pid, record.label)) return true;
  }
  return false;
}

// True when every member was seen to die before the time was up.
bool kill_group(pid_t group, const std::vector<ProcStat>& members) {
  std::vector<Fd> alive;
  for (const ProcStat& member : members) {
    alive.emplace_back(static_cast<int>(syscall(SYS_pidfd_open, member.pid, 0)));
  }
  ::kill(-group, SIGKILL);
  const auto until = std::chrono::steady_clock::now() + kLeftoverWait;
  for (const Fd& member : alive) {
    if (!member.is_open()) continue;
    pollfd entry{member.get(), POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (poll(&entry, 1, std::max(0, static_cast<int>(left.count()))) != 1) return false;
  }
  return true;
}

// The group's members now; none when the record's group is gone or was never ours.
std::vector<ProcStat> find_members(const Record& record, std::string_view boot_id) {
  if (!record.leader || record.boot_id != boot_id || record.leader->pid <= 1) return {};
  std::vector<ProcStat> members = load_group(record.leader->pid);
  if (!is_ours(record, members)) members.clear();
  return members;
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

LedgerRecord::LedgerRecord(LedgerRecord&& other) noexcept
    : path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}

LedgerRecord& LedgerRecord::operator=(LedgerRecord&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  return *this;
}

LedgerRecord::~LedgerRecord() {
  if (!path_.empty()) unlink(path_.c_str());
}

ProcessLedger::ProcessLedger(std::string directory)
    : directory_(std::move(directory)), boot_id_(load_boot_id()) {}

base::Result<LedgerRecord> ProcessLedger::open_record(std::string_view label) {
  std::string header = fmt::format("{}{} {}\n", kHeader, boot_id_, label);
  for (int i = 0; i < kNameTries; ++i) {
    std::string path = fmt::format("{}/{}-{}{}", directory_, getpid(), next_++, kSuffix);
    Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600)};
    if (!file.is_open() && errno == EEXIST) continue;
    int reason = file.is_open() ? 0 : errno;
    // The child moves its own 0, 1 and 2 into place before it writes here.
    if (reason == 0 && file.get() <= STDERR_FILENO) {
      file = Fd{fcntl(file.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    }
    LedgerRecord record{file.is_open() ? path : std::string{}, std::move(file)};
    if (reason == 0 &&
        write(record.fd(), header.data(), header.size()) != static_cast<ssize_t>(header.size())) {
      reason = errno;
    }
    if (reason == 0) return record;
    return base::fail(
        reason == ENOSPC ? base::Code::storage_full : base::Code::unavailable,
        fmt::format("cannot write the process record '{}': {}", path, error_text(reason)));
  }
  return base::fail(base::Code::unavailable,
                    fmt::format("the directory '{}' is full of process records", directory_));
}

base::Result<std::vector<std::string>> kill_leftovers(const std::string& directory) {
  const std::unique_ptr<DIR, DirectoryCloser> entries{opendir(directory.c_str())};
  if (!entries) {
    return base::fail(base::Code::unavailable,
                      fmt::format("cannot read the directory of process records '{}': {}",
                                  directory, error_text(errno)));
  }
  const std::string boot_id = load_boot_id();
  std::vector<std::string> ended;
  while (const dirent* entry = readdir(entries.get())) {
    if (!std::string_view{entry->d_name}.ends_with(kSuffix)) continue;
    const std::string path = fmt::format("{}/{}", directory, entry->d_name);
    if (const auto record = parse_record(load_text(path, kRecordLimit))) {
      const std::vector<ProcStat> members = find_members(*record, boot_id);
      if (!members.empty() && !kill_group(record->leader->pid, members)) {
        return base::fail(base::Code::unavailable,
                          fmt::format("process group {} of '{}' does not die on SIGKILL",
                                      record->leader->pid, record->label));
      }
      if (!members.empty()) ended.push_back(record->label);
    }
    unlink(path.c_str());
  }
  return ended;
}

}  // namespace mainspring::runner
