// `mainspring worker`: its options, and its life from the command line to the exit code.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mainspring::node {

struct Config;

struct WorkerOptions {
  std::map<std::string, std::string> flags;  // settings of Config, by key
  std::string config_file;
  std::vector<std::string> servers;
  std::string token;
  std::string token_file;
  std::string ca_file;
  std::string spool_limit = "1GiB";
  bool insecure = false;
  int protocol = 0;  // the newest version to speak; 0: the newest there is
};

void add_worker_options(CLI::App& command, WorkerOptions& options);

// The exit code.
int run_worker(const WorkerOptions& options, const Config& config);

// Where its data goes when nobody says.
std::string default_worker_dir();

}  // namespace mainspring::node
