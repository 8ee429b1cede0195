#include "runner/process/child.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>
#include <span>

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

// First of all, while those descriptors are still what they were.
RUNS_IN_CHILD bool enter_groups(const ChildPlan& plan) {
  for (std::size_t i = 0; i < plan.entry_count; ++i) {
    if (syscall(SYS_write, plan.entries[i], "0", 1) < 0) return false;
  }
  return true;
}

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

// The parent may have stood still since it looked.
RUNS_IN_CHILD bool may_begin(const ChildPlan& plan) {
  timespec now{};
  if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) < 0) return false;
  errno = ETIME;
  return now.tv_sec * 1'000'000'000 + now.tv_nsec < plan.begin_by;
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
  if (!enter_groups(plan)) return ChildStep::group;
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
  if (!may_begin(plan)) return ChildStep::deadline;
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

constexpr std::uint64_t kCloneFlags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD;

// clone3, for which the C library has no function: the child calls child_main on its own stack, and
// never returns. Gives the pid or a negative errno.
long raw_clone3(clone_args& arguments, ChildPlan& plan) {
#if defined(__x86_64__)
  long result = SYS_clone3;
  register int (*run)(void*) __asm__("r12") = child_main;
  register void* argument __asm__("r13") = &plan;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r13, %%rdi\n\t"
      "call *%%r12\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(&arguments), "S"(sizeof arguments), "r"(run), "r"(argument)
      : "rcx", "r11", "memory", "cc");
  return result;
#elif defined(__aarch64__)
  register long result __asm__("x0") = reinterpret_cast<long>(&arguments);
  register long size __asm__("x1") = sizeof arguments;
  register long number __asm__("x8") = SYS_clone3;
  register int (*run)(void*) __asm__("x19") = child_main;
  register void* argument __asm__("x20") = &plan;
  __asm__ volatile(
      "svc #0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, xzr\n\t"
      "mov x0, x20\n\t"
      "blr x19\n\t"
      "brk #0\n"
      "1:"
      : "+r"(result)
      : "r"(size), "r"(number), "r"(run), "r"(argument)
      : "memory", "cc");
  return result;
#else
  return -ENOSYS;
#endif
}

// Joining a group of v2 by writing to its file makes every fork of the machine wait for the kernel;
// being born there does not. -1 where the kernel, or a filter of a container, knows no clone3.
pid_t clone_in_birthplace(ChildPlan& plan, std::span<char> stack, int& pidfd) {
  clone_args arguments{};
  arguments.flags = kCloneFlags | CLONE_INTO_CGROUP;
  arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  arguments.stack = reinterpret_cast<std::uintptr_t>(stack.data());
  arguments.stack_size = stack.size();
  arguments.cgroup = static_cast<std::uint64_t>(plan.birthplace);
  const ChildPlan asked = plan;
  ++plan.entries;  // of the birthplace itself
  --plan.entry_count;
  const long result = raw_clone3(arguments, plan);
  if (result > 0) return static_cast<pid_t>(result);
  plan = asked;
  return -1;
}

}  // namespace

Child start_child(ChildPlan& plan) {
  alignas(16) char stack[kChildStack];
  int pidfd = -1;
  Child child;
  {
    const SignalsBlocked blocked;
    if (plan.birthplace >= 0) child.pid = clone_in_birthplace(plan, stack, pidfd);
    if (child.pid < 0) {
      child.pid = unhooked_clone(child_main, stack + kChildStack,
                                 static_cast<int>(kCloneFlags | SIGCHLD), &plan, &pidfd);
      child.clone_errno = errno;
    }
  }
  child.pidfd = Fd{pidfd};
  return child;
}

}  // namespace mainspring::runner
