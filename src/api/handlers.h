// The handlers of the route table, by noun. Each answers its call exactly once; see call.h for the
// thread it runs on.
#pragma once

#include <algorithm>

#include "api/call.h"
#include "json/codec.h"

namespace mainspring::api {

// apply.cc
void apply_manifest(const CallPtr& call);
void export_manifest(const CallPtr& call);
void get_manifest_schema(const CallPtr& call);

// versions.cc
void list_job_versions(const CallPtr& call);
void get_job_version(const CallPtr& call);
void diff_job(const CallPtr& call);
void revert_job(const CallPtr& call);

// job_list.cc
void list_jobs(const CallPtr& call);

// jobs.cc
void create_job(const CallPtr& call);
void get_job(const CallPtr& call);
void replace_job(const CallPtr& call);
void delete_job(const CallPtr& call);
void pause_job(const CallPtr& call);
void resume_job(const CallPtr& call);
void get_job_stats(const CallPtr& call);

// schedules.cc
void next_fires(const CallPtr& call);
void list_occurrences(const CallPtr& call);
void list_job_occurrences(const CallPtr& call);

// overview.cc
void get_overview(const CallPtr& call);
void get_agenda(const CallPtr& call);

// job_history.cc
void get_job_durations(const CallPtr& call);
void get_job_endings(const CallPtr& call);

// preview.cc
void preview_schedule(const CallPtr& call);

// settings.cc
void list_settings(const CallPtr& call);

// calendars.cc
void list_calendars(const CallPtr& call);
void get_calendar(const CallPtr& call);
void put_calendar(const CallPtr& call);
void delete_calendar(const CallPtr& call);
void list_calendar_days(const CallPtr& call);

// connections.cc
void list_connections(const CallPtr& call);
void get_connection(const CallPtr& call);
void put_connection(const CallPtr& call);
void delete_connection(const CallPtr& call);
void test_connection(const CallPtr& call);

// calendar_import.cc
void import_calendar(const CallPtr& call);

// runs.cc
void submit_run(const CallPtr& call);
void list_runs(const CallPtr& call);
void get_run(const CallPtr& call);
void list_attempts(const CallPtr& call);
void cancel_run(const CallPtr& call);
void extend_run(const CallPtr& call);

// pings.cc
void record_ping(const CallPtr& call);
void list_pings(const CallPtr& call);

// shadow_report.cc
void get_shadow_report(const CallPtr& call);
void promote_job(const CallPtr& call);

// why.cc
void explain_occurrence(const CallPtr& call);
void explain_run(const CallPtr& call);

// queues.cc
void list_queues(const CallPtr& call);
void get_queue(const CallPtr& call);
void put_queue(const CallPtr& call);
void delete_queue(const CallPtr& call);
void pause_queue(const CallPtr& call);
void resume_queue(const CallPtr& call);

// rerun.cc
void rerun_run(const CallPtr& call);

// operations.cc
void start_operation(const CallPtr& call);
void list_operations(const CallPtr& call);
void get_operation(const CallPtr& call);
void cancel_operation(const CallPtr& call);

// logs.cc
void get_log(const CallPtr& call);
void list_log_attempts(const CallPtr& call);
void get_log_lines(const CallPtr& call);
void get_log_line(const CallPtr& call);
// log_search.cc, log_download.cc
void search_log(const CallPtr& call);
void download_log(const CallPtr& call);

// workers.cc
void list_workers(const CallPtr& call);
void get_worker(const CallPtr& call);
void cordon_worker(const CallPtr& call);
void uncordon_worker(const CallPtr& call);
void drain_worker(const CallPtr& call);
void remove_worker(const CallPtr& call);

// join_tokens.cc
void list_join_tokens(const CallPtr& call);
void create_join_token(const CallPtr& call);
void delete_join_token(const CallPtr& call);
void join_worker(const CallPtr& call);

// worker_link.cc, worker_reports.cc
void say_hello(const CallPtr& call);
void start_worker(const CallPtr& call);
void claim_runs(const CallPtr& call);
void renew_leases(const CallPtr& call);
void wait_for_notices(const CallPtr& call);
void take_reports(const CallPtr& call);
void leave_worker(const CallPtr& call);

// live.cc
void list_events(const CallPtr& call);
void open_stream(const CallPtr& call);

// nodes.cc
void list_nodes(const CallPtr& call);
void delete_node(const CallPtr& call);

// tokens.cc
void list_tokens(const CallPtr& call);
void create_token(const CallPtr& call);
void delete_token(const CallPtr& call);
// metrics.cc
void get_metrics(const CallPtr& call);

// site.cc
void get_root(const CallPtr& call);
void get_asset(const CallPtr& call);
void get_health(const CallPtr& call);
void get_readiness(const CallPtr& call);
void get_version(const CallPtr& call);
void get_openapi(const CallPtr& call);
void sign_in(const CallPtr& call);
void get_session(const CallPtr& call);
void create_session(const CallPtr& call);
void delete_session(const CallPtr& call);
void create_sign_in_link(const CallPtr& call);

// backups.cc
void start_backup(const CallPtr& call);
void list_backups(const CallPtr& call);

// Shared by several nouns.

// The job that a path names by id or name. Errors: not_found.
base::Result<model::Job> find_job(const Call& call, std::string_view name_or_id);
// The values of a query parameter that takes several, with commas between. Errors:
// invalid_argument, naming the parameter and what it takes.
template <class E>
base::Result<std::vector<E>> read_choices(const Call& call, std::string_view parameter) {
  std::vector<E> values;
  const std::string given = call.query(parameter);
  for (std::string_view text = given; !text.empty();) {
    const std::size_t end = std::min(text.find(','), text.size());
    auto value = json::parse_enum<E>(text.substr(0, end));
    if (!value) return base::fail(at_parameter(parameter, std::move(value.error())));
    values.push_back(*value);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}
// Errors: invalid_argument (no run id), not_found.
base::Result<model::Run> find_run(const Call& call, std::string_view id);
// 202 with the run and its place; the run itself once it has ended, where the client waits.
void answer_submitted(Call& call, const model::RunSummary& run);

}  // namespace mainspring::api
