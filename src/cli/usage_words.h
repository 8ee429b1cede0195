// Internal to cli: what CLI11 says about a command line, for the person who typed it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainspring::cli {

// `complaint` is CLI11's own; `commands` are those that may follow what was typed. A complaint that
// is not known here is passed on as it is. Pure.
std::string reword_usage(std::string_view complaint, const std::vector<std::string>& commands);

}  // namespace mainspring::cli
