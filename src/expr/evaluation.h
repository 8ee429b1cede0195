// One evaluation: values, limits and the first fault. Internal to expr, but for the type.
//
// After the first fault every value is null and nothing more is worked on, so callers look for it
// once, at the end. Belongs to one thread; the scope and the nodes must outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/limits.h"
#include "expr/syntax.h"
#include "expr/value.h"

namespace mainspring::expr {

// A value: of the scope or the expression, seen where it stands, or one that was made on the way
// and lives as long as any part of it is held.
class Operand {
 public:
  explicit Operand(Value made = nullptr) : value_(std::make_shared<const Value>(std::move(made))) {}
  static Operand seen(const Value& value) { return Operand(Pointer(Pointer(), &value)); }
  // `child` lies within this value.
  Operand part(const Value& child) const { return Operand(Pointer(value_, &child)); }

  const Value& operator*() const { return *value_; }
  const Value* operator->() const { return value_.get(); }

 private:
  using Pointer = std::shared_ptr<const Value>;
  explicit Operand(Pointer value) : value_(std::move(value)) {}

  Pointer value_;
};

class Evaluation {
 public:
  Evaluation(const Scope& scope, const Limits& limits)
      : scope_(scope), limits_(limits), work_left_(limits.work) {}

  Operand value(const Node& node);
  // The same, but a key or index that is not there, and whatever lies under null, is null.
  Operand value_or_null(const Node& node);

  // False when the work is used up, or something failed before.
  bool spend(std::size_t offset, std::size_t work);
  // Appends within the limit of a text.
  void append(std::size_t offset, std::string& out, std::string_view text);
  void append_value(std::size_t offset, std::string& out, const Value& value);

  void fail(std::size_t offset, std::string message, std::string suggestion = {});
  const JsonText& json() const { return scope_.json; }
  const std::optional<Fault>& fault() const { return fault_; }

  Operand evaluate(const Node& at, const Literal& literal);
  Operand evaluate(const Node& at, const Name& name);
  Operand evaluate(const Node& at, const Access& access);
  Operand evaluate(const Node& at, const Negation& negation);
  Operand evaluate(const Node& at, const Comparison& comparison);
  Operand evaluate(const Node& at, const Junction& junction);
  Operand evaluate(const Node& at, const Call& call);

 private:
  enum class Absent : std::uint8_t { is_fault, is_null };

  Operand walk(const Access& access, Absent absent);
  // Null for a part that is not there, with a fault where that is one.
  const Value* find_part(const Access& access, std::size_t step, const Value& from, Absent absent);
  const Value* find_member(const Access& access, std::size_t step, const Object& map,
                           Absent absent);
  const Value* find_element(const Access& access, std::size_t step, const Array& list,
                            Absent absent);
  bool is_equal(const Node& at, const Value& left, const Value& right);
  bool is_in_order(const Node& at, const Comparison& comparison, const Value& left,
                   const Value& right);

  const Scope& scope_;
  const Limits& limits_;
  std::size_t work_left_;
  std::optional<Fault> fault_;
};

// The arguments of one call, each evaluated when it is first asked for.
class Arguments {
 public:
  Arguments(Evaluation& evaluation, const Node& call, const std::vector<Node>& nodes)
      : evaluation_(evaluation), call_(call), nodes_(nodes), values_(nodes.size()) {}

  std::size_t count() const { return nodes_.size(); }
  const Value& value(std::size_t i);
  const Value& value_or_null(std::size_t i);
  Operand operand(std::size_t i);
  std::string_view text(std::size_t i);  // a fault unless it is a string

  // As of the evaluation, at the place of the argument or of the call.
  void fail(std::size_t i, std::string message);
  bool spend(std::size_t work);
  void append(std::string& out, std::string_view text);
  void append_value(std::string& out, const Value& value);
  bool has_failed() const;
  const JsonText& json() const;

 private:
  Evaluation& evaluation_;
  const Node& call_;
  const std::vector<Node>& nodes_;
  std::vector<std::optional<Operand>> values_;
};

}  // namespace mainspring::expr
