// CodeFiles: the files that a waiting program has loaded, as they were then: whether it still is
// what a fresh start would be.
//
// Threads: one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace mainspring::runner {

class CodeFiles {
 public:
  // `since`: when the program was started. What changed later may have been loaded before or after.
  // A file that cannot be looked at is passed over: the program may see more than the node does.
  static CodeFiles load(const std::vector<std::string>& paths, base::Instant since);

  // Whether all are what they were.
  bool are_current() const;

 private:
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;

    friend bool operator==(const Identity&, const Identity&) = default;
  };
  struct File {
    std::string path;
    Identity identity;
  };
  static bool look_at(const std::string& path, Identity& identity);

  std::vector<File> files_;
  bool has_changed_since_ = false;
};

}  // namespace mainspring::runner
