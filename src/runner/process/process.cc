#include "runner/process/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "runner/process/cgroup.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kReadSize = 64 << 10;  // what a pipe holds: one read empties it

// More than the kernel lets a pipe grow to by default: what was written before the end is read,
// and a writer outside the group cannot keep us.
constexpr int kLastReads = 32;

timespec time_until(SteadyTime until) {
  const auto left = std::max(std::chrono::nanoseconds{0},
                             std::chrono::nanoseconds{until - std::chrono::steady_clock::now()});
  constexpr std::int64_t kSecond = 1'000'000'000;
  return timespec{left.count() / kSecond, left.count() % kSecond};
}

}  // namespace

Process::Process(StopLine& stop, const ProcessSpec& spec)
    : stop_(stop),
      cgroup_(spec.group),
      run_timeout_(spec.run_timeout),
      extended_until_(spec.extended_until),
      idle_timeout_(spec.idle_timeout),
      grace_(spec.grace),
      buffer_(kReadSize) {
  start_clock();
}

Process::~Process() {
  if (finished_ || child_.pid < 0) return;
  kill_group();
  reap();
}

void Process::start_clock() {
  started_at_ = active_at_ = std::chrono::steady_clock::now();
  if (run_timeout_) run_until_ = started_at_ + *run_timeout_;
}

void Process::begin_work(const ProcessSpec& spec) {
  run_timeout_ = spec.run_timeout;
  extended_until_ = spec.extended_until;
  idle_timeout_ = spec.idle_timeout;
  grace_ = spec.grace;
  start_clock();
}

bool Process::has_ended() const {
  if (finished_ || leader_gone_) return true;
  pollfd entry{child_.pidfd.get(), POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

void Process::pump(SteadyTime until, OutputSink& sink) {
  if (finished_) return;
  pollfd entries[4] = {{out_.get(), POLLIN, 0},
                       {err_.get(), POLLIN, 0},
                       {leader_gone_ ? -1 : child_.pidfd.get(), POLLIN, 0},
                       {stop_.fd(), POLLIN, 0}};
  const timespec wait = time_until(std::min(until, next_deadline()));
  const int ready = ppoll(entries, 4, &wait, nullptr);
  if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "ppoll");
  if (ready > 0) {
    if (entries[0].revents != 0) read_output(out_, OutputStream::out, sink);
    if (entries[1].revents != 0) read_output(err_, OutputStream::err, sink);
    if (entries[2].revents != 0) note_leader_gone();
    if (entries[3].revents != 0) stop_.clear();
  }
  obey_stop_line();
  const SteadyTime now = std::chrono::steady_clock::now();
  climb_ladder(now);
  const bool silent = !out_.is_open() && !err_.is_open();
  if (leader_gone_ && (silent || now >= drain_until_)) finish(sink);
}

// A shell that was asked to stop is gone at once, while the programs it had started still use their
// grace to clean up: they keep it for as long as they hold the output open.
void Process::note_leader_gone() {
  const SteadyTime now = std::chrono::steady_clock::now();
  leader_gone_ = true;
  ending_.wall = std::chrono::duration_cast<base::Duration>(now - started_at_);
  const bool in_grace = stopping_ && !ending_.was_killed;
  drain_until_ = in_grace ? grace_until_ : now + kDrainLimit;
}

void Process::note_activity() { active_at_ = std::chrono::steady_clock::now(); }

SteadyTime Process::next_deadline() const {
  if (leader_gone_) return drain_until_;
  if (stopping_) return grace_until_;
  SteadyTime next = SteadyTime::max();
  if (run_until_) next = std::min(next, *run_until_);
  if (idle_timeout_) next = std::min(next, active_at_ + *idle_timeout_);
  return next;
}

void Process::obey_stop_line() {
  const StopLevel level = stop_.level();
  if (level == StopLevel::none) return;
  if (leader_gone_) {
    // Nothing but leftovers: they get no more time, unless they are in their grace.
    if (level == StopLevel::kill || !stopping_) drain_until_ = SteadyTime{};
    return;
  }
  if (!stopping_) begin_stop(level == StopLevel::kill ? EndCause::killed : EndCause::asked);
  if (level == StopLevel::kill && !ending_.was_killed) kill_group();
}

void Process::climb_ladder(SteadyTime now) {
  if (leader_gone_) return;
  if (stopping_) {
    if (now >= grace_until_) kill_group();
    return;
  }
  if (is_run_over(now)) {
    begin_stop(EndCause::run_timeout);
  } else if (idle_timeout_ && now >= active_at_ + *idle_timeout_) {
    begin_stop(EndCause::idle_timeout);
  }
}

bool Process::is_run_over(SteadyTime now) {
  if (!run_until_ || now < *run_until_) return false;
  if (extended_until_) run_until_ = std::max(*run_until_, extended_until_());
  return now >= *run_until_;
}

void Process::begin_stop(EndCause cause) {
  stopping_ = true;
  ending_.cause = cause;
  grace_until_ = std::chrono::steady_clock::now() + grace_;
  if (cause == EndCause::killed) return;
  ::kill(-child_.pid, SIGTERM);
  ::kill(-child_.pid, SIGCONT);  // a stopped process would not see the request
  if (cgroup_ != nullptr) cgroup_->ask_outside(child_.pid);
}

void Process::kill_all() const {
  ::kill(-child_.pid, SIGKILL);
  if (cgroup_ != nullptr) cgroup_->kill();
}

void Process::kill_group() {
  kill_all();
  ending_.was_killed = true;
  grace_until_ = SteadyTime::max();
}

// One read per wake-up, so that neither stream starves the other. False: nothing was there.
bool Process::read_output(Fd& pipe, OutputStream stream, OutputSink& sink) {
  if (!pipe.is_open()) return false;
  const ssize_t size = read(pipe.get(), buffer_.data(), buffer_.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size <= 0) {
    pipe.close();
    return false;
  }
  note_activity();
  sink.output(stream, {buffer_.data(), static_cast<std::size_t>(size)});
  return true;
}

void Process::finish(OutputSink& sink) {
  kill_all();
  for (int i = 0; i < kLastReads && read_output(out_, OutputStream::out, sink); ++i) {
  }
  for (int i = 0; i < kLastReads && read_output(err_, OutputStream::err, sink); ++i) {
  }
  reap();
}

void Process::reap() {
  int status = 0;
  pid_t reaped = -1;
  do {
    reaped = wait4(child_.pid, &status, 0, &ending_.usage);
  } while (reaped < 0 && errno == EINTR);
  if (reaped == child_.pid) {
    if (WIFEXITED(status)) ending_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ending_.signal = WTERMSIG(status);
  }
  // The others, killed before: usually none are left to be seen, dead or alive.
  if (::kill(-child_.pid, 0) == 0) wait_for_end(load_group(child_.pid), kGroupPatience);
  if (cgroup_ != nullptr) cgroup_->wait_until_empty(kGroupPatience);
  out_.close();
  err_.close();
  child_.pidfd.close();
  record_ = LedgerRecord{};
  finished_ = true;
}

}  // namespace mainspring::runner
