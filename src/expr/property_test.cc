// Random expressions against an oracle that shares nothing with the evaluator: each is grown
// together with the value it must have. --rand-seed=<n> replays a run.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "expr/fixtures.h"
#include "expr/template.h"

namespace mainspring::expr {
namespace {

constexpr int kCases = 10'000;
constexpr std::string_view kScope =
    R"({"n": {"zero": 0, "one": 1, "many": 70, "less": -3},)"
    R"( "t": {"empty": "", "word": "eu", "odd": "it's ${{ n }} }}", "a key": "b"},)"
    R"( "truth": {"yes": true, "no": false}, "nothing": null})";

std::uint64_t pick_seed() {
  const unsigned given = doctest::getContextOptions()->rand_seed;
  const std::uint64_t seed = given != 0 ? given : std::random_device{}();
  MESSAGE("replay with test_expr --rand-seed=" << seed);
  return seed;
}

// How tightly a text holds together, loosest first, as in the grammar.
enum class Hold { either, both, comparison, unary, tight };

struct Grown {
  std::string text;
  Value value;
  Hold hold = Hold::tight;
};

bool is_true(const Value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64() != 0;
  return value.is_string() && !value.get_string().empty();
}

std::string shown(const Value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  return value.is_null() ? "" : std::to_string(value.get_int64());
}

class Gardener {
 public:
  explicit Gardener(std::uint64_t seed) : engine_(seed) {}

  int roll(int low, int high) { return std::uniform_int_distribution<int>{low, high}(engine_); }

  Grown any(int depth) {
    const int kind = roll(0, depth <= 0 ? 3 : 6);
    if (kind == 0) return {"nothing", nullptr};
    if (kind == 1) return number(depth - 1);
    if (kind == 2) return text(depth - 1);
    if (kind == 3) return truth(depth - 1);
    if (kind == 6) return fallback(depth - 1);
    return junction(depth - 1, kind == 4 ? Hold::both : Hold::either);
  }

  std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
      out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
  }

 private:
  std::string blank() { return std::array<std::string, 4>{"", " ", "\t", " \n "}[roll(0, 3)]; }

  // In parentheses where it holds less tightly than it must, and sometimes where it need not.
  std::string within(const Grown& grown, Hold least) {
    if (grown.hold >= least && roll(0, 9) > 0) return grown.text;
    return "(" + blank() + grown.text + blank() + ")";
  }

  Grown number(int depth) {
    const auto pick = [&](std::string key, std::int64_t value) -> Grown {
      return {roll(0, 1) == 0 ? "n" + blank() + "." + key : "n[" + literal(key) + "]", value};
    };
    switch (roll(0, depth > 0 ? 5 : 4)) {
      case 0:
        return pick("zero", 0);
      case 1:
        return pick("one", 1);
      case 2:
        return pick("many", 70);
      case 3:
        return pick("less", -3);
      case 4: {
        const int value = roll(-5, 100);
        return {fmt::format("{}", value), value};
      }
      default: {
        const Grown inner = number(depth - 1);
        return {fmt::format("from_json({}format('{{0}}',{}{}))", blank(), blank(), inner.text),
                inner.value};
      }
    }
  }

  Grown text(int depth) {
    switch (roll(0, depth > 0 ? 6 : 3)) {
      case 0:
        return {"t.word", "eu"};
      case 1:
        return {"t [ 'a key' ]", "b"};
      case 2:
        return {"t.odd", "it's ${{ n }} }}"};
      case 3: {
        std::string content;
        for (int i = roll(0, 6); i > 0; --i)
          content += std::array<const char*, 7>{"a", "'", "}}", "${{", " ", "\n", "ü"}[roll(0, 6)];
        return {literal(content), Value(content)};
      }
      case 4: {
        const Grown inner = any(depth - 1);
        return {fmt::format("format('<{{0}}>',{})", inner.text),
                Value("<" + shown(inner.value) + ">")};
      }
      case 5: {
        const Grown inner = text(depth - 1);
        std::string out(inner.value.get_string());
        for (char& c : out)
          c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        return {"upper(" + inner.text + ")", Value(out)};
      }
      default: {
        const Grown inner = text(depth - 1);
        return {"from_json(to_json(" + inner.text + "))", inner.value};
      }
    }
  }

  Grown truth(int depth) {
    if (depth <= 0) return roll(0, 1) == 0 ? Grown{"truth.yes", true} : Grown{"false", false};
    if (roll(0, 2) == 0) {
      const Grown inner = any(depth - 1);
      return {"!" + blank() + within(inner, Hold::unary), !is_true(inner.value), Hold::unary};
    }
    const bool has_numbers = roll(0, 1) == 0;
    const Grown left = has_numbers ? number(depth - 1) : text(depth - 1);
    const Grown right = has_numbers ? number(depth - 1) : text(depth - 1);
    const int order =
        has_numbers ? static_cast<int>(left.value.get_int64() - right.value.get_int64())
                    : std::string_view(left.value.get_string()).compare(right.value.get_string());
    const std::array<std::pair<std::string, bool>, 6> relations{{{"==", order == 0},
                                                                 {"!=", order != 0},
                                                                 {"<", order < 0},
                                                                 {"<=", order <= 0},
                                                                 {">", order > 0},
                                                                 {">=", order >= 0}}};
    const auto& [mark, value] = relations[roll(0, 5)];
    return {within(left, Hold::unary) + blank() + mark + blank() + within(right, Hold::unary),
            Value(value), Hold::comparison};
  }

