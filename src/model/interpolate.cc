#include "model/interpolate.h"

#include <algorithm>

#include <fmt/core.h>

#include "expr/template.h"
#include "json/document.h"
#include "model/expressions.h"

namespace mainspring::model {
namespace {

using Params = std::map<std::string, json::Value>;

// A key is computed inside a transaction: less room, and less work, than for an attempt.
constexpr expr::Limits kKeyEvaluation{.text_bytes = 1U << 20, .work = 2U << 20};

Params with_absent(const JobSpec& spec, Params params) {
  for (const auto& [name, param] : spec.params)
    params.emplace(name, nullptr);
  return params;
}

json::Object names_of(const KeyFacts& facts) {
  json::Object params;
  for (const auto& [name, value] : facts.params)
    params[name] = value;
  json::Object labels;
  for (const auto& [key, value] : facts.labels)
    labels[key] = value;
  return {{"params", std::move(params)},
          {"job", json::Object{{"name", facts.job_name}, {"labels", std::move(labels)}}}};
}

expr::Scope run_scope(const JobSpec& spec, const RunFacts& facts) {
  json::Object names = names_of(key_facts(spec, facts.params));
  names["run"] = json::Object{{"id", facts.run_id.text()},
                              {"attempt", facts.attempt},
                              {"scheduled_at", base::format_instant(facts.scheduled_at)}};
  return expression_scope(std::move(names));
}

// Puts values into the texts of a spec, one by one, and keeps what is wrong.
class Resolver {
 public:
  Resolver(const JobSpec& spec, const RunFacts& facts)
      : spec_(spec), scope_(run_scope(spec, facts)) {}

  base::Result<JobSpec> run() {
    std::vector<std::string>& argv = spec_.command.argv;
    for (std::size_t i = 0; i < argv.size(); ++i)
      put(argv[i], fmt::format("command[{}]", i), fmt::format("/command/{}", i));
    for (auto& [name, variable] : spec_.environment)
      put(variable.value, "environment." + name, child("/environment", name));
    put(spec_.working_dir, "working_dir", "/working_dir");
    put(spec_.stdin_text, "stdin", "/stdin");
    if (found_.empty()) check_places();
    if (found_.empty()) return std::move(spec_);
    std::string message = found_.front().message;
    return base::fail({base::Code::invalid_argument, std::move(message), std::move(found_)});
  }

 private:
  static std::string child(std::string pointer, std::string_view key) {
    json::append_pointer(pointer, key);
    return pointer;
  }

  void refuse(std::string_view key, std::string pointer, std::string_view why) {
    found_.push_back({std::move(pointer), 0, 0,
                      fmt::format("the value of {} cannot be used: {}", key, why), ""});
  }

  void put(std::string& text, std::string_view key, const std::string& pointer) {
    if (!expr::may_hold_expression(text)) return;
    const auto parsed = expr::Template::parse(text);
    auto value = parsed ? parsed->evaluate_text(scope_) : base::fail(parsed.error());
    if (!value) return refuse(key, pointer, value.error().message);
    // The kernel's own texts end at a zero byte, and a program would get the half of one.
    if (value->contains('\0') && key != "stdin") refuse(key, pointer, "it holds a zero byte");
    text = std::move(*value);
  }

  // What find_mistakes() asks of texts without expressions.
  void check_places() {
    const std::vector<std::string>& argv = spec_.command.argv;
    if (!argv.empty() && argv.front().empty())
      refuse("command[0]", "/command/0", "the program's name must not be empty");
    if (!spec_.working_dir.empty() && !spec_.working_dir.starts_with('/'))
      refuse("working_dir", "/working_dir", "it must be an absolute path, such as /srv/app");
  }

  JobSpec spec_;
  expr::Scope scope_;
  std::vector<base::Problem> found_;
};

bool has_expressions(const JobSpec& spec) {
  const auto is_one = [](std::string_view text) { return expr::may_hold_expression(text); };
  return std::ranges::any_of(spec.command.argv, is_one) || is_one(spec.working_dir) ||
         is_one(spec.stdin_text) ||
         std::ranges::any_of(spec.environment,
                             [&](const auto& variable) { return is_one(variable.second.value); });
}

}  // namespace

KeyFacts key_facts(const JobSpec& spec, const Params& params) {
  return {spec.name, with_absent(spec, params), spec.labels};
}

base::Result<std::string> evaluate_key(const std::string& key, const KeyFacts& facts) {
  const auto parsed = expr::Template::parse(key);
  if (!parsed) return base::fail(parsed.error());
  auto text = parsed->evaluate_text(expression_scope(names_of(facts)), kKeyEvaluation);
  if (text && text->size() > kKeyLimit)
    return base::fail(base::Code::invalid_argument,
                      fmt::format("the key has {} bytes; at most {} are allowed: shorten it with "
                                  "hash()",
                                  text->size(), kKeyLimit));
  return text;
}

std::string literal_text(std::string_view text) {
  constexpr std::string_view kOpening = "${{";
  std::string out;
  for (std::size_t at = text.find(kOpening); at != std::string_view::npos;
       at = text.find(kOpening)) {
    out += text.substr(0, at);
    out += "${{ '${{' }}";
    text.remove_prefix(at + kOpening.size());
  }
  return out += text;
}

base::Result<JobSpec> resolve(const JobSpec& spec, const RunFacts& facts) {
  if (!has_expressions(spec)) return spec;
  return Resolver(spec, facts).run();
}

}  // namespace mainspring::model
