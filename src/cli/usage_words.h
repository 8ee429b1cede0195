// Internal to cli: what CLI11 says about a command line, for the person who typed it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainspring::cli {

// What may follow what was typed.
struct Usable {
  std::vector<std::string> commands;
  std::vector<std::string> flags;  // options without a value, such as "--wait"
};

// `complaint` is CLI11's own. One that is not known here is passed on as it is. Pure.
std::string reword_usage(std::string_view complaint, const Usable& usable);

}  // namespace mainspring::cli
