#include "metrics/catalogue.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/core.h>

namespace mainspring::metrics {

namespace {

std::vector<Family> run_families() {
  using enum Kind;
  return {
      {"mainspring_jobs_scheduled_total",
       counter,
       {"trigger"},
       "Runs written, to be due now or later; those that a change takes back later stay counted."},
      {"mainspring_runs_started_total",
       counter,
       {"trigger"},
       "Runs whose first attempt was claimed."},
      {"mainspring_jobs_completed_total", counter, {"state"}, "Runs that ended."},
      {"mainspring_jobs_failed_total", counter, {}, "Runs that ended failed or timed out."},
      {"mainspring_attempts_total", counter, {"outcome"}, "Attempts that ended."},
      {"mainspring_retries_total",
       counter,
       {},
       "Attempts that ended badly and that another attempt follows."},
      {"mainspring_leases_lost_total",
       counter,
       {},
       "Attempts given up because their worker was not heard of in time."},
      {"mainspring_occurrences_total",
       counter,
       {"ending"},
       "Instants of schedules by what became of them."},
      {"mainspring_job_duration_seconds",
       histogram,
       {"outcome"},
       "Time from the start of an attempt to its end."},
      {"mainspring_schedule_delay_seconds",
       histogram,
       {"trigger"},
       "Time from the instant a run was due to the start of its first attempt."},
      {"mainspring_jobs_live", gauge, {"state"}, "Runs that have not ended."},
      {"mainspring_jobs_running", gauge, {}, "Runs of which an attempt is under way."},
  };
}

std::vector<Family> queue_families() {
  using enum Kind;
  return {
      {"mainspring_queue_depth", gauge, {"queue"}, "Runs that wait in the queue."},
      {"mainspring_queue_running", gauge, {"queue"}, "Runs of the queue that are under way."},
      {"mainspring_queue_oldest_age_seconds",
       gauge,
       {"queue"},
       "How long the first run of the queue has been due; 0 where none waits."},
      {"mainspring_cluster_nodes", gauge, {"state"}, "Nodes known, by how they are."},
      {"mainspring_worker_slots", gauge, {}, "Slots of all workers online."},
      {"mainspring_worker_slots_busy", gauge, {}, "Of these, those in use."},
  };
}

std::vector<Family> store_families() {
  using enum Kind;
  return {
      {"mainspring_writer_queue_length", gauge, {}, "Commands that wait to be written."},
      {"mainspring_writer_commands_total",
       counter,
       {},
       "Commands taken by the writer, refused ones included."},
      {"mainspring_writer_failed_groups_total",
       counter,
       {},
       "Transactions that failed; nothing of them happened."},
      {"mainspring_writer_group_commands", histogram, {}, "Commands in one transaction."},
      {"mainspring_writer_commit_seconds",
       histogram,
       {},
       "Time of one transaction, until it is on disk."},
      {"mainspring_database_bytes",
       gauge,
       {},
       "Size of the database file; SQLite only, as is the next."},
      {"mainspring_database_wal_bytes", gauge, {}, "Size of its write-ahead log."},
      {"mainspring_clock_offset_seconds",
       gauge,
       {},
       "What the clock of a shared database says, less what the node's does; 0 with SQLite."},
  };
}

std::vector<Family> api_families() {
  using enum Kind;
  return {
      {"mainspring_http_requests_total",
       counter,
       {"route", "status"},
       "Requests answered, by operation and class of status; shown once there was one."},
      {"mainspring_http_request_duration_seconds",
       histogram,
       {},
       "Time from a request to its answer; of a stream, to its beginning. Requests that asked to "
       "wait are left out."},
      {"mainspring_http_requests_in_flight", gauge, {}, "Requests not yet answered."},
      {"mainspring_sse_clients", gauge, {}, "Live streams that are open."},
      {"mainspring_tls_handshakes_total",
       counter,
       {"outcome"},
       "Connections by how their TLS handshake ended; none without TLS."},
      {"mainspring_tls_certificate_expiry_timestamp_seconds",
       gauge,
       {},
       "When the certificate that the node shows ends, in Unix time; none without TLS."},
  };
}

std::vector<Family> trace_families() {
  using enum Kind;
  return {
      {"mainspring_spans_exported_total",
       counter,
       {},
       "Spans of traces that the collector has taken."},
      {"mainspring_spans_dropped_total",
       counter,
       {},
       "Spans given up: refused by the collector, too old, or without room to wait."},
  };
}

std::vector<Family> process_families() {
  using enum Kind;
  return {
      {"process_resident_memory_bytes", gauge, {}, "Resident memory of the node."},
      {"process_virtual_memory_bytes", gauge, {}, "Virtual memory of the node."},
      {"process_cpu_seconds_total", counter, {}, "Processor time of the node, user and system."},
      {"process_open_fds", gauge, {}, "Open file descriptors."},
      {"process_max_fds", gauge, {}, "The most file descriptors that may be open."},
      {"process_threads", gauge, {}, "Threads of the node."},
      {"process_start_time_seconds", gauge, {}, "When the node started, in Unix time."},
      {"mainspring_build_info", gauge, {"version"}, "Always 1; the label names the program."},
  };
}

}  // namespace

std::span<const Family> catalogue() {
  static const std::vector<Family> table = [] {
    std::vector<Family> all;
    for (const auto make : {run_families, queue_families, store_families, api_families,
                            trace_families, process_families}) {
      std::ranges::move(make(), std::back_inserter(all));
    }
    return all;
  }();
  return table;
}

const Family* find_family(std::string_view name) {
  const auto found = std::ranges::find(catalogue(), name, &Family::name);
  return found == catalogue().end() ? nullptr : &*found;
}

std::string reference_row(const Family& family) {
  constexpr std::array<std::string_view, 3> kWords{"counter", "gauge", "histogram"};
  std::string labels;
  for (const std::string_view label : family.labels)
    labels += fmt::format("{}`{}`", labels.empty() ? "" : ", ", label);
  return fmt::format("| `{}` | {} | {} | {} |", family.name,
                     kWords.at(static_cast<std::size_t>(family.kind)), labels, family.help);
}

}  // namespace mainspring::metrics
