#include "json/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace mainspring::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::ranges::find(words, text) != words.end();
}

bool skip_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count > 0;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const bool has_whole = skip_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!skip_digits(text) && !has_whole) return false;
  } else if (!has_whole) {
    return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (!skip_digits(text)) return false;
  }
  return text.empty();
}

Scalar resolve_decimal(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, whole);
      at == end && error == std::errc{})
    return {whole};
  std::uint64_t large = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, large);
      at == end && error == std::errc{})
    return {large};
  double real = 0;
  if (std::from_chars(text.data(), end, real).ec == std::errc::result_out_of_range)
    return {nullptr, "the number is too large for a double"};
  return {real};
}

// Whole numbers as 0x1F or 0o17; empty for other texts.
std::optional<Scalar> resolve_radix(std::string_view text) {
  const int radix = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
  if (radix == 0 || text.size() == 2) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + 2, end, number, radix);
  if (at != end) return std::nullopt;
  if (error != std::errc{}) return Scalar{nullptr, "the number does not fit 64 bits"};
  if (number <= INT64_MAX) return Scalar{static_cast<std::int64_t>(number)};
  return Scalar{number};
}

constexpr std::array<std::string_view, 9> kNotFinite{".inf",  ".Inf", ".INF", "+.inf", "+.Inf",
                                                     "+.INF", ".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 3> kMinusInfinity{"-.inf", "-.Inf", "-.INF"};

// The words that YAML 1.1 reads as booleans and 1.2 as texts, in lower case.
constexpr std::array<std::string_view, 6> kOldBooleans{"y", "n", "yes", "no", "on", "off"};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Numbers and dates of any version of YAML (0777, 1_000, 12:30:45, 2001-12-14) and more: quotes
// too many are harmless.
bool looks_numeric(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || (!is_digit(text[0]) && text[0] != '.')) return false;
  if (text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0o")) return true;
  return text.find_first_not_of("0123456789_:.+-eEtTzZ ") == text.npos;
}

bool may_begin_plain(std::string_view text) {
  const char c = text[0];
  if (c == '-')
    return text.size() > 1 && (is_letter(text[1]) || text[1] == '-') && !text.starts_with("---");
  if (c == '.') return !text.starts_with("...");
  return is_letter(c) || is_digit(c) || std::string_view("_/$(+^").contains(c) ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Scalar resolve_plain(std::string_view text) {
  if (text.empty() || is_one_of(text, std::array<std::string_view, 4>{"~", "null", "Null", "NULL"}))
    return {nullptr};
  if (is_one_of(text, std::array<std::string_view, 3>{"true", "True", "TRUE"})) return {true};
  if (is_one_of(text, std::array<std::string_view, 3>{"false", "False", "FALSE"})) return {false};
  if (is_one_of(text, kNotFinite) || is_one_of(text, kMinusInfinity))
    return {nullptr, "infinities and NaN are not allowed; write a number"};
  if (is_decimal(text)) return resolve_decimal(text);
  if (auto whole = resolve_radix(text)) return std::move(*whole);
  return {Value(text)};
}

bool is_plain_safe(std::string_view text) {
  if (text.empty() || !may_begin_plain(text) || text.ends_with(':') || text.ends_with(' '))
    return false;
  if (text.contains(": ") || text.contains(" #")) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F || escaped_length(text.substr(i)) > 0) return false;
  }
  if (looks_numeric(text) || is_one_of(std::string_view(lower_case(text)), kOldBooleans))
    return false;
  const Scalar scalar = resolve_plain(text);
  return scalar.mistake.empty() && scalar.value.is_string();
}

std::size_t escaped_length(std::string_view text) {
  if (text.starts_with("\xC2") && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0)
    return 2;
  for (const std::string_view one : {"\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"})
    if (text.starts_with(one)) return one.size();
  return 0;
}

std::optional<ForeignByte> find_foreign_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F)
      return ForeignByte{i, "control characters are not allowed here; escape them in quotes"};
    const std::size_t length = base::utf8_length(text.substr(i));
    if (length == 0) return ForeignByte{i, "the text is not UTF-8"};
    i += length;
  }
  return std::nullopt;
}

}  // namespace mainspring::json
