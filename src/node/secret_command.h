// secret: what a worker's own store of secrets holds, looked at and changed from outside. Works
// whether a node runs on the data directory or not: a value counts from the next attempt on.
//
// The store is DATA/secrets/TENANT/NAME, files of mode 0600 in directories of mode 0700, read by
// runner/attempt/secret_files.h. No value is ever printed, logged, or taken from the command line.
// Threads: one.
#pragma once

#include <string>

namespace mainspring::node {

struct SecretOptions {
  std::string data_dir;
  std::string tenant = "default";
  std::string name;
};

// Each returns the exit code of the command.
int run_secret_set(const SecretOptions& options);  // the value is on standard input
int run_secret_list(const SecretOptions& options);
int run_secret_remove(const SecretOptions& options);

}  // namespace mainspring::node
