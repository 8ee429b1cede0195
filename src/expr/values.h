// What values are to the language: kinds, truth, order, equality. Internal to expr.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "expr/syntax.h"
#include "expr/value.h"

namespace mainspring::expr {

// "null", "a boolean", "a number", "a string", "a list", "a map".
std::string_view kind_of(const Value& value);

bool is_truthy(const Value& value);

// Exact across whole numbers and doubles. Both must be numbers.
std::strong_ordering order_of_numbers(const Value& left, const Value& right);

// Deep; values of different kinds are unequal. Linear in the smaller of the two.
bool are_equal(const Value& left, const Value& right);

// What it takes to read the value: one for each value in it, and one for each byte of text.
std::size_t weight_of(const Value& value);

// The whole number that the value is, if it is one and not negative.
std::optional<std::size_t> find_index(const Value& value);

// `owner` has no such key; or, where `owner` is empty, no such name is in the scope `map`.
Fault unknown_key(std::size_t offset, std::string_view owner, std::string_view key,
                  const Object& map);

// null: "". A number in the shortest form that reads back to it, 2.0 as "2".
std::string scalar_text(const Value& value);

// The text, cut where it is long.
std::string shortened(std::string_view text);

}  // namespace mainspring::expr
