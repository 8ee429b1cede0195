// The values of the language are those of JSON, as Boost holds them: the same types that module
// json names, which lies on this floor and so cannot be included here.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::expr {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

// How whoever evaluates writes and reads JSON: json::write, and the value of json::parse_json.
struct JsonText {
  std::string (*write)(const Value& value) = nullptr;  // compact
  base::Result<Value> (*parse)(std::string_view text) = nullptr;
};

// What an expression can see.
struct Scope {
  Object names;  // {"params": {...}, "run": {...}}
  JsonText json;
};

}  // namespace mainspring::expr
