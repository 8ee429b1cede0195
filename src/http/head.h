// The head of a request, from its first byte to the empty line, checked and split.
//
// Source: RFC 9112; the guards against request smuggling are those of its section 11.2, taken
// strictly: whatever two readers could read in two ways is refused.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace mainspring::http {

struct Head {
  Request request;  // body, peer and request_id are still empty
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
  bool version_1_0 = false;
};

// `block` is one whole head with its empty line. Errors: 400, 413, 417, 431, 501, 505.
std::expected<Head, Refusal> parse_head(std::string_view block, const Limits& limits);

}  // namespace mainspring::http
