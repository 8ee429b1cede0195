// What the API is given when it is constructed. The owner (node, embed) keeps all of it alive until
// the Api is gone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "api/settings.h"
#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "env/random.h"
#include "metrics/page.h"
#include "store/backups.h"
#include "store/store.h"
#include "trace/span.h"

namespace mainspring::api {

struct Services {
  store::Store& store;
  env::Clock& clock;
  env::Random& random;                // called from several threads
  store::Backups* backups = nullptr;  // nullptr: this API has none to offer
  // Adds what only the owner knows to the page of GET /metrics. May be empty; any thread.
  std::function<void(metrics::Page&)> write_metrics = {};
  // What else somebody should look at, though the node does its work: sentences for /readyz, which
  // anybody can read. May be empty; any thread.
  std::function<std::vector<std::string>()> find_troubles = {};
  trace::Recorder* traces = nullptr;  // nullptr: this API takes no part in traces
  base::Log log = {};  // every request at debug, those that failed by our fault at info
};

struct Settings {
  std::string version = "0.0.0";     // of the program, for /version
  int readers = 2;                   // threads that answer questions, each with a connection
  std::vector<std::string> hosts;    // names under which browsers may come, besides addresses
  std::size_t waiting_calls = 4096;  // for a reader; beyond it 429, so that latency stays bounded
  // Live streams at once; beyond it 429. A few hundred bytes each, and a socket.
  std::int64_t live_streams = 20'000;
  base::Duration session_lifetime = std::chrono::hours{12};
  base::Duration sign_in_lifetime = std::chrono::minutes{15};
  base::Duration heartbeat = std::chrono::seconds{15};     // on idle streams: proxies cut at 60 s
  base::Duration longest_wait = std::chrono::seconds{60};  // of `Prefer: wait`
  // How long browsers are to insist on HTTPS for the whole host, every other port of it included;
  // 0: they are not told.
  base::Duration hsts{0};
  std::vector<SettingView> shown;  // those of the whole node, for GET /settings; at first
};

inline constexpr std::string_view kDefaultTenant = "default";

}  // namespace mainspring::api
