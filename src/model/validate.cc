#include "model/validate.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include "base/text.h"
#include "cron/expression.h"
#include "cron/zone.h"
#include "json/codec.h"
#include "model/expressions.h"
#include "model/names.h"

namespace mainspring::model {
namespace {

using json::Object;
using json::Part;

std::string child(std::string pointer, std::string_view key) {
  json::append_pointer(pointer, key);
  return pointer;
}

bool holds_zero_byte(std::string_view text) { return text.contains('\0'); }

class Rules {
 public:
  Rules(const JobSpec& spec, const Object& document) : spec_(spec), document_(document) {}

  std::vector<Mistake> run() {
    for (Mistake& mistake : find_expression_mistakes(spec_, document_)) {
      expressions_.insert(mistake.pointer);
      found_.push_back(std::move(mistake));
    }
    check_command();
    check_environment();
    check_texts();
    const auto* list = document_.if_contains("schedule");
    for (std::size_t i = 0; i < spec_.schedule.size(); ++i)
      check_schedule(spec_.schedule[i], list != nullptr && list->is_array()
                                            ? fmt::format("/schedule/{}", i)
                                            : "/schedule");
    check_backoff();
    check_retry_only();
    check_labels(spec_.labels, "/labels");
    check_labels(spec_.placement.labels, "/placement/labels");
    for (const auto& [name, param] : spec_.params)
      check_param(name, param);
    return std::move(found_);
  }

 private:
  void add(std::string pointer, std::string message, std::string suggestion = {}) {
    push({std::move(pointer), Part::value, std::move(message), std::move(suggestion)});
  }
  void add_key(std::string pointer, std::string message, std::string suggestion = {}) {
    push({std::move(pointer), Part::key, std::move(message), std::move(suggestion)});
  }

  // One more than are shown, so that the reader of them knows that there are more.
  void push(Mistake mistake) {
    // A text with a wrong expression breaks other rules as well; saying so helps nobody.
    if (expressions_.contains(mistake.pointer)) return;
    if (found_.size() <= json::kMaxProblems) found_.push_back(std::move(mistake));
  }

  void check_command() {
    const CommandLine& command = spec_.command;
    const bool is_given = document_.contains("command");
    if (is_given && command.argv.empty() && is_only_blanks(command.shell))
      return add("/command", "must not be empty; write a list such as [\"/bin/echo\", \"hello\"]");
    if (!is_given && spec_.type == JobType::command)
      return add("", "the key \"command\" is missing; a job of type command says what to run");
    if (!command.argv.empty() && command.argv.front().empty())
      add("/command/0", "the program's name must not be empty");
    for (std::size_t i = 0; i < command.argv.size(); ++i)
      check_text(command.argv[i], fmt::format("/command/{}", i));
    check_text(command.shell, "/command");
  }

  static bool is_only_blanks(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  }

  // The kernel's own texts (arguments, variables, paths) end at a zero byte.
  void check_text(std::string_view text, std::string pointer) {
    if (holds_zero_byte(text)) add(std::move(pointer), "must not hold a zero byte");
  }

  void check_texts() {
    check_text(spec_.working_dir, "/working_dir");
    check_text(spec_.user, "/user");
    // Where an expression begins the path, resolve() looks at it.
    const std::string& directory = spec_.working_dir;
    if (!directory.empty() && !directory.starts_with('/') && !directory.starts_with("${{"))
      add("/working_dir", "must be an absolute path, such as /srv/app");
  }

  void check_environment() {
    for (const auto& [name, variable] : spec_.environment) {
      const std::string pointer = child("/environment", name);
      if (!kVariableRule.accepts(name)) add_key(pointer, std::string(kVariableRule.sentence));
      if (name.starts_with("MAINSPRING_"))
        add_key(pointer, "names that begin with MAINSPRING_ are set by Mainspring; choose another");
      check_text(variable.value, pointer);
      check_text(variable.file, pointer + "/file");
      if (!variable.secret.empty() && !kNameRule.accepts(variable.secret))
        add(pointer + "/secret", std::string(kNameRule.sentence), correct_name(variable.secret));
    }
  }

