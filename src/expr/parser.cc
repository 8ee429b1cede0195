#include <array>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "expr/functions.h"
#include "expr/lexer.h"
#include "expr/limits.h"
#include "expr/syntax.h"

namespace mainspring::expr {
namespace {

constexpr std::array kRelations{
    std::pair{"==", Relation::equal},  std::pair{"!=", Relation::unequal},
    std::pair{"<", Relation::less},    std::pair{"<=", Relation::at_most},
    std::pair{">", Relation::greater}, std::pair{">=", Relation::at_least},
};

// Recursive descent, one function per rule of syntax.h. The first fault stays and empties the rest
// of the text, so no rule needs to ask whether an earlier one failed.
class Parser {
 public:
  Parser(std::string_view text, Extent extent) : lexer_(text, extent) { advance(); }

  std::expected<Parsed, Fault> run() {
    Node node = parse_choice();
    if (token_.kind != Token::Kind::end) fail_here("expected }} or an operator");
    if (lexer_.fault()) return std::unexpected(*lexer_.fault());
    if (fault_) return std::unexpected(std::move(*fault_));
    return Parsed{std::move(node), token_.offset + token_.text.size()};
  }

 private:
  using Kind = Token::Kind;
  using Rule = Node (Parser::*)();

  // One level of nesting for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepestNesting)
        parser_.fail_here(
            fmt::format("more than {} levels of brackets, calls and !", kDeepestNesting));
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  void advance() {
    if (!fault_) token_ = lexer_.next();
  }

  void fail(Fault fault) {
    if (!fault_ && !lexer_.fault()) fault_ = std::move(fault);
    token_ = {Kind::end, token_.offset, {}, {}};
  }
  void fail_here(std::string message) { fail({token_.offset, std::move(message), {}}); }

  bool is_mark(std::string_view text) const {
    return token_.kind == Kind::mark && token_.text == text;
  }
  bool accept(std::string_view mark) {
    const bool is_there = is_mark(mark);
    if (is_there) advance();
    return is_there;
  }
  void expect(std::string_view mark) {
    if (!accept(mark)) fail_here(fmt::format("expected {} or an operator", mark));
  }

  Node parse_choice() { return parse_junction(Connective::either, &Parser::parse_both); }
  Node parse_both() { return parse_junction(Connective::both, &Parser::parse_comparison); }

  Node parse_junction(Connective connective, Rule part) {
    const std::string_view mark = connective == Connective::either ? "||" : "&&";
    Node first = (this->*part)();
    if (!is_mark(mark)) return first;
    Node node{first.offset, Junction{connective, {}}};
    auto& parts = std::get<Junction>(node.form).parts;
    parts.push_back(std::move(first));
    while (accept(mark))
      parts.push_back((this->*part)());
    return node;
  }

  std::optional<Relation> find_relation() const {
    if (token_.kind != Kind::mark) return std::nullopt;
    for (const auto& [mark, relation] : kRelations)
      if (token_.text == mark) return relation;
    return std::nullopt;
  }

  Node parse_comparison() {
    Node left = parse_unary();
    const auto relation = find_relation();
    if (!relation) return left;
    const std::size_t offset = token_.offset;
    advance();
    Node right = parse_unary();
    if (find_relation())
      fail_here("comparisons do not chain; write a < b && b < c, or use parentheses");
    Node node{offset, Comparison{*relation, {}}};
    auto& sides = std::get<Comparison>(node.form).sides;
    sides.push_back(std::move(left));
    sides.push_back(std::move(right));
    return node;
  }

  Node parse_unary() {
    const std::size_t offset = token_.offset;
    if (!accept("!")) return parse_postfix();
    const Level level(*this);
    Node node{offset, Negation{}};
    std::get<Negation>(node.form).operand.push_back(parse_unary());
    return node;
  }

  Node parse_postfix() {
    Node from = parse_primary();
    if (!is_mark(".") && !is_mark("[")) return from;
    if (!std::holds_alternative<Access>(from.form)) {
      Access access;
      const std::size_t offset = from.offset;
      access.from.push_back(std::move(from));
      from = {offset, std::move(access)};
    }
    auto& steps = std::get<Access>(from.form).steps;
    while (is_mark(".") || is_mark("["))
      steps.push_back(parse_step());
    return from;
  }

  Step parse_step() {
    if (accept("[")) return parse_index();
    advance();
    // A key may be spelled as a word that means something else elsewhere.
    const bool is_word = !token_.text.empty() && is_name(token_.text);
    if (!is_word) fail_here("expected a key behind '.'; other keys are written ['a key'] or [0]");
    Step step{token_.offset, std::string(token_.text), {}};
    advance();
    return step;
  }

  Step parse_index() {
    const Level level(*this);
    Step step{token_.offset, {}, {}};
    Node index = parse_choice();
    const auto* literal = std::get_if<Literal>(&index.form);
    if (literal != nullptr && literal->value.is_string())
      step.key = std::string(literal->value.get_string());
    else
      step.index.push_back(std::move(index));
    expect("]");
    return step;
  }

  Node parse_primary() {
    const std::size_t offset = token_.offset;
    if (token_.kind == Kind::literal) {
      Node node{offset, Literal{std::move(token_.value)}};
      advance();
      return node;
    }
    if (token_.kind == Kind::name) return parse_name();
    if (accept("(")) {
      const Level level(*this);
      Node node = parse_choice();
      expect(")");
      return node;
    }
    fail_here("expected a value: a name, a literal, a call or (");
    return {offset, Literal{}};
  }

  Node parse_name() {
    const Token name = token_;
    advance();
    if (!is_mark("(")) return {name.offset, Name{std::string(name.text)}};
    const Function* const function = find_function(name.text);
    if (function == nullptr) {
      fail(unknown_function(name));
      return {name.offset, Literal{}};
    }
    advance();
    return parse_call(name.offset, *function);
  }

  Node parse_call(std::size_t offset, const Function& function) {
    const Level level(*this);
    Node node{offset, Call{&function, {}}};
    auto& arguments = std::get<Call>(node.form).arguments;
    if (!is_mark(")")) {
      do
        arguments.push_back(parse_choice());
      while (accept(","));
    }
    const std::size_t count = arguments.size();
    if (is_mark(")") && (count < function.least || count > function.most))
      fail({offset,
            fmt::format("write {}; it has {} here", function.signature,
                        count == 1 ? "1 argument" : fmt::format("{} arguments", count)),
            {}});
    if (!accept(")")) fail_here("expected , or ) or an operator");
    return node;
  }

  static Fault unknown_function(const Token& name) {
    std::vector<std::string_view> known;
    for (const Function& function : functions())
      known.push_back(function.name);
    return {name.offset,
            fmt::format("there is no function '{}'; there are {}", name.text.substr(0, kShownBytes),
                        base::join_words(known, " and ")),
            base::find_closest(name.text, known)};
  }

  static constexpr std::size_t kShownBytes = 60;  // of a word that a message repeats

  Lexer lexer_;
  Token token_;
  std::optional<Fault> fault_;
  std::size_t depth_ = 0;
};

}  // namespace

std::expected<Parsed, Fault> parse_expression(std::string_view text, Extent extent) {
  return Parser(text, extent).run();
}

}  // namespace mainspring::expr
