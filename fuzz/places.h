// What is true of every document and of every error of json, for its fuzz targets.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "json/document.h"

namespace mainspring::fuzz {

// The rest of the text from a place on; nothing where the text has no such place.
inline std::optional<std::string_view> find_place(std::string_view text, json::Position place) {
  if (place.line < 1 || place.column < 1) return std::nullopt;
  for (int line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  for (int column = 1; column < place.column; ++column) {
    if (text.empty() || text.front() == '\n') return std::nullopt;
    text.remove_prefix(1);
    while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80)
      text.remove_prefix(1);
  }
  return text;
}

// Calls visit(pointer, value) for a value and everything inside it.
template <class Visit>
void walk(const json::Value& value, const std::string& pointer, const Visit& visit) {
  visit(pointer, value);
  if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i)
      walk((*array)[i], pointer + '/' + std::to_string(i), visit);
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      std::string inner = pointer;
      json::append_pointer(inner, member.key());
      walk(member.value(), inner, visit);
    }
  }
}

// Whether every problem says what and where.
inline bool is_clear(std::string_view text, const base::Error& error) {
  if (error.message.empty()) return false;
  if (error.code == base::Code::too_large) return true;
  return error.code == base::Code::invalid_argument &&
         std::ranges::all_of(error.problems, [text](const base::Problem& problem) {
           return !problem.message.empty() && find_place(text, {problem.line, problem.column});
         });
}

}  // namespace mainspring::fuzz
