// The functions of the language: one table, from which calls are checked and docs are tested.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "expr/evaluation.h"

namespace mainspring::expr {

inline constexpr std::size_t kAnyNumber = SIZE_MAX;

struct Function {
  std::string_view name;
  std::size_t least;  // of arguments
  std::size_t most;
  std::string_view signature;  // "contains(where, what)"
  std::string_view summary;    // as docs/reference/expressions.md has it
  Operand (*apply)(Arguments& arguments);
};

std::span<const Function> functions();  // sorted by name
// Null for a name that is none.
const Function* find_function(std::string_view name);

}  // namespace mainspring::expr
