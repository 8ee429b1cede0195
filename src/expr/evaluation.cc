#include "expr/evaluation.h"

#include <utility>

#include <fmt/core.h>

#include "expr/functions.h"
#include "expr/values.h"

namespace mainspring::expr {
namespace {

// The text of an access up to a step, as messages name it.
std::string described(const Access& access, std::size_t steps) {
  Access prefix{access.from, {}};
  const auto begin = access.steps.begin();
  prefix.steps.assign(begin, begin + static_cast<std::ptrdiff_t>(steps));
  return shortened(to_text(Node{0, std::move(prefix)}));
}

}  // namespace

// ---- limits and faults -----------------------------------------------------------------------

bool Evaluation::spend(std::size_t offset, std::size_t work) {
  if (fault_) return false;
  if (work > work_left_) {
    fail(offset, fmt::format("the evaluation takes more than {} steps; compute the value before it "
                             "becomes a param",
                             limits_.work));
    return false;
  }
  work_left_ -= work;
  return true;
}

void Evaluation::fail(std::size_t offset, std::string message, std::string suggestion) {
  if (!fault_) fault_ = Fault{offset, std::move(message), std::move(suggestion)};
}

void Evaluation::append(std::size_t offset, std::string& out, std::string_view text) {
  if (out.size() + text.size() > limits_.text_bytes)
    return fail(offset, fmt::format("the text has more than {} bytes", limits_.text_bytes));
  if (spend(offset, text.size())) out += text;
}

void Evaluation::append_value(std::size_t offset, std::string& out, const Value& value) {
  if (value.is_string()) return append(offset, out, value.get_string());
  if (!spend(offset, weight_of(value))) return;
  append(offset, out, value.is_structured() ? scope_.json.write(value) : scalar_text(value));
}

// ---- values ----------------------------------------------------------------------------------

Operand Evaluation::value(const Node& node) {
  if (!spend(node.offset, 1)) return Operand();
  return std::visit([&](const auto& form) { return evaluate(node, form); }, node.form);
}

Operand Evaluation::value_or_null(const Node& node) {
  const auto* access = std::get_if<Access>(&node.form);
  return access == nullptr ? value(node) : walk(*access, Absent::is_null);
}

Operand Evaluation::evaluate(const Node&, const Literal& literal) {
  return Operand::seen(literal.value);
}

Operand Evaluation::evaluate(const Node& at, const Name& name) {
  if (const Value* value = scope_.names.if_contains(name.text)) return Operand::seen(*value);
  Fault fault = unknown_key(at.offset, "", name.text, scope_.names);
  fail(fault.offset, std::move(fault.message), std::move(fault.suggestion));
  return Operand();
}

Operand Evaluation::evaluate(const Node&, const Access& access) {
  return walk(access, Absent::is_fault);
}

Operand Evaluation::evaluate(const Node&, const Negation& negation) {
  return Operand(Value(!is_truthy(*value(negation.operand.front()))));
}

Operand Evaluation::evaluate(const Node&, const Junction& junction) {
  const bool is_either = junction.connective == Connective::either;
  Operand last;
  for (const Node& part : junction.parts) {
    last = value(part);
    if (fault_ || is_truthy(*last) == is_either) break;
  }
  return last;
}

Operand Evaluation::evaluate(const Node& at, const Comparison& comparison) {
  const Operand left = value(comparison.sides.front());
  const Operand right = value(comparison.sides.back());
  if (!spend(at.offset, weight_of(*left) + weight_of(*right))) return Operand();
  const Relation relation = comparison.relation;
  if (relation == Relation::equal) return Operand(Value(is_equal(at, *left, *right)));
  if (relation == Relation::unequal) return Operand(Value(!is_equal(at, *left, *right)));
  return Operand(Value(is_in_order(at, comparison, *left, *right)));
}

bool Evaluation::is_equal(const Node& at, const Value& left, const Value& right) {
  const bool has_null = left.is_null() || right.is_null();
  if (!has_null && kind_of(left) != kind_of(right))
    fail(at.offset, fmt::format("{} and {} are never equal; compare values of one type, as in "
                                "format('{{0}}', a) == b",
                                kind_of(left), kind_of(right)));
  return are_equal(left, right);
}

bool Evaluation::is_in_order(const Node& at, const Comparison& comparison, const Value& left,
                             const Value& right) {
  std::strong_ordering order = std::strong_ordering::equal;
  if (left.is_number() && right.is_number()) {
    order = order_of_numbers(left, right);
  } else if (left.is_string() && right.is_string()) {
    order = std::string_view(left.get_string()) <=> std::string_view(right.get_string());
  } else {
    fail(at.offset, fmt::format("{} needs two numbers or two strings; these are {} and {}",
                                mark_of(comparison.relation), kind_of(left), kind_of(right)));
  }
  switch (comparison.relation) {
    case Relation::less:
      return order < 0;
    case Relation::at_most:
      return order <= 0;
    case Relation::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Operand Evaluation::evaluate(const Node& at, const Call& call) {
  Arguments arguments(*this, at, call.arguments);
  return call.function->apply(arguments);
}

// ---- paths -----------------------------------------------------------------------------------

Operand Evaluation::walk(const Access& access, Absent absent) {
  Operand at = value(access.from.front());
  for (std::size_t i = 0; i < access.steps.size(); ++i) {
    if (!spend(access.steps[i].offset, 1)) break;
    if (absent == Absent::is_null && at->is_null()) break;
    const Value* part = find_part(access, i, *at, absent);
    if (part == nullptr) return Operand();
    at = at.part(*part);
  }
  return at;
}

const Value* Evaluation::find_part(const Access& access, std::size_t step, const Value& from,
                                   Absent absent) {
  if (const auto* map = from.if_object()) return find_member(access, step, *map, absent);
  if (const auto* list = from.if_array()) return find_element(access, step, *list, absent);
  fail(access.steps[step].offset, fmt::format("{} is {}; only a map or a list has parts",
                                              described(access, step), kind_of(from)));
  return nullptr;
}

const Value* Evaluation::find_member(const Access& access, std::size_t step, const Object& map,
                                     Absent absent) {
  const auto& [offset, key, index] = access.steps[step];
  const Value* found = nullptr;
  if (index.empty()) {
    found = map.if_contains(key);
  } else {
    const Operand computed = value(index.front());
    if (fault_) return nullptr;
    if (computed->is_string())
      found = map.if_contains(computed->get_string());
    else
      fail(offset, fmt::format("{} is a map; a key of it is a string, and this is {}",
                               described(access, step), kind_of(*computed)));
  }
  if (found != nullptr || absent == Absent::is_null) return found;
  if (index.empty()) {
    Fault fault = unknown_key(offset, described(access, step), key, map);
    fail(fault.offset, std::move(fault.message), std::move(fault.suggestion));
  }
  fail(offset, fmt::format("{} has no such key", described(access, step)));
  return nullptr;
}

const Value* Evaluation::find_element(const Access& access, std::size_t step, const Array& list,
                                      Absent absent) {
  const auto& [offset, key, index] = access.steps[step];
  if (index.empty()) {
    fail(offset, fmt::format("{} is a list and has no '{}'; its parts are [0], [1] and so on",
                             described(access, step), shortened(key)));
    return nullptr;
  }
  const Operand computed = value(index.front());
  if (fault_) return nullptr;
  const auto at = find_index(*computed);
  if (!at) {
    fail(offset, fmt::format("{} is a list; an index of it is a whole number from 0 on",
                             described(access, step)));
    return nullptr;
  }
  if (*at < list.size()) return &list[*at];
  if (absent == Absent::is_fault)
    fail(offset, fmt::format("{} has {} element{}, counted from 0; there is none at this index",
                             described(access, step), list.size(), list.size() == 1 ? "" : "s"));
  return nullptr;
}

// ---- arguments -------------------------------------------------------------------------------

const Value& Arguments::value(std::size_t i) {
  if (!values_[i]) values_[i] = evaluation_.value(nodes_[i]);
  return **values_[i];
}

const Value& Arguments::value_or_null(std::size_t i) {
  if (!values_[i]) values_[i] = evaluation_.value_or_null(nodes_[i]);
  return **values_[i];
}

Operand Arguments::operand(std::size_t i) {
  value(i);
  return *values_[i];
}

std::string_view Arguments::text(std::size_t i) {
  const Value& found = value(i);
  if (found.is_string()) return found.get_string();
  fail(i, fmt::format("expected a string, got {}", kind_of(found)));
  return {};
}

void Arguments::fail(std::size_t i, std::string message) {
  evaluation_.fail(nodes_[i].offset, std::move(message));
}

bool Arguments::spend(std::size_t work) { return evaluation_.spend(call_.offset, work); }

void Arguments::append(std::string& out, std::string_view text) {
  evaluation_.append(call_.offset, out, text);
}

void Arguments::append_value(std::string& out, const Value& value) {
  evaluation_.append_value(call_.offset, out, value);
}

const JsonText& Arguments::json() const { return evaluation_.json(); }

bool Arguments::has_failed() const { return evaluation_.fault().has_value(); }

}  // namespace mainspring::expr
