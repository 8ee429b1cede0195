#include "store/line_finder.h"

#include <doctest/doctest.h>

#include "store/terminal_text.h"

namespace mainspring::store {
namespace {

using Lines = std::vector<std::string>;

// "number:text" of each line of a block, which begins with line 5, that matches.
Lines find(std::string_view text, LinePattern wanted) {
  Lines out;
  const auto finder = LineFinder::make(std::move(wanted)).value();
  finder.search({.first_line = 5, .text = text}, [&](const FoundLine& line) {
    out.push_back(std::to_string(line.number) + ":" + std::string(line.text));
    return Next::go_on;
  });
  return out;
}

LinePattern regex(std::string text) { return {std::move(text), Syntax::regex, Case::exact}; }
LinePattern folded(std::string text) { return {std::move(text), Syntax::text, Case::ignored}; }

std::string spans(std::string_view line, LinePattern wanted) {
  std::string out;
  for (const TextSpan& span : LineFinder::make(std::move(wanted)).value().find_spans(line, 3))
    out += std::to_string(span.begin) + "+" + std::to_string(span.length) + " ";
  return out;
}

TEST_CASE("each line that holds the text is found once") {
  CHECK(find("one\ntwo two\nTwo\n", {"two"}) == Lines{"6:two two"});
  CHECK(find("two", {"two"}) == Lines{"5:two"});
  CHECK(find("", {"two"}).empty());
  CHECK(find("a.c\nabc\n", {"a.c"}) == Lines{"5:a.c"});
}

TEST_CASE("an empty pattern is in every line") {
  CHECK(find("one\n\ntwo", {}) == Lines{"5:one", "6:", "7:two"});
}

TEST_CASE("letters are folded beyond ASCII") {
  CHECK(find("one\nTwo\ntWO two\n", folded("TWO")) == Lines{"6:Two", "7:tWO two"});
  CHECK(find("ÄRGER\nArger\n", folded("ärger")) == Lines{"5:ÄRGER"});
  CHECK(find("a.c\nABC\n", folded("A.C")) == Lines{"5:a.c"});
}

TEST_CASE("a regular expression is about one line") {
  CHECK(find("took 12 ms\ntook 1200 ms\n", regex("took [0-9]{4,} ms")) == Lines{"6:took 1200 ms"});
  CHECK(find("ab\nb\n", regex("^b$")) == Lines{"6:b"});
  CHECK(find("a\nb\n", regex("a\\s+b")).empty());
  CHECK(find("a\nb\n", regex("\\Ab")) == Lines{"6:b"});
}

TEST_CASE("the end of a line is the same where programs write CR LF") {
  CHECK(find("done\r\nundone\r\n", regex("^done$")) == Lines{"5:done\r"});
}

TEST_CASE("a line is found by what a terminal shows of it, and given as it is") {
  const std::string text = "x\n\x1b[1;31merr\x1b[0mor: y\n\x1b]0;error: y\x07z\nerror: y\n";
  CHECK(find(text, {"error: y"}) == Lines{"6:\x1b[1;31merr\x1b[0mor: y", "8:error: y"});
  CHECK(find(text, regex("^error")) == Lines{"6:\x1b[1;31merr\x1b[0mor: y", "8:error: y"});
  CHECK(find(text, {"31"}).empty());
}

TEST_CASE("a search stops when it is told to") {
  int seen = 0;
  const auto finder = LineFinder::make({"a"}).value();
  CHECK(finder.search({.text = "a\na\na\n"}, [&](const FoundLine&) {
    return ++seen == 2 ? Next::stop : Next::go_on;
  }) == Next::stop);
  CHECK_EQ(seen, 2);
}

TEST_CASE("a pattern that cannot be is refused with the reason") {
  const auto refuse = [](LinePattern wanted) {
    return LineFinder::make(std::move(wanted)).error().message;
  };
  CHECK_EQ(refuse(regex("(a")), "'(a' is no regular expression of RE2: missing ): (a");
  CHECK(refuse(regex("(?=a)")).contains("invalid perl operator"));
  CHECK(refuse(regex("((a{100}){100}){100}")).contains("is no regular expression"));
  CHECK(refuse({"a\nb"}).contains("line break"));
  CHECK(refuse({std::string(kPatternBytes + 1, 'a')}).contains("1000 is the most"));
}

TEST_CASE("a pattern that backtracking would never finish is over at once") {
  const std::string line(1 << 20, 'a');
  CHECK(find(line + "b\n", regex("(a+)+$")).empty());
}

TEST_CASE("spans are places in the text that a terminal shows") {
  CHECK_EQ(spans("a ab aab", {"a"}), "0+1 2+1 5+1 ");
  CHECK_EQ(spans("\x1b[31mred\x1b[0m fired", {"red"}), "0+3 6+3 ");
  CHECK_EQ(spans("b", regex("a*")), "");
  CHECK_EQ(spans("abc", {}), "");
}

TEST_CASE("what steers a terminal is left out, and line breaks stay") {
  CHECK_EQ(visible_text("\x1b[38;5;12mblue\x1b[m"), "blue");
  CHECK_EQ(visible_text("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\!"), "link!");
  CHECK_EQ(visible_text("\x1b(Bx\x1b"), "x");
  CHECK_EQ(visible_text("\x1b[12\nm\x1b]0;title\n\x1b\n."), "\nm\n\n.");
  CHECK_EQ(visible_text("plain"), "plain");
}

}  // namespace
}  // namespace mainspring::store
