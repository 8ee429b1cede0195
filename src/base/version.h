// The version of this program; the project() of CMakeLists.txt says the same, and a test compares.
#pragma once

#include <string_view>

namespace mainspring::base {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace mainspring::base
