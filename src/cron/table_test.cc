// The tables in testdata/: expected instants come from tools/cron_oracle.py, never from this code.
#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cron/occurrence.h"

namespace mainspring::cron {
namespace {

struct Row {
  std::string line;
  std::vector<std::string> columns;
};

std::string trim(const std::string& text) {
  const auto from = text.find_first_not_of(' ');
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(mark, from), text.size());
    parts.push_back(trim(text.substr(from, end - from)));
    from = end + 1;
  }
  return parts;
}

std::string with_blanks(std::string text) {
  for (const auto& [name, blank] : {std::pair{"<TAB>", "\t"}, std::pair{"<SPACE>", " "}}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, std::string_view{name}.size(), blank);
  }
  return text;
}

std::vector<Row> read_table(const std::string& name) {
  std::ifstream file{"src/cron/testdata/" + name};
  REQUIRE_MESSAGE(file.good(), "run from the root of the project: cannot read " << name);
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    rows.push_back({line, split(line, '|')});
    rows.back().columns[0] = with_blanks(rows.back().columns[0]);
  }
  return rows;
}

Timing to_timing(const Row& row) {
  std::string seed;
  base::Instant anchor{};
  DstPolicy dst;
  for (const std::string& word : split(row.columns[2], ' ')) {
    if (word.starts_with("seed=")) seed = word.substr(5);
    if (word.starts_with("anchor=")) anchor = base::parse_instant(word.substr(7)).value();
    if (word == "next") dst.gap = GapPolicy::next;
    if (word == "shift") dst.gap = GapPolicy::shift;
    if (word == "second") dst.fold = FoldPolicy::second;
    if (word == "both") dst.fold = FoldPolicy::both;
  }
  const auto expression = Expression::parse(row.columns[0], seed);
  REQUIRE_MESSAGE(expression, row.line);
  return {*expression, TimeZone::load(row.columns[1]).value(), dst, anchor};
}

// One row: forward to each expected instant, then back over the same ones.
void check_row(const Row& row) {
  const Timing timing = to_timing(row);
  const auto again = Expression::parse(timing.expression.text());
  REQUIRE_MESSAGE(again, timing.expression.text());
  CHECK_MESSAGE(*again == timing.expression, timing.expression.text());
  auto at = base::parse_instant(row.columns[3]);
  if (!at) at = base::Instant{std::chrono::sys_days{std::chrono::year{1969} / 12 / 1}};
  std::string found;
  std::vector<base::Instant> instants;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto next = next_after(timing, instants.empty() ? *at : instants.back());
    if (!next) break;
    instants.push_back(*next);
    found += (found.empty() ? "" : " ") + format_local(*next, timing.zone);
  }
  CHECK_MESSAGE((found.empty() ? "never" : found) == row.columns[4], row.line);
  for (std::size_t i = instants.size(); i > 1; --i)
    CHECK_MESSAGE(previous_before(timing, instants[i - 1]) == instants[i - 2], row.line);
  if (!instants.empty()) {
    const auto before = previous_before(timing, instants[0]);
    CHECK_MESSAGE((!before || *before <= *at), row.line);
  }
}

TEST_CASE("every expression of the table of rules fires when the oracle says") {
  for (const Row& row : read_table("rules.txt"))
    check_row(row);
}

TEST_CASE("every schedule of the table of clock changes fires when the oracle says") {
  for (const Row& row : read_table("clock_changes.txt"))
    check_row(row);
}

TEST_CASE("every mistake of the table is refused with its exact message") {
  for (const Row& row : read_table("mistakes.txt")) {
    const auto parsed = Expression::parse(row.columns[0], "seed");
    REQUIRE_MESSAGE(!parsed, row.line);
    const base::Error& error = parsed.error();
    CHECK(error.code == base::Code::invalid_argument);
    CHECK_EQ(error.message, row.columns[2]);
    REQUIRE_EQ(error.problems.size(), 1);
    CHECK_EQ(error.problems[0].message, error.message);
    const std::string column = ", column " + std::to_string(error.problems[0].column) + ": ";
    CHECK_MESSAGE(error.message.contains(column), row.line);
  }
}

}  // namespace
}  // namespace mainspring::cron
