// Questions about schedules and the occurrence ledger.
#include <limits>

#include "sql/cursor.h"
#include "sql/json_column.h"
#include "sql/label_filter.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

constexpr char kList = 'o';
constexpr std::int64_t kScheduleLimit = 100'000;  // of one load_ of the scheduler's heap
constexpr std::int64_t kScanLimit = 20'000;       // rows looked at for one page of the ledger
constexpr std::int64_t kRangeLimit = 16;          // range rows that may cover one instant

std::vector<model::Schedule> read_schedules(Rows rows) {
  std::vector<model::Schedule> out;
  while (rows.next()) {
    model::Schedule schedule;
    std::string spec;
    std::optional<std::string> pause;
    std::optional<std::string> calendar;
    rows.read(schedule.id, schedule.tenant, schedule.job_id, schedule.job, schedule.job_version,
              pause, schedule.paused_at, schedule.resumed_at, schedule.shadow, calendar,
              schedule.runs, spec, schedule.created_at, schedule.planned_until, schedule.exhausted);
    if (pause) schedule.pause = from_column<model::Pause>(*pause);
    if (calendar) schedule.calendar = from_column<model::CalendarSpec>(*calendar);
    schedule.spec = from_column<model::ScheduleSpec>(spec);
    out.push_back(std::move(schedule));
  }
  return out;
}

// The ends of time, as every database can store it: the years 1 and 9999.
const base::Instant kEarliest = base::from_millis(-62'135'596'800'000);
const base::Instant kLatest = base::from_millis(253'402'300'799'999);

// Where a page ended: newest first by instant, then by schedule, then by local time.
struct Place {
  base::Instant at = kLatest;
  ScheduleKey schedule = std::numeric_limits<std::int64_t>::max();
  std::string local;
};

std::string to_text(const Place& place) {
  return fmt::format("{}/{}/{}", base::to_millis(place.at), place.schedule, place.local);
}

std::optional<Place> find_place(std::string_view text) {
  Place out;
  const char* const end = text.data() + text.size();
  std::int64_t millis = 0;
  const auto at = std::from_chars(text.data(), end, millis);
  if (at.ec != std::errc{} || at.ptr == end || *at.ptr != '/') return std::nullopt;
  const auto schedule = std::from_chars(at.ptr + 1, end, out.schedule);
  if (schedule.ec != std::errc{} || schedule.ptr == end || *schedule.ptr != '/') {
    return std::nullopt;
  }
  out.at = base::from_millis(millis);
  out.local.assign(schedule.ptr + 1, end);
  return out;
}

struct LedgerRow {
  ScheduleKey schedule = 0;
  model::Occurrence occurrence;
};

LedgerRow read_occurrence(const Rows& rows) {
  LedgerRow row;
  model::Occurrence& out = row.occurrence;
  rows.read(row.schedule, out.job_id, out.job, out.schedule_id, out.at, out.local, out.through,
            out.count, out.ending, out.run_id, out.detail, out.decided_at);
  return row;
}

struct Range {
  base::Instant from = kEarliest;
  base::Instant until = kLatest;
};

Rows start_of_job(Database& database, base::JobId job, const Range& range, const Place& place) {
  return database.walk(
      "SELECT o.schedule, j.id, j.name, s.id, o.at, o.local, o.through, o.count, o.ending, o.run,"
      " o.detail, o.decided_at FROM jobs AS j CROSS JOIN occurrences AS o ON o.job = j.key"
      " CROSS JOIN schedules AS s ON s.key = o.schedule WHERE j.id = ?1 AND o.at >= ?2"
      " AND o.at < ?3 AND (o.at, o.schedule, o.local) < (?4, ?5, ?6)"
      " ORDER BY o.at DESC, o.schedule DESC, o.local DESC",
      job, range.from, range.until, place.at, place.schedule, place.local);
}

