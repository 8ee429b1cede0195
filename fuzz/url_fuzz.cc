// Percent-encoding and query strings: what is accepted holds no control character, is UTF-8, and
// survives a round trip.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "http/url.h"

namespace http = mainspring::http;

namespace {

void check_text(std::string_view text) {
  CHECK(std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
  }));
  for (const auto plus : {http::Plus::is_plus, http::Plus::is_space})
    CHECK(http::percent_decode(http::percent_encode(text), plus) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  for (const auto plus : {http::Plus::is_plus, http::Plus::is_space}) {
    if (const auto decoded = http::percent_decode(text, plus)) {
      check_text(*decoded);
    } else {
      CHECK(!decoded.error().message.empty());
    }
  }
  if (const auto query = http::parse_query(text)) {
    for (const auto& [name, value] : *query) {
      check_text(name);
      check_text(value);
    }
    CHECK(http::parse_query(http::format_query(*query)) == *query);
  }
  return 0;
}
