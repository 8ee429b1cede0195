// The three scripts work alike: walk the words before the cursor to a place in the command tree
// ("/job/list"), then offer what may follow there.
#include "cli/completion.h"

#include <functional>

#include <fmt/core.h>

namespace mainspring::cli {
namespace {

constexpr std::string_view kListJobs = "jobctl job list --limit 500 -o name 2>/dev/null";
constexpr std::string_view kListRuns = "jobctl runs list --limit 50 -o name 2>/dev/null";

using Visit = std::function<void(const std::string& place, const CommandNode& node)>;

void walk(const CommandNode& node, const std::string& place, const Visit& visit) {
  visit(place, node);
  for (const CommandNode& command : node.commands) {
    walk(command, place + "/" + command.name, visit);
  }
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string out;
  for (const std::string& word : words)
    out += (out.empty() ? "" : std::string{separator}) + word;
  return out;
}

std::vector<std::string> command_names(const CommandNode& node) {
  std::vector<std::string> names;
  for (const CommandNode& command : node.commands)
    names.push_back(command.name);
  return names;
}

// In single quotes, for all three shells.
std::string quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

// The first sentence of a help text: what fits beside a word.
std::string brief(std::string_view help) { return std::string{help.substr(0, help.find('\n'))}; }

// "/job|/jobs": every way to write one step.
std::string step_patterns(const std::string& place, const CommandNode& command,
                          std::string_view separator) {
  std::vector<std::string> ways{place + "/" + command.name};
  for (const std::string& alias : command.aliases)
    ways.push_back(place + "/" + alias);
  return join(ways, separator);
}

std::string option_words(const CommandNode& node) {
  std::vector<std::string> words;
  for (const OptionNode& option : node.options)
    words.push_back(option.names.back());
  return join(words, " ");
}

// The steps of the walk, for bash and zsh.
std::string make_steps(const CommandNode& root) {
  std::string out;
  walk(root, "", [&](const std::string& place, const CommandNode& node) {
    for (const CommandNode& command : node.commands) {
      out += fmt::format("      {}) at={}/{} ;;\n", step_patterns(place, command, "|"), place,
                         command.name);
    }
  });
  return out;
}

std::string make_value_cases(const CommandNode& root) {
  std::string out;
  walk(root, "", [&](const std::string& place, const CommandNode& node) {
    for (const OptionNode& option : node.options) {
      if (!option.takes_value) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) {
        patterns.push_back(place.empty() ? "*:" + name : place + ":" + name);
      }
      out += fmt::format("    {}) {} ;;\n", join(patterns, "|"),
                         option.choices.empty()
                             ? "return 1"
                             : fmt::format("offer={}; return 0", quote(join(option.choices, " "))));
    }
  });
  return out;
}

std::string bash_words(const CommandNode& node) {
  switch (node.argument) {
    case Argument::job:
      return fmt::format("$({})", kListJobs);
    case Argument::run:
      return fmt::format("$({})", kListRuns);
    case Argument::none:
    case Argument::file:
    case Argument::word:
      return join(command_names(node), " ");
  }
  return {};
}

std::string make_bash(const CommandNode& root) {
  std::string places;
  walk(root, "", [&](const std::string& place, const CommandNode& node) {
    places +=
        fmt::format("    {})\n      flags={}\n      [[ $cur == -* ]] || words=\"{}\" ;;\n",
                    place.empty() ? "''" : place, quote(option_words(node)), bash_words(node));
  });
  return fmt::format(
      R"(# Completion of jobctl for bash. Load it with: source <(jobctl completion bash)
_jobctl_value() {{
  case "$1:$2" in
{values}  esac
  return 2
}}
_jobctl() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local at='' words='' flags='' offer='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/${{COMP_WORDS[i]}}" in
{steps}    esac
  done
  _jobctl_value "$at" "$prev"
  case $? in
    0) mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$cur"); return ;;
    1) return ;;
  esac
  case "$at" in
{places}  esac
  if [[ $cur == -* ]]; then words="$flags {global}"; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}}
complete -o default -F _jobctl jobctl
)",
      fmt::arg("values", make_value_cases(root)), fmt::arg("steps", make_steps(root)),
      fmt::arg("places", places), fmt::arg("global", option_words(root)));
}

// "name:help" with the colons of the name escaped, as _describe wants it.
std::string zsh_pair(std::string_view name, std::string_view help) {
  std::string out;
  for (const char c : name)
    out += c == ':' ? std::string{"\\:"} : std::string{c};
  return quote(fmt::format("{}:{}", out, brief(help)));
}

