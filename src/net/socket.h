// Sockets of the kernel: owned descriptors, binding, accepting. No event loop here.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "base/error.h"
#include "net/server.h"

namespace mainspring::net {

// Owns one file descriptor; every one made here is non-blocking and closed on exec.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }

  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_ = -1;
};

struct Bound {
  Descriptor descriptor;
  Endpoint endpoint;
};

base::Result<Bound> bind_tcp(const TcpAddress& address);
base::Result<Bound> bind_unix(const UnixPath& path);

struct Accepted {
  Descriptor descriptor;  // closed where none was accepted
  std::string peer;
  int error = 0;  // errno where none was accepted; EAGAIN: nobody is waiting
};
Accepted accept_one(const Descriptor& listener);

}  // namespace mainspring::net
