// JsonPlace: a JSONPath that names at most one place, such as `$.items[0]['a name'].id`: a singular
// query of RFC 9535, section 2.3.5.1.
//
// Pure; immutable values, safe from any thread. Errors: invalid_argument, with the column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace mainspring::model {

class JsonPlace {
 public:
  static base::Result<JsonPlace> parse(std::string_view text);

  // Borrowed from `document`; null where there is nothing. A negative index counts from the end.
  const json::Value* find(const json::Value& document) const;

 private:
  using Step = std::variant<std::string, std::int64_t>;

  std::vector<Step> steps_;
};

inline constexpr std::size_t kJsonPlaceLimit = 1'000;  // bytes

}  // namespace mainspring::model
