// What a program may say about its own result: the texts of the result protocol, version 1.
//
// Pure functions. Errors: invalid_argument or too_large, written for the author of the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/describe.h"
#include "model/run.h"

namespace mainspring::runner {

inline constexpr int kProtocolVersion = 1;
// Twice what a result may have: formatting and the error's stack do not count towards it.
inline constexpr std::size_t kResultDocumentLimit = 2 * model::kResultLimit;
inline constexpr std::size_t kOutputFileLimit = model::kResultLimit;
inline constexpr std::size_t kProgressLineLimit = 1'000;  // longer is no message for a screen

enum class ResultStatus { success, failed, retryable };
const json::EnumTable& described(ResultStatus);

// The file that MAINSPRING_RESULT_FILE names.
struct ResultDocument {
  int protocol_version = kProtocolVersion;
  std::optional<ResultStatus> status;  // absent: the exit code says it
  std::optional<json::Value> output;
  std::string media_type;  // of a text in `output` that is something else; "": application/json
  std::optional<model::Failure> error;
  std::optional<base::Duration> retry_after;  // no other attempt before, if there is one

  static const json::StructTable& described();
};

base::Result<ResultDocument> parse_result_document(std::string_view text);

// The file that MAINSPRING_OUTPUT names, as GitHub Actions has it: lines `key=value`, and
//   key<<WORD
//   any lines
//   WORD
// for values of several lines. A key that comes again replaces its value. Empty lines are skipped.
base::Result<json::Object> parse_output_lines(std::string_view text);

struct ProgressLine {
  double fraction = 0;
  std::string message;
};

// "0.25 loading": a number of 0 to 1, then a message, which may be missing. Anything else: nothing.
std::optional<ProgressLine> parse_progress_line(std::string_view line);

}  // namespace mainspring::runner
