// TrimHistory: removes what retention no longer keeps, a bounded number of rows a command.
//
// A job's history is looked at when its row in `trims` is due. The pause between two looks halves
// while runs are over their number and doubles up to an hour while nothing is to do, so that a
// million quiet jobs cost next to nothing; and a look never comes later than the moment at which
// the job's oldest run, occurrence or ping is old enough to go.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "sql/apply.h"
#include "sql/removal.h"

namespace mainspring::sql {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kShortestPause = 1min;
constexpr base::Duration kLongestPause = 1h;
// Jobs that one command takes in, or looks at, at the most: each look asks the indexes a few times.
constexpr std::int64_t kJobsPerCommand = 200;

// What a job keeps: its own word, else the node's.
struct Kept {
  std::optional<std::int64_t> runs;
  std::optional<base::Duration> age;
  std::optional<base::Duration> log_age;
  std::int64_t log_bytes = 0;  // 0: all
  std::optional<base::Duration> ledger_age;

  std::optional<base::Duration> ping_age() const { return ledger_age ? ledger_age : age; }
};

template <class T>
std::optional<T> first_of(const std::optional<T>& own, const std::optional<T>& usual) {
  return own ? own : usual;
}

Kept kept_of(const model::RetentionSpec& own, const model::RetentionSpec& usual) {
  return {first_of(own.runs, usual.runs), first_of(own.age, usual.age),
          first_of(own.log_age, usual.log_age), own.log_bytes > 0 ? own.log_bytes : usual.log_bytes,
          first_of(own.ledger_age, usual.ledger_age)};
}

// A finished run's place in its job's history.
struct Place {
  base::Instant finished_at;
  base::RunId id;
};

struct LedgerKey {
  ScheduleKey schedule = 0;
  base::Instant at;
  std::string local;
};

class Trim {
 public:
  Trim(Core& core, const store::TrimHistory& command)
      : core_(core), command_(command), room_{command.limit} {}

  store::HistoryTrimmed run() {
    trim_events();
    trim_operations();
    adopt_jobs();
    std::int64_t looks = 0;
    for (auto job = find_due(); job; job = find_due()) {
      if (room_.rows <= 0 || ++looks > kJobsPerCommand) {
        out_.has_more = true;
        break;
      }
      look_at(*job);
    }
    out_.log_chunks = room_.log_chunks;
    return out_;
  }

 private:
  struct DueJob {
    JobKey key = 0;
    base::Duration pause{0};
  };

  Database& database() { return core_.database(); }

  // ---- what belongs to no job

  // Half of the room at most: jobs have theirs. The newest event stays, because it says which
  // position comes next.
  void trim_events() {
    if (!command_.events_age) return;
    const std::int64_t limit = std::max<std::int64_t>(1, command_.limit / 2);
    const base::Instant before = command_.now - *command_.events_age;
    std::int64_t last = 0;
    std::int64_t found = 0;
    {
      Rows rows = database().query(
          "SELECT position, time FROM events WHERE position > 0 ORDER BY position LIMIT ?1",
          limit + 1);
      std::int64_t position = 0;
      base::Instant time;
      while (rows.next()) {
        if (found > 0) last = position;
        rows.read(position, time);
        if (time >= before || found == limit) break;
        ++found;
      }
    }
    if (last == 0) return;
    out_.events = database().change("DELETE FROM events WHERE position <= ?1", last);
    room_.rows -= out_.events;
    if (found == limit) out_.has_more = true;
  }

  void trim_operations() {
    if (!command_.events_age) return;
    room_.rows -= database().change(
        "DELETE FROM operations WHERE key IN (SELECT key FROM operations"
        " WHERE finished_at < ?1 AND open = 0 ORDER BY finished_at LIMIT ?2)",
        command_.now - *command_.events_age, std::max<std::int64_t>(1, command_.limit / 2));
  }

  // ---- which job

  void adopt_jobs() {
    const std::int64_t added = database().change(
        "INSERT INTO trims(job, due_at, pause) SELECT key, ?1, ?2 FROM jobs"
        " WHERE key > (SELECT coalesce(max(job), 0) FROM trims) ORDER BY key LIMIT ?3",
        command_.now, kShortestPause.count(), kJobsPerCommand);
    if (added == kJobsPerCommand) out_.has_more = true;
  }

