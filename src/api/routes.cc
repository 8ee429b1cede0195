// The whole route table: the rows of every noun, one after another.
#include <algorithm>

#include "api/route_table.h"
#include "base/check.h"

namespace mainspring::api {

std::span<const Route> routes() {
  static const std::vector<Route> table = [] {
    std::vector<Route> all;
    for (auto make : {make_overview_routes,
                      make_manifest_routes,
                      make_job_routes,
                      make_job_history_routes,
                      make_version_routes,
                      make_pause_routes,
                      make_schedule_routes,
                      make_calendar_routes,
                      make_connection_routes,
                      make_run_routes,
                      make_run_action_routes,
                      make_operation_routes,
                      make_log_routes,
                      make_queue_routes,
                      make_shadow_routes,
                      make_backup_routes,
                      make_live_routes,
                      make_node_routes,
                      make_worker_routes,
                      make_join_token_routes,
                      make_session_routes,
                      make_token_routes,
                      make_worker_protocol_routes,
                      make_site_routes,
                      make_ui_routes}) {
      for (Route& route : make())
        all.push_back(std::move(route));
    }
    return all;
  }();
  return table;
}

const Route& get_route(std::string_view operation) {
  const auto found = std::ranges::find(routes(), operation, &Route::operation);
  CHECK(found != routes().end());
  return *found;
}

}  // namespace mainspring::api
