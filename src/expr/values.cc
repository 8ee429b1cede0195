#include "expr/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::expr {
namespace {

// Exact for every number of JSON: 64 bits of mantissa.
using Wide = long double;
static_assert(std::numeric_limits<Wide>::digits >= 64);

Wide to_wide(const Value& number) {
  if (const auto* whole = number.if_int64()) return static_cast<Wide>(*whole);
  if (const auto* whole = number.if_uint64()) return static_cast<Wide>(*whole);
  return static_cast<Wide>(number.get_double());
}

bool are_equal_lists(const Array& left, const Array& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!are_equal(left[i], right[i])) return false;
  return true;
}

bool are_equal_maps(const Object& left, const Object& right) {
  if (left.size() != right.size()) return false;
  return std::ranges::all_of(left, [&](const auto& member) {
    const Value* other = right.if_contains(member.key());
    return other != nullptr && are_equal(member.value(), *other);
  });
}

// Of a map's keys: enough to recognise it, and what a search for a typo may cost.
constexpr std::size_t kShownKeys = 10;
constexpr std::size_t kSearchedKeys = 100;
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kShownBytes = 60;

}  // namespace

std::string_view kind_of(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return "a boolean";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a string";
  return value.is_array() ? "a list" : "a map";
}

bool is_truthy(const Value& value) {
  if (value.is_null()) return false;
  if (value.is_bool()) return value.get_bool();
  if (value.is_number()) return to_wide(value) != 0;
  if (value.is_string()) return !value.get_string().empty();
  return true;
}

std::strong_ordering order_of_numbers(const Value& left, const Value& right) {
  const Wide a = to_wide(left);
  const Wide b = to_wide(right);
  if (a == b) return std::strong_ordering::equal;
  return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}

bool are_equal(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return order_of_numbers(left, right) == 0;
  if (left.kind() != right.kind()) return false;
  if (left.is_array()) return are_equal_lists(left.get_array(), right.get_array());
  if (left.is_object()) return are_equal_maps(left.get_object(), right.get_object());
  return left == right;
}

std::size_t weight_of(const Value& value) {
  std::size_t weight = 1;
  if (value.is_string()) weight += value.get_string().size();
  if (const auto* list = value.if_array())
    for (const Value& element : *list)
      weight += weight_of(element);
  if (const auto* map = value.if_object())
    for (const auto& member : *map)
      weight += member.key().size() + weight_of(member.value());
  return weight;
}

std::optional<std::size_t> find_index(const Value& value) {
  if (const auto* whole = value.if_uint64()) return *whole;
  if (const auto* whole = value.if_int64(); whole != nullptr && *whole >= 0)
    return static_cast<std::size_t>(*whole);
  constexpr double kExact = 1e15;  // whole numbers up to here are the same as doubles
  const auto* real = value.if_double();
  if (real == nullptr || *real < 0 || *real > kExact || std::trunc(*real) != *real)
    return std::nullopt;
  return static_cast<std::size_t>(*real);
}

Fault unknown_key(std::size_t offset, std::string_view owner, std::string_view key,
                  const Object& map) {
  std::vector<std::string_view> known;
  for (const auto& member : map) {
    if (known.size() == kSearchedKeys) break;
    if (member.key().size() <= kLongestKey) known.push_back(member.key());
  }
  std::vector<std::string_view> candidates = known;
  if (owner.empty()) candidates.insert(candidates.end(), {"null", "true", "false"});
  std::string suggestion = base::find_closest(key, candidates);
  std::string listed = "nothing";
  if (map.size() > kShownKeys && known.size() > kShownKeys) {
    known.resize(kShownKeys);
    listed = base::join_words(known, ", ") + ", ...";
  } else if (!known.empty()) {
    listed = base::join_words(known, " and ");
  }
  std::string message =
      owner.empty() ? fmt::format("nothing is named '{}'; known here: {}", shortened(key), listed)
                    : fmt::format("{} has no '{}'; it has {}", owner, shortened(key), listed);
  return {offset, std::move(message), std::move(suggestion)};
}

std::string shortened(std::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  std::size_t cut = kShownBytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
    --cut;
  return std::string(text.substr(0, cut)) + "...";
}

std::string scalar_text(const Value& value) {
  if (value.is_null()) return {};
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (const auto* whole = value.if_int64()) return fmt::format("{}", *whole);
  if (const auto* whole = value.if_uint64()) return fmt::format("{}", *whole);
  const double number = value.get_double() == 0 ? 0 : value.get_double();  // -0.0 is 0 as well
  char digits[32];  // the longest double has 24 characters
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

}  // namespace mainspring::expr
