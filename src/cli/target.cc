#include "cli/target.h"

#include <cstdlib>

#include <fmt/core.h>

#include "system/files.h"
#include "system/local_node.h"

namespace mainspring::cli {
namespace {

constexpr std::size_t kTokenLimit = 4096;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

base::Result<std::string> load_token(const std::string& path) {
  auto text = system::read_small_file(path, kTokenLimit);
  if (!text) return text;
  while (!text->empty() && (text->back() == '\n' || text->back() == ' '))
    text->pop_back();
  return text;
}

}  // namespace

base::Result<Target> find_target(const TargetFlags& flags) {
  Target target{.server = flags.server,
                .token = environment("MAINSPRING_TOKEN"),
                .ca = flags.ca.empty() ? environment("MAINSPRING_CA") : flags.ca,
                .pin = {},
                .origin = "--server"};
  if (target.server.empty()) {
    target.server = environment("MAINSPRING_SERVER");
    target.origin = "MAINSPRING_SERVER";
  }
  std::string token_file = flags.token_file;
  if (token_file.empty() && target.token.empty()) {
    token_file = environment("MAINSPRING_TOKEN_FILE");
  }
  const auto local = system::load_local_node();
  if (target.server.empty()) {
    if (!local) {
      return base::fail(base::Code::unavailable,
                        "No node is known here. Start one with 'mainspring dev', or name one with "
                        "--server or MAINSPRING_SERVER.");
    }
    target.server = local->server;
    target.origin = system::local_node_path();
  }
  const bool is_local = local && local->server == target.server;
  if (is_local && target.ca.empty()) target.pin = local->pin;
  if (token_file.empty() && target.token.empty() && is_local) token_file = local->token_file;
  if (!token_file.empty()) {
    auto token = load_token(token_file);
    if (!token) return base::fail(std::move(token.error()));
    target.token = std::move(*token);
  }
  while (target.server.ends_with('/'))
    target.server.pop_back();
  return target;
}

}  // namespace mainspring::cli
