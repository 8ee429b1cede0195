// The tables in testdata/, and the examples of docs/reference/expressions.md.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "expr/fixtures.h"
#include "expr/functions.h"
#include "expr/template.h"

namespace mainspring::expr {
namespace {

struct Row {
  std::string line;
  std::string text;
  std::string scope;
  std::string expected;
};

std::string trim(const std::string& text) {
  const auto from = text.find_first_not_of(' ');
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

// A line is three columns with " | " between them, which no operator contains.
std::vector<Row> read_table(const std::string& name) {
  std::ifstream file{"src/expr/testdata/" + name};
  REQUIRE_MESSAGE(file.good(), "run from the root of the project: cannot read " << name);
  std::vector<Row> rows;
  std::string scope = "{}";
  constexpr std::string_view kScope = "scope: ";
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with(kScope)) {
      scope = line.substr(kScope.size());
      continue;
    }
    // From the right: a text may hold a bar of its own.
    const auto last = line.rfind(" | ");
    const auto first = last == std::string::npos ? last : line.rfind(" | ", last - 1);
    REQUIRE_MESSAGE(first != std::string::npos, line);
    Row row{line, trim(line.substr(0, first)), trim(line.substr(first + 3, last - first - 3)),
            trim(line.substr(last + 3))};
    if (row.scope == "-") row.scope = scope;
    rows.push_back(std::move(row));
  }
  return rows;
}

// "column 5: message (suggestion)", or the value as JSON.
std::string outcome_of(const std::string& text, const std::string& scope) {
  const auto parsed = Template::parse(text);
  auto value = parsed ? parsed->evaluate(testing::make_scope(scope)) : base::fail(parsed.error());
  if (value) return testing::write_json(*value);
  const base::Error& error = value.error();
  REQUIRE(error.problems.size() == 1);
  CHECK(error.code == base::Code::invalid_argument);
  CHECK(error.message == error.problems[0].message);
  const std::string& meant = error.problems[0].suggestion;
  return error.message + (meant.empty() ? "" : " (" + meant + ")");
}

void check_row(const Row& row, const std::string& text) {
  INFO(row.line);
  if (row.expected.starts_with("column ")) {
    CHECK_EQ(outcome_of(text, row.scope), row.expected);
    return;
  }
  CHECK_EQ(outcome_of(text, row.scope), testing::write_json(boost::json::parse(row.expected)));
  const auto parsed = Template::parse(text);
  const auto again = Template::parse(parsed.value().text());
  REQUIRE_MESSAGE(again, parsed->text());
  CHECK(again->text() == parsed->text());
  CHECK_EQ(outcome_of(again->text(), row.scope), outcome_of(text, row.scope));
}

TEST_CASE("every expression of the table gives its value, and so does its canonical text") {
  for (const Row& row : read_table("values.txt"))
    check_row(row, "${{ " + row.text + " }}");
}

TEST_CASE("every text of the table gives its value, and so does its canonical text") {
  for (const Row& row : read_table("texts.txt"))
    check_row(row, row.text);
}

TEST_CASE("every mistake of the table is refused with its exact message and place") {
  for (const Row& row : read_table("mistakes.txt"))
    check_row(row, row.text);
}

}  // namespace
}  // namespace mainspring::expr
