// A look into a document of somebody else's, of which only a few places matter.
//
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace mainspring::json {

// Null: `value` is null or no object, or has no such member.
const Value* find_member(const Value* value, std::string_view key);

// "" where there is no such member, or one that is no text.
std::string find_text(const Value& value, std::string_view key);

}  // namespace mainspring::json
