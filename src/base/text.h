// Small questions about words and texts: which known word was probably meant, how a list reads,
// whether bytes are text.
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

// ASCII letters only.
std::string to_upper(std::string_view text);

// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing past U+10FFFF.
bool is_utf8(std::string_view text);

// The length of the longest beginning of `text`, which is UTF-8, that has at most `most` bytes and
// ends between two characters.
std::size_t cut_utf8(std::string_view text, std::size_t most);

}  // namespace mainspring::base
