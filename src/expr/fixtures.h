// Scopes for this module's tests, with the JSON of Boost in place of module json.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>

#include "expr/value.h"

namespace mainspring::expr::testing {

inline std::string write_json(const Value& value) { return boost::json::serialize(value); }

inline base::Result<Value> parse_json(std::string_view text) {
  boost::json::error_code error;
  Value value = boost::json::parse(text, error);
  if (!error) return value;
  return base::fail({base::Code::invalid_argument, "no JSON", {{"", 1, 2, "no JSON", ""}}});
}

inline Scope make_scope(std::string_view names) {
  return {boost::json::parse(names).as_object(), {write_json, parse_json}};
}

}  // namespace mainspring::expr::testing
