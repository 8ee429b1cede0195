// Every table that a store consists of, with its columns, so that all of it can be read and written
// by a program that does not ask what it means: copies from one database to another. A table that
// one store has and the other need not (turns, migrations, names of enumerations) is not among
// them.
//
// A test compares this with the schema of each store.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>

#include "sql/database.h"

namespace mainspring::sql {

template <std::size_t N>
struct FixedText {
  consteval FixedText() = default;
  consteval FixedText(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT: literals
  char text[N] = {};
};

// The parts one after another.
template <std::size_t... N>
consteval auto join(const FixedText<N>&... parts) {
  FixedText<(N + ...) - sizeof...(N) + 1> out;
  char* end = out.text;
  ((end = std::copy_n(parts.text, N - 1, end)), ...);
  return out;
}

// "?1, ?2, ?3"
template <std::size_t Count>
consteval auto places() {
  constexpr std::size_t digits = (Count > 9 ? 9 + 2 * (Count - 9) : Count);
  FixedText<Count + digits + 2 * (Count - 1) + 1> out;
  char* end = out.text;
  for (std::size_t i = 1; i <= Count; ++i) {
    if (i > 1) *end++ = ',';
    if (i > 1) *end++ = ' ';
    *end++ = '?';
    if (i > 9) *end++ = static_cast<char>('0' + i / 10);
    *end++ = static_cast<char>('0' + i % 10);
  }
  return out;
}

// Rows come in the order of the columns that `Order` names, which tell each apart.
template <FixedText Name, FixedText Order, FixedText Columns, class... Fields>
struct Table {
  using Row = std::tuple<Fields...>;
  static constexpr std::string_view name{Name.text};
  static constexpr std::string_view columns{Columns.text};

  static constexpr auto select_text = join(FixedText{"SELECT "}, Columns, FixedText{" FROM "}, Name,
                                           FixedText{" ORDER BY "}, Order);
  static constexpr auto insert_text =
      join(FixedText{"INSERT INTO "}, Name, FixedText{"("}, Columns, FixedText{") VALUES ("},
           places<sizeof...(Fields)>(), FixedText{")"});
  static constexpr auto count_text = join(FixedText{"SELECT count(*) FROM "}, Name);

