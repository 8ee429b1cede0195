// The rows of the route table, by noun. A noun adds its rows in a file routes_NOUN.cc, a line here
// and its name in routes().
#pragma once

#include <vector>

#include "api/route.h"

namespace mainspring::api {

std::vector<Route> make_job_routes();
std::vector<Route> make_pause_routes();
std::vector<Route> make_schedule_routes();
std::vector<Route> make_run_routes();
std::vector<Route> make_log_routes();
std::vector<Route> make_live_routes();
std::vector<Route> make_session_routes();
std::vector<Route> make_site_routes();

// Parameters that every list takes.
inline constexpr QueryParameter kLimit{"limit", "integer",
                                       "Items on a page, 1 to 500; 50 when absent."};
inline constexpr QueryParameter kCursor{"cursor", "string", "next_cursor of the page before."};

}  // namespace mainspring::api
