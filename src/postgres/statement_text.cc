#include "postgres/statement_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace mainspring::postgres {
namespace {

constexpr auto kTables = std::to_array<std::string_view>({"attempts",
                                                          "calendars",
                                                          "connection_users",
                                                          "connections",
                                                          "dedupe_keys",
                                                          "ended_per_minute",
                                                          "enum_names",
                                                          "events",
                                                          "expectations",
                                                          "failing",
                                                          "idempotency",
                                                          "job_counts",
                                                          "job_labels",
                                                          "job_versions",
                                                          "jobs",
                                                          "join_tokens",
                                                          "log_chunks",
                                                          "nodes",
                                                          "occurrences",
                                                          "operations",
                                                          "pings",
                                                          "queue_shares",
                                                          "queues",
                                                          "run_payloads",
                                                          "runs_done",
                                                          "runs_live",
                                                          "schedules",
                                                          "schema_migrations",
                                                          "silences",
                                                          "tenants",
                                                          "tokens",
                                                          "trims",
                                                          "turns",
                                                          "worker_credentials",
                                                          "workers",
                                                          "writer_turn"});
static_assert(std::ranges::is_sorted(kTables));

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Translator {
 public:
  explicit Translator(std::string_view text) : rest_(text) {}

  std::string run() {
    while (!rest_.empty()) {
      const char first = rest_.front();
      if (first == '\'' || first == '"') {
        take_quoted(first);
      } else if (first == '?' && rest_.size() > 1 && is_digit(rest_[1])) {
        rest_.remove_prefix(1);
        out_ += '$';
        last_is_value_ = true;
      } else if (is_word(first)) {
        take_word();
      } else {
        take_sign();
      }
    }
    return std::move(out_);
  }

 private:
  std::string_view peek_word() const {
    std::size_t end = 0;
    while (end < rest_.size() && is_word(rest_[end]))
      ++end;
    return rest_.substr(0, end);
  }

  void take_quoted(char quote) {
    std::size_t end = rest_.find(quote, 1);
    end = end == std::string_view::npos ? rest_.size() : end + 1;
    out_ += rest_.substr(0, end);
    rest_.remove_prefix(end);
    last_is_value_ = true;
  }

  void take_word() {
    const std::string_view word = peek_word();
    rest_.remove_prefix(word.size());
    const std::string upper = base::to_upper(word);
    if (upper == "CROSS") return;  // of CROSS JOIN
    if (upper == "INDEXED") return skip_index();
    const bool is_place =
        before_ == "FROM" || before_ == "JOIN" || before_ == "INTO" || before_ == "UPDATE";
    if (is_place && std::ranges::binary_search(kTables, word)) {
      out_ += kSchema;
      out_ += '.';
    }
    out_ += word;
    before_ = upper;
    // After a word an operand has ended, unless the word is one that an operand follows.
    constexpr std::array<std::string_view, 12> kBeforeOperands = {
        "AND", "BETWEEN", "BY",   "CASE", "ELSE",  "ON",
        "OR",  "SELECT",  "THEN", "WHEN", "WHERE", "RETURNING"};
    last_is_value_ = std::ranges::find(kBeforeOperands, upper) == kBeforeOperands.end();
  }

  // INDEXED BY name
  void skip_index() {
    for (int words = 0; words < 2; ++words) {
      skip_spaces();
      rest_.remove_prefix(peek_word().size());
    }
    skip_spaces();
  }

  void skip_spaces() {
    while (!rest_.empty() && rest_.front() == ' ')
      rest_.remove_prefix(1);
  }

  void take_sign() {
    const char sign = rest_.front();
    rest_.remove_prefix(1);
    if (sign == '+' && !last_is_value_) return;
    out_ += sign;
    if (sign != ' ') last_is_value_ = sign == ')';
    if (sign != ' ') before_.clear();
  }

  std::string_view rest_;
  std::string out_;
  std::string before_;          // the last word, where nothing but spaces came after it
  bool last_is_value_ = false;  // a sign that follows is between two operands
};

}  // namespace

std::string to_postgres(std::string_view shared) { return Translator(shared).run(); }

std::span<const std::string_view> table_names() { return kTables; }

}  // namespace mainspring::postgres
