// Value -> text. Numbers are exact: whole numbers as they are, doubles in the shortest form that
// reads back to the same bits, always with a '.' or an exponent so that they stay doubles. NaN and
// infinities, which neither format has, become null.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace mainspring::json {

std::string write(const Value& value);         // compact
std::string write_pretty(const Value& value);  // indented by two spaces, ends with a newline

// Block style, ends with a newline; parse_yaml() reads it back to an equal value.
std::string write_yaml(const Value& value);

void append(std::string& out, const Value& value);  // compact
// `text` in quotes, escaped for JSON; valid in YAML as well.
void append_quoted(std::string& out, std::string_view text);
// A number, true, false or null.
void append_scalar(std::string& out, const Value& value);

}  // namespace mainspring::json
