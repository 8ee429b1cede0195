#include "base/id.h"

#include <algorithm>

#include <fmt/core.h>

namespace mainspring::base {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

}  // namespace

IdBytes make_uuid_v7(Instant now, const IdEntropy& entropy) {
  IdBytes bytes{};
  const auto millis = static_cast<std::uint64_t>(to_millis(now));
  for (std::size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
  }
  for (std::size_t i = 0; i < entropy.size(); ++i)
    bytes[6 + i] = entropy[i];
  bytes[6] = static_cast<std::uint8_t>(0x70 | (bytes[6] & 0x0f));  // version 7
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));  // variant 10
  return bytes;
}

std::string format_id(std::string_view prefix, const IdBytes& bytes) {
  std::string out(prefix.size() + 1 + 2 * bytes.size(), '_');
  auto at = std::ranges::copy(prefix, out.begin()).out + 1;
  for (const std::uint8_t byte : bytes) {
    *at++ = kHex[byte >> 4];
    *at++ = kHex[byte & 0x0f];
  }
  return out;
}

Result<IdBytes> parse_id(std::string_view prefix, std::string_view text) {
  const auto wrong = [&] {
    return fail(Code::invalid_argument,
                fmt::format("'{}' is not an id of this kind; expected '{}_' and 32 hex digits",
                            text, prefix));
  };
  if (text.size() != prefix.size() + 33 || !text.starts_with(prefix) ||
      text[prefix.size()] != '_') {
    return wrong();
  }
  IdBytes bytes{};
  for (std::size_t i = 0; i < 32; ++i) {
    const std::size_t digit = kHex.find(text[prefix.size() + 1 + i]);
    if (digit == std::string_view::npos) return wrong();
    bytes[i / 2] = static_cast<std::uint8_t>((bytes[i / 2] << 4) | digit);
  }
  return bytes;
}

}  // namespace mainspring::base
