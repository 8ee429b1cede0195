#include "json/document.h"

#include <bit>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "json/write.h"

namespace mainspring::json {
namespace {

TEST_CASE("every double is read back to the same bits") {
  const unsigned seed = 20260329;
  MESSAGE("seed ", seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    const std::string text = write(Value(number));
    CAPTURE(text);
    REQUIRE(std::bit_cast<std::uint64_t>(parse_json(text).value().value.as_double()) ==
            std::bit_cast<std::uint64_t>(number));
  }
}

std::string random_text(std::mt19937_64& random) {
  static constexpr std::string_view kPieces[] = {
      "a",  "B",  "7",  "0",   "-",    " ",
      "\n", ":",  "#",  "\t",  "'",    "\"",
      "\\", "{",  "]",  ",",   "&",    "*",
      "!",  "|",  ">",  "%",   "@",    "`",
      "~",  ".",  "/",  "no",  "é",    "?",
      "=",  "<<", "\r", "e",   "null", "\xE2\x80\xA9",
      "_",  "0x", "+",  "€",   "\x1F", "\xF0\x9F\x98\x80",
      ": ", " #", "--", "\x7F"};
  std::string out;
  for (auto n = random() % 8; n > 0; --n)
    out += kPieces[random() % std::size(kPieces)];
  if (random() % 500 == 0) out += std::string(1500, 'k');
  return out;
}

Value random_value(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 0 ? 9 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return static_cast<std::int64_t>(random() % 100);
    case 4: {
      const double number = std::bit_cast<double>(random());
      return std::isfinite(number) ? number : 0.0;
    }
    case 7: {
      Array array;
      for (auto n = random() % 5; n > 0; --n)
        array.push_back(random_value(random, depth - 1));
      return array;
    }
    case 8: {
      Object object;
      for (auto n = random() % 5; n > 0; --n)
        object.emplace(random_text(random), random_value(random, depth - 1));
      return object;
    }
    default:
      return Value(random_text(random));
  }
}

TEST_CASE("every value is read back from JSON and from YAML as it was written") {
  const unsigned seed = 20261025;
  MESSAGE("seed ", seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 3000; ++i) {
    const Value value = random_value(random, 5);
    CAPTURE(i);
    const std::string json = write(value);
    CAPTURE(json);
    REQUIRE(parse_json(json).value().value == value);
    REQUIRE(parse_json(write_pretty(value)).value().value == value);
    const std::string yaml = write_yaml(value);
    CAPTURE(yaml);
    const auto documents = parse_yaml(yaml);
    REQUIRE(documents.has_value());
    REQUIRE_EQ(documents->size(), 1);
    REQUIRE(documents->front().value == value);
  }
}

TEST_CASE("damaged texts are refused or read, and never crash") {
  const unsigned seed = 20260704;
  MESSAGE("seed ", seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 3000; ++i) {
    const Value value = random_value(random, 4);
    std::string json = write_pretty(value);
    std::string yaml = write_yaml(value);
    for (std::string* text : {&json, &yaml}) {
      for (auto n = 1 + random() % 4; n > 0; --n) {
        const std::size_t at = random() % text->size();
        constexpr std::string_view kDamage = "{}[]:,-?&*!|>'\"# \n0a<\\%@~";
        if (random() % 3 == 0) {
          text->erase(at, 1 + random() % 3);
        } else {
          text->insert(at, 1, kDamage[random() % kDamage.size()]);
        }
        if (text->empty()) break;
      }
    }
    CAPTURE(json);
    if (const auto document = parse_json(json)) CHECK(document->locate("/0/a").line > 0);
    CAPTURE(yaml);
    if (const auto documents = parse_yaml(yaml); documents && !documents->empty())
      CHECK(parse_yaml(write_yaml(documents->front().value)).value().front().value ==
            documents->front().value);
  }
}

}  // namespace
}  // namespace mainspring::json
