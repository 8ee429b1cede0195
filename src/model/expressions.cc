#include "model/expressions.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "expr/template.h"
#include "json/codec.h"
#include "model/aliases.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

constexpr std::string_view kOpening = "${{";

constexpr std::string_view kNotHere =
    "an expression is not evaluated here; it may stand in the items of a command that is a list, "
    "in values of environment, in working_dir and stdin, in the url, headers, query and body of "
    "http, in bind of sql, in the image of container, and in the key of concurrency, dedupe and "
    "debounce";
constexpr std::string_view kNotInShell =
    "a value is never put into shell text, where it could become a command; give it to a variable "
    "in environment and write \"$NAME\" here, or make the command a list";

constexpr std::string_view kNotInCode =
    "a value is never put into code, where it could change what the code says; the function finds "
    "it in its context, as ctx.params";
constexpr std::string_view kNotInSql =
    "a value is never put into SQL, where it could change what the statement says; write $1 or ? "
    "here, and the expression in bind";

// Where in the section of a type expressions may stand.
struct Place {
  std::string_view section;
  std::string_view key;
};
constexpr Place kPlaces[] = {{"http", "url"},  {"http", "headers"}, {"http", "query"},
                             {"http", "body"}, {"sql", "bind"},     {"container", "image"}};

// What an expression of a text can see.
enum class View : std::uint8_t { nothing, key, run };

std::string child(std::string pointer, std::string_view key) {
  json::append_pointer(pointer, key);
  return pointer;
}

json::Position position_of(std::string_view text, std::size_t offset) {
  json::Position at{1, 1};
  for (const char c : text.substr(0, offset)) {
    if (c == '\n')
      at = {at.line + 1, 1};
    else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
      ++at.column;
  }
  return at;
}

// The names that are known before there is a run; see expr::Template::find_unknown().
json::Object known_names(const JobSpec& spec, View view) {
  json::Object params;
  for (const auto& [name, param] : spec.params)
    params[name] = nullptr;
  json::Object labels;
  for (const auto& [key, value] : spec.labels)
    labels[key] = nullptr;
  json::Object names{{"params", std::move(params)},
                     {"job", json::Object{{"name", nullptr}, {"labels", std::move(labels)}}}};
  if (view == View::run)
    names["run"] = json::Object{{"id", nullptr}, {"attempt", nullptr}, {"scheduled_at", nullptr}};
  return names;
}

class ExpressionRules {
 public:
  explicit ExpressionRules(const JobSpec& spec)
      : key_names_(known_names(spec, View::key)), run_names_(known_names(spec, View::run)) {}

  std::vector<Mistake> run(const json::Object& document) {
    for (const auto& member : document)
      check_key(member.key(), child("", member.key()), member.value());
    return std::move(found_);
  }

 private:
  void check_key(std::string_view key, const std::string& pointer, const json::Value& value) {
    if (key == "description") return;
    if (key == "command" && value.is_string()) return refuse(pointer, value, kNotInShell);
    if (key == "command" || key == "working_dir" || key == "stdin")
      return walk(pointer, value, View::run);
    if (key == "environment") return check_values(pointer, value);
    if (std::ranges::count(kSections, key) > 0 && value.is_object())
      return check_section(key, pointer, value.get_object());
    if (key == "params") return check_params(pointer, value);
    const bool has_key = key == "concurrency" || key == "dedupe" || key == "debounce";
    if (has_key && value.is_object()) return check_policy(pointer, value.get_object());
    walk(pointer, value, View::nothing);
  }

  void check_section(std::string_view section, const std::string& pointer,
                     const json::Object& members) {
    for (const auto& [key, value] : members) {
      const std::string place = child(pointer, key);
      const bool is_code = key == "code" && value.is_string();
      const bool is_sql = (key == "statement" || key == "script") && value.is_string();
      if (is_code || is_sql) {
        refuse(place, value, is_code ? kNotInCode : kNotInSql);
      } else if (key == "headers") {
        check_values(place, value);
      } else {
        const bool is_open = std::ranges::any_of(kPlaces, [&](const Place& known) {
          return known.section == section && known.key == key;
        });
        walk(place, value, is_open ? View::run : View::nothing);
      }
    }
  }

