// FileLock: one process at a time, such as one node per data directory. The kernel gives the lock
// back when the process ends, however it ends; the file stays.
//
// Source: flock(2). Not for network file systems. Threads: take() from any; two locks on one path
// in one process exclude each other too.
#pragma once

#include <string>

#include "base/error.h"
#include "system/descriptor.h"

namespace mainspring::system {

class FileLock {
 public:
  // Does not wait. Errors: conflict, naming the holder's process id where the file tells it;
  // not_found, permission_denied, unavailable.
  static base::Result<FileLock> take(const std::string& path);

  // Whoever has a copy of it holds the lock as well.
  int descriptor() const { return file_.get(); }

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace mainspring::system
