// Api: the REST API as an http::Application. Routes: route_table.h; contract: api/openapi.json.
//
// Threads: application() may be called from any thread. Destroy it after the server that calls it
// has stopped; calls that wait are answered before the destructor returns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/services.h"
#include "http/exchange.h"

namespace mainspring::api {

class Core;

class Api {
 public:
  // `services` must outlive the Api.
  Api(const Services& services, Settings settings);
  ~Api();

  http::Application application();

  // Ends live streams and answers every call that waits for a run or a log, as things stand. For a
  // server that is about to stop.
  void stop_waiting();

  // Any thread. Names under which browsers may come, from now on.
  void set_hosts(std::vector<std::string> hosts);
  // Any thread. What GET /settings answers from now on.
  void set_shown_settings(std::vector<SettingView> shown);

  // The path and query of a sign-in link, valid once: "/signin?code=msi_...".
  std::string make_sign_in_path();

 private:
  std::unique_ptr<Core> core_;
};

// The OpenAPI 3.1 document, as committed in api/openapi.json.
std::string openapi_document();

}  // namespace mainspring::api
