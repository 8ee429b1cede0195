#include "node/doctor.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>
#include <fmt/format.h>

#include "backup/shelf.h"
#include "json/codec.h"
#include "node/certificate_watch.h"
#include "node/identity.h"
#include "postgres/store.h"
#include "runner/process/cgroup_root.h"
#include "sqlite/copy.h"
#include "system/file_lock.h"
#include "system/files.h"
#include "system/real_clock.h"

namespace mainspring::node {
namespace {

namespace fs = std::filesystem;
using base::Code;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kLittleRoom = 1024 * kMiB;
constexpr std::uint64_t kNoRoom = 64 * kMiB;
// The log is emptied at 16 MiB; one that is this long is held open by a reader, or by a backup.
constexpr std::uint64_t kLongLog = 256 * kMiB;
constexpr base::Duration kOldBackup = std::chrono::days{7};
// Each connection, run and log takes a few.
constexpr rlim_t kFewFiles = 4096;
// A machine without a clock that runs starts in 1970; this program is younger than that.
constexpr base::Instant kTooEarly{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

enum class State { ok, warn, failed };

struct Check {
  std::string name;
  State state = State::ok;
  std::string found;
  std::string advice = {};
  Code code = Code::unavailable;  // of one that failed
};

std::string_view to_text(State state) {
  if (state == State::ok) return "ok";
  return state == State::warn ? "warn" : "failed";
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::uint64_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = fs::file_size(path, missing);
  return missing ? 0 : size;
}

Check check_directory(const Layout& layout) {
  struct stat found{};
  if (::stat(layout.root.c_str(), &found) != 0) {
    return {"directory", State::failed, fmt::format("there is no {}", layout.root),
            "Give --data-dir, or start a node once: it makes its directory.", Code::not_found};
  }
  const auto mode = found.st_mode & 07777;
  if ((mode & (S_IWGRP | S_IWOTH)) != 0) {
    return {"directory", State::failed, fmt::format("{} has mode {:04o}", layout.root, mode),
            "Others may write to it, and a node refuses that: chmod 700.", Code::conflict};
  }
  if (found.st_uid != ::geteuid() && ::geteuid() != 0) {
    return {"directory", State::warn,
            fmt::format("{} belongs to user id {}", layout.root, found.st_uid),
            "Look at it as that user: what you may not read is not checked."};
  }
  return {"directory", State::ok, fmt::format("{}, mode {:04o}", layout.root, mode)};
}

Check check_node(const Layout& layout) {
  if (!exists(layout.lock())) return {"node", State::ok, "none has run here yet"};
  const auto taken = system::FileLock::take(layout.lock());
  if (taken) return {"node", State::ok, "none is running here"};
  return {"node", State::ok,
          taken.error().code == Code::conflict ? "one is running here" : taken.error().message};
}

Check check_room(const Layout& layout) {
  const auto room = system::load_free_space(layout.root);
  if (!room) return {"room", State::failed, room.error().message, "Look at the disk."};
  const std::string found = fmt::format("{} MiB free", *room / kMiB);
  const char* advice = "Free some space; a node whose disk is full accepts nothing.";
  if (*room < kNoRoom) return {"room", State::failed, found, advice, Code::storage_full};
  return *room < kLittleRoom ? Check{"room", State::warn, found, advice}
                             : Check{"room", State::ok, found};
}

Check check_database(const Layout& layout) {
  if (!exists(layout.database())) {
    return {"database", State::warn, "there is none",
            "A node makes one when it starts. If there "
            "was one, restore a backup: mainspring restore FILE."};
  }
  const auto schema = sqlite::check_database(layout.database(), sqlite::Depth::quick);
  if (!schema) {
    return {"database", State::failed, schema.error().message,
            "Stop the node, keep a copy of the directory, and restore a backup.",
            schema.error().code};
  }
  const int newest = sqlite::newest_schema();
  const std::string found =
      fmt::format("whole, {} MiB, schema {}", size_of(layout.database()) / kMiB, *schema);
  if (*schema == newest) return {"database", State::ok, found};
  return {"database", State::warn, found,
          fmt::format("This program brings it to schema {} when a node starts, and an older one "
                      "cannot open it any more: make a backup before.",
                      newest)};
}

Check check_log(const Layout& layout) {
  const std::uint64_t size = size_of(layout.database() + "-wal");
  const std::string found = fmt::format("{} MiB", size / kMiB);
  if (size < kLongLog) return {"log", State::ok, found};
  return {"log", State::warn, found,
          "Something reads the database for long: a backup, or a shell that was left open."};
}

Check check_clock(const Layout& layout) {
  const base::Instant now = system::SystemClock{}.now();
  const std::string found = base::format_instant(now);
  if (now < kTooEarly) {
    return {"clock", State::failed, found, "Set it (timedatectl set-ntp true) before a node runs.",
            Code::conflict};
  }
  struct stat database{};
  if (::stat(layout.database().c_str(), &database) == 0) {
    const auto written = base::Instant{std::chrono::seconds{database.st_mtime}};
    if (written > now + std::chrono::minutes{1}) {
      return {"clock", State::warn, found,
              fmt::format("The database was written at {}, which is yet to come: the clock was "
                          "set back, or the file comes from a machine ahead of this one.",
                          base::format_instant(written))};
    }
  }
  return {"clock", State::ok, found};
}

Check check_token(const Layout& layout) {
  struct stat found{};
  if (::stat(layout.admin_token().c_str(), &found) != 0) {
    return {"token", State::ok, "none yet; a node makes one when it starts"};
  }
  const auto mode = found.st_mode & 07777;
  if ((mode & 077) == 0) return {"token", State::ok, fmt::format("mode {:04o}", mode)};
  return {"token", State::failed, fmt::format("{} has mode {:04o}", layout.admin_token(), mode),
          "Others may read it: remove it and restart the node, which retires the old token.",
          Code::permission_denied};
}

// Directories and files below the store of secrets that somebody else may look into.
std::vector<std::string> find_open_secrets(const std::string& root, std::size_t& count) {
  std::vector<std::string> open;
  std::error_code failure;
  fs::recursive_directory_iterator entries(root, failure);
  for (; !failure && entries != fs::recursive_directory_iterator{}; entries.increment(failure)) {
    struct stat found{};
    const std::string path = entries->path().string();
    if (::lstat(path.c_str(), &found) != 0) continue;
    if (S_ISREG(found.st_mode)) ++count;
    if ((found.st_mode & 077) != 0 && !S_ISLNK(found.st_mode)) open.push_back(path);
  }
  return open;
}

Check check_secrets(const Layout& layout) {
  struct stat found{};
  if (::stat(layout.secrets().c_str(), &found) != 0) {
    return {"secrets", State::ok, "none are stored here"};
  }
  std::size_t count = 0;
  std::vector<std::string> open = find_open_secrets(layout.secrets(), count);
  if ((found.st_mode & 077) != 0) open.insert(open.begin(), layout.secrets());
  const std::string stored = fmt::format("{} stored here", count);
  if (open.empty()) return {"secrets", State::ok, stored};
  return {"secrets", State::warn,
          fmt::format("{}; others than their owner may look into {}", stored, open.front()),
          fmt::format("Close them all (chmod -R go= {}), and count what could be read as known.",
                      layout.secrets())};
}

Check check_listen(const Config& config) {
  const auto address = parse_listen(config.listen);
  if (!address) {
    return {"listen", State::failed, address.error().message, "Mend the setting `listen`.",
            address.error().code};
  }
  return {"listen", State::ok, config.listen};
}

// As a node that starts now would find them.
Check check_certificate(const Config& config) {
  if (!config.has_tls()) return {"tls", State::ok, "none is set: the node speaks plain HTTP"};
  const auto tls = net::Tls::load({config.tls_certificate, config.tls_key});
  if (!tls) {
    return {"tls", State::failed, tls.error().message, "Mend the file; a node does not start so.",
            tls.error().code};
  }
  const net::TlsCertificate certificate = (*tls)->certificate();
  const auto trouble = trouble_of(certificate, system::SystemClock{}.now());
  std::string found = fmt::format("for {}, until {}", fmt::join(certificate.names, ", "),
                                  base::format_instant(certificate.not_after));
  if (!trouble) return {"tls", State::ok, std::move(found)};
  return {"tls", State::warn, std::move(found), *trouble};
}

// What a node could enforce here, found out under a name of its own that goes again.
Check check_groups() {
  const auto groups = runner::CgroupRoot::open(fmt::format("doctor-{}", ::getpid()));
  std::string enforced;
  std::string why;
  for (const runner::Limit limit : runner::kAllLimits) {
    if (groups->why_not(limit).empty()) {
      enforced += fmt::format("{}{}", enforced.empty() ? "" : ", ", runner::controller_of(limit));
    } else if (why.empty()) {
      why = groups->why_not(limit);
    }
  }
  const std::string found = enforced.empty()
                                ? "no limit of resources can be enforced"
                                : fmt::format("{} (cgroup {})", enforced, groups->version());
  if (why.empty()) return {"cgroup", State::ok, found};
  return {"cgroup", State::warn, found, fmt::format("The first that is missing: {}.", why)};
}

// The file that tz's own distribution names its version in.
Check check_zones() {
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  std::string line;
  if (std::getline(file, line) && line.starts_with("# version ")) {
    return {"zones", State::ok, fmt::format("tz database {}", line.substr(10))};
  }
  if (exists("/usr/share/zoneinfo/Europe/Berlin")) {
    return {"zones", State::ok, "the tz database is there and does not say which version"};
  }
  return {"zones", State::failed, "there is no tz database",
          "Install it (package tzdata): schedules with a timezone cannot be planned.",
          Code::not_found};
}

Check check_files() {
  rlimit found{};
  ::getrlimit(RLIMIT_NOFILE, &found);
  const std::string text = fmt::format("{} open files at most here", found.rlim_cur);
  if (found.rlim_cur >= kFewFiles) return {"files", State::ok, text};
  return {"files", State::warn, text,
          fmt::format("Allow a node {} at least (ulimit -n, or LimitNOFILE= of its unit): each "
                      "connection and each run takes some.",
                      kFewFiles)};
}

std::string age_of(base::Instant instant) {
  return base::format_roughly(system::SystemClock{}.now() - instant);
}

bool is_same_disk(const std::string& a, const std::string& b) {
  struct stat first{};
  struct stat second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev;
}

Check check_shared_store(const Config& config) {
  const auto found =
      postgres::inspect({.url = config.store, .password_file = config.store_password_file});
  if (!found) {
    return {"store", State::failed, found.error().message,
            "docs/guide/postgresql.md says what each message means.", found.error().code};
  }
  const std::string text =
      fmt::format("{}, PostgreSQL {}, schema {}{}", found->shown, found->server, found->schema,
                  found->is_pooled ? ", through a pooler" : "");
  if (!found->is_durable) {
    return {"store", State::warn, text,
            "fsync is off there: what was accepted is lost when that machine fails."};
  }
  if (found->schema == found->newest) return {"store", State::ok, text};
  if (found->schema > found->newest) {
    return {"store", State::warn, text,
            fmt::format("A newer program has used it; this one knows up to schema {}: upgrade it.",
                        found->newest)};
  }
  return {"store", State::warn, text,
          fmt::format("This program brings it to schema {} when a node starts.", found->newest)};
}

Check check_shared_clock(const Config& config) {
  const auto found =
      postgres::inspect({.url = config.store, .password_file = config.store_password_file});
  if (!found) return {"clock", State::warn, "the database's cannot be asked"};
  const auto offset = std::chrono::duration<double>(found->clock.offset).count();
  const std::string text = fmt::format("{:.3f} s {} the database's", std::abs(offset),
                                       offset < 0 ? "ahead of" : "behind");
  if (std::abs(offset) < 1) return {"clock", State::ok, text};
  return {"clock", State::failed, text,
          "A node writes nothing so: set the clock right (timedatectl set-ntp true).",
          Code::conflict};
}

Check check_backup(const Config& config) {
  const std::string directory = config.backup_directory();
  const auto list = backup::Shelf(directory).list();
  if (!list) {
    return {"backup", State::failed, list.error().message, "Mend the directory of backups.",
            list.error().code};
  }
  const store::Backup* const newest = backup::find_newest(*list);
  if (newest == nullptr) {
    return {"backup", State::warn, fmt::format("none in {}", directory),
            "Set backup_every, or call `jobctl backup create`."};
  }
  const auto proven = backup::last_proven(*list);
  const std::string found =
      fmt::format("{}, {} old, {}", newest->name, age_of(newest->made_at),
                  proven ? fmt::format("a restore was proven {} ago", age_of(*proven))
                         : "no restore was ever proven");
  const base::Duration age = system::SystemClock{}.now() - newest->made_at;
  const base::Duration longest =
      config.backup_every > base::Duration{0} ? 2 * config.backup_every : kOldBackup;
  if (age > longest) return {"backup", State::warn, found, "Make one: jobctl backup create."};
  if (!proven) return {"backup", State::warn, found, "Prove it: mainspring restore FILE --verify."};
  if (is_same_disk(directory, config.data_dir)) {
    return {"backup", State::warn, found,
            "It is on the disk that it is to save you from: set backup_dir to another, or copy "
            "the files away."};
  }
  return {"backup", State::ok, found};
}

std::vector<Check> make_checks(const Config& config) {
  const Layout layout{config.data_dir};
  std::vector<Check> checks{check_directory(layout)};
  if (checks.front().code != Code::not_found) {
    for (auto check : {check_node, check_room, check_token, check_secrets})
      checks.push_back(check(layout));
  }
  if (config.has_own_store()) {
    if (checks.front().code != Code::not_found) {
      checks.push_back(check_database(layout));
      checks.push_back(check_log(layout));
    }
    checks.push_back(check_clock(layout));
  } else {
    checks.push_back(check_shared_store(config));
    checks.push_back(check_shared_clock(config));
  }
  checks.push_back(check_listen(config));
  checks.push_back(check_certificate(config));
  checks.push_back(check_groups());
  checks.push_back(check_zones());
  checks.push_back(check_files());
  if (config.has_own_store()) checks.push_back(check_backup(config));
  return checks;
}

void print(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    fmt::print("{:<10} {:<7} {}\n", check.name, to_text(check.state), check.found);
    if (!check.advice.empty()) fmt::print("{:<18} {}\n", "", check.advice);
  }
}

void print_json(const std::vector<Check>& checks) {
  json::Array items;
  for (const Check& check : checks) {
    json::Object item{
        {"check", check.name}, {"state", to_text(check.state)}, {"found", check.found}};
    if (!check.advice.empty()) item["advice"] = check.advice;
    items.push_back(std::move(item));
  }
  fmt::print("{}\n", json::write(json::Object{{"items", std::move(items)}}));
}

}  // namespace

int run_doctor(const Config& config, DoctorOutput output) {
  const std::vector<Check> checks = make_checks(config);
  if (output == DoctorOutput::json) {
    print_json(checks);
  } else {
    print(checks);
  }
  const auto failed = std::ranges::find(checks, State::failed, &Check::state);
  return failed == checks.end() ? 0 : base::code_row(failed->code).exit_code;
}

}  // namespace mainspring::node
