// Who stands in the way when something that jobs name is to be deleted. Internal to this module.
#pragma once

#include <string>
#include <vector>

namespace mainspring::sql {

// "report, backup and 3 more": each name once, at most ten of them; "" for none.
std::string list_users(std::vector<std::string> names);

}  // namespace mainspring::sql
