#include "cli/crontab_line.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>

namespace mainspring::cli {
namespace {

// First words that only a shell understands, or understands otherwise than the program of that
// name.
constexpr auto kShellWords = std::to_array<std::string_view>(
    {".",      "alias", "break",  "case",   "cd",   "command",  "continue", "echo",
     "eval",   "exec",  "exit",   "export", "for",  "function", "hash",     "if",
     "kill",   "local", "printf", "pwd",    "read", "readonly", "return",   "select",
     "set",    "shift", "source", "test",   "time", "times",    "trap",     "type",
     "ulimit", "umask", "unset",  "until",  "wait", "while"});

bool is_program_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
         c == '.' || c == '_' || c == '-' || c == '+';
}

bool begins_with_program(std::string_view command) {
  const std::string_view first = command.substr(0, command.find_first_of(" \t"));
  return !first.empty() && std::ranges::all_of(first, is_program_character) &&
         std::ranges::find(kShellWords, first) == kShellWords.end();
}

// Whether the quoted text that begins here can stay; moves `at` to its end.
bool skip_quoted(std::string_view command, std::size_t& at) {
  const char quote = command[at];
  for (++at; at < command.size() && command[at] != quote; ++at) {
    if (quote == '\'') continue;
    if (command[at] == '`' || command.substr(at).starts_with("$(")) return false;
    if (command[at] == '\\') ++at;
  }
  return at < command.size();
}

// One program with its words and perhaps redirections: put behind 'jobctl ping JOB --', it means
// the same. In doubt it is not.
bool is_one_program(std::string_view command) {
  if (!begins_with_program(command)) return false;
  for (std::size_t at = 0; at < command.size(); ++at) {
    const char c = command[at];
    if (c == '\'' || c == '"') {
      if (!skip_quoted(command, at)) return false;
    } else if (c == '\\') {
      if (++at == command.size()) return false;
    } else if (c == '&') {
      if (at == 0 || command[at - 1] != '>') return false;
    } else if (std::string_view{";|()`\n"}.contains(c) || command.substr(at).starts_with("<<")) {
      return false;
    }
  }
  return true;
}

// As cron's reading of a command undone: it makes \% to %, \\ to \ and leaves any other \ alone.
std::string escape_command(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == '%');
    if (text[i] == '%' || is_escape) out += '\\';
    out += text[i];
  }
  return out;
}

// Lines are separated by %; the newline at the end comes by itself.
std::string escape_input(std::string_view text) {
  if (text.empty()) return {};
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::string out = "%";
  for (const char c : text) {
    if (c == '%') out += '\\';
    out += c == '\n' ? '%' : c;
  }
  return out;
}

}  // namespace

std::string quote_for_shell(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string write_crontab_line(const CrontabLine& line, const Reporter& reporter) {
  const std::string shell = line.shell.empty() ? "/bin/sh" : line.shell;
  const std::string command = is_one_program(line.command)
                                  ? line.command
                                  : fmt::format("{} -c {}", shell, quote_for_shell(line.command));
  return fmt::format(
      "{} {}{}{}", line.schedule, line.user.empty() ? "" : line.user + " ",
      escape_command(fmt::format("{} ping {} -- {}", reporter.jobctl, reporter.job, command)),
      escape_input(line.input));
}

}  // namespace mainspring::cli
