#include "runner/connection/challenge.h"

#include <doctest/doctest.h>

namespace mainspring::runner {
namespace {

TEST_CASE("a challenge has a scheme and values, quoted or not") {
  const Challenge challenge = parse_challenge(
      R"(Bearer realm="https://auth.example/token",service=images , scope="a, \"b\"")");
  CHECK_EQ(challenge.scheme, "bearer");
  CHECK_EQ(challenge.find("realm"), "https://auth.example/token");
  CHECK_EQ(challenge.find("service"), "images");
  CHECK_EQ(challenge.find("scope"), R"(a, "b")");
  CHECK_EQ(challenge.find("error"), "");
}

TEST_CASE("of several challenges the first is read, and of nonsense what makes sense") {
  const Challenge first = parse_challenge(R"(Basic realm="x", Bearer realm="y")");
  CHECK_EQ(first.scheme, "basic");
  CHECK_EQ(first.find("realm"), "x");
  CHECK_EQ(parse_challenge("").scheme, "");
  CHECK_EQ(parse_challenge("  Negotiate").scheme, "negotiate");
  CHECK_EQ(parse_challenge("Bearer =,=,,").values.size(), 0);
  CHECK_EQ(parse_challenge(R"(Bearer realm="no end)").find("realm"), "no end");
  CHECK_EQ(parse_challenge(R"(Bearer realm="\)").find("realm"), "\\");
}

}  // namespace
}  // namespace mainspring::runner
