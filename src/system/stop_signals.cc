#include "system/stop_signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace mainspring::system {
namespace {

// Whoever started us with nohup wants us to outlive the terminal.
bool is_ignored(int number) {
  struct sigaction found{};
  return sigaction(number, nullptr, &found) == 0 && found.sa_handler == SIG_IGN;
}

sigset_t stop_set(Hangup hangup) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (hangup == Hangup::reloads || !is_ignored(SIGHUP)) sigaddset(&set, SIGHUP);
  return set;
}

[[noreturn]] void throw_errno(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

}  // namespace

StopSignals::StopSignals(Hangup hangup) : hangup_(hangup) {
  const sigset_t set = stop_set(hangup);
  signals_ = Descriptor{signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
  interrupted_ = Descriptor{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!signals_.is_open() || !interrupted_.is_open()) throw_errno("signalfd");
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

StopSignals::~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

StopAsk StopSignals::wait() {
  while (true) {
    pollfd entries[2] = {{signals_.get(), POLLIN, 0}, {interrupted_.get(), POLLIN, 0}};
    if (poll(entries, 2, -1) < 0 && errno != EINTR) throw_errno("poll");
    signalfd_siginfo found{};
    if (read(signals_.get(), &found, sizeof found) == sizeof found) {
      if (found.ssi_signo == SIGHUP && hangup_ == Hangup::reloads) return StopAsk::reload;
      const bool first = !asked_;
      asked_ = true;
      return first ? StopAsk::graceful : StopAsk::at_once;
    }
    std::uint64_t count = 0;
    if (read(interrupted_.get(), &count, sizeof count) == sizeof count) return StopAsk::interrupted;
  }
}

void StopSignals::interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto size = write(interrupted_.get(), &one, sizeof one);
}

}  // namespace mainspring::system
