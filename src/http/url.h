// Percent-encoding and query strings.
//
// Source: RFC 3986; '+' for a space in queries as in the URL standard's form encoding.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace mainspring::http {

using Parameters = std::vector<std::pair<std::string, std::string>>;

enum class Plus { is_plus, is_space };

// Errors: invalid_argument for a bad escape, for a control character (NUL included) and for what is
// not UTF-8 after decoding.
base::Result<std::string> percent_decode(std::string_view text, Plus plus);

// Everything but letters, digits and "-._~" becomes %XX; safe as a path segment or a query value.
std::string percent_encode(std::string_view text);

// "a=1&b&a=2" -> {a,1} {b,""} {a,2}, in order. Errors: those of percent_decode, naming the part.
base::Result<Parameters> parse_query(std::string_view query);

std::string format_query(const Parameters& parameters);

}  // namespace mainspring::http
