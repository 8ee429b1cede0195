#include "cli/child.h"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/core.h>

extern char** environ;

namespace mainspring::cli {
namespace {

constexpr std::array<int, 3> kPassedOn = {SIGTERM, SIGINT, SIGHUP};

// What the handler needs: the child, until it is reaped; then its exit code.
volatile std::sig_atomic_t running_child = 0;
volatile std::sig_atomic_t final_code = -1;

void pass_on(int signal, siginfo_t* sender, void*) {
  const int kept = errno;
  const bool is_from_terminal = sender->si_code == SI_KERNEL;
  if (final_code >= 0) ::_exit(final_code);
  if (running_child > 0 && !is_from_terminal) ::kill(running_child, signal);
  errno = kept;
}

void catch_signals() {
  for (const int signal : kPassedOn) {
    struct sigaction before{};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    struct sigaction action{};
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
}

sigset_t passed_on() {
  sigset_t out;
  sigemptyset(&out);
  for (const int signal : kPassedOn)
    sigaddset(&out, signal);
  return out;
}

// Held back until the child is known: a signal that comes meanwhile is for the child.
class HeldSignals {
 public:
  HeldSignals() {
    const sigset_t held = passed_on();
    ::sigprocmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

// The error number, 0 when the program runs.
int spawn(const std::vector<std::string>& words, const sigset_t& mask, pid_t& pid) {
  std::vector<char*> argv;
  for (const std::string& word : words)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  ::posix_spawnattr_setsigmask(&attributes, &mask);
  const int error = ::posix_spawnp(&pid, argv[0], nullptr, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  return error;
}

std::unexpected<base::Error> cannot_run(const std::vector<std::string>& words, int error) {
  const base::Code code = error == ENOENT                     ? base::Code::not_found
                          : error == EACCES || error == EPERM ? base::Code::permission_denied
                                                              : base::Code::unavailable;
  const bool is_line = words.size() == 1 && words.front().contains(' ');
  return base::fail(
      code, fmt::format("cannot run '{}': {}{}", words.front(), std::strerror(error),
                        is_line ? "; a command line goes through a shell: -- sh -c '...'" : ""));
}

}  // namespace

base::Result<Child> Child::start(const std::vector<std::string>& words) {
  catch_signals();
  const HeldSignals held;
  pid_t pid = 0;
  int error = spawn(words, held.before(), pid);
  if (error == ENOEXEC && words.front().contains('/')) {
    std::vector<std::string> script = {"/bin/sh"};
    script.insert(script.end(), words.begin(), words.end());
    error = spawn(script, held.before(), pid);
  }
  if (error != 0) return cannot_run(words, error);
  running_child = pid;
  return Child{pid};
}

std::optional<int> Child::wait_for(base::Duration most) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (handle < 0) return std::nullopt;
  pollfd waited{.fd = handle, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waited, 1, static_cast<int>(most.count()));
  ::close(handle);
  if (ready <= 0) return std::nullopt;
  return wait();
}

int Child::wait() {
  if (exit_code_) return *exit_code_;
  siginfo_t end{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &end, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  const bool was_killed = end.si_code != CLD_EXITED;
  exit_code_ = was_killed ? 128 + end.si_status : end.si_status;
  final_code = *exit_code_;
  running_child = 0;  // before it is reaped: its number may then be another's
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  return *exit_code_;
}

}  // namespace mainspring::cli
