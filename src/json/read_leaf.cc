#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "json/base64.h"
#include "json/reader.h"
#include "json/wording.h"
#include "json/write.h"

namespace mainspring::json {
namespace {

// Says the side that is broken, or both sides where both were given.
std::string range_sentence(std::string_view low, std::string_view high, std::string_view got) {
  if (high.empty()) return fmt::format("must be at least {}, got {}", low, got);
  if (low.empty()) return fmt::format("must be at most {}, got {}", high, got);
  return fmt::format("must be between {} and {}, got {}", low, high, got);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Doubles up to here that have no fraction are whole numbers without doubt.
constexpr double kLargestExact = 9007199254740992.0;

struct Whole {
  bool is_negative;
  std::uint64_t bits;  // two's complement
};

std::optional<Whole> whole_of(const Value& value) {
  if (const auto* n = value.if_int64()) return Whole{*n < 0, static_cast<std::uint64_t>(*n)};
  if (const auto* n = value.if_uint64()) return Whole{false, *n};
  if (const auto* n = value.if_double(); n && std::abs(*n) <= kLargestExact && std::trunc(*n) == *n)
    return Whole{*n < 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(*n))};
  return std::nullopt;
}

// The boolean that YAML 1.1 would have read.
std::string boolean_of(const Value& value) {
  if (!value.is_string()) return {};
  const std::string_view text = text_of(value.get_string());
  constexpr std::array<std::string_view, 7> kTrue{"yes", "Yes", "YES", "on", "On", "ON", "y"};
  constexpr std::array<std::string_view, 7> kFalse{"no", "No", "NO", "off", "Off", "OFF", "n"};
  if (std::ranges::count(kTrue, text) > 0) return "true";
  return std::ranges::count(kFalse, text) > 0 ? "false" : "";
}

bool is_quoted_number(const Value& value) {
  if (!value.is_string()) return false;
  const std::string_view text = text_of(value.get_string());
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

void Reader::fail_number(std::string_view what, const Value& got) {
  if (!is_quoted_number(got)) return fail_expected(what, got);
  fail(fmt::format("expected {}, got {}; leave the quotes out", what, shown(got)));
}

void Reader::read_boolean(const Value& value, bool& out) {
  if (!value.is_bool())
    return fail(fmt::format("expected true or false, got {}", shown(value)), boolean_of(value));
  out = value.get_bool();
}

void Reader::read_whole(const WholeAccess& access, const Value& value, void* out) {
  const auto number = whole_of(value);
  if (!number && value.is_double())
    return fail(fmt::format("expected a whole number, got {}", write(value)));
  if (!number) return fail_number("a whole number", value);

  const Limits none;
  const Limits& limits = limits_ ? *limits_ : none;
  const auto low = std::max(access.lowest, limits.min.value_or(access.lowest));
  auto high = access.highest;
  if (limits.max && std::cmp_less(*limits.max, high))
    high = static_cast<std::uint64_t>(std::max<std::int64_t>(*limits.max, 0));
  const auto as_signed = static_cast<std::int64_t>(number->bits);
  const bool is_low = number->is_negative ? as_signed < low : std::cmp_less(number->bits, low);
  // A negative maximum cannot be held by `high`.
  const bool is_high = number->is_negative ? limits.max && as_signed > *limits.max
                                           : number->bits > high || (limits.max && *limits.max < 0);
  if (!is_low && !is_high) return access.set(out, number->bits);

  const bool say_both = limits.min.has_value() == limits.max.has_value();
  const auto low_text = say_both || is_low ? fmt::to_string(low) : "";
  const auto high_text = !say_both && !is_high           ? std::string()
                         : limits.max && *limits.max < 0 ? fmt::to_string(*limits.max)
                                                         : fmt::to_string(high);
  fail(range_sentence(low_text, high_text, write(value)));
}

void Reader::read_real(const Value& value, double& out) {
  if (!value.is_number()) return fail_number("a number", value);
  const double number = value.to_number<double>();
  const auto low = limits_ ? limits_->min_real : std::nullopt;
  const auto high = limits_ ? limits_->max_real : std::nullopt;
  if ((low && number < *low) || (high && number > *high))
    return fail(range_sentence(low ? fmt::to_string(*low) : "", high ? fmt::to_string(*high) : "",
                               write(value)));
  out = number;
}

void Reader::read_text(const Value& value, std::string& out) {
  if (value.is_number() || value.is_bool())
    return fail(fmt::format("expected a string, got {}; put it in quotes", kind_of(value)));
  if (!value.is_string()) return fail_expected("a string", value);
  const std::string_view text = text_of(value.get_string());
  if (limits_) {
    const auto count = count_characters(text);
    if (count < limits_->min_length && count == 0) return fail("must not be empty");
    if (count < limits_->min_length)
      return fail(
          fmt::format("must have at least {} characters, got {}", limits_->min_length, count));
    if (count > limits_->max_length)
      return fail(
          fmt::format("must have at most {} characters, got {}", limits_->max_length, count));
    if (limits_->predicate && !limits_->predicate(text))
      return fail(fmt::format("{}, got {}", limits_->sentence, quoted(text)));
  }
  out = text;
}

void Reader::read_instant(const Value& value, base::Instant& out) {
  if (!value.is_string()) return fail_expected("a time such as \"2026-03-29T01:30:00Z\"", value);
  auto parsed = base::parse_instant(text_of(value.get_string()));
  if (!parsed) return fail(std::move(parsed.error().message));
  out = *parsed;
}

void Reader::read_duration(const Value& value, base::Duration& out) {
  if (!value.is_string()) return fail_expected("a duration such as \"90s\" or \"1h30m\"", value);
  auto parsed = base::parse_duration(text_of(value.get_string()));
  if (!parsed) return fail(std::move(parsed.error().message));
  const auto low = limits_ ? limits_->min : std::nullopt;
  const auto high = limits_ ? limits_->max : std::nullopt;
  if ((low && parsed->count() < *low) || (high && parsed->count() > *high)) {
    const auto text = [](const std::optional<std::int64_t>& millis) {
      return millis ? base::format_duration(base::Duration{*millis}) : std::string();
    };
    return fail(range_sentence(text(low), text(high), base::format_duration(*parsed)));
  }
  out = *parsed;
}

void Reader::read_blob(const Value& value, base::Blob& out) {
  if (!value.is_string()) return fail_expected("a base64 string", value);
  auto bytes = decode_base64(text_of(value.get_string()));
  if (!bytes) return fail("expected base64 (RFC 4648, with padding)");
  out.bytes = std::move(*bytes);
}

void Reader::read_id(const IdAccess& access, const Value& value, void* out) {
  if (!value.is_string())
    return fail_expected(fmt::format("an id such as \"{}_...\"", access.prefix), value);
  auto bytes = base::parse_id(access.prefix, text_of(value.get_string()));
  if (!bytes) return fail(std::move(bytes.error().message));
  access.set(out, *bytes);
}

}  // namespace mainspring::json
