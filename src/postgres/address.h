// Where the PostgreSQL server is and how to get in. Internal to this module.
//
// Source: "34.1.1 Connection Strings" of PostgreSQL's manual; libpq itself reads the text, so that
// every keyword of it works, PGPASSFILE and its service file among them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace mainspring::postgres {

struct Address {
  std::vector<std::pair<std::string, std::string>> parameters;  // of libpq, with our defaults
  std::string shown;  // "mainspring at db.example:5432": for sentences
};

// `password`, where it is not empty, counts more than one in the address. Errors: invalid_argument.
base::Result<Address> parse_address(const std::string& url, const std::string& password);

}  // namespace mainspring::postgres