Rows start_of_tenant(Database& database, TenantKey tenant, const Range& range, const Place& place) {
  return database.walk(
      "SELECT o.schedule, j.id, j.name, s.id, o.at, o.local, o.through, o.count, o.ending, o.run,"
      " o.detail, o.decided_at FROM occurrences AS o CROSS JOIN jobs AS j ON j.key = o.job"
      " CROSS JOIN schedules AS s ON s.key = o.schedule WHERE o.tenant = ?1 AND o.at >= ?2"
      " AND o.at < ?3 AND (o.at, o.schedule, o.local) < (?4, ?5, ?6)"
      " ORDER BY o.at DESC, o.schedule DESC, o.local DESC",
      tenant, range.from, range.until, place.at, place.schedule, place.local);
}

// Endings other than `ran` are few and have an index of their own.
Rows start_of_ending(Database& database, TenantKey tenant, model::Ending ending, const Range& range,
                     const Place& place) {
  return database.walk(
      "SELECT o.schedule, j.id, j.name, s.id, o.at, o.local, o.through, o.count, o.ending, o.run,"
      " o.detail, o.decided_at FROM occurrences AS o INDEXED BY occurrences_not_ran"
      " CROSS JOIN jobs AS j ON j.key = o.job CROSS JOIN schedules AS s ON s.key = o.schedule"
      " WHERE o.tenant = ?1 AND o.ending = ?7 AND o.ending > 0 AND o.at >= ?2"
      " AND o.at < ?3 AND (o.at, o.schedule, o.local) < (?4, ?5, ?6)"
      " ORDER BY o.at DESC, o.schedule DESC, o.local DESC",
      tenant, range.from, range.until, place.at, place.schedule, place.local, ending);
}

Rows start(Database& database, const store::OccurrenceFilter& filter, TenantKey tenant,
           const Place& place) {
  Range range;
  if (filter.from) range.from = *filter.from;
  if (filter.until) range.until = *filter.until;
  if (filter.job_id) return start_of_job(database, *filter.job_id, range, place);
  if (filter.ending && *filter.ending != model::Ending::ran) {
    return start_of_ending(database, tenant, *filter.ending, range, place);
  }
  return start_of_tenant(database, tenant, range, place);
}

}  // namespace

std::vector<model::Schedule> SqlScheduleReads::active(base::ScheduleId after, std::int64_t limit) {
  const std::int64_t count = std::clamp<std::int64_t>(limit, 1, kScheduleLimit);
  return read_schedules(database_.query(
      "SELECT s.id, t.name, j.id, j.name, s.version, j.pause, s.paused_at, s.resumed_at, s.shadow,"
      " c.spec, s.runs, s.spec, s.created_at, s.planned_until, s.exhausted"
      " FROM schedules AS s CROSS JOIN jobs AS j ON j.key = s.job"
      " CROSS JOIN tenants AS t ON t.key = j.tenant"
      " LEFT JOIN calendars AS c ON c.tenant = j.tenant AND c.name = s.calendar"
      " WHERE s.id > ?1 AND s.retired_at IS NULL AND s.exhausted = 0 ORDER BY s.id LIMIT ?2",
      after, count));
}

std::vector<model::Schedule> SqlScheduleReads::of_job(base::JobId id) {
  return read_schedules(database_.query(
      "SELECT s.id, t.name, j.id, j.name, s.version, j.pause, s.paused_at, s.resumed_at, s.shadow,"
      " c.spec, s.runs, s.spec, s.created_at, s.planned_until, s.exhausted"
      " FROM jobs AS j CROSS JOIN schedules AS s ON s.job = j.key"
      " CROSS JOIN tenants AS t ON t.key = j.tenant"
      " LEFT JOIN calendars AS c ON c.tenant = j.tenant AND c.name = s.calendar"
      " WHERE j.id = ?1 AND s.retired_at IS NULL ORDER BY s.key",
      id));
}