  Grown junction(int depth, Hold kind) {
    const bool is_either = kind == Hold::either;
    const Hold least = is_either ? Hold::both : Hold::comparison;
    Grown out{"", nullptr, kind};
    bool is_decided = false;
    for (int i = 0, count = roll(2, 4); i < count; ++i) {
      const Grown part = any(depth - 1);
      if (i > 0) out.text += blank() + (is_either ? "||" : "&&") + blank();
      // Whatever stands behind the operand that decides is never looked at.
      out.text += is_decided && roll(0, 3) == 0 ? "absent.path" : within(part, least);
      if (!is_decided) out.value = part.value;
      is_decided |= is_true(part.value) == is_either;
    }
    return out;
  }

  Grown fallback(int depth) {
    const Grown other = any(depth - 1);
    const Grown first = any(depth - 1);
    if (roll(0, 1) == 0) return {"default(t.missing.far," + other.text + ")", other.value};
    return {"default(" + first.text + ", " + other.text + ")",
            first.value.is_null() ? other.value : first.value};
  }

  std::mt19937_64 engine_;
};

TEST_CASE("random expressions have the value they were grown with, and so has their text") {
  Gardener gardener{pick_seed()};
  const Scope scope = testing::make_scope(kScope);
  for (int i = 0; i < kCases; ++i) {
    const Grown grown = gardener.any(gardener.roll(0, 6));
    const std::string text = "${{" + grown.text + "}}";
    INFO(text);
    const auto parsed = Template::parse(text);
    if (!parsed) {
      // The one way in which what was grown can be wrong.
      REQUIRE_MESSAGE(parsed.error().message.contains("levels"), parsed.error().message);
      continue;
    }
    const auto value = parsed->evaluate(scope);
    REQUIRE_MESSAGE(value, value.error().message);
    REQUIRE(*value == grown.value);
    REQUIRE(parsed->evaluate_text(scope).value() == shown(grown.value));
    const auto again = Template::parse(parsed->text());
    REQUIRE_MESSAGE(again, parsed->text());
    REQUIRE(again->text() == parsed->text());
    REQUIRE(again->evaluate(scope).value() == grown.value);
  }
}

TEST_CASE("a broken text is refused with one problem, which lies within the text") {
  Gardener gardener{pick_seed()};
  const Scope scope = testing::make_scope(kScope);
  const std::string_view scraps[] = {"${{", "}}", "'", "(",  ")",    "[",    "]",
                                     ".",   ",",  "!", "&&", "==",   "\n",   "\xC3",
                                     "\0",  "-",  "9", "n",  "null", "hash("};
  for (int i = 0; i < kCases; ++i) {
    std::string text = "a ${{ " + gardener.any(3).text + " }} b";
    for (int edits = gardener.roll(1, 4); edits > 0; --edits) {
      const auto at = static_cast<std::size_t>(gardener.roll(0, static_cast<int>(text.size())));
      const auto cut = static_cast<std::size_t>(gardener.roll(0, 3));
      text.replace(at, cut, scraps[gardener.roll(0, static_cast<int>(std::size(scraps)) - 1)]);
    }
    INFO(text);
    const auto parsed = Template::parse(text);
    const auto value = parsed ? parsed->evaluate_text(scope) : base::fail(parsed.error());
    if (value) continue;
    REQUIRE(value.error().problems.size() == 1);
    const base::Problem& problem = value.error().problems[0];
    const auto lines = 1 + std::ranges::count(text, '\n');
    REQUIRE(problem.line >= 1);
    REQUIRE(problem.line <= lines);
    REQUIRE(problem.column >= 1);
    REQUIRE(problem.column <= static_cast<int>(text.size()) + 1);
    REQUIRE(value.error().message == problem.message);
  }
}

TEST_CASE("an evaluation with little room gives the same value or says which room is too small") {
  Gardener gardener{pick_seed()};
  const Scope scope = testing::make_scope(kScope);
  for (int i = 0; i < kCases / 4; ++i) {
    const auto parsed = Template::parse("${{" + gardener.any(4).text + "}} and more");
    if (!parsed) continue;
    const Limits limits{static_cast<std::size_t>(gardener.roll(0, 20)),
                        static_cast<std::size_t>(gardener.roll(0, 200))};
    const auto whole = parsed->evaluate_text(scope);
    const auto small = parsed->evaluate_text(scope, limits);
    INFO(parsed->text());
    REQUIRE(whole);
    if (small) {
      REQUIRE(*small == *whole);
      REQUIRE(small->size() <= limits.text_bytes);
    } else {
      const bool is_limit =
          small.error().message.contains("bytes") || small.error().message.contains("steps");
      REQUIRE_MESSAGE(is_limit, small.error().message);
    }
  }
}

}  // namespace
}  // namespace mainspring::expr
