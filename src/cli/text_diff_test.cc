#include "cli/text_diff.h"

#include <doctest/doctest.h>

namespace mainspring::cli {
namespace {

std::string diff(std::string_view before, std::string_view after) {
  std::string out;
  for (const DiffLine& line : diff_texts({before, after}))
    out += line.text + "\n";
  return out;
}

TEST_CASE("equal texts have no diff") {
  CHECK(diff("a\nb\n", "a\nb\n").empty());
  CHECK(diff("", "").empty());
}

TEST_CASE("a changed line stands between three lines of context") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes far from each other make two hunks") {
  CHECK(diff("a\n1\n2\n3\n4\n5\n6\n7\nz\n", "b\n1\n2\n3\n4\n5\n6\n7\ny\n") ==
        "@@ -1,4 +1,4 @@\n-a\n+b\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-z\n+y\n");
}

TEST_CASE("a text that was empty is all added, from line 0") {
  CHECK(diff("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n");
  CHECK(diff("a\n", "") == "@@ -1,1 +0,0 @@\n-a\n");
}

}  // namespace
}  // namespace mainspring::cli
