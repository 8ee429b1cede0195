// Result<T>, Error and the one table of error codes.
//
// Three kinds of failure, three mechanisms. The caller can act on it: Result. Nobody here can act
// on it (disk gone, out of memory): an exception, caught only at the boundaries that
// docs/architecture.md names. The program is wrong: CHECK (check.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mainspring::base {

// A code exists only where some caller reacts to it differently from every other code; anything
// finer belongs in Error::message. The text of each (code_row().name) is part of the REST API.
enum class Code : std::uint8_t {
  invalid_argument,
  unauthenticated,
  permission_denied,
  not_found,
  method_not_allowed,
  conflict,             // the state does not allow it: an illegal transition, a taken name
  precondition_failed,  // If-Match names another version: read again
  idempotency_mismatch,
  unsupported,  // understood and valid, but this build cannot do it
  too_large,
  lease_lost,  // another lease has taken over, or this one was given back
  overloaded,
  timed_out,
  storage_full,
  unavailable,
  internal,
};

// One mistake in a document: where, what, and what may have been meant. Line and column count from
// 1 and are 0 when the document has no text (a struct built in memory).
struct Problem {
  std::string pointer;  // RFC 6901, "" is the whole document
  int line = 0;
  int column = 0;
  std::string message;     // a sentence for a person
  std::string suggestion;  // a word to use instead, or empty

  friend bool operator==(const Problem&, const Problem&) = default;
};

struct [[nodiscard]] Error {
  Code code = Code::internal;
  std::string message;            // what, which, what to do; never parsed
  std::vector<Problem> problems;  // every mistake found, in document order; often empty
  // Of a code that is retryable: when the same request may do, as far as that is known.
  std::optional<std::chrono::seconds> retry_after = {};

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, std::string message) {
  return std::unexpected(Error{code, std::move(message), {}});
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

struct CodeRow {
  Code code;
  std::string_view name;  // snake_case, as in problem+json `code`
  int http_status;
  int exit_code;           // of jobctl
  bool retryable;          // the same request may succeed later, unchanged
  std::string_view title;  // RFC 9457 `title`, and the sentence in the reference
};

// The table, one row per Code, in the order of the enumeration.
std::span<const CodeRow> code_rows();
const CodeRow& code_row(Code code);

// The code whose `name` is this; Code::internal for a name that is not in the table.
Code find_code(std::string_view name);

// "message", then one line per problem: "line:column: pointer: message (did you mean 'x'?)".
std::string to_text(const Error& error);

}  // namespace mainspring::base
