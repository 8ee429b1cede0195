#include "json/document.h"

#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "json/base64.h"
#include "json/write.h"
#include "json/yaml_scalar.h"

namespace mainspring::json {
namespace {

std::string json_mistake(std::string_view text, ParseLimits limits = {}) {
  const auto document = parse_json(text, limits);
  REQUIRE_FALSE(document.has_value());
  return to_text(document.error());
}

std::string yaml_mistake(std::string_view text, ParseLimits limits = {}) {
  const auto documents = parse_yaml(text, limits);
  REQUIRE_FALSE(documents.has_value());
  return to_text(documents.error());
}

// The compact JSON of the only document.
std::string yaml_as_json(std::string_view text) {
  const auto documents = parse_yaml(text);
  if (!documents) return to_text(documents.error());
  REQUIRE_EQ(documents->size(), 1);
  return write(documents->front().value);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0)
    out += text;
  return out;
}

TEST_CASE("JSON mistakes have a line and a column") {
  const std::string head = "the document is not valid JSON\n";
  CHECK_EQ(json_mistake(""), head + "1:1: the document is empty");
  CHECK_EQ(json_mistake(" \n "), head + "2:2: the document is empty");
  CHECK_EQ(json_mistake("{\"a\": 1"), head + "1:8: the document ends too early");
  CHECK_EQ(json_mistake("{\"a\": 1,}"), head + "1:9: unexpected '}'");
  CHECK_EQ(json_mistake("{\n  \"é\": tru\n}"), head + "2:8: unexpected 't'");
  CHECK_EQ(json_mistake("[1 2]"), head + "1:4: unexpected '2'");
  CHECK_EQ(json_mistake("{} {}"), head + "1:4: expected the end of the document");
  CHECK_EQ(json_mistake("{'a': 1}"), head + "1:2: unexpected '''");
  CHECK_EQ(json_mistake("[01]"), head + "1:3: unexpected '1'");
  CHECK_EQ(json_mistake("[NaN]"), head + "1:2: unexpected 'N'");
  CHECK_EQ(json_mistake("// x\n1"), head + "1:1: unexpected '/'");
  CHECK_EQ(json_mistake("\"\xFF\""), head + "1:2: unexpected byte 0xFF");
  CHECK_EQ(json_mistake("\"a\nb\""), head + "1:3: unexpected byte 0x0A");
  CHECK_EQ(json_mistake("[1e999]"), head + "1:7: the number is too large for a double");
}

TEST_CASE("repeated keys are mistakes at any depth, each at its place") {
  CHECK_EQ(json_mistake("{\"a\": 1,\n \"b\": [{\"c\": 1, \"\\u0063\": 2}], \"a\": 3}"),
           "the document repeats keys\n2:17: /b/0/c: duplicate key\n2:32: /a: duplicate key");
}

TEST_CASE("depth and size have limits") {
  CHECK(parse_json(repeated("[", 64) + repeated("]", 64)).has_value());
  CHECK_EQ(json_mistake(repeated("[", 65) + repeated("]", 65)),
           "the document is not valid JSON\n1:65: more than 64 levels deep");
  CHECK(json_mistake(repeated("[", 1'000'000)).contains("more than 64 levels deep"));
  ParseLimits small;
  small.max_bytes = 3;
  CHECK_EQ(json_mistake("12345", small), "the document has 5 bytes; at most 3 are allowed");
  CHECK(parse_json("12345", small).error().code == base::Code::too_large);
}

TEST_CASE("a pointer leads to the place of its value or key") {
  const auto document = parse_json("{\n  \"a/b\": {\"~\": [10, {\"x\": true}]},\n  \"c\": 1 }");
  REQUIRE(document.has_value());
  CHECK(document->locate("") == Position{1, 1});
  CHECK(document->locate("/a~1b") == Position{2, 10});
  CHECK(document->locate("/a~1b/~0/1/x") == Position{2, 27});
  CHECK(document->locate("/a~1b/~0/1/x", Part::key) == Position{2, 22});
  CHECK(document->locate("/c", Part::key) == Position{3, 3});
  CHECK(document->locate("/a~1b/missing") == Position{2, 10});
  CHECK(Document{}.locate("/a") == Position{});
}

TEST_CASE("numbers keep their value and their kind") {
  for (const std::string text :
       {"0", "-1", "9223372036854775807", "18446744073709551615", "1.0", "0.1", "5e-324", "1e+22",
        "1.7976931348623157e+308", "-0.0", "123456789.12345679", "9007199254740993.0"}) {
    CAPTURE(text);
    const auto value = parse_json(text).value().value;
    CHECK(parse_json(write(value)).value().value == value);
    CHECK(parse_yaml(write_yaml(value)).value().at(0).value == value);
    if (!value.is_double()) CHECK_EQ(write(value), text);
  }
  CHECK_EQ(write(Value(0.5)), "0.5");
  CHECK_EQ(write(Value(std::nan(""))), "null");
}

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

TEST_CASE("pretty JSON is indented by two spaces") {
  const auto value = parse_json(R"({"a":[1,{"b":null}],"c":{},"d":[],"e":"\u0001\"\\/é"})");
  CHECK_EQ(write_pretty(value.value().value),
           "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n"
           "  \"c\": {},\n  \"d\": [],\n  \"e\": \"\\u0001\\\"\\\\/é\"\n}\n");
}

