// What of the file system a program in a sandbox sees, and what of it it may write.
//
// Internal to runner/sandbox: called by the one thread of a process that is about to become the
// program. Errors: unsupported, unavailable; each says which step and why.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace mainspring::runner {

// The version of Landlock that the kernel has; 0: none.
int landlock_version();

// In a mount namespace of its own: empty directories in the places `covered`, a fresh /tmp that may
// be written, and `kept` where they were, also below a covered one.
base::Result<void> cover_directories(const std::vector<std::string>& covered,
                                     const std::vector<std::string>& kept);

// From now on only what lies in `writable`, in /tmp, and the devices that take anything can be
// written. For this process and all that it becomes.
base::Result<void> forbid_writing(const std::vector<std::string>& writable);

}  // namespace mainspring::runner
