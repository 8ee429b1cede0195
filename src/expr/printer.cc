#include <fmt/core.h>

#include "base/check.h"
#include "expr/functions.h"
#include "expr/syntax.h"
#include "expr/values.h"

namespace mainspring::expr {
namespace {

// How tightly a form holds its parts together; a part that holds less tightly needs parentheses.
enum class Bond : std::uint8_t { either, both, comparison, unary, postfix };

class Printer {
 public:
  std::string run(const Node& node) {
    print(node, Bond::either);
    return std::move(out_);
  }

  void operator()(const Literal& literal) {
    if (literal.value.is_string())
      print_string(literal.value.get_string());
    else
      print_plain(literal.value);
  }
  void operator()(const Name& name) { out_ += name.text; }
  void operator()(const Access& access) {
    print(access.from.front(), Bond::postfix);
    for (const Step& step : access.steps)
      print_step(step);
  }
  void operator()(const Negation& negation) {
    out_ += '!';
    print(negation.operand.front(), Bond::unary);
  }
  void operator()(const Comparison& comparison) {
    print(comparison.sides.front(), Bond::unary);
    out_ += fmt::format(" {} ", mark_of(comparison.relation));
    print(comparison.sides.back(), Bond::unary);
  }
  void operator()(const Junction& junction) {
    const bool is_either = junction.connective == Connective::either;
    for (const Node& part : junction.parts) {
      if (&part != &junction.parts.front()) out_ += is_either ? " || " : " && ";
      print(part, is_either ? Bond::both : Bond::comparison);
    }
  }
  void operator()(const Call& call) {
    out_ += call.function->name;
    out_ += '(';
    for (const Node& argument : call.arguments) {
      if (&argument != &call.arguments.front()) out_ += ", ";
      print(argument, Bond::either);
    }
    out_ += ')';
  }

 private:
  static Bond bond_of(const Node& node) {
    if (std::holds_alternative<Negation>(node.form)) return Bond::unary;
    if (std::holds_alternative<Comparison>(node.form)) return Bond::comparison;
    const auto* junction = std::get_if<Junction>(&node.form);
    if (junction == nullptr) return Bond::postfix;
    return junction->connective == Connective::both ? Bond::both : Bond::either;
  }

  void print(const Node& node, Bond least) {
    const bool is_loose = bond_of(node) < least;
    if (is_loose) out_ += '(';
    std::visit(*this, node.form);
    if (is_loose) out_ += ')';
  }

  void print_plain(const Value& value) {
    const std::string text = value.is_null() ? "null" : scalar_text(value);
    out_ += text;
    // A double stays one: to_json() shows the difference.
    if (value.is_double() && !text.contains('.') && !text.contains('e')) out_ += ".0";
  }

  void print_step(const Step& step) {
    if (step.index.empty() && is_name(step.key)) {
      out_ += '.' + step.key;
      return;
    }
    out_ += '[';
    if (step.index.empty())
      print_string(step.key);
    else
      print(step.index.front(), Bond::either);
    out_ += ']';
  }

  void print_string(std::string_view text) {
    out_ += '\'';
    for (const char c : text) {
      if (c == '\'') out_ += '\'';
      out_ += c;
    }
    out_ += '\'';
  }

  std::string out_;
};

}  // namespace

std::string to_text(const Node& node) { return Printer().run(node); }

std::string_view mark_of(Relation relation) {
  switch (relation) {
    case Relation::equal:
      return "==";
    case Relation::unequal:
      return "!=";
    case Relation::less:
      return "<";
    case Relation::at_most:
      return "<=";
    case Relation::greater:
      return ">";
    case Relation::at_least:
      return ">=";
  }
  CHECK(false);
}

}  // namespace mainspring::expr
