// Cells: values of a database as JSON, with their type and all of their digits, and JSON values as
// the texts in which they are bound.
//
// Whole numbers up to 2^53, which every reader of JSON keeps, are numbers; larger ones texts.
// Decimals are numbers where a double has all of their digits, else texts. Bytes are base64. A text
// that is not UTF-8 has U+FFFD for each byte that is out of place.
//
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.h"

namespace mainspring::runner {

enum class CellKind { text, boolean, integer, real, decimal, json, bytes };

// `text` is what the database writes; for bytes, the bytes themselves.
json::Value read_cell(CellKind kind, std::string_view text);
json::Value read_integer(std::int64_t number);
json::Value read_unsigned(std::uint64_t number);
json::Value read_real(double number);  // NaN and the infinities: texts

// The text of a value that is bound as one: texts as they are, anything else as JSON.
std::string write_bound(const json::Value& value);

}  // namespace mainspring::runner
