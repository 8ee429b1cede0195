#include "sql/cursor.h"

#include <cstdint>

namespace mainspring::sql {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// Catches a text that was cut or edited. It is no secret: a forged place harms nobody.
std::uint8_t sum_of(char list, std::string_view place) {
  std::uint32_t sum = static_cast<std::uint8_t>(list);
  for (const char c : place)
    sum = (sum * 31 + static_cast<std::uint8_t>(c)) & 0xffff;
  return static_cast<std::uint8_t>(sum ^ (sum >> 8));
}

void append_hex(std::string& out, std::uint8_t byte) {
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

std::optional<std::string> read_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = kDigits.find(text[i]);
    const auto low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace

std::string make_cursor(char list, std::string_view place) {
  std::string out(1, list);
  for (const char c : place)
    append_hex(out, static_cast<std::uint8_t>(c));
  append_hex(out, sum_of(list, place));
  return out;
}

base::Result<std::optional<std::string>> parse_cursor(char list, std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() != list) return bad_cursor();
  auto place = read_hex(text.substr(1));
  if (!place || place->empty()) return bad_cursor();
  const auto sum = static_cast<std::uint8_t>(place->back());
  place->pop_back();
  if (sum != sum_of(list, *place)) return bad_cursor();
  return place;
}

std::unexpected<base::Error> bad_cursor() {
  return base::fail(base::Code::invalid_argument,
                    "the cursor is not one that this list gave; start from the first page, "
                    "without a cursor");
}

}  // namespace mainspring::sql
