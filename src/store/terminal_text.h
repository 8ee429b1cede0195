// A text as a terminal would show it: what steers the terminal is left out.
//
// Pure. Source: ECMA-48, 5.3 and 5.4 (escape and control sequences); xterm for OSC ended by BEL.
#pragma once

#include <string>
#include <string_view>

namespace mainspring::store {

// Without escape sequences: colours, titles, links. Every line break stays, also where a sequence is
// broken off by one, so that lines keep their numbers.
std::string visible_text(std::string_view text);

}  // namespace mainspring::store
