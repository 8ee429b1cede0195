#include "runner/process/watchdog.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <limits>
#include <new>
#include <system_error>

#include <fmt/core.h>

#include "runner/container/records.h"
#include "runner/process/cgroup_root.h"
#include "runner/process/ledger.h"

namespace mainspring::runner {
namespace {

using Millis = std::int64_t;  // of the monotonic clock

constexpr Millis kNever = std::numeric_limits<Millis>::max();
// Descriptors of the process; 0, 1 and 2 are what everybody expects.
constexpr int kLine = 3, kMemory = 4, kHeld = 5;
constexpr int kFirstFree = 10;  // ours are moved here before, so that none is overwritten
// Enough to be heard before what it watches, on a machine that is busy with just that.
constexpr int kPriority = -10;
constexpr Millis kOverslept = 500;
// It is asked to end together with the worker (systemd, some shells), and must be the last of them.
constexpr std::array kRequestsToEnd{SIGTERM, SIGINT, SIGHUP, SIGQUIT};

Millis now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

std::unexpected<base::Error> fail(std::string_view what, int reason) {
  return base::fail(base::Code::unavailable,
                    fmt::format("cannot start the watchdog of the worker's processes: {}: {}", what,
                                std::generic_category().message(reason)));
}

Fd lifted(int descriptor) { return Fd{fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstFree)}; }

// What posix_spawn is to do with descriptors, freed with the object.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void null(int target) {
    posix_spawn_file_actions_addopen(&actions_, target, "/dev/null", O_RDWR, 0);
  }
  void give(const Fd& file, int target) {
    if (file.is_open()) posix_spawn_file_actions_adddup2(&actions_, file.get(), target);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// In a session of its own, so that Ctrl-C in a terminal means the worker. Every signal is as new,
// but requests to end are blocked from its first moment on.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t blocked, all;
    sigemptyset(&blocked);
    for (const int number : kRequestsToEnd)
      sigaddset(&blocked, number);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &blocked);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

// What both see. The worker writes `until` and reads `asleep_until`, the watchdog the other way:
// whoever changes one looks at the other afterwards, so that no change is slept through.
struct Watchdog::Page {
  std::atomic<Millis> until = kNever;
  std::atomic<Millis> asleep_until = kNever;
  std::atomic<std::int64_t> fired = 0;
  std::atomic<bool> is_dismissed = false;
};

int end_work(const WorkPlaces& places) {
  kill_recorded_containers(places.containers);  // at once; an engine may let us wait
  int left = end_recorded(places.ledger) ? 0 : 1;
  for (const std::string& directory : places.groups)
    left += end_groups(directory) ? 0 : 1;
  return left + (end_recorded_containers(places.containers) ? 0 : 1);
}

base::Result<std::unique_ptr<Watchdog>> Watchdog::start(Settings settings) {
  std::unique_ptr<Watchdog> made{new Watchdog(std::move(settings))};
  static_assert(std::atomic<Millis>::is_always_lock_free, "two processes share it");
  made->memory_ = Fd{memfd_create("mainspring-watchdog", MFD_CLOEXEC)};
  if (!made->memory_.is_open()) return fail("memory", errno);
  if (ftruncate(made->memory_.get(), sizeof(Page)) < 0) return fail("memory", errno);
  void* page =
      mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, made->memory_.get(), 0);
  if (page == MAP_FAILED) return fail("memory", errno);
  made->page_ = new (page) Page;
  if (auto spawned = made->spawn(); !spawned) return base::fail(std::move(spawned.error()));
  return made;
}

Watchdog::~Watchdog() {
  if (page_ == nullptr) return;
  dismiss();
  munmap(page_, sizeof(Page));
}

