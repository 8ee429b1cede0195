#include "postgres/watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <system_error>

namespace mainspring::postgres {
namespace {

constexpr std::string_view kChannel = "mainspring_turns";

}  // namespace

TurnWatch::TurnWatch(Address address, Parts parts, std::function<void()> on_news)
    : database_(std::move(address)), parts_(parts), on_news_(std::move(on_news)) {
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
  Answer answer;
  parts_.clock.measure([&] {
    answer = database_.connection().ask(
        "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint), seq"
        " FROM mainspring.writer_turn WHERE one = 1");
    return has_row(answer) ? read_integer(answer, 0) : throw ConnectionLost("no turn");
  });
  learn(read_integer(answer, 1));
}

void TurnWatch::learn(std::int64_t seq) {
  if (seq == parts_.last.seq()) return;
  parts_.last.learn(seq);
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
