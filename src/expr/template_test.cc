#include "expr/template.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "expr/fixtures.h"

namespace mainspring::expr {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::string expression(std::string_view text) { return fmt::format("${{{{ {} }}}}", text); }

std::string message_of(std::string_view text, const Scope& scope = {}) {
  const auto parsed = Template::parse(text);
  if (!parsed) return parsed.error().message;
  const auto value = parsed->evaluate(scope);
  return value ? "no error" : value.error().message;
}

std::string listed(const std::vector<Path>& paths) {
  std::string out;
  for (const Path& path : paths) {
    out += out.empty() ? "" : " ";
    for (const PathKey& key : path)
      out += fmt::format("{}{}@{}", &key == &path.front() ? "" : ".", key.text, key.offset);
  }
  return out;
}

TEST_CASE("the paths of a template are its names and the keys that are known beforehand") {
  const auto paths = [](std::string_view text) {
    return listed(Template::parse(text).value().paths());
  };
  CHECK(paths("none") == "");
  CHECK(paths("${{ 1 }}") == "");
  CHECK(paths("a ${{ params.x }} b ${{ run['id'].y }}") == "params@6.x@13 run@24.id@28.y@34");
  CHECK(paths("${{ steps.a[params.n].b }}") == "steps@4.a@10 params@12.n@19");
  CHECK(paths("${{ !(a == b.c) && format('x', d, from_json(e.f).g) || h }}") ==
        "a@6 b@11.c@13 d@31 e@44.f@46 h@55");
  CHECK(Template::parse("${{ a.b }}").value().uses("a"));
  CHECK_FALSE(Template::parse("a ${{ 'a' }} ${{ b.a }}").value().uses("a"));
  CHECK(Template::parse("${{ 1 }}").value().has_expressions());
  CHECK_FALSE(Template::parse("1 }}").value().has_expressions());
}

TEST_CASE("every path that leads out of what is known is a problem, in the order of the text") {
  const Object known =
      testing::make_scope(R"({"params": {"region": null}, "run": {"id": null}, "none": {}})").names;
  const auto found = [&](std::string_view text) {
    std::string out;
    for (const base::Problem& problem : Template::parse(text).value().find_unknown(known))
      out += fmt::format("{}:{} {} ({})\n", problem.line, problem.column, problem.message,
                         problem.suggestion);
    return out;
  };
  CHECK(found("${{ params.region }} ${{ run.id }} ${{ params }} ${{ params[run.id] }}") == "");
  CHECK(found("${{ params.region.anything[0].below }}") == "");
  CHECK(found("${{ param.x }}") ==
        "1:5 column 5: nothing is named 'param'; known here: params, run and none (params)\n");
  CHECK(found("ü ${{ 1 }}\nü ${{ params['regoin'] && none.x || parms[run.it] }}") ==
        "2:14 line 2, column 14: params has no 'regoin'; it has region (region)\n"
        "2:32 line 2, column 32: none has no 'x'; it has nothing ()\n"
        "2:37 line 2, column 37: nothing is named 'parms'; known here: params, run and none "
        "(params)\n"
        "2:47 line 2, column 47: run has no 'it'; it has id (id)\n");
  CHECK(found("${{ default(params.nil, 1) }}").contains("params has no 'nil'"));
  const auto many = Template::parse(expression("a" + repeat(" || a", 2 * kMostProblems))).value();
  CHECK(many.find_unknown(known).size() == kMostProblems);
}

TEST_CASE("brackets, calls and negations nest as deeply as allowed and not deeper") {
  const auto nested = [](std::string_view open, std::string_view close, std::size_t depth) {
    return expression(repeat(open, depth) + "null" + repeat(close, depth));
  };
  const Scope scope = testing::make_scope(R"({"a": {}})");
  for (const auto& [open, close] :
       {std::pair{"(", ")"}, std::pair{"!", ""}, std::pair{"default(", ", 1)"},
        std::pair{"default(a[", "], 1)"}}) {
    const std::size_t levels = std::string_view(open).contains('[') ? 2 : 1;
    CAPTURE(open);
    CHECK(Template::parse(nested(open, close, kDeepestNesting / levels)));
    CHECK(message_of(nested(open, close, kDeepestNesting / levels + 1)).contains("levels"));
    CHECK(message_of(nested(open, close, 10'000)).contains("more than 32 levels"));
  }
}

TEST_CASE("a long expression that does not nest is no deeper than a short one") {
  const Scope scope = testing::make_scope(R"({"a": {"a": {"a": 1}}})");
  CHECK(Template::parse(expression("0" + repeat("||0", 10'000))).value().evaluate(scope) ==
        Value(0));
  CHECK(Template::parse(expression("1" + repeat("&&1", 10'000))).value().evaluate(scope) ==
        Value(1));
  CHECK(message_of(expression("a" + repeat(".a", 10'000)), scope).contains("a.a.a is a number"));
}

TEST_CASE("texts and expressions beyond their limits are refused by name") {
  CHECK(Template::parse(std::string(kLongestText, 'x')));
  const auto longer = Template::parse(std::string(kLongestText + 1, 'x'));
  REQUIRE(!longer);
  CHECK(longer.error().code == base::Code::too_large);
  const std::string small = expression("params.x");
  CHECK(Template::parse(repeat(small, kExpressionBytes / 13)));
  CHECK(message_of(repeat(small, kExpressionBytes / 11)).contains("more than 65536 bytes"));
  CHECK(message_of(expression("a" + repeat(" || a", kExpressionBytes / 4))).contains("65536"));
}

TEST_CASE("no text grows beyond its limit, whichever function makes it") {
  Scope scope = testing::make_scope(R"({"list": [1, 2, 3, 4, 5, 6, 7, 8]})");
  scope.names["text"] = std::string(1'000, 'x');
  const Limits limits{.text_bytes = 2'000};
  for (const std::string& made :
       {"format('{0}{0}{0}', text)", "join(list, text)",
        "to_json(from_json(format('[\"{0}\",\"{0}\",\"{0}\"]', text)))"}) {
    const auto value = Template::parse(expression(made)).value().evaluate(scope, limits);
    REQUIRE(!value);
    CHECK(value.error().message.ends_with("the text has more than 2000 bytes"));
  }
  const std::string one = expression("text");
  CHECK(Template::parse(one + one).value().evaluate(scope, limits));
  CHECK_FALSE(Template::parse(one + "-" + one).value().evaluate(scope, limits));
}

TEST_CASE("the work of an evaluation is bounded, whatever it reads") {
  Scope scope = testing::make_scope("{}");
  const std::string big(1U << 20, 'a');
  scope.names["big"] = big;
  scope.names["other"] = big.substr(1) + "b";
  Array& list = scope.names["list"].emplace_array();
  list.resize(10'000, Value(std::string(100, 'a')));
  for (const std::string_view made :
       {"hash(big)", "big == other", "lower(big)", "list == list", "contains(big, other)",
        "contains(list, big)", "to_json(big)", "from_json(big)", "join(list)"}) {
    CAPTURE(made);
    const std::string one = fmt::format("default(null && {}, 0) || ", made);
    const auto once = Template::parse(expression(std::string(made) + " && 1")).value();
    const auto cheap = Template::parse(expression(repeat(one, 500) + "1")).value();
    CHECK(cheap.evaluate(scope) == Value(1));
    const auto never = once.evaluate(scope, {.work = 100'000});
    REQUIRE(!never);
    CHECK(never.error().message.contains("more than 100000 steps"));
  }
  const auto many = Template::parse(expression("1" + repeat(" && upper(big)", 1'000))).value();
  CHECK(many.evaluate(scope).error().message.contains("steps"));
}

TEST_CASE("a search that would take quadratic time ends at once") {
  Scope scope = testing::make_scope("{}");
  const std::string half(1U << 20, 'a');
  scope.names["where"] = half + half;
  scope.names["what"] = half.substr(1) + "b";
  CHECK(Template::parse("${{ contains(where, what) }}").value().evaluate(scope) == Value(false));
}

TEST_CASE("a message never repeats a value of the scope") {
  const Scope scope =
      testing::make_scope(R"({"s": "hunter2", "m": {"k": "hunter2"}, "l": ["hunter2"]})");
  for (const std::string_view text :
       {"s.x", "s < 1", "s == 1", "m[s]", "l[s]", "m.x", "from_json(s)", "format(s, 1).x",
        "lower(m)", "join(s)", "contains(m, s)", "s[s]", "l.x", "l[9]",
        "format(format('{{{0}', s))"}) {
    CAPTURE(text);
    const std::string message = message_of(expression(text), scope);
    CHECK(message != "no error");
    CHECK_FALSE(message.contains("hunter2"));
  }
}

TEST_CASE("a template that was copied or moved still names places of its own text") {
  Template first = Template::parse("abc\n${{ missing }}").value();
  const Template second = first;
  const Template third = std::move(first);
  const std::string message = "line 2, column 5: nothing is named 'missing'; known here: nothing";
  CHECK(second.evaluate({}).error().message == message);
  CHECK(third.evaluate_text({}).error().message == message);
}

}  // namespace
}  // namespace mainspring::expr
