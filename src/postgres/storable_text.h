// Which texts PostgreSQL stores: UTF-8 without a zero byte.
#pragma once

#include <string>
#include <string_view>

namespace mainspring::postgres {

bool is_storable(std::string_view text);
// The text as it is stored: what PostgreSQL refuses is U+FFFD.
std::string repair(std::string_view text);

}  // namespace mainspring::postgres
