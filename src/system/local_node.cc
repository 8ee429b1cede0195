#include "system/local_node.h"

#include <unistd.h>

#include <cstdlib>

#include <fmt/core.h>

#include "system/files.h"

namespace mainspring::system {
namespace {

constexpr std::size_t kFileLimit = 8192;  // two paths of the longest kind

std::string state_directory() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string{state} + "/mainspring";
  const char* home = std::getenv("HOME");
  return std::string{home == nullptr ? "/root" : home} + "/.local/state/mainspring";
}

std::string value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(key) && line.substr(key.size()).starts_with('=')) {
      return std::string{line.substr(key.size() + 1)};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace

std::string local_node_path() { return state_directory() + "/node"; }

base::Result<LocalNode> load_local_node() {
  const auto text = read_small_file(local_node_path(), kFileLimit);
  if (!text) return base::fail(text.error());
  LocalNode node{value_of(*text, "server"), value_of(*text, "token_file"), value_of(*text, "pin")};
  if (node.server.empty()) {
    return base::fail(base::Code::not_found,
                      fmt::format("'{}' names no server", local_node_path()));
  }
  return node;
}

base::Result<void> store_local_node(const LocalNode& node) {
  if (auto made = make_private_directory(state_directory()); !made) return made;
  return write_private_file(local_node_path(), fmt::format("server={}\ntoken_file={}\npin={}\n",
                                                           node.server, node.token_file, node.pin));
}

void remove_local_node(const LocalNode& node) {
  const auto stored = load_local_node();
  if (stored && *stored == node) ::unlink(local_node_path().c_str());
}

}  // namespace mainspring::system