TEST_CASE("YAML scalars follow the core schema of version 1.2") {
  struct Row {
    std::string_view yaml, json;
  };
  for (const auto& [yaml, json] : std::initializer_list<Row>{
           {"yes", "\"yes\""},
           {"No", "\"No\""},
           {"on", "\"on\""},
           {"y", "\"y\""},
           {"true", "true"},
           {"FALSE", "false"},
           {"tRue", "\"tRue\""},
           {"~", "null"},
           {"null", "null"},
           {"\"null\"", "\"null\""},
           {"'12'", "\"12\""},
           {"12", "12"},
           {"+12", "12"},
           {"-12", "-12"},
           {"007", "7"},
           {"0o17", "15"},
           {"0xfF", "255"},
           {"0b11", "\"0b11\""},
           {"1_000", "\"1_000\""},
           {"12:30:45", "\"12:30:45\""},
           {"2001-12-14", "\"2001-12-14\""},
           {"1.5", "1.5"},
           {"1.", "1.0"},
           {".5", "0.5"},
           {"-1e3", "-1000.0"},
           {"1e", "\"1e\""},
           {".", "\".\""},
           {"1.2.3", "\"1.2.3\""},
           {"18446744073709551615", "18446744073709551615"},
           {"!!str 12", "\"12\""},
           {"!!int 12", "12"},
           {"!!float 12", "12.0"},
           {"! 12", "\"12\""},
           {"|\n a\n b\n", "\"a\\nb\\n\""},
           {">-\n a\n b\n", "\"a b\""},
           {"\"\\x41\\u00e9\\0\"", "\"Aé\\u0000\""},
           {"{a: 1, b: [x, ~, ]}", R"({"a":1,"b":["x",null]})"},
           {"a: b # c", R"({"a":"b"})"},
           {"a:\nb: 1", R"({"a":null,"b":1})"},
           {"- \n- a", R"([null,"a"])"},
           {"? a\n: b", R"({"a":"b"})"},
           {"'1': x", R"({"1":"x"})"},
           {"yes: 1", R"({"yes":1})"},
           {"%YAML 1.2\n---\na", "\"a\""},
           {"\xEF\xBB\xBF"
            "a: 1",
            R"({"a":1})"},
           {"a: &x [1, 2]\nb: *x", R"({"a":[1,2],"b":[1,2]})"},
           {"&k a: 1\nb: *k", R"({"a":1,"b":"a"})"},
           {"a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3", R"({"a":{"p":1,"q":2},"b":{"q":3,"p":1}})"},
           {"b:\n  q: 3\n  <<: [{q: 1, r: 1}, {r: 2, s: 2}]", R"({"b":{"q":3,"r":1,"s":2}})"},
           {"'<<': 1", R"({"<<":1})"},
       }) {
    CAPTURE(yaml);
    CHECK_EQ(yaml_as_json(yaml), json);
  }
}

