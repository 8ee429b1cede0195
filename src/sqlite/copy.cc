#include "sqlite/copy.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/core.h>

#include "sql/core.h"
#include "sqlite/database.h"
#include "sqlite/failure.h"
#include "sqlite/migrations.h"
#include "store/store.h"

namespace mainspring::sqlite {
namespace {

using base::Code;
using base::Result;

// 2 MiB: short enough for a watch to look at, long enough to cost nothing.
constexpr int kPagesPerStep = 512;
// What is copied is put on disk piece by piece: one large sync at the end would hold up the syncs
// of the writer for as long as it takes.
constexpr int kStepsPerSync = 4;

// Runs `action`, and turns what it throws into an error. The boundary of this file.
template <class Action>
auto attempt(const std::string& path, Action action) -> decltype(action()) {
  try {
    return action();
  } catch (const NotOurs& problem) {
    return base::fail(Code::unsupported, fmt::format("{} is not a database that this program can "
                                                     "use: {}",
                                                     path, problem.what()));
  } catch (const store::Unavailable& problem) {
    return base::fail(problem.code(), problem.what());
  }
}

template <class T>
T read_one(Database& database, sql::Sql text) {
  sql::Rows rows = database.query(text);
  T value{};
  if (rows.next()) rows.read(value);
  return value;
}

// A new, empty file that is removed again unless it is kept.
class NewFile {
 public:
  static Result<NewFile> make(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) return NewFile(path, descriptor);
    if (errno == EEXIST) return base::fail(Code::conflict, fmt::format("{} exists", path));
    return base::fail(
        errno == ENOSPC ? Code::storage_full : Code::unavailable,
        fmt::format("cannot make {}: {}", path, std::generic_category().message(errno)));
  }
  NewFile(NewFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (path_.empty()) return;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
      ::unlink((path_ + suffix).c_str());
  }

  bool sync() const { return ::fsync(descriptor_) == 0; }
  void keep() { path_.clear(); }

 private:
  NewFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_;
};

// sqlite3_backup within a transaction of the source: without that, a write by somebody else would
// make it begin again, and a busy store would never be copied.
class PageCopy {
 public:
  PageCopy(Database& from, Database& to)
      : from_(from),
        to_(to),
        copy_(sqlite3_backup_init(to.handle(), "main", from.handle(), "main")) {
    if (copy_ == nullptr) fail(to_.handle(), sqlite3_errcode(to_.handle()));
  }
  ~PageCopy() { sqlite3_backup_finish(copy_); }
  PageCopy(const PageCopy&) = delete;
  PageCopy& operator=(const PageCopy&) = delete;

  // False when all is copied.
  bool step() {
    const int status = sqlite3_backup_step(copy_, kPagesPerStep);
    if (status != SQLITE_OK && status != SQLITE_DONE) {
      sqlite3_backup_finish(std::exchange(copy_, nullptr));
      // Only the source is read, apart from pages that were just written.
      const bool is_reading = status == SQLITE_IOERR_READ || status == SQLITE_IOERR_SHORT_READ;
      fail((is_reading ? from_ : to_).handle(), status);
    }
    return status == SQLITE_OK;
  }
  CopyProgress progress(std::int64_t page_bytes) const {
    const std::int64_t all = sqlite3_backup_pagecount(copy_);
    return {(all - sqlite3_backup_remaining(copy_)) * page_bytes, all * page_bytes};
  }

 private:
  Database& from_;
  Database& to_;
  sqlite3_backup* copy_;
};

Result<void> copy_pages(const CopyRequest& request, const NewFile& file) {
  Database from(request.from, Database::Access::read);
  Database to(request.to, Database::Access::write);
  to.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL");  // nothing to go back to
  const sql::Snapshot instant(from);
  const auto page_bytes = read_one<std::int64_t>(from, "PRAGMA page_size");
  if (read_one<std::int64_t>(from, "SELECT count(*) FROM sqlite_schema") == 0) {
    return base::fail(Code::unavailable, fmt::format("{} is empty", request.from));
  }
  PageCopy copy(from, to);
  for (int steps = 1; copy.step(); ++steps) {
    if (steps % kStepsPerSync == 0) file.sync();
    if (!request.watch || request.watch(copy.progress(page_bytes))) continue;
    return base::fail(Code::timed_out, fmt::format("the copy of {} was given up", request.from));
  }
  if (request.watch) request.watch(copy.progress(page_bytes));
  return {};
}

// A copy of a database with a log says that it has one too. It has not: this makes it one file,
// which can be read from a read-only disk as well.
void leave_log(const std::string& path) {
  Database database(path, Database::Access::write);
  database.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE");
}

void require_ours(Database& database) {
  if (read_one<int>(database, "PRAGMA application_id") != kApplicationId) {
    throw NotOurs("it is an SQLite database of another program");
  }
  const int schema = read_one<int>(database, "PRAGMA user_version");
  if (schema > newest_schema()) {
    throw NotOurs(
        fmt::format("a newer Mainspring wrote it (schema {}, this program knows up to "
                    "{}); use that version",
                    schema, newest_schema()));
  }
}

Result<void> check_pages(Database& database, const std::string& path, Depth depth) {
  sql::Rows rows = depth == Depth::full ? database.query("PRAGMA integrity_check(5)")
                                        : database.query("PRAGMA quick_check(5)");
  std::string found;
  while (rows.next()) {
    std::string line;
    rows.read(line);
    if (line != "ok") found += (found.empty() ? "" : "; ") + line;
  }
  if (found.empty()) return {};
  return base::fail(Code::unavailable,
                    fmt::format("{} is damaged: {}; use another backup", path, found));
}

}  // namespace