std::string zsh_place(const CommandNode& node) {
  std::vector<std::string> commands;
  std::vector<std::string> options;
  for (const CommandNode& each : node.commands)
    commands.push_back(zsh_pair(each.name, each.help));
  for (const OptionNode& each : node.options) {
    options.push_back(zsh_pair(each.names.back(), each.help));
  }
  std::string words = fmt::format("names=({})", join(commands, " "));
  if (node.argument == Argument::job) words = fmt::format("names=(${{(f)\"$({})\"}})", kListJobs);
  if (node.argument == Argument::run) words = fmt::format("names=(${{(f)\"$({})\"}})", kListRuns);
  const bool files = node.argument == Argument::file;
  return fmt::format("      {}\n      flags+=({}){}\n", words, join(options, " "),
                     files ? "\n      files=1" : "");
}

std::string make_zsh(const CommandNode& root) {
  std::string places;
  walk(root, "", [&](const std::string& place, const CommandNode& node) {
    places += fmt::format("    {})\n{}      ;;\n", place.empty() ? "''" : place, zsh_place(node));
  });
  std::vector<std::string> global;
  for (const OptionNode& each : root.options) {
    global.push_back(zsh_pair(each.names.back(), each.help));
  }
  return fmt::format(
      R"(#compdef jobctl
# Completion of jobctl for zsh. Load it with: source <(jobctl completion zsh)
_jobctl_value() {{
  case "$1:$2" in
{values}  esac
  return 2
}}
_jobctl() {{
  local at='' offer='' i files=''
  local -a names flags
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/${{words[i]}}" in
{steps}    esac
  done
  _jobctl_value "$at" "${{words[CURRENT-1]}}"
  case $? in
    0) compadd -- ${{=offer}}; return ;;
    1) _files; return ;;
  esac
  flags=({global})
  case "$at" in
{places}  esac
  if [[ ${{words[CURRENT]}} == -* ]]; then
    _describe -o 'option' flags
  else
    (( ${{#names}} )) && _describe 'command' names
    [[ -n $files ]] && _files
  fi
}}
if [[ ${{funcstack[1]-}} == _jobctl ]]; then _jobctl "$@"; else compdef _jobctl jobctl; fi
)",
      fmt::arg("values", make_value_cases(root)), fmt::arg("steps", make_steps(root)),
      fmt::arg("places", places), fmt::arg("global", join(global, " ")));
}

std::string fish_option(const OptionNode& option, const std::string& condition) {
  std::string out = fmt::format("complete -c jobctl{}", condition);
  for (const std::string& name : option.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value) out += option.choices.empty() ? " -r -F" : " -x";
  if (!option.choices.empty()) out += " -a " + quote(join(option.choices, " "));
  return out + " -d " + quote(brief(option.help)) + "\n";
}

std::string fish_place(const std::string& place, const CommandNode& node) {
  const std::string condition = fmt::format(" -n \"__jobctl_at '{}'\"", place);
  std::string out;
  for (const CommandNode& command : node.commands) {
    out += fmt::format("complete -c jobctl{} -a {} -d {}\n", condition, command.name,
                       quote(brief(command.help)));
  }
  if (node.argument == Argument::file) out += fmt::format("complete -c jobctl{} -F\n", condition);
  for (const auto& [argument, list] :
       {std::pair{Argument::job, kListJobs}, std::pair{Argument::run, kListRuns}}) {
    if (node.argument != argument) continue;
    out += fmt::format("complete -c jobctl{} -a '({})'\n", condition, list);
  }
  for (const OptionNode& option : node.options) {
    out += fish_option(option, place.empty() ? "" : condition);
  }
  return out;
}

std::string make_fish(const CommandNode& root) {
  std::string steps;
  std::string places;
  walk(root, "", [&](const std::string& place, const CommandNode& node) {
    for (const CommandNode& command : node.commands) {
      steps += fmt::format("      case {}\n        set at {}/{}\n",
                           step_patterns(place, command, " "), place, command.name);
    }
    places += fish_place(place, node);
  });
  return fmt::format(
      R"(# Completion of jobctl for fish. Load it with: jobctl completion fish | source
function __jobctl_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at/$word"
{}    end
  end
  test "$at" = "$argv[1]"
end
complete -c jobctl -f
{})",
      steps, places);
}

}  // namespace

std::string make_completion(const CommandNode& root, Shell shell) {
  switch (shell) {
    case Shell::bash:
      return make_bash(root);
    case Shell::zsh:
      return make_zsh(root);
    case Shell::fish:
      return make_fish(root);
  }
  return {};
}

}  // namespace mainspring::cli
