#include "expr/functions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <fmt/core.h>

#include "expr/sha256.h"
#include "expr/values.h"

namespace mainspring::expr {
namespace {

Operand text_operand(std::string_view text) { return Operand(Value(text)); }

// Linear for every input, which std::string_view::find is not.
bool holds(std::string_view where, std::string_view what) {
  return what.empty() || ::memmem(where.data(), where.size(), what.data(), what.size()) != nullptr;
}

Operand apply_contains(Arguments& arguments) {
  const Value& where = arguments.value(0);
  const Value& what = arguments.value(1);
  if (!arguments.spend(weight_of(where) + weight_of(what))) return Operand();
  if (const auto* list = where.if_array()) {
    const auto is_same = [&](const Value& element) { return are_equal(element, what); };
    return Operand(Value(std::ranges::any_of(*list, is_same)));
  }
  if (where.is_string()) {
    const std::string_view text = where.get_string();
    return Operand(Value(holds(text, arguments.text(1))));
  }
  arguments.fail(0, fmt::format("expected a string or a list, got {}", kind_of(where)));
  return Operand();
}

Operand apply_default(Arguments& arguments) {
  return arguments.operand(arguments.value_or_null(0).is_null() ? 1 : 0);
}

Operand apply_ends_with(Arguments& arguments) {
  const std::string_view text = arguments.text(0);
  return Operand(Value(text.ends_with(arguments.text(1))));
}

Operand apply_starts_with(Arguments& arguments) {
  const std::string_view text = arguments.text(0);
  return Operand(Value(text.starts_with(arguments.text(1))));
}

// Puts the arguments behind the first one in place of {0}, {1} ... of the first.
class Format {
 public:
  explicit Format(Arguments& arguments) : arguments_(arguments), rest_(arguments.text(0)) {}

  Operand run() {
    while (!rest_.empty() && !arguments_.has_failed()) {
      const std::size_t brace = std::min(rest_.find_first_of("{}"), rest_.size());
      arguments_.append(out_, rest_.substr(0, brace));
      rest_.remove_prefix(brace);
      if (!rest_.empty()) put_brace();
    }
    return text_operand(out_);
  }

 private:
  void put_brace() {
    if (rest_.starts_with("{{") || rest_.starts_with("}}")) {
      arguments_.append(out_, rest_.substr(0, 1));
      rest_.remove_prefix(2);
      return;
    }
    std::size_t index = 0;
    const char* const end = rest_.data() + rest_.size();
    const auto read = std::from_chars(rest_.data() + 1, end, index);
    if (rest_.front() == '}' || read.ec == std::errc::invalid_argument || read.ptr == end ||
        *read.ptr != '}')
      return arguments_.fail(0, "a brace stands alone; write {0}, or {{ and }} for braces");
    const auto size = static_cast<std::size_t>(read.ptr + 1 - rest_.data());
    if (read.ec != std::errc{} || index >= arguments_.count() - 1)
      return arguments_.fail(0,
                             fmt::format("{} has no argument; {} follow the format, counted from 0",
                                         shortened(rest_.substr(0, size)), arguments_.count() - 1));
    arguments_.append_value(out_, arguments_.value(index + 1));
    rest_.remove_prefix(size);
  }

  Arguments& arguments_;
  std::string_view rest_;
  std::string out_;
};

Operand apply_format(Arguments& arguments) { return Format(arguments).run(); }

Operand apply_from_json(Arguments& arguments) {
  const std::string_view text = arguments.text(0);
  if (!arguments.spend(text.size())) return Operand();
  auto value = arguments.json().parse(text);
  if (value) return Operand(std::move(*value));
  const auto& problems = value.error().problems;
  arguments.fail(0,
                 problems.empty()
                     ? "the string is no JSON that can be read here"
                     : fmt::format("the string is no JSON: a mistake on line {}, column {} of it",
                                   problems.front().line, problems.front().column));
  return Operand();
}

Operand apply_hash(Arguments& arguments) {
  const std::string_view text = arguments.text(0);
  if (!arguments.spend(text.size())) return Operand();
  return text_operand(sha256_hex(text));
}

Operand apply_join(Arguments& arguments) {
  const Value& list = arguments.value(0);
  const std::string_view separator = arguments.count() > 1 ? arguments.text(1) : ",";
  if (!list.is_array()) {
    arguments.fail(0, fmt::format("expected a list, got {}", kind_of(list)));
    return Operand();
  }
  std::string out;
  bool is_first = true;
  for (const Value& element : list.get_array()) {
    if (!arguments.spend(1)) break;
    if (!is_first) arguments.append(out, separator);
    arguments.append_value(out, element);
    is_first = false;
  }
  return text_operand(out);
}

template <char first, char last, int distance>
Operand shift_letters(Arguments& arguments) {
  const std::string_view text = arguments.text(0);
  if (!arguments.spend(text.size())) return Operand();
  std::string out(text);
  for (char& c : out)
    if (c >= first && c <= last) c = static_cast<char>(c + distance);
  return text_operand(out);
}

Operand apply_to_json(Arguments& arguments) {
  const Value& value = arguments.value(0);
  std::string out;
  if (arguments.spend(weight_of(value))) arguments.append(out, arguments.json().write(value));
  return text_operand(out);
}

constexpr std::array kFunctions{
    Function{"contains", 2, 2, "contains(where, what)",
             "Whether the string `where` holds the string `what`, or the list `where` an element "
             "equal to it.",
             apply_contains},
    Function{"default", 2, 2, "default(value, fallback)",
             "The value, or the fallback where the value is null or a path to it leads nowhere.",
             apply_default},
    Function{"ends_with", 2, 2, "ends_with(text, end)", "Whether the string ends so.",
             apply_ends_with},
    Function{"format", 1, kAnyNumber, "format(format, value, ...)",
             "The string `format` with the values in place of `{0}`, `{1}` and so on; `{{` and "
             "`}}` are braces.",
             apply_format},
    Function{"from_json", 1, 1, "from_json(text)", "The value that a JSON text writes.",
             apply_from_json},
    Function{"hash", 1, 1, "hash(text)",
             "The SHA-256 of the string's UTF-8, as 64 hexadecimal digits.", apply_hash},
    Function{"join", 1, 2, "join(list, separator)",
             "The texts of the elements with the separator (`,` where it is left out) between "
             "them.",
             apply_join},
    Function{"lower", 1, 1, "lower(text)", "The string with the letters A to Z in lower case.",
             shift_letters<'A', 'Z', 'a' - 'A'>},
    Function{"starts_with", 2, 2, "starts_with(text, start)", "Whether the string starts so.",
             apply_starts_with},
    Function{"to_json", 1, 1, "to_json(value)", "The value as compact JSON.", apply_to_json},
    Function{"upper", 1, 1, "upper(text)", "The string with the letters a to z in upper case.",
             shift_letters<'a', 'z', 'A' - 'a'>},
};
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> functions() { return kFunctions; }

const Function* find_function(std::string_view name) {
  const auto found = std::ranges::lower_bound(kFunctions, name, {}, &Function::name);
  return found != kFunctions.end() && found->name == name ? found : nullptr;
}

}  // namespace mainspring::expr
