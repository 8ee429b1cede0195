#include <doctest/doctest.h>

#include <array>
#include <set>

#include "env/random.h"
#include "env/testing.h"

namespace mainspring::env {
namespace {

TEST_CASE("advancing moves both readings, setting the wall clock moves one") {
  ManualClock clock{base::from_millis(1'000)};
  clock.advance(base::Duration{5});
  CHECK_EQ(base::to_millis(clock.now()), 1'005);
  CHECK_EQ(clock.monotonic().count(), 5);
  clock.set_wall(base::from_millis(10));
  CHECK_EQ(base::to_millis(clock.now()), 10);
  CHECK_EQ(clock.monotonic().count(), 5);
}

TEST_CASE("a seed replays its bytes, another seed gives others") {
  std::array<std::uint8_t, 20> first{};
  std::array<std::uint8_t, 20> again{};
  std::array<std::uint8_t, 20> other{};
  SeededRandom{1}.fill(first);
  SeededRandom{1}.fill(again);
  SeededRandom{2}.fill(other);
  CHECK(first == again);
  CHECK(first != other);
}

TEST_CASE("the generator gives the published values of splitmix64") {
  std::array<std::uint8_t, 8> bytes{};
  SeededRandom{1234567}.fill(bytes);  // first output: 6457827717110365317
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i)
    word |= std::uint64_t{bytes[i]} << (8 * i);
  CHECK_EQ(word, 6457827717110365317U);
}

TEST_CASE("numbers below a bound stay below it and reach every value") {
  SeededRandom random{42};
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200; ++i)
    seen.insert(random_below(random, 6));
  CHECK_EQ(seen.size(), 6);
  CHECK_EQ(*seen.rbegin(), 5);
  CHECK_EQ(random_below(random, 1), 0);
}

TEST_CASE("ids made from a clock and a random source carry the time and differ") {
  const ManualClock clock{base::from_millis(1'000)};
  SeededRandom random{7};
  const auto first = make_id<base::RunId>(clock, random);
  const auto second = make_id<base::RunId>(clock, random);
  CHECK(first != second);
  CHECK(first.text().starts_with("run_0000000003e87"));
}

}  // namespace
}  // namespace mainspring::env
