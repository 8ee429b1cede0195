// A unified diff of two texts, as `diff -u` prints it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainspring::cli {

enum class DiffMark { hunk, same, added, removed };

struct DiffLine {
  DiffMark mark = DiffMark::same;
  std::string text;  // with its sign in front; of a hunk "@@ -1,4 +1,5 @@"

  friend bool operator==(const DiffLine&, const DiffLine&) = default;
};

inline constexpr std::size_t kDiffContext = 3;  // lines around a change, as diff -u has

struct TextPair {
  std::string_view before;
  std::string_view after;
};
// Empty for equal texts.
std::vector<DiffLine> diff_texts(const TextPair& texts);

}  // namespace mainspring::cli
