#include "runner/sandbox/syscall_filter.h"

#include <sched.h>
#include <seccomp.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

// By name: not every architecture, and not every version of the library, has all of them.
constexpr const char* kRefused[] = {
    // Mounts and roots.
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at", "name_to_handle_at",
    // Namespaces.
    "unshare", "setns",
    // The kernel and the machine.
    "init_module", "finit_module", "delete_module", "create_module", "query_module", "kexec_load",
    "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "iopl",
    "ioperm", "syslog", "sysfs", "_sysctl", "vhangup", "nfsservctl", "lookup_dcookie", "uselib",
    // Its clocks and names.
    "settimeofday", "stime", "clock_settime", "clock_settime64", "clock_adjtime", "clock_adjtime64",
    "adjtimex", "sethostname", "setdomainname",
    // Other processes, and keys of the kernel.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    "add_key", "request_key", "keyctl",
    // Large and often faulty.
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "vm86", "vm86old", "modify_ldt"};

constexpr std::uint64_t kNamespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                      CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};

std::unexpected<base::Error> fail(std::string_view what, int code) {
  return base::fail(base::Code::unsupported,
                    fmt::format("cannot {} the filter of system calls: {}", what,
                                std::generic_category().message(code)));
}

int refuse_namespaces(scmp_filter_ctx filter) {
  for (std::uint64_t bit = 1; bit <= kNamespaces; bit <<= 1) {
    if ((kNamespaces & bit) == 0) continue;
    const scmp_arg_cmp has_bit{0, SCMP_CMP_MASKED_EQ, bit, bit};
    const int code =
        seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &has_bit);
    if (code != 0) return code;
  }
  // Its flags lie in memory, which no filter sees; without it, C libraries use clone.
  return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, nullptr);
}

}  // namespace

base::Result<void> filter_syscalls() {
  const std::unique_ptr<void, Release> filter{seccomp_init(SCMP_ACT_ALLOW)};
  if (filter == nullptr) return fail("make", ENOMEM);
  for (const char* name : kRefused) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) continue;
    const int code =
        seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 0, nullptr);
    // A call that this architecture only imitates cannot be filtered, and need not be.
    if (code != 0 && code != -EDOM && code != -EFAULT) return fail("make", -code);
  }
  if (const int code = refuse_namespaces(filter.get()); code != 0) return fail("make", -code);
  if (const int code = seccomp_load(filter.get()); code != 0) return fail("load", -code);
  return {};
}

}  // namespace mainspring::runner
