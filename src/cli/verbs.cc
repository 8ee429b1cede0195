// The whole verb table, and what commands of their own cover.
#include "cli/verbs.h"

#include <array>

#include "cli/verb_table.h"

namespace mainspring::cli {

std::span<const Verb> verbs() {
  static const std::vector<Verb> table = [] {
    std::vector<Verb> all;
    for (auto make : {make_job_verbs, make_job_history_verbs, make_schedule_verbs,
                      make_calendar_verbs, make_connection_verbs, make_run_verbs,
                      make_operation_verbs, make_queue_verbs, make_live_verbs, make_node_verbs,
                      make_worker_verbs, make_token_verbs, make_backup_verbs}) {
      for (Verb& verb : make())
        all.push_back(std::move(verb));
    }
    return all;
  }();
  return table;
}

std::span<const Covered> covered_operations() {
  static constexpr std::array kTable =
      std::to_array<Covered>({{"apply_manifest", "apply"},
                              {"export_manifest", "export"},
                              {"get_job_version", "job version"},
                              {"diff_job", "job diff"},
                              {"revert_job", "job revert"},
                              {"create_job", "job create"},
                              {"replace_job", "job replace"},
                              {"put_calendar", "calendar put"},
                              {"import_calendar", "calendar import"},
                              {"put_connection", "connection put"},
                              {"test_connection", "connection test"},
                              {"submit_run", "run"},
                              {"cancel_run", "runs cancel"},
                              {"start_operation", "runs delete"},
                              {"get_log", "logs"},
                              {"download_log", "logs --raw"},
                              {"get_log_lines", "logs --last"},
                              {"get_log_line", "logs --line"},
                              {"list_log_attempts", "logs --attempts"},
                              {"search_log", "logs --grep"},
                              {"explain_occurrence", "why"},
                              {"explain_run", "why"},
                              {"record_ping", "ping"},
                              {"get_shadow_report", "shadow report"},
                              {"promote_job", "shadow promote"},
                              {"open_stream", "event watch"},
                              {"create_sign_in_link", "session link"},
                              {"drain_worker", "worker drain"},
                              // 'mainspring worker' speaks these, and a person only to look.
                              {"join_worker", "api"},
                              {"say_hello", "api"},
                              {"start_worker", "api"},
                              {"claim_runs", "api"},
                              {"renew_leases", "api"},
                              {"wait_for_notices", "api"},
                              {"take_reports", "api"},
                              {"leave_worker", "api"},
                              {"get_openapi", "api"},
                              {"get_health", "status"},
                              {"get_readiness", "status"},
                              {"get_version", "status"},
                              {"sign_in", "session link"},
                              {"get_metrics", "api"},
                              {"get_root", "api"},
                              {"get_asset", "api"}});
  return kTable;
}

}  // namespace mainspring::cli