  static Rows walk(Database& database) { return database.walk(Sql{select_text.text}); }
  static bool next(Rows& rows, Row& out) {
    if (!rows.next()) return false;
    std::apply([&](auto&... fields) { rows.read(fields...); }, out);
    return true;
  }
  static void insert(Database& database, const Row& row) {
    std::apply([&](const auto&... fields) { database.run(Sql{insert_text.text}, fields...); }, row);
  }
  static std::int64_t count(Database& database) {
    Rows rows = database.query(Sql{count_text.text});
    std::int64_t out = 0;
    if (rows.next()) rows.read(out);
    return out;
  }
};

namespace tables {

// Of any kind: a column of ids is copied, not understood.
struct AnyTag {};
using Id = base::Id<AnyTag>;
using Number = std::int64_t;
using Real = double;
using Text = std::string;
using Blob = base::Blob;
using At = base::Instant;
template <class T>
using Maybe = std::optional<T>;

using Tenants = Table<"tenants", "key", "key, name", Number, Text>;
using Jobs =
    Table<"jobs", "key",
          "key, id, tenant, name, version, paused, created_at, updated_at, deleted_at, pause, "
          "failures",
          Number, Id, Number, Text, Number, Number, At, At, Maybe<At>, Maybe<Text>, Number>;
using JobCounts = Table<"job_counts", "tenant", "tenant, count", Number, Number>;
using JobVersions = Table<"job_versions", "job, version", "job, version, spec, author, created_at",
                          Number, Number, Text, Text, At>;
using JobLabels = Table<"job_labels", "tenant, label, name", "tenant, label, name, job", Number,
                        Text, Text, Number>;
using Schedules =
    Table<"schedules", "key",
          "key, id, job, version, trigger, overlap, spec, created_at, planned_until, exhausted, "
          "retired_at, paused_at, resumed_at, shadow, runs, calendar",
          Number, Id, Number, Number, Number, Number, Text, At, At, Number, Maybe<At>, Maybe<At>,
          Maybe<At>, Number, Number, Maybe<Text>>;
using Occurrences =
    Table<"occurrences", "schedule, at, local",
          "schedule, at, local, tenant, job, through, count, ending, run, detail, decided_at",
          Number, At, Text, Number, Number, Maybe<At>, Number, Maybe<Number>, Maybe<Id>, Text,
          Maybe<At>>;
using RunsLive =
    Table<"runs_live", "tenant, id",
          "tenant, id, job, version, schedule, state, reason, trigger, requested_by, queue, "
          "priority, attempts, created_at, scheduled_at, due_at, started_at, exit_code, "
          "parent_run, cancel, progress, epoch, worker, lease_until, attempt_started_at, "
          "overlap, slots, placement, key_text, key_limit, on_limit, hold, queue_until, "
          "extended_until, debounce_key, debounce_until, rerun_of, operation, log_bytes, "
          "first_due_at, takes",
          Number, Id, Number, Number, Maybe<Number>, Number, Text, Number, Text, Text, Number,
          Number, At, At, At, Maybe<At>, Maybe<Number>, Maybe<Id>, Maybe<Text>, Maybe<Text>, Number,
          Maybe<Number>, Maybe<At>, Maybe<At>, Maybe<Number>, Number, Maybe<Text>, Maybe<Text>,
          Maybe<Number>, Maybe<Number>, Number, Maybe<At>, Maybe<At>, Maybe<Text>, Maybe<At>,
          Maybe<Id>, Maybe<Id>, Number, Maybe<At>, Maybe<Text>>;
using RunsDone =
    Table<"runs_done", "tenant, id",
          "tenant, id, job, version, schedule, state, reason, trigger, requested_by, queue, "
          "priority, attempts, created_at, scheduled_at, due_at, started_at, exit_code, "
          "parent_run, cancel, progress, finished_at, key_text, rerun_of, operation, log_bytes, "
          "first_due_at",
          Number, Id, Number, Number, Maybe<Number>, Number, Text, Number, Text, Text, Number,
          Number, At, At, At, Maybe<At>, Maybe<Number>, Maybe<Id>, Maybe<Text>, Maybe<Text>, At,
          Maybe<Text>, Maybe<Id>, Maybe<Id>, Number, Maybe<At>>;
using RunPayloads = Table<"run_payloads", "run", "run, params, trace", Id, Text, Maybe<Text>>;
using Attempts =
    Table<"attempts", "run, number",
          "run, number, epoch, worker, started_at, finished_at, outcome, then_state, retry_at", Id,
          Number, Number, Number, At, At, Text, Number, Maybe<At>>;
using LogChunks =
    Table<"log_chunks", "run, attempt, seq",
          "run, attempt, seq, stream, at, bytes, first_line, last_line, is_open", Id, Number,
          Number, Number, At, Blob, Maybe<Number>, Maybe<Number>, Maybe<Number>>;
using Events = Table<"events", "position", "position, tenant, type, subject, time, payload", Number,
                     Number, Text, Text, At, Text>;
using Workers =
    Table<"workers", "key",
          "key, id, name, state, slots, labels, version, started_at, heartbeat_at, resources, "
          "remote, cordoned, drain_until, removed_at",
          Number, Id, Text, Number, Number, Text, Text, At, At, Text, Number, Number, Maybe<At>,
          Maybe<At>>;
using Nodes = Table<"nodes", "id",
                    "id, name, state, roles, version, protocol, address, started_at, heartbeat_at, "
                    "clock_offset_ms",
                    Id, Text, Number, Text, Text, Number, Text, At, At, Maybe<Number>>;
using JoinTokens =
    Table<"join_tokens", "id",
          "id, tenant, sha256, uses, used, labels, slots_limit, created_by, created_at, expires_at",
          Id, Number, Blob, Number, Number, Text, Maybe<Number>, Text, At, At>;
using WorkerCredentials =
    Table<"worker_credentials", "worker",
          "worker, tenant, sha256, join_sha256, labels, slots_limit, created_at", Id, Number, Blob,
          Blob, Text, Maybe<Number>, At>;
using Tokens =
    Table<"tokens", "tenant, name", "id, tenant, name, sha256, permissions, created_at, expires_at",
          Id, Number, Text, Blob, Text, At, Maybe<At>>;
using Idempotency =
    Table<"idempotency", "tenant, key", "tenant, key, fingerprint, reply, expires_at", Number, Text,
          Text, Text, At>;
using Queues = Table<"queues", "key", "key, tenant, name, spec, pause, tokens, tokens_at", Number,
                     Number, Text, Text, Maybe<Text>, Maybe<Real>, Maybe<At>>;
using QueueShares =
    Table<"queue_shares", "tenant, name", "tenant, name, tag, work", Number, Text, Real, Real>;
using Calendars = Table<"calendars", "key", "key, tenant, name, spec, author, updated_at", Number,
                        Number, Text, Text, Text, At>;
using Connections = Table<"connections", "key", "key, tenant, name, spec, author, updated_at",
                          Number, Number, Text, Text, Text, At>;
using ConnectionUsers = Table<"connection_users", "tenant, connection, job",
                              "tenant, connection, job", Number, Text, Number>;
using DedupeKeys = Table<"dedupe_keys", "job, key", "job, key, run, until", Number, Text, Id, At>;
using Operations =
    Table<"operations", "key",
          "key, id, tenant, kind, state, open, job, spec, requested_by, reached, planned_until, "
          "total, done, skipped, detail, created_at, finished_at",
          Number, Id, Number, Number, Number, Number, Maybe<Number>, Text, Text, Id, Maybe<At>,
          Number, Number, Number, Text, At, Maybe<At>>;
using Trims = Table<"trims", "job", "job, due_at, pause", Number, At, Number>;
using Expectations = Table<"expectations", "run, kind", "run, kind, due_at, deadline, at, told", Id,
                           Number, At, At, Maybe<At>, Number>;
using Silences = Table<"silences", "job", "job, every, since, at", Number, Number, At, Maybe<At>>;
using Pings =
    Table<"pings", "job, started_at, host", "job, started_at, host, finished_at, exit_code, at",
          Number, At, Text, Maybe<At>, Maybe<Number>, At>;
using Failing = Table<"failing", "job", "job, tenant, since, streak, run, failed_at", Number,
                      Number, At, Number, Id, At>;
using EndedPerMinute = Table<"ended_per_minute", "tenant, minute, state",
                             "tenant, minute, state, count", Number, Number, Number, Number>;

using All = std::tuple<Tenants, Jobs, JobCounts, JobVersions, JobLabels, Schedules, Occurrences,
                       RunsLive, RunsDone, RunPayloads, Attempts, LogChunks, Events, Workers, Nodes,
                       JoinTokens, WorkerCredentials, Tokens, Idempotency, Queues, QueueShares,
                       Calendars, Connections, ConnectionUsers, DedupeKeys, Operations, Trims,
                       Expectations, Silences, Pings, Failing, EndedPerMinute>;

}  // namespace tables

// Calls visit(Table{}) for each.
template <class Visit>
void for_each_table(Visit visit) {
  std::apply([&](auto... table) { (visit(table), ...); }, tables::All{});
}

}  // namespace mainspring::sql
