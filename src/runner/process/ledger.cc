#include "runner/process/ledger.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

constexpr std::string_view kHeader = "mainspring-process-1 ";  // then boot id, label, newline
constexpr char kVoid = '-';               // in place of the header's first byte
constexpr std::size_t kStatLimit = 1024;  // a line of /proc/PID/stat has about 300 bytes
constexpr std::string_view kSuffix = ".process";
constexpr std::size_t kRecordLimit = 8 << 10;  // a header and one line of /proc/PID/stat
constexpr int kNameTries = 10'000;  // names taken by leftovers nobody has cleared are passed over

// Members die within milliseconds of SIGKILL, unless one is stuck in a dead file system.
constexpr base::Duration kLeftoverWait{5'000};

std::string error_text(int code) { return std::generic_category().message(code); }

std::unexpected<base::Error> fail_record(const std::string& directory, int reason) {
  return base::fail(
      reason == ENOSPC ? base::Code::storage_full : base::Code::unavailable,
      fmt::format("cannot write a process record in '{}': {}", directory, error_text(reason)));
}

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
    : ledger_(std::exchange(other.ledger_, nullptr)), file_(std::move(other.file_)) {}

LedgerRecord& LedgerRecord::operator=(LedgerRecord&& other) noexcept {
  std::swap(ledger_, other.ledger_);
  std::swap(file_, other.file_);
  return *this;
}

LedgerRecord::~LedgerRecord() {
  if (ledger_ != nullptr) ledger_->take_back(std::move(file_));
}

ProcessLedger::ProcessLedger(std::string directory)
    : directory_(std::move(directory)), boot_id_(load_boot_id()) {}

ProcessLedger::~ProcessLedger() {
  for (const std::string& path : paths_)
    unlink(path.c_str());
}

base::Result<LedgerRecord> ProcessLedger::open_record(std::string_view label) {
  auto file = make_file();
  if (!file) return base::fail(std::move(file.error()));
  const std::string header =
      fmt::format("{}{} {}\n", kHeader, boot_id_, label.substr(0, kLabelLimit));
  // What the file's last process left after the header is wiped by the same write.
  std::string block = header;
  block.resize(header.size() + kStatLimit, '\n');
  const auto size = static_cast<ssize_t>(block.size());
  if (pwrite(file->get(), block.data(), block.size(), 0) != size) {
    const int reason = errno;
    take_back(std::move(*file));
    return fail_record(directory_, reason);
  }
  lseek(file->get(), static_cast<off_t>(header.size()), SEEK_SET);
  return LedgerRecord{*this, std::move(*file)};
}

base::Result<Fd> ProcessLedger::make_file() {
  const std::lock_guard lock{mutex_};
  if (!free_.empty()) {
    Fd file = std::move(free_.back());
    free_.pop_back();
    return file;
  }
  for (int i = 0; i < kNameTries; ++i) {
    std::string path =
        fmt::format("{}/{}-{}{}", directory_, getpid(), paths_.size() + i + 1, kSuffix);
    Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file.is_open() && errno == EEXIST) continue;
    if (!file.is_open()) return fail_record(directory_, errno);
    paths_.push_back(std::move(path));
    // The child moves its own 0, 1 and 2 into place before it writes here.
    if (file.get() <= STDERR_FILENO) {
      file = Fd{fcntl(file.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    }
    if (!file.is_open()) return fail_record(directory_, errno);
    return file;
  }
  return fail_record(directory_, EEXIST);
}

// One byte makes the record void; kill_leftovers() passes it over.
void ProcessLedger::take_back(Fd file) {
  if (pwrite(file.get(), &kVoid, 1, 0) != 1) return;
  const std::lock_guard lock{mutex_};
  free_.push_back(std::move(file));
}

namespace {

// A record, and whom SIGKILL has been sent to.
struct Killed {
  std::string path;
  std::string label;
  std::vector<ProcStat> members;
};

// First all are killed, then they are waited for: none works on while another one dies.
base::Result<std::vector<Killed>> kill_recorded(const std::string& directory) {
  const std::unique_ptr<DIR, DirectoryCloser> entries{opendir(directory.c_str())};
  if (!entries) {
    return base::fail(base::Code::unavailable,
                      fmt::format("cannot read the directory of process records '{}': {}",
                                  directory, error_text(errno)));
  }
  const std::string boot_id = load_boot_id();
  std::vector<Killed> killed;
  while (const dirent* entry = readdir(entries.get())) {
    if (!std::string_view{entry->d_name}.ends_with(kSuffix)) continue;
    Killed& one = killed.emplace_back(fmt::format("{}/{}", directory, entry->d_name));
    const auto record = parse_record(load_text(one.path, kRecordLimit));
    if (!record) continue;
    one.label = record->label;
    one.members = find_members(*record, boot_id);
    if (!one.members.empty()) ::kill(-record->leader->pid, SIGKILL);
  }
  return killed;
}

}  // namespace

base::Result<std::vector<std::string>> kill_leftovers(const std::string& directory) {
  const auto killed = kill_recorded(directory);
  if (!killed) return base::fail(killed.error());
  std::vector<std::string> ended;
  for (const Killed& one : *killed) {
    if (!wait_for_end(one.members, kLeftoverWait)) {
      return base::fail(base::Code::unavailable,
                        fmt::format("a process of '{}' ({}) does not die on SIGKILL", one.label,
                                    one.members.front().pid));
    }
    if (!one.members.empty()) ended.push_back(one.label);
    unlink(one.path.c_str());
  }
  return ended;
}

bool end_recorded(const std::string& directory) {
  const auto killed = kill_recorded(directory);
  return killed && std::ranges::all_of(*killed, [](const Killed& one) {
           return wait_for_end(one.members, kLeftoverWait);
         });
}

}  // namespace mainspring::runner
