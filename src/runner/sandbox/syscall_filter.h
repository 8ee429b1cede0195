// The system calls that a program in a sandbox may not make: those by which a machine is
// administered, other processes are looked into, or the sandbox is left. They fail with EPERM.
//
// Internal to runner/sandbox. Source: the default profile of Docker, moby/profiles/seccomp.
#pragma once

#include "base/error.h"

namespace mainspring::runner {

// For this process and all that it becomes. Needs no_new_privs, or root. Errors: unsupported.
base::Result<void> filter_syscalls();

}  // namespace mainspring::runner
