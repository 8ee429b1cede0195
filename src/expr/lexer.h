// The words of an expression. Internal to expr.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expr/syntax.h"
#include "expr/value.h"

namespace mainspring::expr {

struct Token {
  enum class Kind : std::uint8_t { mark, name, literal, end };

  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string_view text;  // as it is written
  Value value;            // of a literal
};

// Reads `text` from a byte on, up to the "}}" that ends the expression. After a fault, and behind
// the end, every token is the end.
class Lexer {
 public:
  Lexer(std::string_view text, Extent extent)
      : text_(text), at_(extent.begin), limit_(extent.begin + extent.longest) {}

  Token next();
  // The first fault.
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  Token read_name();
  Token read_number();
  Token read_text();
  Token read_mark();
  Token take(Token::Kind kind, std::size_t size);
  Token fail(std::string message);
  char peek(std::size_t ahead = 0) const;
  std::size_t count_digits(std::size_t from) const;

  std::string_view text_;
  std::size_t at_;
  std::size_t limit_;
  std::optional<Fault> fault_;
};

}  // namespace mainspring::expr
