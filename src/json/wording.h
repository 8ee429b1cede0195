// How messages speak of values. Internal to this module.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace mainspring::json {

// "a string", "a number", "null" ...
std::string_view kind_of(const Value& value);

// The text in quotes, cut where it is long.
std::string quoted(std::string_view text);

// A text as it is, any other value as its kind.
std::string shown(const Value& value);

inline std::string_view text_of(const boost::json::string& text) {
  return {text.data(), text.size()};
}

}  // namespace mainspring::json
