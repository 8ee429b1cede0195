// The examples and the table of functions on docs/reference/expressions.md. Where the table
// differs, the page as it would be right is written to the system's temporary directory.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "expr/fixtures.h"
#include "expr/functions.h"
#include "expr/template.h"

namespace mainspring::expr {
namespace {

const std::string kPage = "docs/reference/expressions.md";
const std::string kEnd = "<!-- end -->";

std::string read_page() {
  std::ifstream file(kPage);
  REQUIRE_MESSAGE(file.good(), "run from the root of the project: cannot read " << kPage);
  std::ostringstream whole;
  whole << file.rdbuf();
  return whole.str();
}

// The scope that the page shows.
Scope read_scope(const std::string& page) {
  const std::string begin = "<!-- scope -->\n```json\n";
  const std::size_t from = page.find(begin) + begin.size();
  return testing::make_scope(page.substr(from, page.find("```", from) - from));
}

// Markdown writes a bar inside a table as "\|".
std::string without_escapes(std::string text) {
  for (auto at = text.find("\\|"); at != std::string::npos; at = text.find("\\|", at + 1))
    text.erase(at, 1);
  return text;
}

// "| `text` | `gives` |", or "| `text` | error: message |".
void check_example(const std::string& line, const Scope& scope) {
  INFO(line);
  const std::size_t middle = line.find("` | ");
  REQUIRE(line.starts_with("| `"));
  REQUIRE(middle != std::string::npos);
  const std::string text = without_escapes(line.substr(3, middle - 3));
  const std::string gives = without_escapes(line.substr(middle + 4, line.size() - middle - 6));
  const auto parsed = Template::parse(text);
  const auto value = parsed ? parsed->evaluate_text(scope) : base::fail(parsed.error());
  CHECK_EQ(value ? "`" + *value + "`" : "error: " + value.error().message, gives);
}

TEST_CASE("every example of the reference gives what the page says") {
  const std::string page = read_page();
  const Scope scope = read_scope(page);
  std::istringstream lines(page);
  int count = 0;
  bool is_inside = false;
  for (std::string line; std::getline(lines, line);) {
    is_inside &= line != kEnd;
    const bool is_row = line.starts_with("| `");
    if (is_inside && is_row) check_example(line, scope);
    count += is_inside && is_row ? 1 : 0;
    is_inside |= line == "<!-- examples -->";
  }
  CHECK(count > 30);
}

TEST_CASE("the reference has every function as the program knows it") {
  std::string table = "| function | gives |\n|---|---|\n";
  for (const Function& function : functions())
    table += fmt::format("| `{}` | {} |\n", function.signature, function.summary);
  const std::string page = read_page();
  const std::string begin = "<!-- functions -->\n";
  const std::size_t from = page.find(begin) + begin.size();
  const std::size_t to = page.find(kEnd, from);
  const std::string made = page.substr(0, from) + table + page.substr(to);
  if (made == page) return;
  const auto copy = std::filesystem::temp_directory_path() / "expressions.md";
  std::ofstream(copy) << made;
  FAIL_CHECK("the functions have changed; read the difference, then: cp " << copy.string() << " "
                                                                          << kPage);
}

}  // namespace
}  // namespace mainspring::expr