  std::optional<DueJob> find_due() {
    Rows rows = database().query(
        "SELECT job, pause FROM trims WHERE due_at <= ?1 ORDER BY due_at LIMIT 1", command_.now);
    if (!rows.next()) return std::nullopt;
    DueJob out;
    std::int64_t pause = 0;
    rows.read(out.key, pause);
    out.pause = base::Duration{pause};
    return out;
  }

  // ---- one job

  void look_at(const DueJob& job) {
    const auto spec = core_.load_spec(job.key, core_.get_job(job.key)->version);
    const Kept kept = kept_of(spec->retention, command_.defaults);
    const std::int64_t runs_before = out_.runs;
    const std::int64_t chunks_before = room_.log_chunks;
    trim_by_age(job.key, kept);
    const std::int64_t runs_aged = out_.runs;
    trim_by_number(job.key, kept);
    trim_logs_by_age(job.key, kept);
    trim_logs_by_bytes(job.key, kept);
    trim_ledger(job.key, kept);
    trim_pings(job.key, kept);
    if (room_.rows <= 0) return;  // it stays due
    const bool was_over =
        out_.runs > runs_aged || (runs_aged == runs_before && room_.log_chunks > chunks_before);
    schedule(job, kept, was_over ? job.pause / 2 : job.pause * 2);
  }

  void remove(JobKey job, const std::vector<base::RunId>& runs) {
    const TenantKey tenant = core_.get_job(job)->tenant;
    for (const base::RunId run : runs) {
      if (!remove_run(core_, {tenant, run}, room_)) return;
      ++out_.runs;
    }
  }

  void trim_by_age(JobKey job, const Kept& kept) {
    if (!kept.age || room_.rows <= 0) return;
    remove(job, read_ids(database().query(
                    "SELECT id FROM runs_done INDEXED BY runs_done_by_finish"
                    " WHERE job = ?1 AND finished_at < ?2 ORDER BY finished_at, id LIMIT ?3",
                    job, command_.now - *kept.age, room_.rows)));
  }

  void trim_by_number(JobKey job, const Kept& kept) {
    if (!kept.runs || room_.rows <= 0) return;
    Place newest;  // of those that go
    {
      Rows rows = database().query(
          "SELECT finished_at, id FROM runs_done INDEXED BY runs_done_by_finish WHERE job = ?1"
          " ORDER BY finished_at DESC, id DESC LIMIT 1 OFFSET ?2",
          job, *kept.runs);
      if (!rows.next()) return;
      rows.read(newest.finished_at, newest.id);
    }
    remove(job, read_ids(database().query("SELECT id FROM runs_done INDEXED BY runs_done_by_finish"
                                          " WHERE job = ?1 AND (finished_at, id) <= (?2, ?3)"
                                          " ORDER BY finished_at, id LIMIT ?4",
                                          job, newest.finished_at, newest.id, room_.rows)));
  }

  void remove_logs(JobKey job, const std::vector<base::RunId>& runs) {
    const TenantKey tenant = core_.get_job(job)->tenant;
    for (const base::RunId run : runs) {
      if (!remove_log(core_, {tenant, run}, room_)) return;
    }
  }

  void trim_logs_by_age(JobKey job, const Kept& kept) {
    if (!kept.log_age || room_.rows <= 0) return;
    remove_logs(job,
                read_ids(database().query("SELECT id FROM runs_done INDEXED BY runs_done_by_finish"
                                          " WHERE job = ?1 AND finished_at < ?2 AND log_bytes > 0"
                                          " ORDER BY finished_at, id LIMIT ?3",
                                          job, command_.now - *kept.log_age, room_.rows)));
  }

  // The oldest logs go until the rest fits; the newest stays whatever its size.
  void trim_logs_by_bytes(JobKey job, const Kept& kept) {
    if (kept.log_bytes <= 0 || room_.rows <= 0) return;
    std::int64_t sum = sum_of_logs(job);
    if (sum <= kept.log_bytes) return;
    std::vector<base::RunId> over;
    {
      Rows rows = database().query(
          "SELECT id, log_bytes FROM runs_done INDEXED BY runs_done_by_finish"
          " WHERE job = ?1 AND log_bytes > 0 ORDER BY finished_at, id LIMIT ?2",
          job, room_.rows);
      while (sum > kept.log_bytes && rows.next()) {
        std::int64_t bytes = 0;
        rows.read(over.emplace_back(), bytes);
        if (bytes == sum) over.pop_back();  // the last one left
        sum -= bytes;
      }
    }
    remove_logs(job, over);
  }

