// What to look for in the lines of a log, and the lines that hold it. A line is looked at as a
// terminal would show it: without escape sequences, and for a regular expression without the '\r'
// before its break.
//
// Pure. Time: linear in the text, whatever the pattern (RE2). Memory: one block, and 8 MiB at most
// for the states of a regular expression.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/log_lines.h"

namespace re2 {
class RE2;
}

namespace mainspring::store {

enum class Case { exact, ignored };  // of all letters, by Unicode's simple folding
enum class Syntax { text, regex };   // regex: the syntax of RE2

struct LinePattern {
  std::string text = {};  // "": every line
  Syntax syntax = Syntax::text;
  Case letters = Case::exact;
};
inline constexpr std::size_t kPatternBytes = 1'000;  // nobody types a longer one

// Of a longer line only so much is compared with a regular expression: one that needs too many
// states falls back to a slow search, and a line is not interrupted.
inline constexpr std::size_t kComparedBytes = 1 << 20;

// Bytes of visible_text(line).
struct TextSpan {
  std::size_t begin = 0;
  std::size_t length = 0;
};

class LineFinder {
 public:
  // Errors: invalid_argument, with what is wrong in the pattern.
  static base::Result<LineFinder> make(LinePattern wanted);
  LineFinder(LineFinder&&) noexcept;
  LineFinder& operator=(LineFinder&&) noexcept;
  ~LineFinder();

  // Calls `found` for each line of the block that matches, until it says stop.
  Next search(const LineBlock& block, const std::function<Next(const FoundLine&)>& found) const;
  bool matches(std::string_view line) const;
  // Where in the line, from left to right; none for a pattern that every line matches.
  std::vector<TextSpan> find_spans(std::string_view line, std::size_t most) const;

 private:
  LineFinder(LinePattern wanted, std::unique_ptr<re2::RE2> regex);

  std::size_t find(std::string_view text, std::size_t from, std::size_t& length) const;
  Next search_block(const LineBlock& block, const std::function<Next(const FoundLine&)>& found) const;

  LinePattern wanted_;
  std::unique_ptr<re2::RE2> regex_;  // null: the text is looked for byte by byte
};

}  // namespace mainspring::store
