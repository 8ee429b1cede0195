#include "bare.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include <fmt/core.h>

namespace mainspring::bench {
namespace {

std::int64_t now_millis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// As the text of a real id is written in events: a prefix and 32 characters.
std::string text_of(const std::string& run) {
  std::string out = "run_";
  for (const char byte : run)
    out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return out;
}

void bind_id(sqlite3_stmt* statement, int place, const std::string& run) {
  sqlite3_bind_blob(statement, place, run.data(), static_cast<int>(run.size()), SQLITE_STATIC);
}

}  // namespace

AppendLog::AppendLog(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)),
      thread_([this] { run(); }) {}

AppendLog::~AppendLog() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  arrived_.notify_all();
  thread_.join();
  ::close(file_);
}

void AppendLog::append(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  waiting_ += bytes;
  const std::uint64_t mine = asked_ + 1;
  arrived_.notify_one();
  written_.wait(lock, [this, mine] { return done_ >= mine; });
}

void AppendLog::run() {
  std::string group;
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    group.clear();
    std::swap(group, waiting_);
    ++asked_;
    lock.unlock();
    const bool is_whole =
        ::write(file_, group.data(), group.size()) == static_cast<ssize_t>(group.size());
    if (!is_whole || ::fdatasync(file_) != 0) throw std::runtime_error("cannot append");
    lock.lock();
    done_ = asked_;
    written_.notify_all();
  }
}

void BareStore::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

BareStore::BareStore(const std::string& path) {
  if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) {
    throw std::runtime_error("cannot open " + path);
  }
  execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;"
      "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536;"
      "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;");
  insert_ = prepare(
      "INSERT INTO runs_live(tenant, id, job, version, state, trigger, requested_by, queue,"
      " priority, created_at, scheduled_at, due_at) VALUES (1, ?1, 1, 1, 1, 8, 'bench',"
      " 'default', 0, ?2, ?2, ?2)");
  event_ = prepare(
      "INSERT INTO events(tenant, type, subject, time, payload) VALUES (1, ?1, ?2, ?3, ?4)");
  claim_ = prepare(
      "UPDATE runs_live SET state = 2, reason = '', attempts = 1, epoch = 1, worker = 1,"
      " lease_until = ?2 + 10000, attempt_started_at = ?2, started_at = ?2"
      " WHERE tenant = 1 AND id = ?1");
  attempt_ = prepare(
      "INSERT INTO attempts(run, number, epoch, worker, started_at, finished_at, outcome,"
      " then_state, retry_at) VALUES (?1, 1, 1, 1, ?2, ?2, ?3, 4, NULL)");
  done_ = prepare(
      "INSERT INTO runs_done(tenant, id, job, version, schedule, state, reason, trigger,"
      " requested_by, queue, priority, attempts, created_at, scheduled_at, due_at, started_at,"
      " exit_code, parent_run, cancel, progress, finished_at) SELECT tenant, id, job, version,"
      " schedule, 4, '', trigger, requested_by, queue, priority, attempts, created_at,"
      " scheduled_at, due_at, started_at, 0, parent_run, cancel, progress, ?2"
      " FROM runs_live WHERE tenant = 1 AND id = ?1");
  erase_ = prepare("DELETE FROM runs_live WHERE tenant = 1 AND id = ?1");
}

BareStore::~BareStore() {
  for (Statement* statement : {&insert_, &event_, &claim_, &attempt_, &done_, &erase_})
    statement->reset();
  sqlite3_close(database_);
}

void BareStore::live(int count) {
  std::vector<std::string> runs;
  const auto millis = static_cast<std::uint64_t>(now_millis());
  for (int i = 0; i < count; ++i) {
    std::string& run = runs.emplace_back(16, '\0');
    ++ids_;
    for (std::size_t byte = 0; byte < 6; ++byte)
      run[byte] = static_cast<char>(millis >> (40 - 8 * byte));
    for (std::size_t byte = 0; byte < 8; ++byte)
      run[8 + byte] = static_cast<char>((ids_ * 0x9E3779B97F4A7C15ULL) >> (56 - 8 * byte));
  }
  for (const auto move : {&BareStore::add, &BareStore::claim, &BareStore::finish}) {
    execute("BEGIN IMMEDIATE");
    for (const std::string& run : runs)
      (this->*move)(run);
    execute("COMMIT");
  }
}

BareStore::Statement BareStore::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(database_));
  }
  return Statement{statement};
}

void BareStore::execute(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(database_));
  }
}

void BareStore::step(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_));
  sqlite3_reset(statement);
}

void BareStore::tell(const std::string& run, std::string_view type) {
  const std::string subject = text_of(run);
  const std::string payload = fmt::format(
      R"({{"job":"noop","run":"{}","state":"running","attempt":1,"worker":"bench"}})", subject);
  sqlite3_bind_text(event_.get(), 1, type.data(), static_cast<int>(type.size()), SQLITE_STATIC);
  sqlite3_bind_text(event_.get(), 2, subject.data(), static_cast<int>(subject.size()),
                    SQLITE_STATIC);
  sqlite3_bind_int64(event_.get(), 3, now_millis());
  sqlite3_bind_text(event_.get(), 4, payload.data(), static_cast<int>(payload.size()),
                    SQLITE_STATIC);
  step(event_.get());
}

void BareStore::add(const std::string& run) {
  bind_id(insert_.get(), 1, run);
  sqlite3_bind_int64(insert_.get(), 2, now_millis());
  step(insert_.get());
  tell(run, "run.queued");
}

void BareStore::claim(const std::string& run) {
  bind_id(claim_.get(), 1, run);
  sqlite3_bind_int64(claim_.get(), 2, now_millis());
  step(claim_.get());
  tell(run, "run.started");
}

void BareStore::finish(const std::string& run) {
  static constexpr std::string_view kOutcome = R"({"status":"success","exit_code":0,"usage":{}})";
  for (sqlite3_stmt* statement : {attempt_.get(), done_.get()}) {
    bind_id(statement, 1, run);
    sqlite3_bind_int64(statement, 2, now_millis());
  }
  sqlite3_bind_text(attempt_.get(), 3, kOutcome.data(), static_cast<int>(kOutcome.size()),
                    SQLITE_STATIC);
  bind_id(erase_.get(), 1, run);
  step(attempt_.get());
  step(done_.get());
  step(erase_.get());
  tell(run, "run.succeeded");
}

}  // namespace mainspring::bench
