// The packages that a lock file names: what tells one set from another, and the program that
// installs it. requirements.txt is for pip in a virtual environment, package-lock.json for npm.
//
// Threads: any. Errors are for the author of the job.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "runner/attempt/program.h"

namespace mainspring::runner {

inline constexpr std::size_t kLockFileLimit = 16 << 20;  // the largest of npm have a few MiB

struct LockFile {
  std::string path;
  std::string text;
  std::string manifest;  // of npm: the text of package.json beside it

  std::string directory() const;
};

// Errors: not_found, too_large, unavailable; what is missing is named.
base::Result<LockFile> load_requirements(const std::string& path);
base::Result<LockFile> load_package_lock(const std::string& path);

// The name of a set: whose it is, what it was installed with, and what was asked for.
struct SetIdentity {
  std::string_view tenant;
  std::string_view interpreter;  // load_program_identity()
};
std::string make_set_key(const SetIdentity& identity, const LockFile& lock);

// Makes a virtual environment in `directory` and installs into it.
Program make_pip(const std::string& python, const LockFile& lock, const std::string& directory);

// Puts into `directory` what `npm ci` there needs: the lock file, package.json, and links to the
// files of this machine that they name. Errors: invalid_argument, unavailable.
base::Result<void> lay_out_for_npm(const LockFile& lock, const std::string& directory);
// `search_path` begins with the place of the node that npm is to run on.
Program make_npm(const std::string& npm, const std::string& search_path);

}  // namespace mainspring::runner
