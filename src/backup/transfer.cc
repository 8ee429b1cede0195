#include "backup/transfer.h"

#include <unistd.h>

#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "backup/next_fires.h"
#include "crypto/digest.h"
#include "postgres/storable_text.h"
#include "postgres/transfer_ends.h"
#include "sql/engine.h"
#include "sql/reads.h"
#include "sql/tables.h"
#include "sqlite/transfer_ends.h"
#include "system/file_lock.h"
#include "system/files.h"

namespace mainspring::backup {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;

constexpr std::string_view kFilePrefix = "sqlite:";
constexpr std::int64_t kRowsPerRelief = 5'000;
constexpr std::int64_t kRowsPerLook = 1'000;

// ---- rows

// What both databases can hold: PostgreSQL stores no text that is not UTF-8.
template <class T>
void mend(T&) {}
void mend(std::string& text) {
  if (!postgres::is_storable(text)) text = postgres::repair(text);
}
void mend(std::optional<std::string>& text) {
  if (text) mend(*text);
}

// A chain over the rows, so that no table is too large for it.
class Digest {
 public:
  template <class Row>
  void add(const Row& row) {
    bytes_ = chain_.bytes;
    std::apply([this](const auto&... fields) { (this->put(fields), ...); }, row);
    chain_ = crypto::sha256(bytes_);
    ++rows_;
  }
  std::int64_t rows() const { return rows_; }
  std::string text() const { return crypto::to_hex(chain_); }

 private:
  void put(std::int64_t value) { put_bytes(&value, sizeof value); }
  void put(double value) { put_bytes(&value, sizeof value); }
  void put(base::Instant value) { put(base::to_millis(value)); }
  void put(const base::Blob& value) { put(value.bytes); }
  void put(const std::string& value) {
    put(std::ssize(value));
    bytes_ += value;
  }
  void put(const sql::tables::Id& id) { put_bytes(id.bytes().data(), id.bytes().size()); }
  template <class T>
  void put(const std::optional<T>& value) {
    bytes_ += value ? '+' : '-';
    if (value) put(*value);
  }
  void put_bytes(const void* start, std::size_t size) {
    bytes_.append(static_cast<const char*>(start), size);
  }

  base::Blob chain_;
  std::string bytes_;
  std::int64_t rows_ = 0;
};

// ---- the two ends

struct Source {
  std::unique_ptr<system::FileLock> lock;  // of a file
  std::unique_ptr<sql::TransferSource> end;
};

// A file is made beside its place and renamed into it.
struct Target {
  std::string path;  // "": in PostgreSQL
  std::unique_ptr<system::FileLock> lock;
  std::unique_ptr<sql::TransferTarget> end;

  std::string part() const { return path + ".part"; }
};

void remove_part(const std::string& part) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    fs::remove(part + suffix, ignored);
  }
}

bool is_file(const std::string& address) { return address.starts_with(kFilePrefix); }

Result<std::unique_ptr<system::FileLock>> lock_file(const std::string& path) {
  auto lock = system::FileLock::take(path + ".lock");
  if (lock) return std::make_unique<system::FileLock>(std::move(*lock));
  if (lock.error().code == Code::conflict)
    lock.error().message = fmt::format("a node uses {}; stop it first", path);
  return base::fail(std::move(lock.error()));
}

base::Error neither(const std::string& address) {
  return {Code::invalid_argument,
          fmt::format("'{}' names no store; write sqlite:/var/lib/mainspring/mainspring.db or "
                      "postgresql://USER@HOST/DATABASE",
                      postgres::hide_password(address)),
          {}};
}

Result<Source> open_source(const TransferRequest& request) {
  Source out;
  if (postgres::is_url(request.from)) {
    auto end = postgres::open_source({.url = request.from, .password_file = request.password_file});
    if (!end) return base::fail(std::move(end.error()));
    out.end = std::move(*end);
    return out;
  }
  if (!is_file(request.from)) return base::fail(neither(request.from));
  const std::string path = request.from.substr(kFilePrefix.size());
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return base::fail(Code::not_found, fmt::format("there is no {}", path));
  }
  auto lock = lock_file(path);
  if (!lock) return base::fail(std::move(lock.error()));
  auto end = sqlite::open_source(path);
  if (!end) return base::fail(std::move(end.error()));
  out.lock = std::move(*lock);
  out.end = std::move(*end);
  return out;
}

