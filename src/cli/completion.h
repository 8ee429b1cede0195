// Scripts that complete jobctl's commands in a shell, made from its command tree.
#pragma once

#include <string>
#include <vector>

namespace mainspring::cli {

struct OptionNode {
  std::vector<std::string> names;  // "-o", "--output"
  std::string help;
  bool takes_value = false;
  std::vector<std::string> choices;  // of the value; empty: any
};

// What stands after a command, besides options and further commands.
enum class Argument { none, file, job, run, word };

struct CommandNode {
  std::string name;
  std::vector<std::string> aliases;
  std::string help;
  Argument argument = Argument::none;
  std::vector<OptionNode> options;  // of its own; those of the root hold everywhere
  std::vector<CommandNode> commands;
};

enum class Shell { bash, zsh, fish };

std::string make_completion(const CommandNode& root, Shell shell);

}  // namespace mainspring::cli
