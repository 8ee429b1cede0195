#include "api/path_index.h"

#include <algorithm>

namespace mainspring::api {
namespace {

// Takes "/jobs" from the front of "/jobs/nightly".
std::string_view take_segment(std::string_view& path) {
  const std::size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace

PathIndex::PathIndex(std::span<const Route> routes) {
  for (const Route& route : routes) {
    Node* node = &root_;
    for (std::string_view rest = route.path; !rest.empty();) {
      const std::string_view segment = take_segment(rest);
      if (segment.starts_with("/{")) {
        if (!node->any) node->any = std::make_unique<Node>();
        node = node->any.get();
      } else {
        node = &node->spelled[segment];
      }
    }
    node->rows.push_back(&route);
  }
}

PathIndex::Match PathIndex::find(std::string_view path) const {
  Match match;
  const Node* node = &root_;
  while (!path.empty()) {
    const std::string_view segment = take_segment(path);
    if (const auto spelled = node->spelled.find(segment); spelled != node->spelled.end()) {
      node = &spelled->second;
    } else if (node->any && segment.size() > 1) {
      match.values.emplace_back(segment.substr(1));
      node = node->any.get();
    } else {
      return {};
    }
  }
  if (node->rows.empty()) return {};
  match.rows = node->rows;
  return match;
}

}  // namespace mainspring::api
