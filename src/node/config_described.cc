#include "node/config.h"

namespace mainspring::node {

const json::StructTable& Config::described() {
  using namespace std::chrono_literals;
  using json::field;
  static const auto table = json::describe<Config>(
      "Config", "The settings of a node.",
      field<&Config::data_dir>("data_dir", "Where the node keeps everything it must remember."),
      field<&Config::listen>("listen", "HOST:PORT of the API. Only loopback is allowed so far."),
      field<&Config::name>("name", "Of this node; the host's name when empty."),
      field<&Config::slots>("slots", "Runs at the same time; 0: two per core, at least 4.")
          .min(0)
          .max(1'024),
      field<&Config::labels>("labels", "Of this node's worker.").max_items(64),
      field<&Config::lease>("lease", "How long a worker may act on a run without renewing.")
          .min(base::Duration{1s})
          .max(base::Duration{10min}),
      field<&Config::heartbeat>("heartbeat", "How often leases are renewed.")
          .min(base::Duration{100ms})
          .max(base::Duration{1min}),
      field<&Config::plan_ahead>("plan_ahead", "How far ahead fires are written.")
          .min(base::Duration{1s})
          .max(base::Duration{1h}),
      field<&Config::drain>("drain", "How long a stopping node lets running work go on.")
          .min(base::Duration{0s})
          .max(base::Duration{24h}),
      field<&Config::readers>("readers", "Threads that answer questions.").min(1).max(64));
  return table;
}

}  // namespace mainspring::node