int newest_schema() { return static_cast<int>(migrations().size()); }

Result<void> copy_database(const CopyRequest& request) {
  return attempt(request.from, [&]() -> Result<void> {
    auto file = NewFile::make(request.to);
    if (!file) return base::fail(std::move(file.error()));
    if (auto copied = copy_pages(request, *file); !copied) return copied;
    leave_log(request.to);
    if (!file->sync()) {
      return base::fail(Code::unavailable, fmt::format("cannot sync {}: {}", request.to,
                                                       std::generic_category().message(errno)));
    }
    file->keep();
    return {};
  });
}

Result<int> check_database(const std::string& path, Depth depth) {
  return attempt(path, [&]() -> Result<int> {
    Database database(path, Database::Access::read);
    require_ours(database);
    if (auto whole = check_pages(database, path, depth); !whole) {
      return base::fail(std::move(whole.error()));
    }
    return read_one<int>(database, "PRAGMA user_version");
  });
}

Result<store::BackupContents> read_contents(const std::string& path) {
  return attempt(path, [&]() -> Result<store::BackupContents> {
    Database database(path, Database::Access::read);
    const sql::Snapshot instant(database);
    const auto count = [&](sql::Sql text) { return read_one<std::int64_t>(database, text); };
    store::BackupContents out;
    out.jobs = count("SELECT count(*) FROM jobs WHERE deleted_at IS NULL");
    out.schedules =
        count("SELECT count(*) FROM schedules WHERE retired_at IS NULL AND exhausted = 0");
    out.runs_open = count("SELECT count(*) FROM runs_live");
    out.runs_ended = count("SELECT count(*) FROM runs_done");
    out.occurrences = count("SELECT coalesce(sum(count), 0) FROM occurrences");
    out.events = count("SELECT count(*) FROM events");
    out.last_event = count("SELECT coalesce(max(position), 0) FROM events");
    return out;
  });
}

Result<void> for_each_definition(const std::string& path,
                                 const std::function<void(std::string_view)>& action) {
  return attempt(path, [&]() -> Result<void> {
    Database database(path, Database::Access::read);
    sql::Rows rows = database.query(
        "SELECT 'job ' || t.name || ' ' || j.name || ' ' || j.version || ' ' || v.spec"
        " FROM jobs AS j JOIN tenants AS t ON t.key = j.tenant"
        " JOIN job_versions AS v ON v.job = j.key AND v.version = j.version"
        " WHERE j.deleted_at IS NULL"
        " UNION ALL SELECT 'queue ' || t.name || ' ' || q.name || ' ' || q.spec"
        " FROM queues AS q JOIN tenants AS t ON t.key = q.tenant"
        " UNION ALL SELECT 'calendar ' || t.name || ' ' || c.name || ' ' || c.spec"
        " FROM calendars AS c JOIN tenants AS t ON t.key = c.tenant"
        " UNION ALL SELECT 'connection ' || t.name || ' ' || c.name || ' ' || c.spec"
        " FROM connections AS c JOIN tenants AS t ON t.key = c.tenant ORDER BY 1");
    std::string text;
    while (rows.next()) {
      rows.read(text);
      action(text);
    }
    return {};
  });
}

Result<std::int64_t> open_new_history(const NewHistory& history) {
  return attempt(history.path, [&]() -> Result<std::int64_t> {
    Database database(history.path, Database::Access::write);
    database.run(
        "INSERT INTO events(position, tenant, type, subject, time, payload)"
        " SELECT coalesce(max(position), 0) + ?1, ?2, 'backup.restored', ?3, ?4, '{}' FROM events",
        kPositionGap, sql::kDefaultTenant, history.backup, history.now);
    return read_one<std::int64_t>(database, "SELECT max(position) FROM events");
  });
}

Result<void> flush_log(const std::string& path) {
  return attempt(path, [&]() -> Result<void> {
    Database database(path, Database::Access::write);
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
  });
}

}  // namespace mainspring::sqlite
