// The tree of one expression. Internal to expr, but for the type.
//
//   choice     = both { "||" both }
//   both       = comparison { "&&" comparison }
//   comparison = unary [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) unary ]
//   unary      = "!" unary | postfix
//   postfix    = primary { "." key | "[" choice "]" }
//   primary    = literal | name | function "(" [ choice { "," choice } ] ")" | "(" choice ")"
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "expr/value.h"

namespace mainspring::expr {

struct Function;
struct Node;

// What is wrong, and the byte of the template's text at which it shows.
struct Fault {
  std::size_t offset = 0;
  std::string message;  // a sentence for a person, without the place
  std::string suggestion;
};

struct Literal {
  Value value;  // null, a boolean, a number or a string
};
struct Name {
  std::string text;
};
// One step into a map or a list: a key that is known, or an expression that gives a key or index.
struct Step {
  std::size_t offset = 0;
  std::string key;
  std::vector<Node> index;  // one; none where `key` says it
};
struct Access {
  std::vector<Node> from;  // one
  std::vector<Step> steps;
};
struct Negation {
  std::vector<Node> operand;  // one
};
enum class Relation : std::uint8_t { equal, unequal, less, at_most, greater, at_least };
struct Comparison {
  Relation relation = Relation::equal;
  std::vector<Node> sides;  // two
};
enum class Connective : std::uint8_t { both, either };
struct Junction {
  Connective connective = Connective::both;
  std::vector<Node> parts;  // two or more
};
struct Call {
  const Function* function = nullptr;
  std::vector<Node> arguments;
};

struct Node {
  std::size_t offset = 0;
  std::variant<Literal, Name, Access, Negation, Comparison, Junction, Call> form;
};

struct Parsed {
  Node node;
  std::size_t end = 0;  // the byte behind the closing "}}"
};
// Where an expression begins, behind "${{", and how far the expressions of this text may reach.
struct Extent {
  std::size_t begin = 0;
  std::size_t longest = 0;
};
std::expected<Parsed, Fault> parse_expression(std::string_view text, Extent extent);

// The canonical text of an expression: one space around operators, no parenthesis too many.
std::string to_text(const Node& node);

// "==".
std::string_view mark_of(Relation relation);

// Whether `.text` can stand for ['text'].
bool is_name(std::string_view text);

}  // namespace mainspring::expr
