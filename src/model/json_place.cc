#include "model/json_place.h"

#include <charconv>
#include <optional>

#include <fmt/core.h>

namespace mainspring::model {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters, '_' and what is not ASCII, as RFC 9535 has it for `.name`.
bool is_name_first(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The text from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool is_done() const { return at_ == text_.size(); }
  bool take(char c) {
    if (is_done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  base::Result<std::string> name() {
    const std::size_t begin = at_;
    if (is_done() || !is_name_first(text_[at_])) return fail("expected a name after '.'");
    while (!is_done() && (is_name_first(text_[at_]) || is_digit(text_[at_])))
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  // In single or double quotes; a backslash stands before a quote or itself.
  std::optional<base::Result<std::string>> quoted() {
    if (is_done() || (text_[at_] != '\'' && text_[at_] != '"')) return std::nullopt;
    const char quote = text_[at_++];
    std::string out;
    while (!is_done() && text_[at_] != quote) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
      out += text_[at_++];
    }
    if (!take(quote)) return fail("the quote is not closed");
    return out;
  }
  base::Result<std::int64_t> index() {
    std::int64_t value = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc{}) return fail("expected a number or a quoted name");
    at_ += static_cast<std::size_t>(end - begin);
    return value;
  }
  std::unexpected<base::Error> fail(std::string_view why) const {
    return base::fail(base::Code::invalid_argument, fmt::format("column {}: {}", at_ + 1, why));
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

const json::Value* item(const json::Array& list, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(list.size());
  if (index < 0) index += size;
  return index >= 0 && index < size ? &list[static_cast<std::size_t>(index)] : nullptr;
}

}  // namespace

base::Result<JsonPlace> JsonPlace::parse(std::string_view text) {
  Scanner scanner(text);
  if (text.size() > kJsonPlaceLimit) return scanner.fail("the path is too long");
  if (!scanner.take('$')) return scanner.fail("a path begins with '$', such as $.status");
  JsonPlace place;
  while (!scanner.is_done()) {
    if (scanner.take('.')) {
      auto name = scanner.name();
      if (!name) return base::fail(std::move(name.error()));
      place.steps_.emplace_back(std::move(*name));
    } else if (scanner.take('[')) {
      if (auto name = scanner.quoted()) {
        if (!*name) return base::fail(std::move(name->error()));
        place.steps_.emplace_back(std::move(**name));
      } else {
        const auto index = scanner.index();
        if (!index) return base::fail(index.error());
        place.steps_.emplace_back(*index);
      }
      if (!scanner.take(']')) return scanner.fail("expected ']'");
    } else {
      return scanner.fail("expected '.' or '['; a path names one place, such as $.items[0].id");
    }
  }
  return place;
}

const json::Value* JsonPlace::find(const json::Value& document) const {
  const json::Value* at = &document;
  for (const Step& step : steps_) {
    if (const auto* name = std::get_if<std::string>(&step))
      at = at->is_object() ? at->get_object().if_contains(*name) : nullptr;
    else
      at = at->is_array() ? item(at->get_array(), std::get<std::int64_t>(step)) : nullptr;
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace mainspring::model
