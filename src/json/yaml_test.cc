#include "json/document.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "json/write.h"

namespace mainspring::json {
namespace {

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

struct ScalarRow {
  std::string_view yaml, json;
};
constexpr ScalarRow kScalars[] = {
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
};

TEST_CASE("YAML scalars follow the core schema of version 1.2") {
  for (const auto& [yaml, json] : kScalars) {
    CAPTURE(yaml);
    CHECK_EQ(yaml_as_json(yaml), json);
  }
}

TEST_CASE("YAML that has no one meaning here is refused with its place") {
  const std::string head = "the document is not valid YAML\n";
  CHECK_EQ(
      yaml_mistake("a: 1\nb:\n  c: 1\n  c: 2\na: 3"),
      head +
          "4:3: /b/c: duplicate key; keep one of them\n5:1: /a: duplicate key; keep one of them");
  CHECK_EQ(yaml_mistake("a: .inf\nb: -.INF\nc: .nan"),
           head +
               "1:4: /a: infinities and NaN are not allowed; write a number\n"
               "2:4: /b: infinities and NaN are not allowed; write a number\n"
               "3:4: /c: infinities and NaN are not allowed; write a number");
  CHECK_EQ(yaml_mistake("a:\n  80: x"), head + "2:3: /a: a key must be a string; put it in quotes");
  CHECK_EQ(yaml_mistake("? [a]\n: b\nc: .nan"),
           head +
               "1:3: a key must be a string\n"
               "3:4: /c: infinities and NaN are not allowed; write a number");
  CHECK_EQ(yaml_mistake("[1, 2"), head + "1:6: a ']' is missing");
  CHECK_EQ(yaml_mistake("é: !py x"),
           head + "1:4: /é: the tag \"!py\" is not supported here; remove it");
  CHECK_EQ(yaml_mistake("!!int x"), head + "1:1: the tag !!int does not fit this value; remove it");
  CHECK_EQ(yaml_mistake("!!set {a}"),
           head + "1:1: the tag !!set does not fit this value; remove it");
  CHECK_EQ(yaml_mistake("a: 0xFFFFFFFFFFFFFFFFF"),
           head + "1:4: /a: the number does not fit 64 bits");
  CHECK_EQ(yaml_mistake("a: [1, 2"), head + "1:9: a ']' is missing");
  CHECK(yaml_mistake("a: b: c").starts_with(head + "1:5: "));
  CHECK(yaml_mistake("a: *b").starts_with(head + "1:4: "));
  CHECK_EQ(yaml_mistake("a: &x [*x]"),
           head + "1:8: /a/0: an alias inside its own anchor has no end; write the value itself");
  CHECK_EQ(yaml_mistake("<<: 1"), head + "1:1: \"<<\" takes a map or a list of maps");
  CHECK_EQ(yaml_mistake("a: \xFF"), head + "1:4: the text is not UTF-8");
  CHECK_EQ(yaml_mistake("a: 1\nb: \x04"),
           head + "2:4: control characters are not allowed here; escape them in quotes");
}

TEST_CASE("a mistake of syntax says what to write") {
  struct Row {
    std::string_view text, mistake;
  };
  for (const auto& [text, mistake] : std::initializer_list<Row>{
           {"a:\n\tb: 1", "2:1: tabs do not indent in YAML; use spaces"},
           {"a: 1\n\tb: 2", "2:1: tabs do not indent in YAML; use spaces"},
           {"a: {b", "1:6: a '}' is missing"},
           {"a: ]", "1:4: ']' does not belong here; remove it, or put the text in quotes"},
           {"a: @b", "1:4: a text does not begin with '@'; put it in quotes"},
           {"a: * * * * *", "1:5: put a text that begins with '*' in quotes"},
           {"a: *b",
            "1:4: no anchor of this name stands above; put a text that begins with '*' in "
            "quotes"},
           {"a: \"\\d\"",
            "1:7: '\\d' is no escape; write '\\\\' for a backslash, or use single quotes"},
           {"a: \"\\ud800\"", "1:11: this escape names no character; write the character itself"},
           {"a: 'it's'",
            "1:8: this does not continue the map above; check its indentation, and put "
            "a text with special characters in quotes"},
           {"a: [1, , 2]", "1:8: /a/1: an item is missing before this ','"},
           {"a: [b: c\nd: e",
            "2:2: expected ',' or ']', got ':'; put a text with special characters in quotes"},
           {"- a\nb: c",
            "2:1: this does not continue the document above; check its indentation, or begin "
            "another document with '---'"},
           {"%YAML 2.0\n--- a", "1:1: remove this line; YAML 1.2 is read here"},
       }) {
    CAPTURE(text);
    CHECK_EQ(yaml_mistake(text), fmt::format("the document is not valid YAML\n{}", mistake));
  }
}

TEST_CASE("quotes that are not closed are a mistake where they begin, wherever the text ends") {
  for (const std::string_view text :
       {"a: \"b", "a: \"b\n", "a: 'it''s\n\nb: c\n", "a: &x !!str \"b\\\"\n"}) {
    CAPTURE(text);
    CHECK(yaml_mistake(text).contains(text.ends_with('\n') ? ": the quotes that begin here"
                                                           : "1:6: "));
  }
  CHECK(parse_yaml("a: \"b\"\nc: it's # \"\n").has_value());
  CHECK(parse_yaml("a: 'it''s'").has_value());
}

TEST_CASE("the escapes of a next line and of a hard blank are one character each") {
  CHECK_EQ(write(parse_yaml("\"a\\Nb\\_\"").value()[0].value),
           "\"a\xC2\x85"
           "b\xC2\xA0\"");
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
  CHECK_EQ(yaml_mistake("1\n---\n2\n---\n3", limits),
           "the text holds more than 2 documents; split it");
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
  CHECK_EQ(result.error().message,
           "the document has more than 100000 nodes, aliases expanded; split it");

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

TEST_CASE("YAML has a smaller limit on bytes than JSON") {
  CHECK_EQ(yaml_mistake(std::string((2U << 20) + 1, 'a')),
           "the YAML text has 2097153 bytes; at most 2097152 are allowed: split it");
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

}  // namespace
}  // namespace mainspring::json
