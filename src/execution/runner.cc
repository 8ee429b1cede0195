#include "execution/runner.h"

#include <algorithm>

namespace mainspring::execution {

// Out of line, so that their tables exist once and not in every file that includes the header.
Report::~Report() = default;
Runner::~Runner() = default;

const model::ConnectionSpec* Order::find_connection(std::string_view name) const {
  const auto found = std::ranges::find(connections, name, &model::ConnectionSpec::name);
  return found == connections.end() ? nullptr : &*found;
}

}  // namespace mainspring::execution
