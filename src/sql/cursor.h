// Cursor: the place where a page of a list ended, as text that means nothing to its holder. The
// letter in front tells one list's cursors from another's. Pure; internal to this module.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::sql {

std::string make_cursor(char list, std::string_view place);

// The place; empty for an empty text. Errors: invalid_argument for a text that make_cursor() did
// not give for this list.
base::Result<std::optional<std::string>> parse_cursor(char list, std::string_view text);

std::unexpected<base::Error> bad_cursor();

}  // namespace mainspring::sql