  void check_schedule(const ScheduleSpec& schedule, const std::string& pointer) {
    std::vector<std::string_view> given;
    if (schedule.cron) given.push_back("cron");
    if (schedule.every) given.push_back("every");
    if (schedule.at) given.push_back("at");
    if (schedule.delay) given.push_back("delay");
    if (given.empty()) add(pointer, "says no time; give one of cron, every, at or delay");
    if (given.size() > 1)
      add(pointer, fmt::format("gives {}; keep exactly one", base::join_words(given, " and ")));
    if (schedule.cron) check_cron(*schedule.cron, pointer + "/cron");
    check_zone(schedule.timezone, pointer + "/timezone");
    if (schedule.start && schedule.end && *schedule.start >= *schedule.end)
      add(pointer + "/end",
          fmt::format("must be after start ({})", base::format_instant(*schedule.start)));
  }

  void check_cron(const std::string& text, std::string pointer) {
    const auto parsed = cron::Expression::parse(text, spec_.name);
    if (parsed) return;
    const base::Error& error = parsed.error();
    Mistake mistake{std::move(pointer), Part::value, error.message};
    if (!error.problems.empty()) {
      mistake.suggestion = error.problems.front().suggestion;
      mistake.in_text = {1, error.problems.front().column};
    }
    push(std::move(mistake));
  }

  void check_zone(const std::string& name, std::string pointer) {
    const auto zone = cron::TimeZone::load(name);
    if (zone) return;
    const auto& problems = zone.error().problems;
    add(std::move(pointer), zone.error().message, problems.empty() ? "" : problems[0].suggestion);
  }

  void check_backoff() {
    const BackoffSpec& backoff = spec_.retry.backoff;
    const bool is_list = backoff.type == BackoffType::list;
    const bool grows =
        backoff.type == BackoffType::linear || backoff.type == BackoffType::exponential;
    if (is_list && backoff.delays.empty())
      add("/retry/backoff", "type list needs delays, such as [1s, 10s, 1m]");
    if (!is_list && !backoff.delays.empty())
      add_key("/retry/backoff/delays", "is for type list only; add type: list, or leave it out");
    if (grows && backoff.initial > backoff.max)
      add("/retry/backoff/initial",
          fmt::format("is longer than max ({})", base::format_duration(backoff.max)));
  }

  void check_retry_only() {
    const auto& outcomes = spec_.retry.only.outcomes;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (outcomes[i] == OutcomeStatus::success || outcomes[i] == OutcomeStatus::cancelled)
        add(fmt::format("/retry/only/outcomes/{}", i),
            fmt::format("{} is never retried; write failed, retryable, lost or timed_out",
                        json::to_text(outcomes[i])));
  }

  void check_labels(const std::map<std::string, std::string>& labels, const std::string& at) {
    for (const auto& [key, value] : labels) {
      if (!kLabelRule.accepts(key)) add_key(child(at, key), std::string(kLabelRule.sentence));
      if (!is_label_value(value))
        add(child(at, key),
            "a label's value is at most 63 letters, digits, '.', '_' and '-', or empty");
    }
  }

  void check_param(const std::string& name, const ParamSpec& param) {
    const std::string at = child("/params", name);
    if (!kParamRule.accepts(name)) add_key(at, std::string(kParamRule.sentence));
    const bool is_number = param.type == ParamType::number || param.type == ParamType::integer;
    const auto refuse = [&](std::string_view key, std::string_view owner) {
      add_key(child(at, key), fmt::format("is for {} only", owner));
    };
    if (param.minimum && !is_number) refuse("minimum", "types integer and number");
    if (param.maximum && !is_number) refuse("maximum", "types integer and number");
    if (param.max_length && param.type != ParamType::string) refuse("max_length", "type string");
    if (param.minimum && param.maximum && *param.minimum > *param.maximum)
      add(at + "/minimum", "is greater than maximum");
    if (param.required && param.default_value)
      add_key(at + "/default", "is never used, because the param is required; keep one of the two");
    check_param_values(param, at);
  }

  void check_param_values(const ParamSpec& param, const std::string& at) {
    ParamSpec open = param;
    open.allowed.clear();
    bool is_wrong = false;
    for (std::size_t i = 0; i < param.allowed.size(); ++i) {
      const std::string why = why_unfit(open, param.allowed[i]);
      is_wrong |= !why.empty();
      if (!why.empty()) add(fmt::format("{}/enum/{}", at, i), why);
    }
    if (!param.default_value) return;
    const std::string why = why_unfit(is_wrong ? open : param, *param.default_value);
    if (!why.empty()) add(at + "/default", why);
  }

  const JobSpec& spec_;
  const Object& document_;
  std::set<std::string> expressions_;  // where one is wrong
  std::vector<Mistake> found_;
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

std::vector<Mistake> find_mistakes(const QueueSpec&) { return {}; }

}  // namespace mainspring::model
