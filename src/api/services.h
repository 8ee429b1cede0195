// What the API is given when it is constructed. The owner (node, embed) keeps all of it alive until
// the Api is gone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/connection_report.h"
#include "api/settings.h"
#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "env/random.h"
#include "metrics/page.h"
#include "store/backups.h"
#include "store/store.h"
#include "trace/span.h"

namespace mainspring::api {

// Keeps a text between two lives of the node, privately. Any thread, one at a time.
struct Shelf {
  // Errors: not_found (nothing was kept), and those of the place.
  std::function<base::Result<std::string>()> load = {};
  std::function<base::Result<void>(std::string_view)> store = {};
};

struct Services {
  store::Store& store;
  env::Clock& clock;
  env::Random& random;                // called from several threads
  store::Backups* backups = nullptr;  // nullptr: this API has none to offer
  std::string no_backups = "This node keeps no backups of itself.";  // what it says then
  // Adds what only the owner knows to the page of GET /metrics. May be empty; any thread.
  std::function<void(metrics::Page&)> write_metrics = {};
  // What else somebody should look at, though the node does its work: sentences for /readyz, which
  // anybody can read. May be empty; any thread.
  std::function<std::vector<std::string>()> find_troubles = {};
  trace::Recorder* traces = nullptr;    // nullptr: this API takes no part in traces
  TestConnection test_connection = {};  // empty: this API tries none out
  Shelf sessions = {};                  // empty: they end with the process
  base::Log log = {};  // every request at debug, those that failed by our fault at info
};

struct Settings {
  std::string version = "0.0.0";     // of the program, for /version
  std::string own_token = "admin";   // the token that the node itself keeps in a file
  int readers = 2;                   // threads that answer questions, each with a connection
  std::vector<std::string> hosts;    // names under which browsers may come, besides addresses
  std::size_t waiting_calls = 4096;  // for a reader; beyond it 429, so that latency stays bounded
  // Live streams at once; beyond it 429. A few hundred bytes each, and a socket.
  std::int64_t live_streams = 20'000;
  base::Duration session_lifetime = std::chrono::hours{12};
  base::Duration sign_in_lifetime = std::chrono::minutes{15};
  base::Duration heartbeat = std::chrono::seconds{15};     // on idle streams: proxies cut at 60 s
  base::Duration longest_wait = std::chrono::seconds{60};  // of `Prefer: wait`
  // What remote workers are told to keep to.
  base::Duration lease{10'000};
  base::Duration worker_heartbeat{2'000};
  // How long browsers are to insist on HTTPS for the whole host, every other port of it included;
  // 0: they are not told.
  base::Duration hsts{0};
  enum class Reach { everything, health };  // health: probes and metrics only
  Reach reach = Reach::everything;
  std::vector<SettingView> shown;  // those of the whole node, for GET /settings; at first
};

inline constexpr std::string_view kDefaultTenant = "default";

}  // namespace mainspring::api
