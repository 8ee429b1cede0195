#include "json/document.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "json/source_map.h"

namespace mainspring::json {
namespace {

namespace bj = boost::json;
using ErrorCode = bj::error_code;
using Text = bj::string_view;

// Builds the tree, and counts keys: Boost's object keeps one of two equal keys, so that a tree
// with fewer keys than the text had duplicates.
struct TreeBuilder {
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_array_size = bj::array::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();

  bj::value_stack stack;
  std::size_t keys = 0;

  TreeBuilder() { stack.reset(); }

  // clang-format off
  bool on_document_begin(ErrorCode&) { return true; }
  bool on_document_end(ErrorCode&) { return true; }
  bool on_array_begin(ErrorCode&) { return true; }
  bool on_array_end(std::size_t n, ErrorCode&) { stack.push_array(n); return true; }
  bool on_object_begin(ErrorCode&) { return true; }
  bool on_object_end(std::size_t n, ErrorCode&) { keys += n; stack.push_object(n); return true; }
  bool on_string_part(Text s, std::size_t, ErrorCode&) { stack.push_chars(s); return true; }
  bool on_string(Text s, std::size_t, ErrorCode&) { stack.push_string(s); return true; }
  bool on_key_part(Text s, std::size_t, ErrorCode&) { stack.push_chars(s); return true; }
  bool on_key(Text s, std::size_t, ErrorCode&) { stack.push_key(s); return true; }
  bool on_number_part(Text, ErrorCode&) { return true; }
  bool on_int64(std::int64_t n, Text, ErrorCode&) { stack.push_int64(n); return true; }
  bool on_uint64(std::uint64_t n, Text, ErrorCode&) { stack.push_uint64(n); return true; }
  bool on_bool(bool b, ErrorCode&) { stack.push_bool(b); return true; }
  bool on_null(ErrorCode&) { stack.push_null(); return true; }
  bool on_comment_part(Text, ErrorCode&) { return true; }
  bool on_comment(Text, ErrorCode&) { return true; }
  // clang-format on

  // Boost 1.81 reads doubles with an error of up to one unit in the last place.
  bool on_double(double, Text digits, ErrorCode& error) {
    double exact = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), exact);
    if (status == std::errc::result_out_of_range) error = bj::error::exponent_overflow;
    stack.push_double(exact);
    return !error;
  }
};

std::size_t count_keys(const Value& value) {
  std::size_t count = 0;
  if (const auto* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object)
      count += count_keys(member.value());
  } else if (const auto* array = value.if_array()) {
    for (const Value& element : *array)
      count += count_keys(element);
  }
  return count;
}

std::string shown(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  if (code > 0x20 && code < 0x7F) return fmt::format("'{}'", byte);
  return fmt::format("byte 0x{:02X}", code);
}

// What a person may have taken for JSON; empty where that cannot be told.
std::string_view hint_for(std::string_view text, std::size_t offset) {
  const char wrong = text[offset];
  const std::string_view escape = text.substr(offset - std::min<std::size_t>(offset, 6), 4);
  if (escape.starts_with("\\ud") || escape.starts_with("\\uD"))
    return "; half of a surrogate pair stands before it: write the character itself";
  const std::size_t before = text.substr(0, offset).find_last_not_of(" \t\r\n");
  if (wrong == '\'') return "; texts stand in double quotes";
  if (wrong == '/' || wrong == '#') return "; JSON has no comments";
  if (wrong == '\n' || wrong == '\r') return "; a line end inside a text is written \\n";
  if (wrong == '\t') return "; a tab inside a text is written \\t";
  if ((wrong == '}' || wrong == ']') && before != text.npos && text[before] == ',')
    return "; remove the ',' before it";
  const bool is_letter = (wrong >= 'a' && wrong <= 'z') || (wrong >= 'A' && wrong <= 'Z');
  if (is_letter) return "; the words are true, false and null, and texts stand in double quotes";
  return "";
}

std::string sentence_of(const ErrorCode& error, std::string_view text, std::size_t offset) {
  if (error == bj::error::incomplete || offset >= text.size())
    return text.find_first_not_of(" \t\r\n") == text.npos
               ? "the document is empty"
               : "the document ends too early; a quote or a bracket is not closed";
  if (error == bj::error::extra_data)
    return "expected the end of the document; several values stand in one list";
  if (error == bj::error::exponent_overflow) return "the number is too large for a double";
  if (error == bj::error::illegal_leading_surrogate ||
      error == bj::error::illegal_trailing_surrogate || error == bj::error::expected_utf16_escape)
    return "a \\u escape holds half of a surrogate pair; write the character itself";
  if (error == bj::error::expected_hex_digit) return "a \\u escape needs four hex digits";
  return fmt::format("unexpected {}{}", shown(text[offset]), hint_for(text, offset));
}

base::Error syntax_error(std::string message, Position where) {
  return {base::Code::invalid_argument,
          "the document is not valid JSON",
          {{"", where.line, where.column, std::move(message), ""}}};
}

}  // namespace

void append_pointer(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

Position Document::locate(std::string_view pointer, Part part) const {
  if (source == nullptr) return {};
  SourceMap::Query query{std::string(pointer), part};
  source->locate({&query, 1});
  return query.found;
}

base::Result<Document> parse_json(std::string_view text, ParseLimits limits) {
  if (text.size() > limits.max_bytes)
    return base::fail(base::Code::too_large,
                      fmt::format("the document has {} bytes; at most {} are allowed", text.size(),
                                  limits.max_bytes));
  bj::parse_options options;
  options.max_depth = limits.max_depth;
  bj::basic_parser<TreeBuilder> parser(options);
  ErrorCode error;
  std::size_t offset = parser.write_some(false, text.data(), text.size(), error);
  if (!error && offset < text.size()) error = bj::error::extra_data;
  if (error == bj::error::too_deep)
    return base::fail(syntax_error(fmt::format("more than {} levels deep", limits.max_depth),
                                   position_of(text, offset)));
  if (error)
    return base::fail(syntax_error(sentence_of(error, text, offset), position_of(text, offset)));

  Document document{parser.handler().stack.release(), nullptr};
  if (count_keys(document.value) != parser.handler().keys) {
    base::Error duplicates{base::Code::invalid_argument, "the document repeats keys", {}};
    duplicates.problems = find_duplicate_keys(text);
    return base::fail(std::move(duplicates));
  }
  document.source = make_json_source(std::string(text));
  return document;
}

}  // namespace mainspring::json