base::Result<void> Watchdog::spawn() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    return fail("line", errno);
  }
  Fd ours{ends[0]};
  const Fd theirs{ends[1]}, line = lifted(ends[1]), memory = lifted(memory_.get());
  const Fd held = settings_.held < 0 ? Fd{} : lifted(settings_.held);
  if (!line.is_open() || !memory.is_open()) return fail("line", errno);
  FileActions actions;
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    actions.null(standard);
  actions.give(line, kLine);
  actions.give(memory, kMemory);
  actions.give(held, kHeld);
  std::vector<std::string> words{"mainspring", kWatchdogCommand, settings_.places.ledger,
                                 settings_.places.containers};
  words.insert(words.end(), settings_.places.groups.begin(), settings_.places.groups.end());
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<char*, 1> environment{nullptr};
  pid_t pid = -1;
  const int reason = posix_spawn(&pid, settings_.program.c_str(), actions.get(), Attributes{}.get(),
                                 arguments.data(), environment.data());
  if (reason != 0) return fail(settings_.program, reason);
  pid_ = pid;
  line_ = std::move(ours);
  return {};
}

void Watchdog::hold_until(std::optional<base::Duration> monotonic) {
  const Millis until = monotonic ? monotonic->count() : kNever;
  page_->until = until;
  const Millis asleep_until = page_->asleep_until;
  const bool is_overdue = asleep_until < now() - kOverslept;  // it was killed, or cannot run
  if (until < asleep_until || is_overdue) wake();
}

void Watchdog::wake() {
  const std::lock_guard lock(mutex_);
  const char byte = 0;
  if (line_.is_open() && send(line_.get(), &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) return;
  if (line_.is_open() && errno == EAGAIN) return;  // it has not read what it was told before
  revive();
}

// Somebody has killed it.
void Watchdog::revive() {
  bury();
  page_->asleep_until = kNever;  // until it is up; where it cannot be, the next call tries again
  static_cast<void>(spawn());
}

void Watchdog::bury() {
  line_.close();
  const pid_t pid = pid_.exchange(-1);
  if (pid > 0) waitpid(pid, nullptr, 0);
}

void Watchdog::dismiss() {
  const std::lock_guard lock(mutex_);
  page_->is_dismissed = true;
  bury();
}

std::int64_t Watchdog::times_fired() const { return page_->fired; }

// ---- the process itself ------------------------------------------------------------------------

namespace {

enum class Heard { nothing, word, end };

// Waits for the worker's word until that instant.
Heard listen(Millis until) {
  pollfd line{kLine, POLLIN, 0};
  const Millis rest = until == kNever ? -1 : std::max<Millis>(0, until - now());
  const int count = poll(&line, 1, static_cast<int>(std::min<Millis>(rest, 3'600'000)));
  if (count <= 0) return Heard::nothing;
  std::array<char, 256> bytes{};
  const ssize_t size = read(kLine, bytes.data(), bytes.size());
  return size == 0 ? Heard::end : Heard::word;
}

}  // namespace

int watchdog_main(int argc, const char* const* argv) {
  setpriority(PRIO_PROCESS, 0, kPriority);  // where it may
  if (argc < 2) return 2;
  const WorkPlaces places{argv[0], argv[1], {argv + 2, argv + argc}};
  void* memory =
      mmap(nullptr, sizeof(Watchdog::Page), PROT_READ | PROT_WRITE, MAP_SHARED, kMemory, 0);
  if (memory == MAP_FAILED) return 2;  // started by hand
  auto& page = *static_cast<Watchdog::Page*>(memory);
  while (true) {
    const Millis until = page.until;
    page.asleep_until = until;
    if (page.until < until) continue;  // changed while nobody would have woken us
    const Heard heard = listen(until);
    if (heard == Heard::end) break;
    Millis expected = page.until;
    if (heard == Heard::word || now() < expected) continue;
    // From here on the worker's later words are about other work.
    if (!page.until.compare_exchange_strong(expected, kNever)) continue;
    ++page.fired;
    end_work(places);
  }
  return page.is_dismissed ? 0 : end_work(places);
}

}  // namespace mainspring::runner
