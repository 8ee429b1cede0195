#include "model/diff.h"

#include <doctest/doctest.h>

#include <string>

#include "json/codec.h"
#include "json/document.h"

namespace mainspring::model {
namespace {

// "pointer: before -> after" for each change; "+" and "-" where one side is absent.
std::string changes(const std::string& before, const std::string& after) {
  const auto old = json::parse_json(before);
  const auto fresh = json::parse_json(after);
  REQUIRE(old);
  REQUIRE(fresh);
  std::string out;
  for (const Change& change : diff({old->value, fresh->value})) {
    if (!out.empty()) out += "; ";
    out += change.pointer + ": ";
    out += change.before ? json::write(*change.before) : "+";
    out += " -> ";
    out += change.after ? json::write(*change.after) : "-";
  }
  return out;
}

TEST_CASE("equal documents have no changes") {
  CHECK(changes(R"({"a": [1, {"b": 2}]})", R"({"a": [1, {"b": 2}]})").empty());
}

TEST_CASE("a change names the innermost member that differs") {
  CHECK(changes(R"({"timeout": {"run": "1h", "grace": "5s"}})",
                R"({"timeout": {"run": "2h", "grace": "5s"}})") == R"(/timeout/run: "1h" -> "2h")");
}

TEST_CASE("members that came and went are said whole, those that went first") {
  CHECK(changes(R"({"queue": "slow", "labels": {"a": "1"}})",
                R"({"priority": 3, "labels": {"b": "2"}})") ==
        R"(/queue: "slow" -> -; /priority: + -> 3; /labels/a: "1" -> -; /labels/b: + -> "2")");
}

TEST_CASE("slashes and tildes in keys are escaped") {
  CHECK(changes(R"({"a/b~c": 1})", R"({"a/b~c": 2})") == "/a~1b~0c: 1 -> 2");
}

TEST_CASE("an element put in front of a list is one addition") {
  CHECK(changes(R"({"list": [1, 2, 3]})", R"({"list": [0, 1, 2, 3]})") == "/list/0: + -> 0");
}

TEST_CASE("an element taken out of a list is one removal, at its old place") {
  CHECK(changes("[1, 2, 3, 4]", "[1, 2, 4]") == "/2: 3 -> -");
}

TEST_CASE("an element exchanged in a list is one change") {
  CHECK(changes(R"(["backup", "--full", "/srv"])", R"(["backup", "--quick", "/srv"])") ==
        R"(/1: "--full" -> "--quick")");
}

TEST_CASE("a map of a list is matched with the one that it is most like") {
  CHECK(changes(R"([{"cron": "0 1 * * *", "timezone": "Europe/Berlin"},
                    {"every": "5m", "overlap": "allow"}])",
                R"([{"every": "5m", "overlap": "skip"}])") ==
        R"(/0: {"cron":"0 1 * * *","timezone":"Europe/Berlin"} -> -; )"
        R"(/1/overlap: "allow" -> "skip")");
}

TEST_CASE("a second schedule leaves the first one as it was") {
  const std::string one = R"({"schedule": {"cron": "0 1 * * *"}})";
  const std::string two = R"({"schedule": [{"cron": "0 1 * * *"}, {"every": "1h"}]})";
  CHECK(changes(one, two) == R"(/schedule/1: + -> {"every":"1h"})");
  CHECK(changes(two, one) == R"(/schedule/1: {"every":"1h"} -> -)");
}

TEST_CASE("a text in the place of a list is a change of the whole") {
  CHECK(changes(R"({"command": ["true"]})", R"({"command": "true"})") ==
        R"(/command: ["true"] -> "true")");
}

TEST_CASE("long lists in another order are compared in bounded time") {
  json::Array before;
  json::Array after;
  for (int i = 0; i < 5'000; ++i) {
    before.emplace_back(json::Object{{"from", i}});
    after.emplace_back(json::Object{{"from", 10'000 - i}});
  }
  after.emplace_back(json::Object{{"from", 17}});
  after.emplace_back(json::Object{{"from", 1}});
  const json::Value old(before);
  const json::Value fresh(after);
  CHECK(diff({old, fresh}).size() == 2 * 5'000 - 2);
}

TEST_CASE("the alignment is a longest common subsequence") {
  const std::string before = "xaybzc";
  const std::string after = "abqc";
  const Alignment pairs = align({before.size(), after.size()}, [&](std::size_t i, std::size_t j) {
    return before[i] == after[j];
  });
  CHECK(pairs == Alignment{{1, 0}, {3, 1}, {5, 3}});
}

}  // namespace
}  // namespace mainspring::model
