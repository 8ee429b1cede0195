#include "base/error.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/check.h"

namespace mainspring::base {
namespace {

// Exit codes: 2 usage, 3 not found, 4 conflict, 5 denied, 6 unavailable, 124 timed out.
constexpr std::array<CodeRow, 16> kRows{{
    {Code::invalid_argument, "invalid_argument", 400, 2, false, "The request is not valid."},
    {Code::unauthenticated, "unauthenticated", 401, 5, false, "A valid credential is needed."},
    {Code::permission_denied, "permission_denied", 403, 5, false,
     "The credential does not allow this."},
    {Code::not_found, "not_found", 404, 3, false, "There is no such thing."},
    {Code::method_not_allowed, "method_not_allowed", 405, 2, false,
     "The resource does not have this method."},
    {Code::conflict, "conflict", 409, 4, false, "The present state does not allow this."},
    {Code::precondition_failed, "precondition_failed", 412, 4, false,
     "It changed since it was read."},
    {Code::idempotency_mismatch, "idempotency_mismatch", 422, 4, false,
     "The idempotency key was used with another body."},
    {Code::unsupported, "unsupported", 422, 2, false, "This build cannot do this."},
    {Code::too_large, "too_large", 413, 2, false, "It is over a limit."},
    {Code::lease_lost, "lease_lost", 409, 4, false, "Another lease has taken over."},
    {Code::overloaded, "overloaded", 429, 6, true, "Too much is waiting; try again later."},
    {Code::timed_out, "timed_out", 504, 124, true, "The time allowed for it has passed."},
    {Code::storage_full, "storage_full", 507, 6, true, "The disk is full."},
    {Code::unavailable, "unavailable", 503, 6, true, "The service cannot answer now."},
    {Code::internal, "internal", 500, 6, true, "The program met a failure of its own."},
}};

}  // namespace

std::span<const CodeRow> code_rows() { return kRows; }

const CodeRow& code_row(Code code) {
  const auto index = static_cast<std::size_t>(code);
  CHECK(index < kRows.size() && kRows[index].code == code);
  return kRows[index];
}

Code find_code(std::string_view name) {
  const auto* row = std::ranges::find(kRows, name, &CodeRow::name);
  return row == kRows.end() ? Code::internal : row->code;
}

std::string to_text(const Error& error) {
  std::string out = error.message;
  for (const Problem& problem : error.problems) {
    out += out.empty() ? "" : "\n";
    if (problem.line > 0) out += fmt::format("{}:{}: ", problem.line, problem.column);
    if (!problem.pointer.empty()) out += problem.pointer + ": ";
    out += problem.message;
    if (!problem.suggestion.empty())
      out += fmt::format(" (did you mean '{}'?)", problem.suggestion);
  }
  return out;
}

}  // namespace mainspring::base
