#include "env/random.h"

#include <array>
#include <limits>

#include "base/check.h"

namespace mainspring::env {
namespace {

std::uint64_t next_word(Random& random) {
  std::array<std::uint8_t, 8> bytes;
  random.fill(bytes);
  std::uint64_t word = 0;
  for (const std::uint8_t byte : bytes)
    word = (word << 8) | byte;
  return word;
}

}  // namespace

std::uint64_t random_below(Random& random, std::uint64_t bound) {
  CHECK(bound > 0);
  // Words past the last whole multiple of `bound` would favour the small values: draw again.
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t excess = (last % bound + 1) % bound;
  std::uint64_t word = next_word(random);
  while (word > last - excess)
    word = next_word(random);
  return word % bound;
}

}  // namespace mainspring::env
