// Small questions about words: which known word was probably meant, how a list reads.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mainspring::base {

// The candidate nearest to `word` by Damerau-Levenshtein distance (case ignored), or "" when none
// is near: at most a third of the word's length, and at least 1, edits away.
std::string find_closest(std::string_view word, std::span<const std::string_view> candidates);

// "a", "a or b", "a, b or c".
std::string join_words(std::span<const std::string_view> words, std::string_view last_separator);

}  // namespace mainspring::base
