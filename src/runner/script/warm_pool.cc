#include "runner/script/warm_pool.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

namespace mainspring::runner {
namespace {

constexpr std::size_t kLines = 1'000;  // jobs used within kWarmIdle; more start as if without

// A name of its own: it is no run, and the ledger must tell it from the others.
base::RunId make_name(std::uint64_t number) {
  base::IdEntropy entropy{};
  for (std::size_t i = 0; i < sizeof number; ++i)
    entropy[entropy.size() - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return base::RunId::make(std::chrono::floor<base::Duration>(std::chrono::system_clock::now()),
                           entropy);
}

Fd make_wake() {
  Fd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!event.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
  return event;
}

timespec time_until(std::chrono::steady_clock::time_point until) {
  const auto left = std::max(std::chrono::nanoseconds{0},
                             std::chrono::nanoseconds{until - std::chrono::steady_clock::now()});
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {left.count() / kSecond, left.count() % kSecond};
}

}  // namespace

WarmPool::WarmPool(const ProgramRunner& programs) : WarmPool(programs, Limits{}) {}

WarmPool::WarmPool(const ProgramRunner& programs, Limits limits)
    : programs_(programs), limits_(limits), wake_(make_wake()) {}

WarmPool::~WarmPool() { stop(); }

void WarmPool::stop() {
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
  }
  wake();
  if (thread_.joinable()) thread_.join();
}

void WarmPool::wake() const {
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);  // full: it is awake
}

void WarmPool::drop_all_of(Line& line) {
  std::ranges::move(line.waiting, std::back_inserter(dropped_));
  line.waiting.clear();
  ++line.generation;
}

WarmPool::Line& WarmPool::note_use(const WarmUse& use) {
  Line& line = lines_[use.job];
  const bool is_new = line.use.job.empty();
  const bool is_same = line.use.spec == use.spec && line.use.machine == use.machine;
  if (!is_new && !is_same) {
    drop_all_of(line);
    line.failures = 0;
    line.not_before = {};
  }
  const bool is_same_version = !is_new && line.use.version == use.version;
  line.varies = is_same_version && (line.varies || line.use.spec != use.spec);
  line.use = use;
  line.used_at = Clock::now();
  // Not put off again while it is: runs one behind the other would have no others started.
  if (line.not_before <= line.used_at) line.not_before = line.used_at + limits_.lull;
  return line;
}

std::optional<WaitingProgram> WarmPool::take(const WarmUse& use) {
  const std::lock_guard lock{mutex_};
  const auto known = lines_.find(use.job);
  if (is_over_ || (known == lines_.end() && lines_.size() >= kLines)) return std::nullopt;
  // A run of an older version, which is tried again, is no reason to forget the newer one.
  if (known != lines_.end() && use.version < known->second.use.version) return std::nullopt;
  Line& line = note_use(use);
  if (!thread_.joinable()) thread_ = std::thread{[this] { work(); }};
  wake();
  look(line, Clock::now());
  // One that still starts has a lead, too, but nobody knows whether it loads what is there now.
  const auto chosen = std::ranges::find_if(
      line.waiting, [](WaitingProgram& program) { return program.look() == WaitingState::ready; });
  if (chosen == line.waiting.end()) return std::nullopt;
  std::optional<WaitingProgram> taken = std::move(*chosen);
  line.waiting.erase(chosen);
  return taken;
}

void WarmPool::drop(const std::string& job) {
  {
    const std::lock_guard lock{mutex_};
    const auto line = lines_.find(job);
    if (line != lines_.end()) drop_all_of(line->second);
  }
  wake();
}

void WarmPool::work() {
  Lock lock{mutex_};
  while (!is_over_)
    step(lock);
  lines_.clear();
  dropped_.clear();
}

void WarmPool::step(Lock& lock) {
  const Clock::time_point now = Clock::now();
  end_unused(now);
  for (auto& [job, line] : lines_)
    look(line, now);
  if (!dropped_.empty()) {
    std::deque<WaitingProgram> ending = std::exchange(dropped_, {});
    lock.unlock();
    ending.clear();  // which takes a while for each
    lock.lock();
  } else if (Line* line = find_wanting(now)) {
    start_one(*line, lock);
  } else {
    sleep(lock);
  }
}

// Drops those that are of no use any more.
void WarmPool::look(Line& line, Clock::time_point now) {
  for (auto it = line.waiting.begin(); it != line.waiting.end();) {
    const WaitingState state = it->look();
    if (state == WaitingState::ready) line.failures = 0;
    if (state != WaitingState::unfit) {
      ++it;
      continue;
    }
    dropped_.push_back(std::move(*it));
    it = line.waiting.erase(it);
    note_failure(line, now);
  }
}

void WarmPool::note_failure(Line& line, Clock::time_point now) const {
  const auto pause = limits_.first_pause * (std::int64_t{1} << std::min(line.failures, 30));
  line.not_before = now + std::min(pause, limits_.longest_pause);
  ++line.failures;
}

void WarmPool::end_unused(Clock::time_point now) {
  for (auto it = lines_.begin(); it != lines_.end();) {
    if (now < it->second.used_at + limits_.idle) {
      ++it;
      continue;
    }
    drop_all_of(it->second);
    it = lines_.erase(it);
  }
}

std::size_t WarmPool::count_waiting() const {
  std::size_t count = 0;
  for (const auto& [job, line] : lines_)
    count += line.waiting.size();
  return count;
}

WarmPool::Line* WarmPool::find_wanting(Clock::time_point now) {
  if (count_waiting() >= limits_.programs) return nullptr;
  for (auto& [job, line] : lines_) {
    if (!line.varies && line.waiting.size() < line.use.count && line.not_before <= now)
      return &line;
  }
  return nullptr;
}

void WarmPool::start_one(Line& line, Lock& lock) {
  const WarmUse use = line.use;
  const std::uint64_t generation = line.generation;
  execution::Order like = use.like;
  like.run_id = make_name(++started_);
  lock.unlock();
  std::optional<WaitingProgram> program;
  try {
    if (auto made = programs_.start_waiting(like, use.prepare)) program = std::move(*made);
  } catch (const std::exception&) {
    // out of descriptors or memory, as a run will say that meets it
  }
  lock.lock();
  const auto found = lines_.find(use.job);
  const bool is_wanted = found != lines_.end() && found->second.generation == generation;
  if (!program) {
    if (is_wanted) note_failure(found->second, Clock::now());
  } else if (is_wanted) {
    found->second.waiting.push_back(std::move(*program));
  } else {
    dropped_.push_back(std::move(*program));
  }
}

// Until a program says something or ends, a use, or the next time at which something is due.
void WarmPool::sleep(Lock& lock) {
  std::vector<pollfd> entries{{wake_.get(), POLLIN, 0}};
  Clock::time_point next = Clock::now() + limits_.idle;
  const Clock::time_point now = Clock::now();
  for (const auto& [job, line] : lines_) {
    next = std::min(next, line.used_at + limits_.idle);
    if (line.not_before > now) next = std::min(next, line.not_before);
    for (const WaitingProgram& program : line.waiting) {
      entries.push_back({program.exit_fd(), POLLIN, 0});
      if (program.line_fd() >= 0) entries.push_back({program.line_fd(), POLLIN, 0});
    }
  }
  lock.unlock();
  const timespec wait = time_until(next);
  // One that is taken meanwhile may close these: whoever took it has woken us, too.
  ::ppoll(entries.data(), entries.size(), &wait, nullptr);
  std::uint64_t count = 0;
  (void)!::read(wake_.get(), &count, sizeof count);
  lock.lock();
}

}  // namespace mainspring::runner
