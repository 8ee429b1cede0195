#include "runner/attempt/order_line.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>

namespace mainspring::runner {
namespace {

using Clock = std::chrono::steady_clock;

// A program that waits reads at once; one that is loading may take longer, and its order, unless it
// is a large one, is kept by the socket meanwhile.
constexpr std::chrono::seconds kSendPatience{5};
constexpr std::size_t kLineLimit = 1 << 20;  // the paths of some hundred files

bool wait_until_writable(int fd, Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  if (left.count() <= 0) return false;
  pollfd entry{fd, POLLOUT, 0};
  return ::poll(&entry, 1, static_cast<int>(left.count())) > 0 || errno == EINTR;
}

}  // namespace

base::Result<OrderLine::Ends> OrderLine::make() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    return base::fail(base::Code::unavailable, "cannot make a socket for a waiting program");
  return Ends{OrderLine{Fd{ends[0]}}, Fd{ends[1]}};
}

bool OrderLine::send(std::string_view bytes) const {
  const auto until = Clock::now() + kSendPatience;
  while (!bytes.empty()) {
    const ssize_t size =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(size));
    } else if (errno == EAGAIN) {
      if (!wait_until_writable(socket_.get(), until)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void OrderLine::finish() const { ::shutdown(socket_.get(), SHUT_WR); }

std::optional<std::string> OrderLine::read_line() {
  char buffer[16 << 10];
  while (said_.size() < kLineLimit) {
    if (const std::size_t end = said_.find('\n'); end != std::string::npos) {
      std::string line = said_.substr(0, end);
      said_.erase(0, end + 1);
      return line;
    }
    const ssize_t size = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    has_hung_up_ = size == 0 || (size < 0 && errno != EAGAIN);
    if (size <= 0) break;
    said_.append(buffer, static_cast<std::size_t>(size));
  }
  return std::nullopt;
}

}  // namespace mainspring::runner
