// Questions about operations.
#include <fmt/core.h>

#include "sql/cursor.h"
#include "sql/json_column.h"
#include "sql/reads.h"
#include "sql/run_search.h"

namespace mainspring::sql {
namespace {

constexpr char kList = 'p';
constexpr std::int64_t kCountStretch = 10'000;

struct Stored {
  model::Operation operation;
  std::optional<base::Instant> planned_until;
};

Stored read_operation(const Rows& rows) {
  Stored out;
  model::Operation& operation = out.operation;
  std::string spec;
  rows.read(operation.id, operation.tenant, operation.state, spec, operation.by, operation.total,
            operation.done, operation.skipped, operation.detail, operation.created_at,
            operation.finished_at, out.planned_until);
  operation.spec = from_column<model::OperationSpec>(spec);
  return out;
}

std::int64_t count_unfinished(Database& database, base::OperationId id) {
  Rows rows = database.query("SELECT count(*) FROM runs_live WHERE operation = ?1", id);
  std::int64_t count = 0;
  if (rows.next()) rows.read(count);
  return count;
}

// Where a backfill stands is more than its row says.
void add_detail(Database& database, Stored& stored) {
  model::Operation& operation = stored.operation;
  const bool is_under_way = operation.state == model::OperationState::running;
  if (operation.spec.kind != model::OperationKind::backfill || !is_under_way) return;
  operation.detail = fmt::format("made up for until {}; {} of its runs have not ended",
                                 base::format_instant(*stored.planned_until),
                                 count_unfinished(database, operation.id));
}

base::Result<base::OperationId> parse_place(std::string_view text) {
  base::IdBytes bytes;
  bytes.fill(0xff);
  const auto place = parse_cursor(kList, text);
  if (!place) return base::fail(place.error());
  if (!*place) return base::OperationId{bytes};
  if ((*place)->size() != bytes.size()) return bad_cursor();
  std::ranges::copy(**place, bytes.begin());
  return base::OperationId{bytes};
}

std::string cursor_at(base::OperationId id) {
  return make_cursor(kList, {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
}

// A question has no cache of specs, and needs none: each job is asked about once.
model::Labels load_labels(Database& database, JobKey job) {
  Rows rows = database.query(
      "SELECT v.spec FROM jobs AS j CROSS JOIN job_versions AS v"
      " ON v.job = j.key AND v.version = j.version WHERE j.key = ?1",
      job);
  if (!rows.next()) return {};
  std::string spec;
  rows.read(spec);
  return from_column<model::JobSpec>(spec).labels;
}

}  // namespace

std::optional<model::Operation> SqlOperationReads::find(std::string_view tenant,
                                                        base::OperationId id) {
  const Snapshot snapshot(database_);
  std::optional<Stored> found;
  {
    Rows rows = database_.query(
        "SELECT o.id, t.name, o.state, o.spec, o.requested_by, o.total, o.done, o.skipped,"
        " o.detail, o.created_at, o.finished_at, o.planned_until FROM operations AS o"
        " CROSS JOIN tenants AS t ON t.key = o.tenant WHERE o.id = ?1 AND t.name = ?2",
        id, tenant);
    if (!rows.next()) return std::nullopt;
    found = read_operation(rows);
  }
  add_detail(database_, *found);
  return std::move(found->operation);
}

base::Result<store::Listed<model::Operation>> SqlOperationReads::list(std::string_view tenant,
                                                                      const store::Page& page) {
  const auto place = parse_place(page.after);
  if (!place) return base::fail(place.error());
  const Snapshot snapshot(database_);
  const auto key = find_tenant(database_, tenant);
  store::Listed<model::Operation> out;
  if (!key) return out;
  const std::int64_t limit = page_size(page.limit);
  std::vector<Stored> found;
  {
    Rows rows = database_.query(
        "SELECT o.id, t.name, o.state, o.spec, o.requested_by, o.total, o.done, o.skipped,"
        " o.detail, o.created_at, o.finished_at, o.planned_until FROM operations AS o"
        " CROSS JOIN tenants AS t ON t.key = o.tenant WHERE o.tenant = ?1 AND o.id < ?2"
        " ORDER BY o.id DESC LIMIT ?3",
        *key, *place, limit + 1);
    while (rows.next())
      found.push_back(read_operation(rows));
  }
  for (Stored& stored : found) {
    if (std::ssize(out.items) == limit) {
      out.next = cursor_at(out.items.back().id);
      break;
    }
    add_detail(database_, stored);
    out.items.push_back(std::move(stored.operation));
  }
  return out;
}

std::vector<store::OpenOperation> SqlOperationReads::open() {
  const Snapshot snapshot(database_);
  std::vector<store::OpenOperation> out;
  {
    Rows rows = database_.query(
        "SELECT o.id, t.name, o.state, o.spec, o.requested_by, o.total, o.done, o.skipped,"
        " o.detail, o.created_at, o.finished_at, o.planned_until FROM tenants AS t"
        " CROSS JOIN operations AS o ON o.tenant = t.key AND o.open = 1");
    while (rows.next()) {
      Stored stored = read_operation(rows);
      out.push_back({std::move(stored.operation), stored.planned_until, 0});
    }
  }
  for (store::OpenOperation& each : out)
    each.unfinished = count_unfinished(database_, each.operation.id);
  return out;
}

base::Result<store::SelectionCount> SqlOperationReads::count(std::string_view tenant,
                                                             const model::OperationSpec& spec) {
  const Snapshot snapshot(database_);
  const auto key = find_tenant(database_, tenant);
  auto quarry = find_quarry(database_, key.value_or(0), spec);
  if (!quarry) return base::fail(std::move(quarry.error()));
  RunSearch search(database_, std::move(*quarry), {},
                   [this](JobKey job) { return load_labels(database_, job); });
  store::SelectionCount out;
  base::RunId reached;
  std::int64_t looked_at = 0;
  for (bool is_last = false; !is_last;) {
    const Stretch stretch = search.next(reached, kCountStretch);
    out.runs += std::ssize(stretch.runs);
    looked_at += stretch.looked_at;
    reached = stretch.reached;
    is_last = stretch.is_last;
    out.is_complete = is_last;
    if (looked_at >= store::kCountLimit) break;
  }
  return out;
}

}  // namespace mainspring::sql