  // Texts, or {value}, {secret} and {file}.
  void check_values(const std::string& pointer, const json::Value& value) {
    if (!value.is_object()) return;
    for (const auto& [name, variable] : value.get_object()) {
      const std::string place = child(pointer, name);
      if (!variable.is_object()) {
        walk(place, variable, View::run);
        continue;
      }
      for (const auto& [key, part] : variable.get_object())
        walk(child(place, key), part, key == "value" ? View::run : View::nothing);
    }
  }

  // Values of params are values, whatever they look like; here an author probably means more.
  void check_params(const std::string& pointer, const json::Value& value) {
    if (!value.is_object()) return;
    for (const auto& [name, param] : value.get_object()) {
      if (!param.is_object()) continue;
      for (const auto& [key, part] : param.get_object())
        if (key != "description") walk(child(child(pointer, name), key), part, View::nothing);
    }
  }

  void check_policy(const std::string& pointer, const json::Object& policy) {
    for (const auto& [key, value] : policy)
      walk(child(pointer, key), value, key == "key" ? View::key : View::nothing);
  }

  void walk(const std::string& pointer, const json::Value& value, View view) {
    if (value.is_string() && view == View::nothing) refuse(pointer, value, kNotHere);
    if (value.is_string() && view != View::nothing) check_text(pointer, value.get_string(), view);
    if (const auto* list = value.if_array())
      for (std::size_t i = 0; i < list->size(); ++i)
        walk(fmt::format("{}/{}", pointer, i), (*list)[i], view);
    if (const auto* map = value.if_object())
      for (const auto& [key, part] : *map)
        walk(child(pointer, key), part, view);
  }

  void refuse(const std::string& pointer, const json::Value& value, std::string_view why) {
    const std::string_view text = value.get_string();
    const std::size_t opening = text.find(kOpening);
    if (opening != std::string_view::npos)
      add({pointer, json::Part::value, std::string(why), {}, position_of(text, opening)});
  }

  void check_text(const std::string& pointer, std::string_view text, View view) {
    if (!expr::may_hold_expression(text)) return;
    const auto parsed = expr::Template::parse(text);
    if (!parsed) return add_all(pointer, parsed.error().problems);
    const json::Object& known = view == View::key ? key_names_ : run_names_;
    add_all(pointer, parsed->find_unknown(known));
    if (!parsed->paths().empty()) return;
    // Without a name it gives the same in every run.
    const auto value = parsed->evaluate_text(expression_scope({}));
    if (!value) add_all(pointer, value.error().problems);
  }

  void add_all(const std::string& pointer, const std::vector<base::Problem>& problems) {
    for (const auto& [where, line, column, message, suggestion] : problems)
      add({pointer, json::Part::value, message, suggestion, {line, column}});
  }

  // One more than are shown, so that the reader of them knows that there are more.
  void add(Mistake mistake) {
    if (found_.size() <= json::kMaxProblems) found_.push_back(std::move(mistake));
  }

  json::Object key_names_;
  json::Object run_names_;
  std::vector<Mistake> found_;
};

base::Result<json::Value> parse_json(std::string_view text) {
  auto document = json::parse_json(text);
  if (!document) return base::fail(std::move(document.error()));
  return std::move(document->value);
}

}  // namespace

expr::Scope expression_scope(json::Object names) {
  return {std::move(names), {&json::write, &parse_json}};
}

std::vector<Mistake> find_expression_mistakes(const JobSpec& spec, const json::Object& document) {
  return ExpressionRules(spec).run(document);
}

}  // namespace mainspring::model
