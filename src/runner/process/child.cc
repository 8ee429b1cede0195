#include "runner/process/child.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

// glibc's clone under the name that the sanitizers do not intercept: their wrapper expects a copy
// of the memory in the child, and would undo the parent's state in ours.
extern "C" int unhooked_clone(int (*run)(void*), void* stack, int flags, void* argument,
                              ...) __asm__("__clone");

// No sanitizer bookkeeping in code that runs on the parent's memory and thread-local storage.
#define RUNS_IN_CHILD                                           \
  [[clang::disable_sanitizer_instrumentation, clang::noinline]] \
  __attribute__((no_sanitize("address", "thread", "undefined")))

namespace mainspring::runner {
namespace {

constexpr std::size_t kChildStack = 64 << 10;  // the child's frames need about 2 KiB
constexpr int kSignals = 64;                   // Linux: 1..64, the real-time ones included
constexpr std::size_t kKernelMask = 8;         // bytes of the kernel's signal set

// struct sigaction as the kernel has it; all zero is SIG_DFL with no flags.
struct KernelAction {
  std::uintptr_t disposition;
  unsigned long flags;
  void (*restorer)();
  std::uint64_t mask;
};

RUNS_IN_CHILD bool move_descriptors(const ChildPlan& plan) {
  for (int i = 0; i < 3; ++i) {
    if (syscall(SYS_dup3, plan.standard[i], i, 0) < 0) return false;
  }
  return true;
}

RUNS_IN_CHILD bool write_record(const ChildPlan& plan) {
  if (plan.record < 0) return true;
  char stat[1024];
  const long fd = syscall(SYS_openat, AT_FDCWD, "/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const long size = syscall(SYS_read, fd, stat, sizeof stat);
  syscall(SYS_close, fd);
  return size > 0 && syscall(SYS_write, plan.record, stat, size) == size;
}

// By system call: the C library's setuid would signal every thread of the parent.
RUNS_IN_CHILD bool take_identity(const ChildPlan& plan) {
  if (plan.identity == nullptr) return true;
  const uid_t uid = plan.identity->uid;
  const gid_t gid = plan.identity->gid;
  return syscall(SYS_setgroups, plan.group_count, plan.groups) == 0 &&
         syscall(SYS_setresgid, gid, gid, gid) == 0 && syscall(SYS_setresuid, uid, uid, uid) == 0;
}

// A change of identity clears the death signal, so this comes after it. A parent that died before
// it was set will not be noticed any more: look once.
RUNS_IN_CHILD bool die_with_parent(const ChildPlan& plan) {
  if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) return false;
  if (syscall(SYS_getppid) == plan.parent) return true;
  errno = ESRCH;
  return false;
}

RUNS_IN_CHILD bool set_limits(const ChildPlan& plan) {
  syscall(SYS_umask, plan.umask);
  for (std::size_t i = 0; i < plan.limit_count; ++i) {
    const ResourceLimit& limit = plan.limits[i];
    if (syscall(SYS_prlimit64, 0, limit.resource, &limit.value, nullptr) < 0) return false;
  }
  return true;
}

// Dispositions first: a handler of the parent must not run here once signals are let in.
RUNS_IN_CHILD bool reset_signals() {
  for (int number = 1; number <= kSignals; ++number) {
    KernelAction action{};
    if (syscall(SYS_rt_sigaction, number, nullptr, &action, kKernelMask) < 0) continue;
    if (action.disposition == 0) continue;
    action = KernelAction{};
    if (syscall(SYS_rt_sigaction, number, &action, nullptr, kKernelMask) < 0) return false;
  }
  const std::uint64_t none = 0;
  return syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, kKernelMask) == 0;
}

// As execvp does: a candidate that is not there is passed over; one that may not be run is
// remembered, because "permission denied" says more than "no such file".
RUNS_IN_CHILD void execute(const ChildPlan& plan) {
  int told = ENOENT;
  for (const char* const* path = plan.candidates; *path != nullptr; ++path) {
    syscall(SYS_execve, *path, plan.argv, plan.environment);
    if (errno == ENOENT || errno == ENOTDIR) continue;
    told = errno;
    if (errno != EACCES) break;
  }
  errno = told;
}

RUNS_IN_CHILD ChildStep run_steps(const ChildPlan& plan) {
  if (syscall(SYS_setsid) < 0) return ChildStep::session;
  if (!move_descriptors(plan)) return ChildStep::descriptors;
  if (!write_record(plan)) return ChildStep::record;
  if (!take_identity(plan)) return ChildStep::identity;
  if (!die_with_parent(plan)) return ChildStep::death_signal;
  if (!set_limits(plan)) return ChildStep::limits;
  if (plan.working_dir != nullptr && syscall(SYS_chdir, plan.working_dir) < 0) {
    return ChildStep::directory;
  }
  if (syscall(SYS_close_range, 3U, ~0U, 0) < 0) return ChildStep::descriptors;
  if (!reset_signals()) return ChildStep::signals;
  execute(plan);
  return ChildStep::exec;
}

RUNS_IN_CHILD int child_main(void* argument) {
  ChildPlan* plan = static_cast<ChildPlan*>(argument);
  plan->failed_step = run_steps(*plan);
  plan->failed_errno = errno;
  syscall(SYS_exit_group, 127);
  return 127;
}

// Every signal, those the C library keeps for itself included: a handler that ran in the child
// would run on the parent's memory.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    const std::uint64_t all = ~std::uint64_t{0};
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, kKernelMask);
  }
  ~SignalsBlocked() { syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, kKernelMask); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  std::uint64_t before_ = 0;
};

}  // namespace

Child start_child(ChildPlan& plan) {
  alignas(16) char stack[kChildStack];
  int pidfd = -1;
  Child child;
  {
    const SignalsBlocked blocked;
    child.pid = unhooked_clone(child_main, stack + kChildStack,
                               CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
    child.clone_errno = errno;
  }
  child.pidfd = Fd{pidfd};
  return child;
}

}  // namespace mainspring::runner
