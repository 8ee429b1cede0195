// What a YAML scalar without quotes means, and which texts may be written without them.
//
// Source: YAML 1.2.2, section 10.3.2 (core schema).
#pragma once

#include <optional>
#include <string_view>

#include "json/value.h"

namespace mainspring::json {

struct Scalar {
  Value value;
  std::string_view mistake = {};  // why the scalar has no value here; a literal
};

// A text is its own value where it is none of null, a boolean or a number.
Scalar resolve_plain(std::string_view text);

// True when readers of YAML 1.2 and of 1.1 (where `no` is false) all read the text back as it is,
// as a key or value in block style.
bool is_plain_safe(std::string_view text);

struct ForeignByte {
  std::size_t offset;
  std::string_view mistake;
};

// The first byte that is not UTF-8, or a control character that YAML does not allow.
std::optional<ForeignByte> find_foreign_byte(std::string_view text);

// The length of the printable-only-when-escaped character that begins `text`: the C1 controls,
// U+2028, U+2029 and U+FEFF. 0 for any other.
std::size_t escaped_length(std::string_view text);

}  // namespace mainspring::json
