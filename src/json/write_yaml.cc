#include <fmt/format.h>

#include "json/write.h"
#include "json/yaml_scalar.h"

namespace mainspring::json {
namespace {

// YAML allows 1024 characters for a key on one line with its value.
constexpr std::size_t kLongestSimpleKey = 1000;

bool is_block(const Value& value) {
  return (value.is_object() && !value.get_object().empty()) ||
         (value.is_array() && !value.get_array().empty());
}

void append_escaped(std::string& out, std::string_view text) {
  std::string quoted;
  append_quoted(quoted, text);
  for (std::size_t i = 0; i < quoted.size();) {
    const std::string_view rest = std::string_view(quoted).substr(i);
    const std::size_t length = escaped_length(rest);
    if (length == 0) {
      out += quoted[i++];
      continue;
    }
    const auto byte = [&](std::size_t j) { return static_cast<unsigned char>(rest[j]); };
    const unsigned point =
        length == 2 ? (byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU)
                    : (byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", point);
    i += length;
  }
}

// A literal block keeps only what can be seen in it, and its first line sets the indentation.
bool fits_literal(std::string_view text) {
  if (!text.contains('\n') || text.starts_with('\n') || text.starts_with(' ')) return false;
  if (text.ends_with("\n\n") || text.starts_with('\t')) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    if (c == '\n' || (c >= 0x20 && c < 0x7F && c != ' ')) continue;
    if ((c == ' ' || c == '\t') && !ends_line && (c == ' ' || text[i - 1] != '\n')) continue;
    if (c >= 0x80 && escaped_length(text.substr(i)) == 0) continue;
    return false;
  }
  return true;
}

void append_literal(std::string& out, std::string_view text, std::size_t indent) {
  out += text.ends_with('\n') ? "|" : "|-";
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += '\n';
    if (end > begin) out.append(indent, ' ').append(text, begin, end - begin);
    begin = end + 1;
  }
}

// `indent` is where the lines of a literal block begin.
void append_leaf(std::string& out, const Value& value, std::size_t indent) {
  if (value.is_object()) {
    out += "{}";
  } else if (value.is_array()) {
    out += "[]";
  } else if (!value.is_string()) {
    append_scalar(out, value);
  } else {
    const std::string_view text{value.get_string().data(), value.get_string().size()};
    if (is_plain_safe(text)) {
      out += text;
    } else if (fits_literal(text)) {
      append_literal(out, text, indent);
    } else {
      append_escaped(out, text);
    }
  }
  out += '\n';
}

void append_block(std::string& out, const Value& value, std::size_t indent);

void append_key(std::string& out, std::string_view key, std::size_t indent) {
  std::string text;
  if (is_plain_safe(key)) {
    text = key;
  } else {
    append_escaped(text, key);
  }
  if (text.size() <= kLongestSimpleKey) {
    out += text + ':';
  } else {
    out += "? " + text + '\n';
    out.append(indent, ' ') += ':';
  }
}

void append_object(std::string& out, const Object& object, std::size_t indent) {
  bool is_first = true;
  for (const auto& member : object) {
    if (!is_first) out.append(indent, ' ');
    is_first = false;
    append_key(out, member.key(), indent);
    if (is_block(member.value())) {
      out += '\n';
      out.append(indent + 2, ' ');
      append_block(out, member.value(), indent + 2);
    } else {
      out += ' ';
      append_leaf(out, member.value(), indent + 2);
    }
  }
}

void append_array(std::string& out, const Array& array, std::size_t indent) {
  bool is_first = true;
  for (const Value& element : array) {
    if (!is_first) out.append(indent, ' ');
    is_first = false;
    out += "- ";
    if (is_block(element)) {
      append_block(out, element, indent + 2);
    } else {
      append_leaf(out, element, indent + 2);
    }
  }
}

// The caller has indented the first line.
void append_block(std::string& out, const Value& value, std::size_t indent) {
  if (const auto* object = value.if_object()) return append_object(out, *object, indent);
  append_array(out, value.get_array(), indent);
}

}  // namespace

std::string write_yaml(const Value& value) {
  std::string out;
  if (is_block(value)) {
    append_block(out, value, 0);
  } else {
    append_leaf(out, value, 2);
  }
  return out;
}

}  // namespace mainspring::json
