// The rows of the route table, by noun. A noun adds its rows in a file routes_NOUN.cc, a line here
// and its name in routes().
#pragma once

#include <vector>

#include "api/route.h"

namespace mainspring::api {

std::vector<Route> make_manifest_routes();
std::vector<Route> make_job_routes();
std::vector<Route> make_overview_routes();
std::vector<Route> make_job_history_routes();
std::vector<Route> make_version_routes();
std::vector<Route> make_pause_routes();
std::vector<Route> make_schedule_routes();
std::vector<Route> make_calendar_routes();
std::vector<Route> make_connection_routes();
std::vector<Route> make_run_routes();
std::vector<Route> make_run_action_routes();
std::vector<Route> make_operation_routes();
std::vector<Route> make_log_routes();
std::vector<Route> make_queue_routes();
std::vector<Route> make_shadow_routes();
std::vector<Route> make_backup_routes();
std::vector<Route> make_worker_routes();
std::vector<Route> make_join_token_routes();
std::vector<Route> make_worker_protocol_routes();
std::vector<Route> make_live_routes();
std::vector<Route> make_node_routes();
std::vector<Route> make_session_routes();
std::vector<Route> make_token_routes();
std::vector<Route> make_site_routes();
std::vector<Route> make_ui_routes();

// Parameters that every list takes.
inline constexpr QueryParameter kLimit{"limit", "integer",
                                       "Items on a page, 1 to 500; 50 when absent."};
inline constexpr QueryParameter kCursor{"cursor", "string", "next_cursor of the page before."};
inline constexpr QueryParameter kLabel{
    "label", "string", "Of jobs with these labels, such as team=platform,tier!=test."};

// Of the routes that answer with the versions of the worker protocol.
inline constexpr std::string_view kWorkerProtocolTag = "worker-protocol";

// The schema of a body that is a manifest, with the aliases that it may use.
json::Value manifest_body(json::Definitions& definitions);

}  // namespace mainspring::api
