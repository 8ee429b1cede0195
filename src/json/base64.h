// Base64 with padding. Source: RFC 4648, section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mainspring::json {

std::string encode_base64(std::string_view bytes);

// Empty for a text that is not the one right encoding of some bytes.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace mainspring::json