TEST_CASE("YAML that has no one meaning here is refused with its place") {
  const std::string head = "the document is not valid YAML\n";
  CHECK_EQ(yaml_mistake("a: 1\nb:\n  c: 1\n  c: 2\na: 3"),
           head + "4:3: /b/c: duplicate key\n5:1: /a: duplicate key");
  CHECK_EQ(yaml_mistake("a: .inf\nb: -.INF\nc: .nan"),
           head +
               "1:4: /a: infinities and NaN are not allowed\n"
               "2:4: /b: infinities and NaN are not allowed\n"
               "3:4: /c: infinities and NaN are not allowed");
  CHECK_EQ(yaml_mistake("a:\n  80: x"), head + "2:3: /a: a key must be a string; put it in quotes");
  CHECK_EQ(yaml_mistake("? [a]\n: b"), head + "1:3: a key must be a string");
  CHECK_EQ(yaml_mistake("é: !py x"), head + "1:4: /é: the tag \"!py\" is not supported here");
  CHECK_EQ(yaml_mistake("!!int x"),
           head + "1:1: the tag \"tag:yaml.org,2002:int\" is not supported here");
  CHECK_EQ(yaml_mistake("!!set {a}"),
           head + "1:1: the tag \"tag:yaml.org,2002:set\" is not supported here");
  CHECK_EQ(yaml_mistake("a: 0xFFFFFFFFFFFFFFFFF"),
           head + "1:4: /a: the number does not fit 64 bits");
  CHECK_EQ(yaml_mistake("a: [1, 2"), head + "1:9: end of sequence flow not found");
  CHECK(yaml_mistake("a: b: c").starts_with(head + "1:5: "));
  CHECK(yaml_mistake("a: *b").starts_with(head + "1:4: "));
  CHECK_EQ(yaml_mistake("a: &x [*x]"), head + "1:8: /a/0: an alias inside its own anchor");
  CHECK_EQ(yaml_mistake("<<: 1"), head + "1:1: \"<<\" takes a map or a list of maps");
  CHECK_EQ(yaml_mistake("a: \xFF"), head + "1:4: the text is not UTF-8");
  CHECK_EQ(yaml_mistake("a: 1\nb: \x04"),
           head + "2:4: control characters are not allowed here; escape them in quotes");
}

TEST_CASE("YAML has as many documents as its text") {
  CHECK(parse_yaml("").value().empty());
  CHECK_EQ(parse_yaml("# nothing\n").value().size(), 0);
  const auto documents = parse_yaml("a: 1\n---\nb: 2\n...\n---\n").value();
  REQUIRE_EQ(documents.size(), 3);
  CHECK_EQ(write(documents[1].value), R"({"b":2})");
  CHECK(documents[1].locate("/b") == Position{3, 4});
  CHECK(documents[2].value.is_null());
  ParseLimits limits;
  limits.max_documents = 2;
  CHECK_EQ(yaml_mistake("1\n---\n2\n---\n3", limits), "more than 2 documents");
}

TEST_CASE("aliases cannot make a small text into a huge tree") {
  std::string laughs = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n";
  for (int i = 1; i < 10; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    const auto name = "a" + std::to_string(i);
    laughs += name + ": &" + name + " [" + repeated(before + ", ", 8) + before + "]\n";
  }
  const auto result = parse_yaml(laughs);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == base::Code::too_large);
  CHECK_EQ(result.error().message, "the document has more than 100000 nodes, aliases expanded");

  const std::string bytes =
      "a: &a " + std::string(1 << 20, 'x') + "\nb: [" + repeated("*a, ", 20) + "*a]\n";
  CHECK_EQ(yaml_mistake(bytes), "aliases make the document larger than 16777216 bytes");
}

