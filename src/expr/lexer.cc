#include "expr/lexer.h"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "expr/limits.h"

namespace mainspring::expr {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_first_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_of_name(char c) { return is_first_of_name(c) || is_digit(c) || c == '-'; }

// Longer marks first.
constexpr std::array<std::string_view, 15> kMarks{"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                                  "!",  "(",  ")",  "[",  "]",  ".",  ","};

// What people write who know other languages, and what to write here.
struct Hint {
  std::string_view text;
  std::string_view message;
};
constexpr std::array kHints{
    Hint{"${{", "an expression is open already; names stand in it without ${{ }}"},
    Hint{"\"", "a string stands in single quotes: 'text'"},
    Hint{"=", "'=' compares nothing; write =="},
    Hint{"&", "'&' joins nothing; write &&"},
    Hint{"|", "'|' joins nothing; write ||"},
    Hint{"?", "there is no '?'; write condition && value || other"},
    Hint{"+", "there is no arithmetic; write texts side by side, or use format('{0}{1}', a, b)"},
    Hint{"-", "there is no arithmetic; a minus stands directly before a number"},
    Hint{"*", "there is no arithmetic, and no '*' for all elements"},
    Hint{"/", "there is no arithmetic; compute the value before it becomes a param"},
    Hint{"%", "there is no arithmetic; compute the value before it becomes a param"},
    Hint{"}", "the expression ends with }}"},
};

const std::string kTooLong = fmt::format(
    "the expressions of one text have more than {} bytes; compute the value before it becomes a "
    "param",
    kExpressionBytes);

std::string shown(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  if (code > 0x20 && code < 0x7F) return fmt::format("'{}'", byte);
  return code < 0x80 ? fmt::format("byte 0x{:02X}", code) : "a character beyond ASCII";
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && is_first_of_name(text.front()) && std::ranges::all_of(text, is_of_name);
}

char Lexer::peek(std::size_t ahead) const {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

Token Lexer::take(Token::Kind kind, std::size_t size) {
  Token token{kind, at_, text_.substr(at_, size), {}};
  at_ += size;
  return token;
}

Token Lexer::fail(std::string message) {
  fault_ = Fault{at_, std::move(message), {}};
  return {Token::Kind::end, at_, {}, {}};
}

Token Lexer::next() {
  if (fault_) return {Token::Kind::end, at_, {}, {}};
  while (is_blank(peek()))
    ++at_;
  if (at_ >= limit_) return fail(kTooLong);
  if (at_ >= text_.size()) return fail("the expression has no end; write }} behind it");
  if (text_.substr(at_).starts_with("}}")) return {Token::Kind::end, at_, text_.substr(at_, 2), {}};
  const char c = peek();
  if (is_first_of_name(c)) return read_name();
  if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return read_number();
  if (c == '\'') return read_text();
  return read_mark();
}

Token Lexer::read_name() {
  std::size_t size = 1;
  while (is_of_name(peek(size)))
    ++size;
  Token token = take(Token::Kind::name, size);
  if (token.text != "null" && token.text != "true" && token.text != "false") return token;
  token.kind = Token::Kind::literal;
  if (token.text != "null") token.value = token.text == "true";
  return token;
}

std::size_t Lexer::count_digits(std::size_t from) const {
  std::size_t count = 0;
  while (is_digit(peek(from + count)))
    ++count;
  return count;
}

// As in JSON.
Token Lexer::read_number() {
  std::size_t size = peek() == '-' ? 1 : 0;
  if (peek(size) == '0' && is_digit(peek(size + 1)))
    return fail("a number does not begin with a zero");
  size += count_digits(size);
  bool is_whole = true;
  if (peek(size) == '.' && is_digit(peek(size + 1))) {
    size += 1 + count_digits(size + 1);
    is_whole = false;
  }
  if (peek(size) == 'e' || peek(size) == 'E') {
    const std::size_t sign = peek(size + 1) == '+' || peek(size + 1) == '-' ? 1 : 0;
    const std::size_t digits = count_digits(size + 1 + sign);
    if (digits > 0) size += 1 + sign + digits;
    is_whole &= digits == 0;
  }
  if (is_of_name(peek(size)))
    return fail(
        "this is no number; a number is written as in JSON, and a name begins with a letter");
  Token token = take(Token::Kind::literal, size);
  const auto read = [&](auto number) {
    const std::string_view text = token.text;
    const bool fits = std::from_chars(text.begin(), text.end(), number).ec == std::errc{};
    if (fits) token.value = number;
    return fits;
  };
  if (is_whole && (read(std::int64_t{}) || read(std::uint64_t{}))) return token;
  if (read(double{})) return token;
  at_ = token.offset;
  return fail("the number is beyond what a double can hold");
}

Token Lexer::read_text() {
  std::string content;
  for (std::size_t size = 1; at_ + size < text_.size(); ++size) {
    if (peek(size) == '\'') {
      if (peek(size + 1) != '\'') {
        Token token = take(Token::Kind::literal, size + 1);
        token.value = content;
        return token;
      }
      ++size;
    }
    content += peek(size);
  }
  return fail("the string has no end; write ' behind it, and '' for a quote inside it");
}

Token Lexer::read_mark() {
  const std::string_view rest = text_.substr(at_);
  for (const std::string_view mark : kMarks)
    if (rest.starts_with(mark)) return take(Token::Kind::mark, mark.size());
  for (const auto& [text, message] : kHints)
    if (rest.starts_with(text)) return fail(std::string(message));
  return fail(fmt::format("{} has no place in an expression", shown(rest.front())));
}

}  // namespace mainspring::expr
