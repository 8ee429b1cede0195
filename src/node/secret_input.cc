#include "node/secret_input.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

#include <fmt/core.h>

#include "runner/attempt/values.h"

namespace mainspring::node {
namespace {

using base::Code;
using base::Result;

volatile std::sig_atomic_t caught = 0;

// While it lives, the terminal does not show what is typed. A signal that would end the program
// ends a wait(), wherever it comes, and has its effect when the terminal is as it was.
class QuietTerminal {
 public:
  QuietTerminal() {
    caught = 0;
    sigset_t held;
    sigemptyset(&held);
    for (const int number : kSignals)
      sigaddset(&held, number);
    sigprocmask(SIG_BLOCK, &held, &open_);
    struct sigaction note{};
    note.sa_handler = [](int number) { caught = number; };
    for (std::size_t i = 0; i < std::size(kSignals); ++i)
      sigaction(kSignals[i], &note, &old_[i]);
    is_terminal_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~QuietTerminal() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < std::size(kSignals); ++i)
      sigaction(kSignals[i], &old_[i], nullptr);
    sigprocmask(SIG_SETMASK, &open_, nullptr);
    if (caught != 0) raise(caught);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  // Until something was typed, or a signal came.
  void wait() const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (caught == 0 && ppoll(&input, 1, nullptr, &open_) < 0 && errno == EINTR) {
    }
  }

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  struct sigaction old_[std::size(kSignals)]{};
  sigset_t open_{};  // the signals that were let in before
  termios before_{};
  bool is_terminal_ = false;
};

std::unexpected<base::Error> fail_read(int reason) {
  if (caught != 0) return base::fail(Code::unavailable, "interrupted; nothing was stored");
  return base::fail(Code::unavailable, fmt::format("cannot read the value: {}",
                                                   std::generic_category().message(reason)));
}

// Up to the end of the input, or of the line where it is a terminal's.
Result<std::string> read_input(const QuietTerminal* terminal) {
  const bool is_line = terminal != nullptr;
  std::string text;
  char buffer[4096];
  while (text.size() <= runner::kSecretLimit + 1) {
    if (terminal != nullptr) terminal->wait();
    if (caught != 0) return fail_read(EINTR);
    const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_read(errno);
    if (size == 0) break;
    text.append(buffer, static_cast<std::size_t>(size));
    if (is_line && text.ends_with('\n')) break;
  }
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

void ask(std::string_view text) {
  fmt::print(stderr, "{}", text);
  std::fflush(stderr);
}

Result<std::string> read_terminal(std::string_view name) {
  const QuietTerminal quiet;
  ask(fmt::format("The value of the secret '{}', which is not shown: ", name));
  auto first = read_input(&quiet);
  if (!first) return first;
  ask("The same again: ");
  const auto second = read_input(&quiet);
  if (!second) return second;
  if (*first == *second) return first;
  return base::fail(Code::invalid_argument, "the two differ; nothing was stored");
}

}  // namespace

Result<std::string> read_secret_value(std::string_view name) {
  auto value = isatty(STDIN_FILENO) == 1 ? read_terminal(name) : read_input(nullptr);
  if (!value) return value;
  if (value->empty())
    return base::fail(Code::invalid_argument,
                      "the value is empty; nothing was stored. `mainspring secret remove` takes a "
                      "secret away");
  if (value->size() > runner::kSecretLimit)
    return base::fail(Code::too_large,
                      fmt::format("the value has more than {} KiB; name a file to the program "
                                  "instead",
                                  runner::kSecretLimit >> 10));
  if (value->contains('\0'))
    return base::fail(Code::invalid_argument,
                      "the value holds a zero byte, and an environment variable cannot; encode it, "
                      "such as with base64");
  return value;
}

}  // namespace mainspring::node
