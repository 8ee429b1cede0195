#include "json/write.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "json/wording.h"

namespace mainspring::json {
namespace {

constexpr auto kStandsForItself = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0x20; c < out.size(); ++c)
    out[c] = c != '"' && c != '\\' && c != 0x7F;
  return out;
}();

template <class Number>
void append_digits(std::string& out, Number number) {
  char digits[32];  // the longest double has 24 characters
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  const std::size_t begin = out.size();
  append_digits(out, number);
  if (out.find_first_of(".e", begin) == out.npos) out += ".0";
}

void append_line(std::string& out, std::size_t indent) {
  out += '\n';
  out.append(indent, ' ');
}

void append_pretty(std::string& out, const Value& value, std::size_t indent) {
  const auto* object = value.if_object();
  const auto* array = value.if_array();
  if ((object && !object->empty())) {
    const char* separator = "{";
    for (const auto& member : *object) {
      out += separator;
      append_line(out, indent + 2);
      append_quoted(out, member.key());
      out += ": ";
      append_pretty(out, member.value(), indent + 2);
      separator = ",";
    }
    append_line(out, indent);
    out += '}';
  } else if (array && !array->empty()) {
    const char* separator = "[";
    for (const Value& element : *array) {
      out += separator;
      append_line(out, indent + 2);
      append_pretty(out, element, indent + 2);
      separator = ",";
    }
    append_line(out, indent);
    out += ']';
  } else {
    append(out, value);
  }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (kStandsForItself[c]) continue;
    out.append(text, done, i - done);
    done = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    }
  }
  out.append(text, done);
  out += '"';
}

void append_scalar(std::string& out, const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      break;
    case boost::json::kind::int64:
      append_digits(out, value.get_int64());
      break;
    case boost::json::kind::uint64:
      append_digits(out, value.get_uint64());
      break;
    case boost::json::kind::double_:
      append_double(out, value.get_double());
      break;
    case boost::json::kind::string:
      append_quoted(out, text_of(value.get_string()));
      break;
    default:
      out += "null";
  }
}

void append(std::string& out, const Value& value) {
  if (const auto* object = value.if_object()) {
    char separator = '{';
    for (const auto& member : *object) {
      out += separator;
      append_quoted(out, member.key());
      out += ':';
      append(out, member.value());
      separator = ',';
    }
    out += object->empty() ? "{}" : "}";
  } else if (const auto* array = value.if_array()) {
    char separator = '[';
    for (const Value& element : *array) {
      out += separator;
      append(out, element);
      separator = ',';
    }
    out += array->empty() ? "[]" : "]";
  } else {
    append_scalar(out, value);
  }
}

std::string write(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string write_pretty(const Value& value) {
  std::string out;
  append_pretty(out, value, 0);
  out += '\n';
  return out;
}

}  // namespace mainspring::json
