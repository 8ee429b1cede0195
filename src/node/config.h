// Config: the node's settings, and where each value came from.
//
// Later sources win: default, file (YAML), environment (MAINSPRING_<KEY>), flag (--<key>). Keys are
// the same everywhere: `listen` is MAINSPRING_LISTEN and --listen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::node {

struct Config {
  std::string data_dir;
  std::string listen = "127.0.0.1:7070";
  std::string name;  // of this node and its worker; empty: the host's name
  int slots = 0;     // 0: two per processor core, at least 4
  std::map<std::string, std::string> labels;
  base::Duration lease = std::chrono::seconds{10};
  base::Duration heartbeat = std::chrono::seconds{2};
  base::Duration plan_ahead = std::chrono::seconds{60};
  base::Duration drain = std::chrono::seconds{30};
  int readers = 2;

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
  std::map<std::string, std::string> environment;  // only names that begin with MAINSPRING_
  std::map<std::string, std::string> flags;        // by key
};

// Errors: invalid_argument naming the source and the key of every mistake; not_found (the file).
base::Result<LoadedConfig> load_config(const ConfigInputs& inputs);

// A line per key: key, value, source.
std::string show_config(const LoadedConfig& loaded);

// "127.0.0.1:7070" -> host and port. Errors: invalid_argument.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
base::Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace mainspring::node
