#include "runner/sql/script_text.h"

#include <algorithm>

#include "base/text.h"

namespace mainspring::runner {
namespace {

using model::ConnectionType;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

enum class TokenKind { word, semicolon, opening, closing, other };

struct Token {
  TokenKind kind = TokenKind::other;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Walks over a text, token by token; comments and spaces are none.
class Lexer {
 public:
  Lexer(std::string_view text, ConnectionType database) : text_(text), database_(database) {}

  std::optional<Token> next() {
    skip_blank();
    if (at_ >= text_.size()) return std::nullopt;
    Token token{.begin = at_};
    token.kind = read();
    token.end = at_;
    return token;
  }

 private:
  bool is(ConnectionType database) const { return database_ == database; }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool begins(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  void jump_behind(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void skip_blank() {
    while (at_ < text_.size()) {
      if (is_space(peek())) {
        ++at_;
      } else if (is_line_comment()) {
        jump_behind("\n");
      } else if (begins("/*") && !is_executed_comment()) {
        skip_block_comment();
      } else {
        return;
      }
    }
  }
  bool is_line_comment() const {
    if (is(ConnectionType::mysql)) {
      const bool is_dashes = begins("--") && (is_space(peek(2)) || peek(2) == '\0');
      return is_dashes || peek() == '#';
    }
    return begins("--");
  }
  // /*! ... */ and /*M! ... */: MySQL and MariaDB read what is inside.
  bool is_executed_comment() const {
    return is(ConnectionType::mysql) && (begins("/*!") || begins("/*M!"));
  }
  void skip_block_comment() {
    at_ += 2;
    if (!is(ConnectionType::postgres)) return jump_behind("*/");
    for (int depth = 1; at_ < text_.size() && depth > 0;) {
      if (begins("/*") || begins("*/")) {
        depth += begins("/*") ? 1 : -1;
        ++at_;
      }
      ++at_;
    }
  }

  TokenKind read() {
    const char c = peek();
    if (is_letter(c)) return read_word();
    if (c == '\'' || c == '"' || c == '`') return read_quoted(c, has_backslashes(c));
    if (c == '[' && is(ConnectionType::sqlite)) {
      jump_behind("]");
      return TokenKind::other;
    }
    if (c == '$' && is(ConnectionType::postgres) && skip_dollar_quote()) return TokenKind::other;
    if (is_executed_comment()) {
      jump_behind("!");
      while (is_digit(peek()))
        ++at_;
      return TokenKind::other;
    }
    ++at_;
    if (c == ';') return TokenKind::semicolon;
    if (c == '(') return TokenKind::opening;
    if (c == ')') return TokenKind::closing;
    return TokenKind::other;
  }
  TokenKind read_word() {
    const bool is_escape =
        is(ConnectionType::postgres) && (peek() == 'e' || peek() == 'E') && peek(1) == '\'';
    if (is_escape) {
      ++at_;
      return read_quoted('\'', true);
    }
    while (is_letter(peek()) || is_digit(peek()) || peek() == '$')
      ++at_;
    return TokenKind::word;
  }
  bool has_backslashes(char quote) const { return is(ConnectionType::mysql) && quote != '`'; }
  // A doubled quote ends one and begins the next, which comes to the same.
  TokenKind read_quoted(char quote, bool with_backslashes) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_)
      if (with_backslashes && text_[at_] == '\\') ++at_;
    at_ = std::min(at_ + 1, text_.size());
    return TokenKind::other;
  }
  bool skip_dollar_quote() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_letter(text_[end]) || (end > at_ + 1 && is_digit(text_[end]))))
      ++end;
    if (end >= text_.size() || text_[end] != '$') return false;
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    at_ = end + 1;
    jump_behind(tag);
    return true;
  }

  const std::string_view text_;
  const ConnectionType database_;
  std::size_t at_ = 0;
};

// How deep in BEGIN ... END of a routine's body, where semicolons end nothing: as psql tells it.
class Bodies {
 public:
  void word(const std::string& word) {
    if (count_++ == 0) is_create_ = word == "CREATE";
    if (!is_create_) return;
    if (count_ <= 6 && (word == "FUNCTION" || word == "PROCEDURE" || word == "TRIGGER"))
      is_routine_ = true;
    if (!is_routine_) return;
    if (word == "BEGIN" || (word == "CASE" && depth_ > 0)) ++depth_;
    if (word == "END" && depth_ > 0) --depth_;
  }
  bool is_inside() const { return depth_ > 0; }

