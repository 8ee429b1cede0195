#include "cli/command_name.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "cli/shell_words.h"
#include "model/names.h"

namespace mainspring::cli {
namespace {

constexpr std::string_view kFallback = "job";
constexpr int kDeepestShell = 4;           // sh -c 'sh -c ...' beyond this is named after the shell
constexpr std::size_t kLongestName = 100;  // leaves room for a suffix

using View = std::span<const std::string>;

// A program that runs another one: its options that take a value of their own, and how many words
// of its own come before the other program.
struct Wrapper {
  std::string_view name;
  std::string_view value_options;
  int own_words = 0;
};
constexpr std::array<Wrapper, 26> kWrappers = {
    {{"nice", "n"},       {"ionice", "cnp"},    {"chrt", "TPD", 1},
     {"taskset", "", 1},  {"timeout", "ks", 1}, {"flock", "wE", 1},
     {"setlock", "", 1},  {"lckdo", "W", 1},    {"chpst", "uUbe/nlLmdpfcrtC"},
     {"sudo", "ugCDRTh"}, {"doas", "uC"},       {"runuser", "ugG"},
     {"env", "uCS"},      {"stdbuf", "ioe"},    {"systemd-cat", "tp"},
     {"run-one", ""},     {"nohup", ""},        {"setsid", ""},
     {"exec", "a"},       {"command", ""},      {"builtin", ""},
     {"eval", ""},        {"time", "fo"},       {"chronic", ""},
     {"cronic", ""},      {"unbuffer", ""}}};

// Say nothing about what the command is for.
constexpr std::array<std::string_view, 30> kPreparations = {
    {"test", "[",     "[[",     "cd",    "true",  "false", ":",    "sleep",  "umask", "export",
     "set",  "unset", "ulimit", "which", "type",  "hash",  ".",    "source", "echo",  "printf",
     "date", "exit",  "return", "trap",  "mkdir", "pushd", "popd", "read",   "shift", "wait"}};

constexpr std::array<std::string_view, 14> kReserved = {{"if", "then", "else", "elif", "fi", "do",
                                                         "done", "while", "until", "!", "{", "}",
                                                         "for", "case"}};

constexpr std::array<std::string_view, 6> kShells = {{"sh", "bash", "dash", "zsh", "ksh", "ash"}};
constexpr std::array<std::string_view, 8> kInterpreters = {
    {"python", "perl", "php", "ruby", "node", "nodejs", "java", "Rscript"}};

constexpr std::array<std::string_view, 9> kExtensions = {
    {".sh", ".bash", ".py", ".pl", ".rb", ".php", ".js", ".jar", ".R"}};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view last_part(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/'))
    path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

// "python3.11" is python.
bool is_interpreter(std::string_view program) {
  const std::size_t end = program.find_last_not_of("0123456789.");
  return is_one_of(kInterpreters, program.substr(0, end + 1));
}

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  return equals != std::string_view::npos && model::kVariableRule.accepts(word.substr(0, equals));
}

class Namer {
 public:
  std::string name(std::string_view command) {
    auto found = find_name(command);
    if (!found && !fallback_.empty()) found = fallback_;
    std::string fitted = fit(found.value_or(""));
    return fitted.empty() ? std::string{kFallback} : fitted;
  }

 private:
  static std::string fit(std::string_view word) {
    word = last_part(word);
    for (const std::string_view extension : kExtensions) {
      if (word.ends_with(extension)) word.remove_suffix(extension.size());
    }
    return model::correct_name(word.substr(0, kLongestName));
  }

  std::optional<std::string> find_name(std::string_view command) {
    if (++depth_ > kDeepestShell) return std::nullopt;
    for (const Words& words : split_shell(command)) {
      if (auto found = name_words(words)) return found;
    }
    return std::nullopt;
  }

  std::optional<std::string> name_words(View words) {
    while (!words.empty()) {
      const std::string_view program = last_part(words.front());
      if (is_one_of(kReserved, program) || is_assignment(words.front()) || program.empty()) {
        words = words.subspan(1);
        continue;
      }
      if (is_one_of(kPreparations, program)) return remember(program);
      if (program == "command" && words.size() > 1 && words[1].starts_with("-")) {
        return remember(program);
      }
      const auto* wrapper = std::ranges::find(kWrappers, program, &Wrapper::name);
      if (wrapper == kWrappers.end()) return name_program(program, words.subspan(1));
      remember(program);
      words = skip_wrapper(*wrapper, words.subspan(1));
      if (words.size() > 1 && words.front() == "-c") return find_name(words[1]);  // of flock
    }
    return std::nullopt;
  }

  static View skip_options(std::string_view value_options, View words) {
    while (!words.empty() && words.front().starts_with('-') && words.front() != "-c") {
      const std::string& option = words.front();
      const bool takes_value = option.size() == 2 && value_options.contains(option[1]);
      words = words.subspan(std::min<std::size_t>(takes_value ? 2 : 1, words.size()));
    }
    return words;
  }

  static View skip_wrapper(const Wrapper& wrapper, View words) {
    // "-c" is an option of some wrappers and the other program's text for flock.
    if (wrapper.value_options.contains('c') && words.size() > 2 && words.front() == "-c") {
      words = words.subspan(2);
    }
    words = skip_options(wrapper.value_options, words);
    const auto own = static_cast<std::size_t>(wrapper.own_words);
    words = words.subspan(std::min(own, words.size()));
    return words;
  }

  std::optional<std::string> name_program(std::string_view program, View rest) {
    remember(program);
    if (program == "run-parts" && !rest.empty()) return rest.back();
    if (is_one_of(kShells, program)) return name_script(rest, "c");
    if (is_interpreter(program)) return name_script(rest, "");
    return std::string{program};
  }

  // The script that an interpreter is given; the text of -c, where that is shell.
  std::optional<std::string> name_script(View words, std::string_view text_option) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      const bool has_next = i + 1 < words.size();
      if (!word.starts_with('-')) return word;
      if (word == "-m" || word == "-jar" || word == "-f") continue;  // its value is the script
      if (!text_option.empty() && word.ends_with('c') && has_next) return find_name(words[i + 1]);
      if (word == "-e" || word == "-c" || word == "-r") return std::nullopt;  // a text of its own
    }
    return std::nullopt;
  }

  std::nullopt_t remember(std::string_view program) {
    if (fallback_.empty()) fallback_ = program;
    return std::nullopt;
  }

  int depth_ = 0;
  std::string fallback_;
};

}  // namespace

std::string name_command(std::string_view command) { return Namer{}.name(command); }

}  // namespace mainspring::cli
