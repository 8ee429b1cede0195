#include "postgres/watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace mainspring::postgres {
namespace {

constexpr std::string_view kChannel = "mainspring_turns";

std::chrono::microseconds since_epoch(std::chrono::system_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch());
}

}  // namespace

void ClockOffset::add(Sample sample) {
  const std::lock_guard lock(mutex_);
  samples_[count_++ % kKept] = sample;
}

std::optional<ClockOffset::Sample> ClockOffset::best() const {
  const std::lock_guard lock(mutex_);
  if (count_ == 0) return std::nullopt;
  const auto end = samples_.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kKept));
  return *std::min_element(samples_.begin(), end, [](const Sample& a, const Sample& b) {
    return a.round_trip < b.round_trip;
  });
}

TurnWatch::TurnWatch(Address address, LastTurn& last, std::function<void()> on_news)
    : database_(std::move(address)), last_(last), on_news_(std::move(on_news)) {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { run(); });
}

TurnWatch::~TurnWatch() {
  is_ending_ = true;
  ::eventfd_write(wake_, 1);
  thread_.join();
  ::close(wake_);
}

void TurnWatch::run() {
  while (!is_ending_) {
    try {
      listen();
      poll();
      rest();
    } catch (const std::exception&) {
      // The writer meets the same and says so; here only the next try matters.
      is_listening_ = false;
      pollfd descriptor{wake_, POLLIN, 0};
      ::poll(&descriptor, 1, static_cast<int>(kPoll.count()));
    }
  }
}

void TurnWatch::listen() {
  Connection& connection = database_.connection();
  if (connection.is_pooled() || listening_session_ == database_.session()) return;
  connection.ask("LISTEN mainspring_turns");
  listening_session_ = database_.session();
  is_listening_ = true;
}

void TurnWatch::poll() {
  using std::chrono::duration_cast, std::chrono::microseconds;
  const auto wall = since_epoch(std::chrono::system_clock::now());
  const auto begun = std::chrono::steady_clock::now();
  const Answer answer = database_.connection().ask(
      "SELECT seq, CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
      " FROM mainspring.writer_turn WHERE one = 1");
  const auto took = duration_cast<microseconds>(std::chrono::steady_clock::now() - begun);
  if (!has_row(answer)) return;
  const microseconds theirs{read_integer(answer, 1)};
  clock_.add({theirs - (wall + took / 2), took});
  learn(read_integer(answer, 0));
}

void TurnWatch::learn(std::int64_t seq) {
  if (seq == last_.seq()) return;
  last_.learn(seq);
  on_news_();
}

// Until it is time to ask again, or somebody has told.
void TurnWatch::rest() {
  const auto most = is_listening_ ? kPollWhileListening : kPoll;
  for (const Notification& each : database_.connection().wait(wake_, most)) {
    std::int64_t seq = 0;
    const char* end = each.payload.data() + each.payload.size();
    if (each.channel != kChannel || std::from_chars(each.payload.data(), end, seq).ptr != end) {
      continue;
    }
    learn(seq);
  }
}

}  // namespace mainspring::postgres
