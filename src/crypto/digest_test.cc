#include "crypto/digest.h"

#include <doctest/doctest.h>

#include "env/testing.h"

namespace mainspring::crypto {
namespace {

TEST_CASE("sha256 gives the published digest of a known text") {
  CHECK_EQ(to_hex(sha256("abc")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("constant-time comparison agrees with equality") {
  CHECK(equal_in_constant_time("same", "same"));
  CHECK_FALSE(equal_in_constant_time("same", "sama"));
  CHECK_FALSE(equal_in_constant_time("same", "samee"));
}

TEST_CASE("a token has its prefix, 256 bits of text, and is never the same twice") {
  env::SeededRandom random{1};
  const std::string first = make_token("mst", random);
  CHECK_EQ(first.size(), 4 + 43);
  CHECK(first.starts_with("mst_"));
  CHECK(first != make_token("mst", random));
}

}  // namespace
}  // namespace mainspring::crypto