TEST_CASE("deep YAML is refused before it exhausts the stack") {
  CHECK(parse_yaml(repeated("[", 64) + repeated("]", 64)).has_value());
  CHECK_EQ(
      yaml_mistake(repeated("[", 65) + repeated("]", 65)),
      "the document is not valid YAML\n1:65: " + repeated("/0", 64) + ": more than 64 levels deep");
  CHECK(yaml_mistake(repeated("- ", 3000)).contains("more than 64 levels deep"));
  CHECK(yaml_mistake(repeated("? ", 3000)).size() > 0);
}

TEST_CASE("texts that other readers would take for something else are quoted") {
  struct Row {
    std::string_view text, yaml;
  };
  for (const auto& [text, yaml] : std::initializer_list<Row>{
           {"plain text", "plain text\n"},
           {"", "\"\"\n"},
           {"no", "\"no\"\n"},
           {"On", "\"On\"\n"},
           {"n", "\"n\"\n"},
           {"null", "\"null\"\n"},
           {"12", "\"12\"\n"},
           {"0777", "\"0777\"\n"},
           {"1_000", "\"1_000\"\n"},
           {"12:30", "\"12:30\"\n"},
           {"2026-03-29", "\"2026-03-29\"\n"},
           {".inf", "\".inf\"\n"},
           {"- x", "\"- x\"\n"},
           {"--flag", "--flag\n"},
           {"---", "\"---\"\n"},
           {"a: b", "\"a: b\"\n"},
           {"a:b", "a:b\n"},
           {"a #b", "\"a #b\"\n"},
           {"a:", "\"a:\"\n"},
           {" a", "\" a\"\n"},
           {"${{ inputs.x }}", "${{ inputs.x }}\n"},
           {"{a}", "\"{a}\"\n"},
           {"<<", "\"<<\"\n"},
           {"é", "é\n"},
           {"a\xC2\x85z", "\"a\\u0085z\"\n"},
           {"a\xE2\x80\xA8z", "\"a\\u2028z\"\n"},
           {"a\tb", "\"a\\tb\"\n"},
           {"set -e\n\necho hi\n", "|\n  set -e\n\n  echo hi\n"},
           {"a\nb", "|-\n  a\n  b\n"},
           {"a\n\n", "\"a\\n\\n\"\n"},
           {" a\nb", "\" a\\nb\"\n"},
       }) {
    CAPTURE(text);
    CHECK_EQ(write_yaml(Value(text)), yaml);
    CHECK_EQ(parse_yaml(yaml).value().at(0).value, Value(text));
  }
}

TEST_CASE("block YAML is laid out as people write it") {
  const auto value = parse_json(
      R"({"name":"a","steps":[{"run":"x\ny\n","env":{"K":"1"}},[1,[2]],{}],"none":null,"e":[]})");
  CHECK_EQ(write_yaml(value.value().value), R"(name: a
steps:
  - run: |
      x
      y
    env:
      K: "1"
  - - 1
    - - 2
  - {}
none: null
e: []
)");
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

TEST_CASE("base64 has one encoding for each text and refuses all others") {
  struct Row {
    std::string_view bytes, text;
  };
  for (const auto& [bytes, text] : std::initializer_list<Row>{{"", ""},
                                                              {"f", "Zg=="},
                                                              {"fo", "Zm8="},
                                                              {"foo", "Zm9v"},
                                                              {"foob", "Zm9vYg=="},
                                                              {"\xFF\xFE\xFD", "//79"}}) {
    CHECK_EQ(encode_base64(bytes), text);
    CHECK_EQ(decode_base64(text).value(), bytes);
  }
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm 9", "Zm9v\n"})
    CHECK_FALSE(decode_base64(text).has_value());
}

}  // namespace
}  // namespace mainspring::json
