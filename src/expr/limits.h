// The limits of the language, each with its reason.
#pragma once

#include <cstddef>

namespace mainspring::expr {

inline constexpr std::size_t kLongestText = 4U << 20;  // bytes; a whole manifest has no more
// Of all expressions of one text together. A tree takes up to a hundred times its text.
inline constexpr std::size_t kExpressionBytes = 64U << 10;
inline constexpr std::size_t kDeepestNesting = 32;  // of brackets, calls and `!`: bounds the stack

inline constexpr std::size_t kMostProblems = 100;  // more help nobody

struct Limits {
  // The longest text that an evaluation gives or makes on its way, in bytes. The largest params
  // fit several times.
  std::size_t text_bytes = 8U << 20;
  // One for each step, and one for each byte that is read or written: a tenth of a second.
  std::size_t work = 16U << 20;
};

}  // namespace mainspring::expr
