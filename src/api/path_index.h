// PathIndex: the rows of the route table that a path belongs to, found segment by segment instead
// of row by row. Immutable; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"

namespace mainspring::api {

class PathIndex {
 public:
  struct Match {
    std::span<const Route* const> rows;  // one for each method, in the table's order; empty: none
    std::vector<std::string> values;     // of the pattern's {names}, in order
  };

  // `routes` must outlive this.
  explicit PathIndex(std::span<const Route> routes);

  // A segment that a pattern spells out goes before one that may be anything.
  Match find(std::string_view path) const;

 private:
  struct Node {
    std::map<std::string_view, Node> spelled;
    std::unique_ptr<Node> any;
    std::vector<const Route*> rows;
  };

  Node root_;
};

}  // namespace mainspring::api
