#include "cli/program.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <doctest/doctest.h>

#include "cli/commands.h"
#include "json/document.h"

namespace mainspring::cli {
namespace {

const CommandNode* find(const CommandNode& node, std::string_view name) {
  const auto found = std::ranges::find(node.commands, name, &CommandNode::name);
  return found == node.commands.end() ? nullptr : &*found;
}

// The command that some words name, such as "job list" or "logs --raw".
const CommandNode* find_path(const CommandNode& root, std::string_view words) {
  const CommandNode* at = &root;
  while (!words.empty() && at != nullptr) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (!words.starts_with('-')) at = find(*at, words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return at;
}

TEST_CASE("every verb of the table and every covered operation is a command") {
  const CommandNode root = command_tree();
  for (const Verb& verb : verbs()) {
    const CommandNode* noun = find(root, verb.noun);
    REQUIRE_MESSAGE(noun != nullptr, verb.noun);
    CHECK_MESSAGE(find(*noun, verb.verb) != nullptr, verb.operation);
  }
  for (const Covered& covered : covered_operations()) {
    CHECK_MESSAGE(find_path(root, covered.command) != nullptr, covered.command);
  }
}

TEST_CASE("every command says what it does, in a sentence") {
  const auto check = [](const auto& self, const CommandNode& node) -> void {
    CHECK_MESSAGE(node.help.find_last_of(".)") + 1 == node.help.size(), node.name);
    for (const OptionNode& option : node.options) {
      CHECK_MESSAGE(!option.help.empty(), option.names.front());
    }
    for (const CommandNode& command : node.commands)
      self(self, command);
  };
  check(check, command_tree());
}

TEST_CASE("every operation of the API has a command") {
  std::ifstream file("api/openapi.json", std::ios::binary);
  if (!file) {
    MESSAGE("api/openapi.json is not there; nothing to compare with");
    return;
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto document = json::parse_json(text);
  REQUIRE(document.has_value());
  std::set<std::string_view> known;
  for (const Verb& verb : verbs())
    known.insert(verb.operation);
  for (const Covered& covered : covered_operations())
    known.insert(covered.operation);
  std::set<std::string> offered;
  for (const auto& [path, methods] : document->value.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      const auto* id = operation.as_object().if_contains("operationId");
      if (id != nullptr) offered.emplace(id->as_string());
    }
  }
  CHECK(offered.size() > 20);
  for (const std::string& operation : offered)
    CHECK_MESSAGE(known.contains(operation), operation);
  for (const std::string_view operation : known) {
    CHECK_MESSAGE(offered.contains(std::string{operation}), operation);
  }
}

TEST_CASE("a run's exit code is 0 on success only, else its process's, else 1") {
  const auto code = [](const char* run) { return run_exit_code(json::parse_json(run)->value); };
  CHECK_EQ(code(R"({"state": "succeeded", "exit_code": 0})"), 0);
  CHECK_EQ(code(R"({"state": "failed", "exit_code": 42})"), 42);
  CHECK_EQ(code(R"({"state": "failed", "exit_code": 0})"), 1);
  CHECK_EQ(code(R"({"state": "failed", "exit_code": 256})"), 1);
  CHECK_EQ(code(R"({"state": "failed"})"), 1);
  CHECK_EQ(code(R"({"state": "cancelled", "exit_code": null})"), 1);
  CHECK_EQ(code(R"({"state": "timed_out", "exit_code": 143})"), 143);
}

}  // namespace
}  // namespace mainspring::cli
