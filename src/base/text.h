// Small questions about texts: which known word was probably meant, how a list reads, whether bytes
// are UTF-8.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mainspring::base {

// The candidate nearest to `word` by Damerau-Levenshtein distance (case ignored), or "" when none
// is near: at most a third of the word's length, and at least 1, edits away.
std::string find_closest(std::string_view word, std::span<const std::string_view> candidates);

// "a", "a or b", "a, b or c".
std::string join_words(std::span<const std::string_view> words, std::string_view last_separator);

// UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
// The bytes of the character that `text`, which is not empty, begins with; 0 where it is not UTF-8.
std::size_t utf8_length(std::string_view text);
// The length of the longest beginning of `text`, which is UTF-8, that has at most `most` bytes and
// ends between two characters.
std::size_t cut_utf8(std::string_view text, std::size_t most);

// ASCII letters only.
std::string to_upper(std::string_view text);

}  // namespace mainspring::base
