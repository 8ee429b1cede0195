// backup and restore: what is done to a data directory from outside, whether a node runs or not.
//
// Threads: one. Ctrl-C ends what is under way and leaves nothing half done; a second one ends the
// program where it stands.
#pragma once

#include <string>

namespace mainspring::node {

struct BackupOptions {
  std::string data_dir;
  std::string file;
  bool force = false;
};
// Returns the exit code.
int run_backup(const BackupOptions& options);

struct RestoreOptions {
  std::string data_dir;
  std::string file;
  std::string against;  // a data directory, with verify
  bool verify = false;
  bool force = false;
  bool json = false;
};
int run_restore(const RestoreOptions& options);

struct MigrateStoreOptions {
  std::string from;
  std::string to;
  std::string password_file;
};
int run_migrate_store(const MigrateStoreOptions& options);

}  // namespace mainspring::node
