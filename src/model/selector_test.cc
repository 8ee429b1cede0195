#include "model/selector.h"

#include <doctest/doctest.h>

#include <string>

namespace mainspring::model {
namespace {

using Test = LabelTerm::Test;

Selector read(std::string_view text) {
  auto selector = parse_selector(text);
  INFO(text);
  REQUIRE(selector);
  return std::move(*selector);
}

bool holds(std::string_view text, const Labels& labels) { return matches(read(text), labels); }

std::string mistake(std::string_view text) {
  const auto selector = parse_selector(text);
  INFO(text);
  REQUIRE_FALSE(selector);
  CHECK(selector.error().code == base::Code::invalid_argument);
  return selector.error().message;
}

TEST_CASE("each kind of term is read as what it says") {
  CHECK(read("team=platform,tier!=test,region in (eu,us),zone notin (a),legacy,!old") ==
        Selector{{"team", Test::equals, {"platform"}},
                 {"tier", Test::differs, {"test"}},
                 {"region", Test::in, {"eu", "us"}},
                 {"zone", Test::not_in, {"a"}},
                 {"legacy", Test::exists, {}},
                 {"old", Test::absent, {}}});
}

TEST_CASE("spaces between the words of a selector say nothing") {
  CHECK(read(" team = platform , region in ( eu , us ) ") ==
        read("team=platform,region in (eu,us)"));
}

TEST_CASE("two equals signs are one") { CHECK(read("team==platform") == read("team=platform")); }

TEST_CASE("an empty selector holds for everything") {
  CHECK(holds("", {}));
  CHECK(holds("", {{"team", "platform"}}));
}

TEST_CASE("every term must hold") {
  const Labels labels{{"team", "platform"}, {"region", "eu"}};
  CHECK(holds("team=platform,region=eu", labels));
  CHECK_FALSE(holds("team=platform,region=us", labels));
}

TEST_CASE("a term that denies holds where the key is missing") {
  CHECK(holds("tier!=test", {}));
  CHECK(holds("tier notin (test,dev)", {}));
  CHECK_FALSE(holds("tier!=test", {{"tier", "test"}}));
  CHECK_FALSE(holds("tier notin (test,dev)", {{"tier", "dev"}}));
}

TEST_CASE("a term that affirms does not hold where the key is missing") {
  CHECK_FALSE(holds("team=platform", {}));
  CHECK_FALSE(holds("team in (platform)", {}));
  CHECK_FALSE(holds("team", {}));
  CHECK(holds("!team", {}));
}

TEST_CASE("what was read is written so that it is read again") {
  for (const char* text : {"", "team=platform", "tier!=test", "region in (eu,us)",
                           "region notin (eu)", "legacy", "!legacy", "a=1,b!=2,c,!d"}) {
    CHECK(to_text(read(text)) == text);
  }
}

TEST_CASE("a mistake in a selector is told with its column") {
  for (const char* text : {"=platform", "team=a,,b", "region in eu", "region in (eu", "team=a b",
                           "!", "team!", "a=1,"}) {
    CHECK(mistake(text).find("column") != std::string::npos);
  }
}

}  // namespace
}  // namespace mainspring::model
