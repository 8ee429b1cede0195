// Handlers of nodes.
#include <fmt/core.h>

#include <algorithm>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"

namespace mainspring::api {
namespace {

// By id, or by a name that only one has.
base::Result<base::NodeId> find_node(const Call& call, std::string_view text) {
  std::vector<base::NodeId> found;
  for (const model::Node& node : call.reads().nodes().all()) {
    if (node.id.text() == text || node.name == text) found.push_back(node.id);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return base::fail(base::Code::not_found, fmt::format("There is no node '{}'.", text));
  }
  return base::fail(
      base::Code::conflict,
      fmt::format("{} nodes are called '{}'; say which by its id.", found.size(), text));
}

}  // namespace

void list_nodes(const CallPtr& call) { call->answer_with(NodeList{call->reads().nodes().all()}); }

void delete_node(const CallPtr& call) {
  const auto id = find_node(*call, call->path(0));
  if (!id) return call->fail(id.error());
  call->apply(store::RemoveNode{*id, call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

}  // namespace mainspring::api
