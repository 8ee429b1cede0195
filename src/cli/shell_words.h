// Internal to cli: a shell text as its simple commands, good enough to find program names in.
// Redirections and comments are dropped, quotes removed, substitutions kept as text. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainspring::cli {

using Words = std::vector<std::string>;

// Split at && || ; | & ( ) and newlines; none of them is empty.
std::vector<Words> split_shell(std::string_view text);

}  // namespace mainspring::cli
