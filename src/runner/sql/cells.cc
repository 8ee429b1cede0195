#include "runner/sql/cells.h"

#include <charconv>
#include <cmath>

#include <fmt/core.h>

#include "base/text.h"
#include "json/base64.h"
#include "json/document.h"
#include "json/write.h"

namespace mainspring::runner {
namespace {

constexpr std::int64_t kExact = std::int64_t{1} << 53;
constexpr int kDoubleDigits = 15;  // a decimal of so many survives the way through a double

std::string to_utf8(std::string_view text) {
  if (base::is_utf8(text)) return std::string{text};
  std::string out;
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    if (length == 0) out += "\xEF\xBF\xBD";
    if (length != 0) out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

json::Value integer_cell(std::string_view text) {
  std::int64_t number = 0;
  return parse(text, number) ? read_integer(number) : json::Value(to_utf8(text));
}

json::Value real_cell(std::string_view text) {
  double number = 0;
  return parse(text, number) ? read_real(number) : json::Value(to_utf8(text));
}

// Digits that count: without leading zeros, and without zeros at the end of a fraction.
int significant_digits(std::string_view text) {
  int digits = 0;
  int zeros = 0;  // since the last digit that is none
  bool is_fraction = false;
  for (const char c : text) {
    if (c == '.') is_fraction = true;
    if (c < '0' || c > '9') continue;
    if (c == '0') {
      zeros += digits > 0 ? 1 : 0;
      continue;
    }
    digits += zeros + 1;
    zeros = 0;
  }
  return is_fraction ? digits : digits + zeros;
}

json::Value decimal_cell(std::string_view text) {
  if (text.find_first_not_of("+-.0123456789") != std::string_view::npos)
    return json::Value(to_utf8(text));  // NaN, Infinity
  const std::string_view whole = text.substr(0, text.find('.'));
  const bool is_whole = text.find_first_not_of('0', std::min(whole.size() + 1, text.size())) ==
                        std::string_view::npos;
  if (std::int64_t number = 0; is_whole && parse(whole, number)) {
    const json::Value exact = read_integer(number);
    return exact.is_string() ? json::Value(to_utf8(text)) : exact;
  }
  if (significant_digits(text) > kDoubleDigits) return json::Value(to_utf8(text));
  return real_cell(text);
}

json::Value json_cell(std::string_view text) {
  const auto document = json::parse_json(text);
  return document ? document->value : json::Value(to_utf8(text));
}

}  // namespace

json::Value read_integer(std::int64_t number) {
  if (number >= -kExact && number <= kExact) return number;
  return json::Value(fmt::format("{}", number));
}

json::Value read_unsigned(std::uint64_t number) {
  if (number <= static_cast<std::uint64_t>(kExact)) return static_cast<std::int64_t>(number);
  return json::Value(fmt::format("{}", number));
}

json::Value read_real(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

json::Value read_cell(CellKind kind, std::string_view text) {
  switch (kind) {
    case CellKind::text:
      return json::Value(to_utf8(text));
    case CellKind::boolean:
      return text == "t" || text == "1" || text == "true";
    case CellKind::integer:
      return integer_cell(text);
    case CellKind::real:
      return real_cell(text);
    case CellKind::decimal:
      return decimal_cell(text);
    case CellKind::json:
      return json_cell(text);
    case CellKind::bytes:
      return json::Value(json::encode_base64(text));
  }
  return nullptr;
}

std::string write_bound(const json::Value& value) {
  if (value.is_string()) return std::string{value.get_string()};
  return json::write(value);
}

}  // namespace mainspring::runner
