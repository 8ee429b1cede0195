#include "model/validate.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "json/codec.h"
#include "model/expressions.h"
#include "model/mistakes.h"
#include "model/names.h"

namespace mainspring::model {
namespace {

using json::Object;

// What Linux takes, the zero byte at the end aside (MAX_ARG_STRLEN, PATH_MAX), and what leaves room
// for the environment in a quarter of the usual 8 MiB of stack.
constexpr std::size_t kLongestArgument = (128 << 10) - 1;
constexpr std::size_t kLongestPath = (4 << 10) - 1;
constexpr std::size_t kLongestCommand = 1 << 20;

// The end of MAINSPRING_PARAM_<NAME>.
std::string upper_case(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

class Rules {
 public:
  Rules(const JobSpec& spec, const Object& document) : spec_(spec), document_(document) {}

  std::vector<Mistake> run() {
    // A text with a wrong expression breaks other rules as well; saying so helps nobody.
    const std::vector<Mistake> expressions = find_expression_mistakes(spec_, document_);
    for (const Mistake& mistake : expressions)
      found_.push(mistake);
    for (const Mistake& mistake : expressions)
      found_.silence(mistake.pointer);
    check_command();
    check_work(spec_, document_, found_);
    check_environment();
    check_texts();
    check_schedules(spec_, document_, found_);
    check_policies(spec_, found_);
    check_labels(spec_.labels, "/labels");
    check_labels(spec_.placement.labels, "/placement/labels");
    check_placement();
    check_params();
    return found_.take();
  }

 private:
  void check_command() {
    const CommandLine& command = spec_.command;
    const bool is_given = document_.contains("command");
    if (is_given && spec_.type != JobType::command && spec_.type != JobType::container) return;
    if (is_given && command.argv.empty() && is_only_blanks(command.shell))
      return found_.add("/command",
                        "must not be empty; write a list such as [\"/bin/echo\", \"hello\"]");
    if (!is_given && spec_.type == JobType::command)
      return found_.add("",
                        "the key \"command\" is missing; a job of type command says what to run");
    if (!command.argv.empty() && command.argv.front().empty())
      found_.add("/command/0", "the program's name must not be empty");
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < command.argv.size(); ++i) {
      check_argument(command.argv[i], fmt::format("/command/{}", i));
      bytes += command.argv[i].size() + 1;
    }
    check_argument(command.shell, "/command");
    if (bytes > kLongestCommand)
      found_.add("/command",
                 fmt::format("has {} bytes; at most {} can be given to a program: put the content "
                             "in a file, or in stdin",
                             bytes, kLongestCommand));
  }

  static bool is_only_blanks(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  }

  // The kernel's own texts (arguments, variables, paths) end at a zero byte.
  void check_text(std::string_view text, std::string pointer) {
    if (text.contains('\0')) found_.add(std::move(pointer), "must not hold a zero byte");
  }

  void check_argument(std::string_view text, const std::string& pointer) {
    check_text(text, pointer);
    if (text.size() > kLongestArgument)
      found_.add(pointer,
                 fmt::format("has {} bytes; Linux takes at most {} in one: put the content "
                             "in a file, or in stdin",
                             text.size(), kLongestArgument));
  }

  void check_path(std::string_view path, const std::string& pointer) {
    check_text(path, pointer);
    // Where an expression begins the path, resolve() looks at it.
    if (!path.empty() && !path.starts_with('/') && !path.starts_with("${{"))
      found_.add(pointer, "must be an absolute path, such as /srv/app");
    if (path.size() > kLongestPath)
      found_.add(pointer, fmt::format("is longer than a path can be ({} bytes)", kLongestPath));
  }

  // A container may run as a user and a group of its image: "1000:1000".
  void check_user() {
    check_text(spec_.user, "/user");
    const bool is_inside = spec_.type == JobType::container;
    const char* refused = is_inside ? " \t\r\n/" : " \t\r\n:/";
    if (spec_.user.find_first_of(refused) == std::string::npos || spec_.user.contains("${{"))
      return;
    found_.add("/user", is_inside
                            ? "is no user of an image; write one such as app, 1000 or 1000:1000"
                            : "is no user's name; write one such as backup, without blanks, ':' "
                              "and '/'");
  }

  void check_texts() {
    check_path(spec_.working_dir, "/working_dir");
    check_user();
  }

  void check_environment() {
    for (const auto& [name, variable] : spec_.environment) {
      const std::string pointer = child("/environment", name);
      if (!kVariableRule.accepts(name))
        found_.add_key(pointer, std::string(kVariableRule.sentence));
      if (name.starts_with("MAINSPRING_"))
        found_.add_key(pointer,
                       "names that begin with MAINSPRING_ are set by Mainspring; choose another");
      check_argument(variable.value, pointer);
      if (!variable.file.empty()) check_path(variable.file, pointer + "/file");
      if (!variable.secret.empty() && !kNameRule.accepts(variable.secret))
        found_.add(pointer + "/secret", std::string(kNameRule.sentence),
                   correct_name(variable.secret));
    }
  }

  void check_labels(const std::map<std::string, std::string>& labels, const std::string& at) {
    for (const auto& [key, value] : labels) {
      if (!kLabelRule.accepts(key))
        found_.add_key(child(at, key), std::string(kLabelRule.sentence));
      check_label_value(value, child(at, key));
    }
  }

  void check_placement() {
    const PlacementSpec& placement = spec_.placement;
    for (std::size_t i = 0; i < placement.constraints.size(); ++i)
      check_constraint(placement.constraints[i], fmt::format("/placement/constraints/{}", i));
    for (std::size_t i = 0; i < placement.prefer.size(); ++i) {
      const std::string at = fmt::format("/placement/prefer/{}", i);
      check_label_key(placement.prefer[i].label, at);
      check_label_value(placement.prefer[i].value, at + "/value");
      if (placement.prefer[i].weight == 0)
        found_.add(at + "/weight",
                   "0 prefers nothing; write a number from -100 to 100, or leave "
                   "the entry out");
    }
    if (placement.spread) check_label_key(placement.spread->label, "/placement/spread");
    const ResourceSpec& resources = spec_.resources;
    if (resources.gpu_memory_bytes > 0 && resources.gpus == 0)
      found_.add("/resources/gpu_memory", "is of gpus, and the job takes none; add gpus: 1");
  }

  void check_constraint(const ConstraintSpec& constraint, const std::string& at) {
    check_label_key(constraint.label, at);
    const bool compares = constraint.op == LabelOp::in || constraint.op == LabelOp::not_in;
    if (compares && constraint.values.empty())
      found_.add(at, "the key \"values\" is missing; in and not_in compare with at least one");
    if (!compares && !constraint.values.empty())
      found_.add(at + "/values", "exists and absent compare with nothing; leave the values out");
    for (std::size_t i = 0; i < constraint.values.size(); ++i)
      check_label_value(constraint.values[i], fmt::format("{}/values/{}", at, i));
  }

  void check_label_key(const std::string& label, const std::string& at) {
    if (!kLabelRule.accepts(label)) found_.add(at + "/label", std::string(kLabelRule.sentence));
  }

  void check_label_value(const std::string& value, const std::string& at) {
    if (!is_label_value(value))
      found_.add(at, "a label's value is at most 63 letters, digits, '.', '_' and '-', or empty");
  }

  void check_params() {
    std::map<std::string, std::string_view> variables;
    for (const auto& [name, param] : spec_.params) {
      check_param(name, param);
      const auto [first, is_new] = variables.try_emplace(upper_case(name), name);
      if (!is_new)
        found_.add_key(child("/params", name),
                       fmt::format("differs from the param {} in case only, and both would be the "
                                   "variable MAINSPRING_PARAM_{}; rename one",
                                   first->second, first->first));
    }
  }

  void check_param(const std::string& name, const ParamSpec& param) {
    const std::string at = child("/params", name);
    if (!kParamRule.accepts(name)) found_.add_key(at, std::string(kParamRule.sentence));
    const bool is_number = param.type == ParamType::number || param.type == ParamType::integer;
    const auto refuse = [&](std::string_view key, std::string_view owner) {
      found_.add_key(child(at, key), fmt::format("is for {} only", owner));
    };
    if (param.minimum && !is_number) refuse("minimum", "types integer and number");
    if (param.maximum && !is_number) refuse("maximum", "types integer and number");
    if (param.max_length && param.type != ParamType::string) refuse("max_length", "type string");
    if (param.minimum && param.maximum && *param.minimum > *param.maximum)
      found_.add(at + "/minimum", "is greater than maximum");
    if (param.required && param.default_value)
      found_.add_key(at + "/default",
                     "is never used, because the param is required; keep one of the two");
    check_param_values(param, at);
  }

  void check_param_values(const ParamSpec& param, const std::string& at) {
    ParamSpec open = param;
    open.allowed.clear();
    bool is_wrong = false;
    for (std::size_t i = 0; i < param.allowed.size(); ++i) {
      const std::string why = why_unfit(open, param.allowed[i]);
      is_wrong |= !why.empty();
      if (!why.empty()) found_.add(fmt::format("{}/enum/{}", at, i), why);
    }
    if (!param.default_value) return;
    const std::string why = why_unfit(is_wrong ? open : param, *param.default_value);
    if (!why.empty()) found_.add(at + "/default", why);
  }

  const JobSpec& spec_;
  const Object& document_;
  Mistakes found_;
};

bool is_whole(const json::Value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::trunc(value.get_double()) == value.get_double();
}

bool has_type(ParamType type, const json::Value& value) {
  switch (type) {
    case ParamType::string:
      return value.is_string();
    case ParamType::integer:
      return is_whole(value);
    case ParamType::number:
      return value.is_number();
    case ParamType::boolean:
      return value.is_bool();
    case ParamType::object:
      return value.is_object();
    case ParamType::array:
      return value.is_array();
  }
  return false;
}

std::string_view type_phrase(ParamType type) {
  switch (type) {
    case ParamType::string:
      return "a string";
    case ParamType::integer:
      return "a whole number";
    case ParamType::number:
      return "a number";
    case ParamType::boolean:
      return "true or false";
    case ParamType::object:
      return "a map";
    case ParamType::array:
      return "a list";
  }
  return "a value";
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string list_values(const std::vector<json::Value>& values) {
  constexpr std::size_t kShown = 10;
  std::string out;
  for (std::size_t i = 0; i < values.size() && i < kShown; ++i)
    out += (i == 0 ? "" : ", ") + json::write(values[i]);
  return values.size() > kShown ? out + ", ..." : out;
}

}  // namespace

std::vector<Mistake> find_mistakes(const JobSpec& spec, const Object& document) {
  return Rules(spec, document).run();
}

std::string why_unfit(const ParamSpec& param, const json::Value& value) {
  if (!has_type(param.type, value))
    return fmt::format("expected {}, got {}", type_phrase(param.type),
                       json::write(value).substr(0, 60));
  if (value.is_number()) {
    const double number = value.to_number<double>();
    if (param.minimum && number < *param.minimum)
      return fmt::format("must be at least {}, got {}", *param.minimum, json::write(value));
    if (param.maximum && number > *param.maximum)
      return fmt::format("must be at most {}, got {}", *param.maximum, json::write(value));
  }
  if (value.is_string() && param.max_length &&
      std::cmp_greater(count_characters(value.get_string()), *param.max_length))
    return fmt::format("must have at most {} characters", *param.max_length);
  if (!param.allowed.empty() && std::ranges::count(param.allowed, value) == 0)
    return fmt::format("must be one of {}", list_values(param.allowed));
  return {};
}

}  // namespace mainspring::model
