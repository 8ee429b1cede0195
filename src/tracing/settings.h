// What a Tracer is told. Values.
#pragma once

#include <map>
#include <string>

#include "base/log.h"
#include "env/clock.h"
#include "env/random.h"
#include "metrics/instruments.h"
#include "store/store.h"
#include "trace/otlp.h"

namespace mainspring::tracing {

struct Settings {
  std::string endpoint;  // "http://127.0.0.1:4318"; empty: off
  std::map<std::string, std::string> headers;
  double ratio = 1;  // of the traces that begin here
  trace::Source source;
};

// All of it outlives the Tracer.
struct Parts {
  store::Store& store;
  const env::Clock& clock;
  env::Random& random;
  base::Log log;
};

struct Counters {
  metrics::Counter exported;
  metrics::Counter dropped;
};

// A collector's address, or that of its traces: "/v1/traces" is added where it is missing.
std::string traces_url(std::string endpoint);

inline constexpr std::size_t kOutbox = 8'192;  // spans; about 8 MiB
inline constexpr std::size_t kBatch = 512;     // spans of one request; about 400 KiB
// How long the first span of a batch waits for others.
inline constexpr base::Duration kBatchDelay{1'000};
inline constexpr base::Duration kLongestLag = std::chrono::hours{1};
inline constexpr base::Duration kRequestTime{10'000};
inline constexpr base::Duration kFirstRetry{1'000};
inline constexpr base::Duration kLongestRetry{30'000};
// A collector that names a time is believed up to here.
inline constexpr base::Duration kLongestRetryAfter = std::chrono::minutes{5};

}  // namespace mainspring::tracing
