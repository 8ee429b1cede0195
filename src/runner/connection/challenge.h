// The challenge of a server that wants credentials: `WWW-Authenticate: Bearer realm="..."`.
//
// Pure. Source: RFC 9110, 11.6.1; of several challenges in one field the first is read.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace mainspring::runner {

struct Challenge {
  std::string scheme;                         // in lower case
  std::map<std::string, std::string> values;  // names in lower case

  // "" where there is none of the name.
  std::string find(const std::string& name) const;
};

// What cannot be read is left out.
Challenge parse_challenge(std::string_view text);

}  // namespace mainspring::runner