 private:
  int count_ = 0;
  int depth_ = 0;
  bool is_create_ = false;
  bool is_routine_ = false;
};

std::string word_of(std::string_view text, const Token& token) {
  return base::to_upper(text.substr(token.begin, token.end - token.begin));
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// As MySQL and MariaDB have it: what commits by itself.
bool commits_in_mysql(const std::vector<std::string>& words) {
  const std::string_view second = words.size() > 1 ? std::string_view{words[1]} : "";
  if (is_one_of(words[0], {"CREATE", "DROP"})) return second != "TEMPORARY";
  if (words[0] == "SET") return second == "PASSWORD" || second == "AUTOCOMMIT";
  return is_one_of(words[0], {"ALTER", "TRUNCATE", "RENAME", "GRANT", "REVOKE", "LOCK", "UNLOCK",
                              "ANALYZE", "OPTIMIZE", "REPAIR", "INSTALL", "UNINSTALL"});
}

bool breaks_transaction(const std::vector<std::string>& words, ConnectionType database) {
  const std::string_view second = words.size() > 1 ? std::string_view{words[1]} : "";
  const std::string_view third = words.size() > 2 ? std::string_view{words[2]} : "";
  if (words[0] == "ROLLBACK")
    return second != "TO" && !(is_one_of(second, {"WORK", "TRANSACTION"}) && third == "TO");
  if (is_one_of(words[0], {"BEGIN", "COMMIT", "END", "ABORT"})) return true;
  if (words[0] == "START" || words[0] == "PREPARE") return second == "TRANSACTION";
  return database == ConnectionType::mysql && commits_in_mysql(words);
}

}  // namespace

std::vector<std::string_view> split_script(std::string_view script, ConnectionType database) {
  std::vector<std::string_view> out;
  Lexer lexer(script, database);
  Bodies bodies;
  int parentheses = 0;
  std::optional<std::size_t> begin;
  std::size_t end = 0;
  const auto take = [&] {
    if (begin) out.push_back(script.substr(*begin, end - *begin));
    begin.reset();
    bodies = {};
    parentheses = 0;
  };
  while (const auto token = lexer.next()) {
    if (token->kind == TokenKind::semicolon && parentheses == 0 && !bodies.is_inside()) {
      take();
      continue;
    }
    if (!begin) begin = token->begin;
    end = token->end;
    if (token->kind == TokenKind::opening) ++parentheses;
    if (token->kind == TokenKind::closing && parentheses > 0) --parentheses;
    if (token->kind == TokenKind::word && parentheses == 0) bodies.word(word_of(script, *token));
  }
  take();
  return out;
}

std::vector<std::string> first_words(std::string_view statement, ConnectionType database,
                                     std::size_t most) {
  std::vector<std::string> out;
  Lexer lexer(statement, database);
  while (out.size() < most) {
    const auto token = lexer.next();
    if (!token || (token->kind != TokenKind::word && !out.empty())) break;
    if (token->kind == TokenKind::word) out.push_back(word_of(statement, *token));
  }
  return out;
}

bool is_reader(std::string_view statement, ConnectionType database) {
  Lexer lexer(statement, database);
  bool is_first = true;
  while (const auto token = lexer.next()) {
    if (token->kind != TokenKind::word) continue;
    const std::string word = word_of(statement, *token);
    if (is_first && !is_one_of(word, {"SELECT", "VALUES", "TABLE", "WITH"})) return false;
    if (is_one_of(word, {"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "INTO"})) return false;
    is_first = false;
  }
  return !is_first;
}

std::optional<std::string> find_transaction_breaker(std::string_view script,
                                                    ConnectionType database) {
  for (const std::string_view statement : split_script(script, database)) {
    const std::vector<std::string> words = first_words(statement, database);
    if (words.empty() || !breaks_transaction(words, database)) continue;
    std::string shown = words[0];
    if (words.size() > 1) shown += " " + words[1];
    return shown;
  }
  return std::nullopt;
}

}  // namespace mainspring::runner
