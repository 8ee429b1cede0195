// Templates: whatever they hold, the parser answers in words, what it accepts survives a round
// trip, and an evaluation ends within its limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "expr/template.h"
#include "json/document.h"
#include "json/write.h"

namespace base = mainspring::base;
namespace expr = mainspring::expr;
namespace json = mainspring::json;

namespace {

base::Result<expr::Value> parse_json(std::string_view text) {
  auto document = json::parse_json(text);
  if (!document) return base::fail(std::move(document.error()));
  return std::move(document->value);
}

expr::Scope make_scope() {
  constexpr std::string_view kNames =
      R"({"params": {"region": "eu", "n": 3, "half": 0.5, "on": true, "none": null, "a b": "c",)"
      R"( "list": [1, 2.0, "x", [null]], "map": {"k": {"v": "deep"}}}, "run": {"id": "run_1",)"
      R"( "attempt": 2}, "job": {"name": "backup", "labels": {"team": "ops"}}})";
  return {parse_json(kNames).value().as_object(), {json::write, parse_json}};
}

void check_error(std::string_view text, const base::Error& error) {
  CHECK(error.problems.size() == 1 && error.problems[0].message == error.message);
  const base::Problem& problem = error.problems[0];
  CHECK(problem.line >= 1 && problem.column >= 1);
  CHECK(static_cast<std::size_t>(problem.column) <= text.size() + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const expr::Scope scope = make_scope();
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto parsed = expr::Template::parse(text);
  if (!parsed) {
    check_error(text, parsed.error());
    return 0;
  }
  // The blanks of the canonical text may take it past the limit.
  if (parsed->text().size() > expr::kExpressionBytes) return 0;
  const auto again = expr::Template::parse(parsed->text());
  CHECK(again && again->text() == parsed->text());
  CHECK(again->paths().size() == parsed->paths().size());
  CHECK(parsed->find_unknown(scope.names).size() <= expr::kMostProblems);

  const expr::Limits limits{.text_bytes = 64U << 10, .work = 1U << 20};
  const auto value = parsed->evaluate_text(scope, limits);
  if (!value) check_error(text, value.error());
  if (!value) return 0;
  CHECK(value->size() <= limits.text_bytes);
  CHECK(again->evaluate_text(scope, limits) == value);
  return 0;
}
