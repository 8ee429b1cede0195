#include "runner/attempt/result_protocol.h"

#include <charconv>
#include <cmath>

#include <fmt/core.h>

#include "base/text.h"
#include "json/codec.h"

namespace mainspring::runner {
namespace {

using base::Code;
using json::field;

constexpr std::size_t kMediaTypeLimit = 200;
constexpr std::size_t kKeyLimit = 200;      // keys are names in expressions
constexpr std::size_t kMaxOutputs = 1'000;  // more belong into the result document

// Takes one line off the front, without its line end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Walks the lines and keeps the number of the present one for messages.
class OutputParser {
 public:
  explicit OutputParser(std::string_view text) : rest_(text) {}

  base::Result<json::Object> parse() {
    while (!rest_.empty()) {
      ++number_;
      const std::string_view line = take_line(rest_);
      if (line.empty()) continue;
      if (auto read = read_entry(line); !read) return base::fail(std::move(read.error()));
      if (found_.size() > kMaxOutputs) {
        return fail_here(fmt::format("more than {} keys", kMaxOutputs));
      }
    }
    return std::move(found_);
  }

 private:
  std::unexpected<base::Error> fail_here(std::string_view what) const {
    return base::fail(Code::invalid_argument,
                      fmt::format("MAINSPRING_OUTPUT, line {}: {}", number_, what));
  }

  base::Result<void> read_entry(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::size_t marker = line.find("<<");
    if (marker < equals) return read_lines(line.substr(0, marker), line.substr(marker + 2));
    if (equals == std::string_view::npos) {
      return fail_here("expected key=value or key<<WORD");
    }
    return keep(line.substr(0, equals), line.substr(equals + 1));
  }

  base::Result<void> read_lines(std::string_view key, std::string_view word) {
    if (word.empty()) return fail_here("'<<' needs a word that ends the value");
    const int first = number_;
    std::string value;
    bool is_first = true;
    while (!rest_.empty()) {
      ++number_;
      const std::string_view line = take_line(rest_);
      if (line == word) return keep(key, value);
      if (!is_first) value += '\n';
      is_first = false;
      value += line;
    }
    number_ = first;
    return fail_here(fmt::format("the value of '{}' has no closing line '{}'", key, word));
  }

  base::Result<void> keep(std::string_view key, std::string_view value) {
    if (key.empty() || key.size() > kKeyLimit) {
      return fail_here(fmt::format("a key has 1 to {} bytes", kKeyLimit));
    }
    if (!base::is_utf8(key) || !base::is_utf8(value)) return fail_here("not UTF-8 text");
    found_.insert_or_assign(key, value);
    return {};
  }

  std::string_view rest_;
  int number_ = 0;
  json::Object found_;
};

}  // namespace

const json::EnumTable& described(ResultStatus) {
  static const auto table = json::enumeration<ResultStatus>(
      "ResultStatus", "How a program says that it has ended.",
      {{ResultStatus::success, "success", "It did what it was to do."},
       {ResultStatus::failed, "failed", "It did not."},
       {ResultStatus::retryable, "retryable", "It did not, and another attempt may."}});
  return table;
}

const json::StructTable& ResultDocument::described() {
  static const auto table = json::describe<ResultDocument>(
      "ResultDocument", "What a program may write to the file that MAINSPRING_RESULT_FILE names.",
      field<&ResultDocument::protocol_version>("protocol_version", "1.")
          .required()
          .min(kProtocolVersion)
          .max(kProtocolVersion),
      field<&ResultDocument::status>("status", "How it ended; absent: as the exit code says."),
      field<&ResultDocument::output>("output", "The result, any JSON value."),
      field<&ResultDocument::media_type>("media_type",
                                         "What the text in `output` is; bytes are in base64."),
      field<&ResultDocument::error>("error", "What went wrong."),
      field<&ResultDocument::retry_after>("retry_after",
                                          "How long to wait, at least, before another attempt."));
  return table;
}

base::Result<ResultDocument> parse_result_document(std::string_view text) {
  const auto explain = [](base::Error error) {
    error.message = "MAINSPRING_RESULT_FILE: " + base::to_text(error);
    error.problems.clear();
    return base::fail(std::move(error));
  };
  const auto document = json::parse_json(text, {.max_bytes = kResultDocumentLimit});
  if (!document) return explain(document.error());
  auto result = json::decode<ResultDocument>(*document);
  if (!result) return explain(std::move(result.error()));
  const bool is_text = result->output && result->output->is_string();
  if (!result->media_type.empty() && !is_text) {
    return explain(
        {.code = Code::invalid_argument, .message = "media_type is for an output that is a text"});
  }
  if (result->media_type.size() > kMediaTypeLimit) {
    return explain({.code = Code::invalid_argument,
                    .message = fmt::format("media_type has more than {} bytes", kMediaTypeLimit)});
  }
  return result;
}

base::Result<json::Object> parse_output_lines(std::string_view text) {
  return OutputParser{text}.parse();
}

std::optional<ProgressLine> parse_progress_line(std::string_view line) {
  if (line.size() > kProgressLineLimit || !base::is_utf8(line)) return std::nullopt;
  double fraction = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), fraction);
  if (error != std::errc{} || !(fraction >= 0 && fraction <= 1)) return std::nullopt;
  std::string_view message = line.substr(static_cast<std::size_t>(end - line.data()));
  if (!message.empty() && message.front() != ' ') return std::nullopt;
  if (!message.empty()) message.remove_prefix(1);
  return ProgressLine{fraction, std::string{message}};
}

}  // namespace mainspring::runner
