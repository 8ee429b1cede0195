// Blob: bytes that are not text. Written as base64 (RFC 4648) wherever text is needed.
#pragma once

#include <string>

namespace mainspring::base {

struct Blob {
  std::string bytes;

  friend bool operator==(const Blob&, const Blob&) = default;
};

}  // namespace mainspring::base
