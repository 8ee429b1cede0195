#include "net/listener.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

#include <fmt/core.h>

namespace mainspring::net {
namespace {

using boost::system::error_code;

// Accepted in a row before other work of the edge thread has its turn.
constexpr int kAcceptBatch = 64;

// When descriptors or memory are out: long enough not to spin, short enough to go unnoticed.
constexpr std::chrono::milliseconds kBackOff{100};

bool is_exhausted(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Listener::Listener(Edge& edge, Bound bound, Accept accept)
    : edge_(edge),
      descriptor_(std::move(bound.descriptor)),
      endpoint_(std::move(bound.endpoint)),
      accept_(std::move(accept)),
      readable_(edge.context(), descriptor_.get()),
      timer_(edge.context()) {}

void Listener::start() { wait(); }

void Listener::stop() {
  if (!descriptor_.is_open()) return;
  readable_.release();
  descriptor_ = Descriptor{};
  timer_.cancel();
  constexpr std::string_view kUnix = "unix:";
  if (endpoint_.address.starts_with(kUnix)) unlink(endpoint_.address.c_str() + kUnix.size());
}

void Listener::wait() {
  readable_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](const error_code& error) {
                         if (!error && self->descriptor_.is_open()) self->accept_waiting();
                       });
}

void Listener::accept_waiting() {
  for (int i = 0; i < kAcceptBatch; ++i) {
    auto accepted = accept_one(descriptor_);
    if (accepted.descriptor.is_open()) {
      accept_(std::move(accepted));
    } else if (is_exhausted(accepted.error)) {
      return back_off(accepted.error);
    } else if (accepted.error == EAGAIN) {
      break;
    }
    // Any other error belongs to a connection that broke before it was accepted.
  }
  wait();
}

void Listener::back_off(int error) {
  edge_.report(
      fmt::format("{} cannot accept connections: {}. They wait; raise the limit of open "
                  "files or lower the limit of connections",
                  endpoint_.address, strerrordesc_np(error)));
  timer_.expires_after(kBackOff);
  timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled && self->descriptor_.is_open()) self->wait();
  });
}

}  // namespace mainspring::net
