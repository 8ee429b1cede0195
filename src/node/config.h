// Config: the node's settings, and where each value came from.
//
// Later sources win: default, the variables that OpenTelemetry names, file (YAML), environment
// (MAINSPRING_<KEY>), flag (--<key>). Keys are the same everywhere: `listen` is MAINSPRING_LISTEN
// and --listen. A section, such as `retention`, is a map in the file and runs=100,age=7d elsewhere;
// each of its keys counts for itself.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "api/settings.h"
#include "base/error.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/node.h"

namespace mainspring::node {

// How much history is kept where a job does not say; 0 keeps everything.
struct RetentionConfig {
  std::int64_t runs = 10'000;  // per job; never without a number: it bounds a look at a job
  base::Duration age = std::chrono::days{30};
  base::Duration log_age{0};
  std::int64_t log_bytes = std::int64_t{1} << 30;  // per job
  base::Duration ledger_age = std::chrono::days{90};
  base::Duration events_age = std::chrono::days{30};

  static const json::StructTable& described();
};

enum class LogFormat { text, json };
const json::EnumTable& described(LogFormat);

enum class LogLevel { debug, info, warn, error };  // those of base::LogLevel
const json::EnumTable& described(LogLevel);

// What the worker has for its runs.
struct ResourceConfig {
  double cpu = 0;                     // cores; 0: all of the machine's
  std::int64_t memory_bytes = 0;      // 0: all that this process may use
  int gpus = -1;                      // -1: those of NVIDIA that the machine has
  std::int64_t gpu_memory_bytes = 0;  // of each of them; 0: not known

  static const json::StructTable& described();
  friend bool operator==(const ResourceConfig&, const ResourceConfig&) = default;
};

struct Config {
  std::string data_dir;
  std::string store;                // a PostgreSQL URL; empty: SQLite in data_dir
  std::string store_password_file;  // for it; empty: the URL or libpq's own files say
  std::string listen = "127.0.0.1:7070";
  std::string tls_certificate;  // PEM files; empty: no TLS
  std::string tls_key;
  base::Duration tls_hsts{0};      // how long browsers are to insist on HTTPS; 0: not told
  bool insecure_listen = false;    // other addresses than loopback, without TLS
  std::vector<std::string> hosts;  // names under which browsers reach it, such as a proxy's
  std::string name;                // of this node and its worker; empty: the host's name
  std::vector<model::NodeRole> roles = {model::NodeRole::api, model::NodeRole::scheduler,
                                        model::NodeRole::worker};
  base::Duration liveness = std::chrono::seconds{10};
  int slots = 0;  // 0: two per processor core, at least 4
  std::map<std::string, std::string> labels;
  ResourceConfig resources;
  base::Duration lease = std::chrono::seconds{10};
  base::Duration heartbeat = std::chrono::seconds{2};
  base::Duration plan_ahead = std::chrono::seconds{60};
  base::Duration drain = std::chrono::seconds{30};
  int readers = 2;
  int connections = 2'048;  // open at once, of the API
  LogFormat log_format = LogFormat::text;
  LogLevel log_level = LogLevel::info;
  std::string backup_dir;          // empty: backups/ in the data directory
  base::Duration backup_every{0};  // 0: only when asked
  std::int64_t backup_keep = 7;
  RetentionConfig retention;
  std::string otlp_endpoint;  // of an OpenTelemetry collector; empty: no traces
  std::map<std::string, std::string> otlp_headers;
  double otlp_sample_ratio = 1;
  std::string otlp_service_name = "mainspring";

  bool has_role(model::NodeRole role) const { return std::ranges::count(roles, role) > 0; }
  bool has_tls() const { return !tls_certificate.empty(); }
  std::string backup_directory() const {
    return backup_dir.empty() ? data_dir + "/backups" : backup_dir;
  }
  bool has_own_store() const { return store.empty(); }
  static const json::StructTable& described();
};

// Where a value came from: "default", "file /etc/mainspring.yaml", "MAINSPRING_LISTEN", "--listen".
using Sources = std::map<std::string, std::string>;

struct LoadedConfig {
  Config config;
  Sources sources;
};

struct ConfigInputs {
  std::string file;                                // "" is none
  std::map<std::string, std::string> environment;  // whole, or what is_setting_variable() accepts
  std::map<std::string, std::string> flags;        // by key
};

// Errors: invalid_argument naming the source and the key of every mistake; not_found (the file).
base::Result<LoadedConfig> load_config(const ConfigInputs& inputs);

// What GET /settings answers; secrets are not among it.
std::vector<api::SettingView> list_settings(const LoadedConfig& loaded);

// MAINSPRING_*, and those of OpenTelemetry that are read.
bool is_setting_variable(std::string_view name);

// A line per key: key, value, whether a reload takes it, source. Values that may be credentials are
// not shown.
std::string show_config(const LoadedConfig& loaded);

// Whether a running node takes a new value of the setting; others need a restart.
bool is_reloadable(std::string_view key);

// What a running node does with settings that were read again.
struct Reloaded {
  LoadedConfig settings;  // those it had, with the new values of what is reloadable
  std::vector<std::string> changed;
  std::vector<std::string> needs_restart;  // keys that differ and stay as they are
};
Reloaded reload(const LoadedConfig& running, const LoadedConfig& wanted);

// "127.0.0.1:7070" -> host and port. Errors: invalid_argument.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
base::Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace mainspring::node
