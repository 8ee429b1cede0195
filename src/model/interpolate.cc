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

// A text of a spec in which expressions may stand, and what a message calls it.
struct Place {
  std::string key;
  std::string pointer;
};

std::string below(std::string pointer, std::string_view key) {
  json::append_pointer(pointer, key);
  return pointer;
}

// Calls visit(Place, text) for each text of the job, and visit(Place, value) for each JSON value,
// in which expressions may stand; the first that returns true ends the walk. One walk serves both
// to ask and to change: `Spec` is const for the one, and not for the other.
template <class Spec, class Visit>
bool visit_http(Spec& http, Visit&& visit) {
  if (visit(Place{"http.url", "/http/url"}, http.url)) return true;
  for (auto& [name, header] : http.headers)
    if (visit(Place{"http.headers." + name, below("/http/headers", name)}, header.value))
      return true;
  for (auto& [name, text] : http.query)
    if (visit(Place{"http.query." + name, below("/http/query", name)}, text)) return true;
  if (!http.body) return false;
  auto& body = *http.body;
  if (body.json && visit(Place{"http.body.json", "/http/body/json"}, *body.json)) return true;
  if (body.raw && visit(Place{"http.body.raw", "/http/body/raw"}, *body.raw)) return true;
  if (!body.form) return false;
  for (auto& [name, text] : *body.form)
    if (visit(Place{"http.body.form." + name, below("/http/body/form", name)}, text)) return true;
  return false;
}

template <class Spec, class Visit>
bool visit_places(Spec& spec, Visit&& visit) {
  auto& argv = spec.command.argv;
  for (std::size_t i = 0; i < argv.size(); ++i)
    if (visit(Place{fmt::format("command[{}]", i), fmt::format("/command/{}", i)}, argv[i]))
      return true;
  for (auto& [name, variable] : spec.environment)
    if (visit(Place{"environment." + name, below("/environment", name)}, variable.value))
      return true;
  if (visit(Place{"working_dir", "/working_dir"}, spec.working_dir)) return true;
  if (visit(Place{"stdin", "/stdin"}, spec.stdin_text)) return true;
  if (spec.http && visit_http(*spec.http, visit)) return true;
  if (spec.sql)
    for (std::size_t i = 0; i < spec.sql->bind.size(); ++i)
      if (visit(Place{fmt::format("sql.bind[{}]", i), fmt::format("/sql/bind/{}", i)},
                spec.sql->bind[i]))
        return true;
  return spec.container &&
         visit(Place{"container.image", "/container/image"}, spec.container->image);
}

// Puts values into the texts of a spec, one by one, and keeps what is wrong.
class Resolver {
 public:
  Resolver(const JobSpec& spec, const RunFacts& facts)
      : spec_(spec), scope_(run_scope(spec, facts)) {}

  base::Result<JobSpec> run() {
    visit_places(spec_, [this](const Place& place, auto& text) {
      put(text, place);
      return false;
    });
    if (found_.empty()) check_places();
    if (found_.empty()) return std::move(spec_);
    std::string message = found_.front().message;
    return base::fail({base::Code::invalid_argument, std::move(message), std::move(found_)});
  }

 private:
  void refuse(const Place& place, std::string_view why) {
    found_.push_back({place.pointer, 0, 0,
                      fmt::format("the value of {} cannot be used: {}", place.key, why), ""});
  }

  void put(std::string& text, const Place& place) {
    if (!expr::may_hold_expression(text)) return;
    const auto parsed = expr::Template::parse(text);
    auto value = parsed ? parsed->evaluate_text(scope_) : base::fail(parsed.error());
    if (!value) return refuse(place, value.error().message);
    // The kernel's own texts end at a zero byte, and a program would get the half of one.
    if (value->contains('\0') && place.key != "stdin") refuse(place, "it holds a zero byte");
    text = std::move(*value);
  }

  // A text that is one expression becomes its value, with its type.
  void put(json::Value& value, const Place& place) {
    if (auto* list = value.if_array())
      for (std::size_t i = 0; i < list->size(); ++i)
        put((*list)[i],
            {fmt::format("{}[{}]", place.key, i), fmt::format("{}/{}", place.pointer, i)});
    if (auto* map = value.if_object())
      for (auto& [key, part] : *map)
        put(part, {fmt::format("{}.{}", place.key, key), below(place.pointer, key)});
    if (!value.is_string() || !expr::may_hold_expression(value.get_string())) return;
    const auto parsed = expr::Template::parse(value.get_string());
    auto result = parsed ? parsed->evaluate(scope_) : base::fail(parsed.error());
    if (!result) return refuse(place, result.error().message);
    value = std::move(*result);
  }

  // What find_mistakes() asks of texts without expressions.
  void check_places() {
    const std::vector<std::string>& argv = spec_.command.argv;
    if (!argv.empty() && argv.front().empty() && spec_.type == JobType::command)
      refuse({"command[0]", "/command/0"}, "the program's name must not be empty");
    if (!spec_.working_dir.empty() && !spec_.working_dir.starts_with('/'))
      refuse({"working_dir", "/working_dir"}, "it must be an absolute path, such as /srv/app");
    if (spec_.http)
      for (const auto& [name, header] : spec_.http->headers)
        if (header.value.find_first_of("\r\n") != std::string::npos)
          refuse({"http.headers." + name, below("/http/headers", name)},
                 "a header holds no line break");
  }

  JobSpec spec_;
  expr::Scope scope_;
  std::vector<base::Problem> found_;
};

bool may_hold(std::string_view text) { return expr::may_hold_expression(text); }

bool may_hold(const json::Value& value) {
  if (const auto* list = value.if_array())
    return std::ranges::any_of(*list, [](const json::Value& item) { return may_hold(item); });
  if (const auto* map = value.if_object())
    return std::ranges::any_of(*map, [](const auto& member) { return may_hold(member.value()); });
  return value.is_string() && may_hold(std::string_view(value.get_string()));
}

bool has_expressions(const JobSpec& spec) {
  return visit_places(spec, [](const Place&, const auto& text) { return may_hold(text); });
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