base::Result<store::Listed<model::Occurrence>> SqlScheduleReads::occurrences(
    const store::OccurrenceFilter& filter, const store::Page& page) {
  const auto text = parse_cursor(kList, page.after);
  if (!text) return base::fail(text.error());
  const auto place = *text ? find_place(**text) : std::optional{Place{}};
  if (!place) return bad_cursor();
  store::Listed<model::Occurrence> out;
  const Snapshot snapshot(database_);
  const auto tenant = find_tenant(database_, filter.tenant);
  if (!tenant) return out;
  if (filter.job_id) {
    const bool is_theirs =
        database_.query("SELECT 1 FROM jobs WHERE id = ?1 AND tenant = ?2", *filter.job_id, *tenant)
            .next();
    if (!is_theirs) return out;
  }
  const auto limit = page_size(page.limit);
  LabelFilter labels(database_, filter.selector);
  Rows rows = start(database_, filter, *tenant, *place);
  Place last;
  for (std::int64_t looked_at = 0; rows.next(); ++looked_at) {
    LedgerRow row = read_occurrence(rows);
    const bool is_wanted = (!filter.ending || row.occurrence.ending == filter.ending) &&
                           labels.lets_through(row.occurrence.job_id);
    if ((is_wanted && std::ssize(out.items) == limit) || looked_at == kScanLimit) {
      out.next = make_cursor(kList, to_text(last));
      break;
    }
    last = {row.occurrence.at, row.schedule, row.occurrence.local};
    if (is_wanted) out.items.push_back(std::move(row.occurrence));
  }
  return out;
}

std::vector<model::Occurrence> SqlScheduleReads::occurrences_at(base::JobId id, base::Instant at) {
  std::vector<model::Occurrence> out;
  Rows exact = database_.query(
      "SELECT o.schedule, j.id, j.name, s.id, o.at, o.local, o.through, o.count, o.ending, o.run,"
      " o.detail, o.decided_at FROM jobs AS j CROSS JOIN occurrences AS o ON o.job = j.key"
      " CROSS JOIN schedules AS s ON s.key = o.schedule WHERE j.id = ?1 AND o.at = ?2"
      " ORDER BY o.schedule",
      id, at);
  while (exact.next())
    out.push_back(read_occurrence(exact).occurrence);
  Rows ranges = database_.query(
      "SELECT o.schedule, j.id, j.name, s.id, o.at, o.local, o.through, o.count, o.ending, o.run,"
      " o.detail, o.decided_at FROM jobs AS j CROSS JOIN occurrences AS o ON o.job = j.key"
      " CROSS JOIN schedules AS s ON s.key = o.schedule WHERE j.id = ?1 AND o.through >= ?2"
      " AND o.through IS NOT NULL AND o.at < ?2 ORDER BY o.through LIMIT ?3",
      id, at, kRangeLimit);
  while (ranges.next())
    out.push_back(read_occurrence(ranges).occurrence);
  return out;
}

store::EndingCounts SqlScheduleReads::endings(base::JobId id, base::Instant from,
                                              base::Instant until) {
  store::EndingCounts out;
  Rows rows = database_.query(
      "SELECT o.at, o.count, o.ending, r.state FROM jobs AS j CROSS JOIN occurrences AS o"
      " ON o.job = j.key LEFT JOIN runs_done AS r ON r.tenant = o.tenant AND r.id = o.run"
      " WHERE j.id = ?1 AND o.at >= ?2 AND o.at < ?3"
      " ORDER BY o.at DESC, o.schedule DESC, o.local DESC LIMIT ?4",
      id, from, until, store::kEndingLimit + 1);
  while (rows.next()) {
    if (std::ssize(out.items) == store::kEndingLimit) {
      out.is_complete = false;
      break;
    }
    store::EndingCount& each = out.items.emplace_back();
    rows.read(each.at, each.count, each.ending, each.run_state);
  }
  return out;
}

}  // namespace mainspring::sql
