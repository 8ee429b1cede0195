#include "json/document.h"

#include <cmath>

#include <doctest/doctest.h>

#include "json/base64.h"
#include "json/write.h"

namespace mainspring::json {
namespace {

std::string json_mistake(std::string_view text, ParseLimits limits = {}) {
  const auto document = parse_json(text, limits);
  REQUIRE_FALSE(document.has_value());
  return to_text(document.error());
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
  CHECK_EQ(json_mistake("{\"a\": 1"),
           head + "1:8: the document ends too early; a quote or a bracket is not closed");
  CHECK_EQ(json_mistake("{\"a\": 1,}"), head + "1:9: unexpected '}'; remove the ',' before it");
  CHECK_EQ(json_mistake("{\n  \"é\": tru\n}"), head +
                                                   "2:8: unexpected 't'; the words are true, false "
                                                   "and null, and texts stand in double quotes");
  CHECK_EQ(json_mistake("[1 2]"), head + "1:4: unexpected '2'");
  CHECK_EQ(json_mistake("{} {}"),
           head + "1:4: expected the end of the document; several values stand in one list");
  CHECK_EQ(json_mistake("{'a': 1}"), head + "1:2: unexpected '''; texts stand in double quotes");
  CHECK_EQ(json_mistake("[01]"), head + "1:3: unexpected '1'");
  CHECK_EQ(json_mistake("[NaN]"), head +
                                      "1:2: unexpected 'N'; the words are true, false and null, "
                                      "and texts stand in double quotes");
  CHECK_EQ(json_mistake("// x\n1"), head + "1:1: unexpected '/'; JSON has no comments");
  CHECK_EQ(json_mistake("\"\xFF\""), head + "1:2: unexpected byte 0xFF");
  CHECK_EQ(json_mistake("\"a\nb\""),
           head + "1:3: unexpected byte 0x0A; a line end inside a text is written \\n");
  CHECK_EQ(json_mistake("[1e999]"), head + "1:7: the number is too large for a double");
}

TEST_CASE("repeated keys are mistakes at any depth, each at its place") {
  CHECK_EQ(json_mistake("{\"a\": 1,\n \"b\": [{\"c\": 1, \"\\u0063\": 2}], \"a\": 3}"),
           "the document repeats keys\n2:17: /b/0/c: duplicate key; keep one of them\n2:32: /a: "
           "duplicate key; keep one of them");
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

TEST_CASE("pretty JSON is indented by two spaces") {
  const auto value = parse_json(R"({"a":[1,{"b":null}],"c":{},"d":[],"e":"\u0001\"\\/é"})");
  CHECK_EQ(write_pretty(value.value().value),
           "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n"
           "  \"c\": {},\n  \"d\": [],\n  \"e\": \"\\u0001\\\"\\\\/é\"\n}\n");
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