  std::int64_t sum_of_logs(JobKey job) {
    Rows rows = database().query(
        "SELECT CAST(coalesce(sum(log_bytes), 0) AS BIGINT)"
        " FROM runs_done INDEXED BY runs_done_by_finish"
        " WHERE job = ?1",
        job);
    std::int64_t sum = 0;
    if (rows.next()) rows.read(sum);
    return sum;
  }

  void trim_ledger(JobKey job, const Kept& kept) {
    if (!kept.ledger_age || room_.rows <= 0) return;
    std::vector<LedgerKey> old;
    {
      Rows rows = database().query(
          "SELECT schedule, at, local FROM occurrences INDEXED BY occurrences_of_job"
          " WHERE job = ?1 AND at < ?2 AND coalesce(through, at) < ?2 AND ending IS NOT NULL"
          " ORDER BY at, schedule, local LIMIT ?3",
          job, command_.now - *kept.ledger_age, room_.rows);
      while (rows.next()) {
        LedgerKey& key = old.emplace_back();
        rows.read(key.schedule, key.at, key.local);
      }
    }
    for (const LedgerKey& key : old) {
      const std::int64_t removed = database().change(
          "DELETE FROM occurrences WHERE schedule = ?1 AND at = ?2 AND local = ?3", key.schedule,
          key.at, key.local);
      out_.occurrences += removed;
      room_.rows -= removed;
    }
  }

  // Pings are compared with the ledger: they are kept as long.
  void trim_pings(JobKey job, const Kept& kept) {
    const auto age = kept.ping_age();
    if (!age || room_.rows <= 0) return;
    room_.rows -= database().change(
        "DELETE FROM pings WHERE job = ?1 AND (started_at, host) IN (SELECT started_at, host"
        " FROM pings WHERE job = ?1 AND started_at < ?2 ORDER BY started_at, host LIMIT ?3)",
        job, command_.now - *age, room_.rows);
  }

  // ---- when again

  void schedule(const DueJob& job, const Kept& kept, base::Duration wish) {
    const base::Duration pause = std::clamp(wish, kShortestPause, kLongestPause);
    base::Instant next = command_.now + pause;
    for (const auto& end : {end_of_oldest_run(job.key, kept), end_of_oldest_entry(job.key, kept),
                            end_of_oldest_ping(job.key, kept)}) {
      if (end) next = std::min(next, *end);
    }
    next = std::max(next, command_.now + kShortestPause);
    database().run("UPDATE trims SET due_at = ?2, pause = ?3 WHERE job = ?1", job.key, next,
                   pause.count());
  }

  std::optional<base::Instant> end_of_oldest_run(JobKey job, const Kept& kept) {
    if (!kept.age) return std::nullopt;
    const auto oldest = read_instant(database().query(
        "SELECT min(finished_at) FROM runs_done INDEXED BY runs_done_by_finish WHERE job = ?1",
        job));
    return oldest ? std::optional{*oldest + *kept.age} : std::nullopt;
  }

  std::optional<base::Instant> end_of_oldest_entry(JobKey job, const Kept& kept) {
    if (!kept.ledger_age) return std::nullopt;
    const auto oldest = read_instant(database().query(
        "SELECT min(at) FROM occurrences INDEXED BY occurrences_of_job WHERE job = ?1", job));
    return oldest ? std::optional{*oldest + *kept.ledger_age} : std::nullopt;
  }

  std::optional<base::Instant> end_of_oldest_ping(JobKey job, const Kept& kept) {
    const auto age = kept.ping_age();
    if (!age) return std::nullopt;
    const auto oldest =
        read_instant(database().query("SELECT min(started_at) FROM pings WHERE job = ?1", job));
    return oldest ? std::optional{*oldest + *age} : std::nullopt;
  }

  static std::vector<base::RunId> read_ids(Rows rows) {
    std::vector<base::RunId> out;
    while (rows.next())
      rows.read(out.emplace_back());
    return out;
  }

  static std::optional<base::Instant> read_instant(Rows rows) {
    std::optional<base::Instant> out;
    if (rows.next()) rows.read(out);
    return out;
  }

  Core& core_;
  const store::TrimHistory& command_;
  RemovalRoom room_;
  store::HistoryTrimmed out_;
};

}  // namespace

base::Result<store::HistoryTrimmed> apply(Core& core, const store::TrimHistory& command) {
  return Trim(core, command).run();
}

}  // namespace mainspring::sql
