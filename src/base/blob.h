// Bytes that are not text: a payload, a key, a digest. Encoded as base64 in JSON and YAML.
#pragma once

#include <string>

namespace mainspring::base {

struct Blob {
  std::string bytes;

  friend bool operator==(const Blob&, const Blob&) = default;
};

}  // namespace mainspring::base