Result<Target> make_target(const TransferRequest& request) {
  Target out;
  if (postgres::is_url(request.to)) {
    auto end = postgres::make_target({.url = request.to, .password_file = request.password_file});
    if (!end) return base::fail(std::move(end.error()));
    out.end = std::move(*end);
    return out;
  }
  if (!is_file(request.to)) return base::fail(neither(request.to));
  const std::string path = request.to.substr(kFilePrefix.size());
  if (auto made = system::make_private_directory(fs::absolute(path).parent_path()); !made) {
    return base::fail(std::move(made.error()));
  }
  auto lock = lock_file(path);
  if (!lock) return base::fail(std::move(lock.error()));
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    return base::fail(Code::conflict,
                      fmt::format("{} exists; move it away, or name another file", path));
  }
  out.path = path;
  remove_part(out.part());  // of a copy that was killed
  auto end = sqlite::make_target(out.part());
  if (!end) return base::fail(std::move(end.error()));
  out.lock = std::move(*lock);
  out.end = std::move(*end);
  return out;
}

// ---- the copy

// Why it goes no further.
struct GivenUp {
  base::Error error;
};

class Transfer {
 public:
  Transfer(sql::TransferSource& from, sql::TransferTarget& to, const TransferWatch& watch)
      : from_(from), to_(to), watch_(watch) {}

  Transferred run(base::Instant now) {
    sql::for_each_table([this](auto table) { progress_.all += 2 * table.count(from_.database()); });
    sql::for_each_table([this](auto table) { copy(table); });
    progress_.is_proving = true;
    std::size_t at = 0;
    sql::for_each_table([&](auto table) { prove(table, out_.tables[at++]); });
    compare_next(now);
    to_.finish(from_.last_position());
    return std::move(out_);
  }

 private:
  template <class Table>
  void copy(Table table) {
    progress_.table = table.name;
    Digest digest;
    typename Table::Row row;
    sql::Rows rows = table.walk(from_.database());
    while (table.next(rows, row)) {
      std::apply([](auto&... fields) { (mend(fields), ...); }, row);
      table.insert(to_.database(), row);
      digest.add(row);
      count_row();
      if (digest.rows() % kRowsPerRelief == 0) to_.relieve();
    }
    out_.rows += digest.rows();
    out_.tables.push_back({std::string{table.name}, digest.rows(), digest.text()});
  }

  template <class Table>
  void prove(Table table, const TransferredTable& wanted) {
    progress_.table = table.name;
    Digest digest;
    typename Table::Row row;
    sql::Rows rows = table.walk(to_.database());
    while (table.next(rows, row)) {
      digest.add(row);
      count_row();
    }
    if (digest.rows() == wanted.rows && digest.text() == wanted.digest) return;
    throw GivenUp{
        {Code::internal,
         fmt::format("{} has {} rows (digest {:.12}) in the copy and {} ({:.12}) in the "
                     "source; nothing was kept of the copy",
                     table.name, digest.rows(), digest.text(), wanted.rows, wanted.digest),
         {}}};
  }

  // As nodes would see them, by the questions that they ask.
  void compare_next(base::Instant now) {
    const sql::LiveCounts none;
    sql::Reads before(from_.database(), none);
    sql::Reads after(to_.database(), none);
    const auto next = find_next(before, now);
    if (next != find_next(after, now)) {
      throw GivenUp{{Code::internal,
                     "the schedules of the copy do not fire next when those of the source do; "
                     "nothing was kept of the copy",
                     {}}};
    }
    out_.next_fires = next.size();
  }

  void count_row() {
    if (++progress_.done % kRowsPerLook != 0 || !watch_ || watch_(progress_)) return;
    throw GivenUp{{Code::timed_out, "the copy was given up; nothing was kept of it", {}}};
  }

  sql::TransferSource& from_;
  sql::TransferTarget& to_;
  const TransferWatch& watch_;
  TransferProgress progress_;
  Transferred out_;
};

}  // namespace

Result<Transferred> transfer(const TransferRequest& request) {
  auto source = open_source(request);
  if (!source) return base::fail(std::move(source.error()));
  auto target = make_target(request);
  if (!target) return base::fail(std::move(target.error()));
  Result<Transferred> done = base::fail(Code::internal, "");
  try {
    done = Transfer(*source->end, *target->end, request.watch).run(request.now);
  } catch (GivenUp& reason) {
    done = base::fail(std::move(reason.error));
  } catch (const store::Unavailable& problem) {
    done = base::fail(problem.code(), problem.what());
  }
  target->end.reset();
  if (target->path.empty()) return done;
  if (done) {
    auto named = system::rename_durably({target->part(), target->path}, system::Existing::refuse);
    if (!named) done = base::fail(std::move(named.error()));
  }
  remove_part(target->part());
  return done;
}

}  // namespace mainspring::backup
