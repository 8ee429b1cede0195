#include "runner/http/answer.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/text.h"
#include "json/base64.h"
#include "json/document.h"
#include "json/write.h"
#include "model/json_place.h"

namespace mainspring::runner::http {
namespace {

using model::OutcomeStatus;

constexpr std::size_t kShownBytes = 200;  // of a foreign text in a message
// A year: what is longer is a mistake of the server, and must not overflow.
constexpr std::chrono::seconds kLongestRetryAfter{366 * 24 * 3600};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_json(std::string_view media_type) {
  return media_type == "application/json" || media_type.ends_with("+json");
}

std::string in_words(base::Duration time) { return base::format_roughly(time); }

// ---- what is expected --------------------------------------------------------------------------

bool equal_values(const json::Value& a, const json::Value& b) {
  if (a.is_number() && b.is_number() && (a.is_double() || b.is_double()))
    return a.to_number<double>() == b.to_number<double>();
  return a == b;
}

// Reads the body once, for those who ask what it says.
class Judge {
 public:
  Judge(const model::HttpSpec& http, const Request& request, const Answer& answer)
      : http_(http), request_(request), answer_(answer), type_(answer.media_type()) {}

  Verdict run(base::Instant now) {
    verdict_.outcome.retry_after = retry_after(answer_, now);
    read_body();
    if (!is_expected_status())
      judge_status();
    else
      check_expectations();
    const bool will_wait = verdict_.outcome.status == OutcomeStatus::retryable;
    if (!will_wait) verdict_.outcome.retry_after.reset();
    take_result();
    return std::move(verdict_);
  }

 private:
  void read_body() {
    if (answer_.body.empty() || (!is_json(type_) && http_.expect.json.empty())) return;
    auto document = json::parse_json(answer_.body);
    if (document)
      value_ = std::move(document->value);
    else
      mistake_ =
          excerpt(document.error().problems.empty() ? document.error().message
                                                    : document.error().problems.front().message,
                  kShownBytes);
  }

  bool is_expected_status() const {
    return std::ranges::any_of(http_.expect.status, [&](const std::string& pattern) {
      return fits_status(pattern, answer_.status);
    });
  }

  void fail(OutcomeStatus status, std::string_view type, std::string message) {
    verdict_.outcome.status = status;
    verdict_.outcome.error = model::Failure{std::string(type), std::move(message), ""};
  }

  void judge_status() {
    const int status = answer_.status;
    const bool may_pass = status == 408 || status == 425 || status == 429 || status >= 500;
    std::string message = fmt::format("{} {} answered {}", request_.method, request_.url.shown(),
                                      answer_.status_text());
    if (const std::string why = reason(); !why.empty()) message += ": " + why;
    fail(may_pass ? OutcomeStatus::retryable : OutcomeStatus::failed, "status", std::move(message));
  }

  // What the body says about the error: the words of RFC 9457, and those that others use.
  std::string reason() const {
    if (!value_ || !value_->is_object()) return {};
    const json::Object& object = value_->get_object();
    for (const std::string_view key : {"detail", "title", "error_description", "message", "error"})
      if (const auto* text = object.if_contains(key); text != nullptr && text->is_string())
        return excerpt(text->get_string(), kShownBytes);
    return {};
  }

  void check_expectations() {
    for (const auto& [name, expected] : http_.expect.headers)
      if (!has_header(name, expected)) return fail_expectation(describe_header(name, expected));
    if (http_.expect.json.empty()) return;
    if (!value_)
      return fail_expectation(
          fmt::format("its body is no JSON{}{}", mistake_.empty() ? "" : ": ", mistake_));
    for (const auto& [path, expected] : http_.expect.json) {
      const auto place = model::JsonPlace::parse(path);
      const json::Value* found = place ? place->find(*value_) : nullptr;
      if (found == nullptr)
        return fail_expectation(fmt::format("its body has nothing at {}", path));
      if (!equal_values(*found, expected))
        return fail_expectation(fmt::format("{} is {}, and http.expect.json says {}", path,
                                            excerpt(json::write(*found), kShownBytes),
                                            excerpt(json::write(expected), kShownBytes)));
    }
  }

  bool has_header(std::string_view name, std::string_view expected) const {
    return std::ranges::any_of(answer_.headers, [&](const Header& header) {
      return equal_ignoring_case(header.name, name) &&
             (expected == "*" || trimmed(header.value) == trimmed(expected));
    });
  }

  std::string describe_header(std::string_view name, std::string_view expected) const {
    const Header* found = find_header(answer_.headers, name);
    if (found == nullptr) return fmt::format("it has no header {}", name);
    return fmt::format("its header {} is '{}', and http.expect.headers says '{}'", name,
                       excerpt(found->value, kShownBytes), expected);
  }

  void fail_expectation(std::string_view why) {
    fail(OutcomeStatus::failed, "expect",
         fmt::format("{} {} answered {}, but {}", request_.method, request_.url.shown(),
                     answer_.status_text(), why));
  }

  void take_result() {
    if (answer_.body.empty()) return;
    model::Outcome& outcome = verdict_.outcome;
    const bool is_text = base::is_utf8(answer_.body) && !answer_.body.contains('\0');
    if (is_json(type_) && value_)
      outcome.result = std::move(value_);
    else if (is_text)
      outcome.result = answer_.body;
    else if (answer_.body.size() < model::kResultLimit)
      outcome.result = json::Object{{"base64", json::encode_base64(answer_.body)}};
    if (is_json(type_) && !mistake_.empty())
      verdict_.notes.push_back("the body is said to be JSON and is not: " + mistake_);
    const std::size_t size = outcome.result ? json::write(*outcome.result).size() : SIZE_MAX;
    if (size > model::kResultLimit) {
      outcome.result.reset();
      verdict_.notes.push_back(fmt::format(
          "the body is not kept as the result: as JSON it would have more than {} bytes",
          model::kResultLimit));
      return;
    }
    outcome.result_media_type = type_.empty() ? "application/octet-stream" : type_;
  }

  const model::HttpSpec& http_;
  const Request& request_;
  const Answer& answer_;
  const std::string type_;
  std::optional<json::Value> value_;  // of the body, where it is JSON
  std::string mistake_;               // why it is none
  Verdict verdict_;
};

// Of RFC 9110, section 5.6.7, in all its forms.
std::optional<base::Instant> parse_date(const std::string& text) {
  const time_t seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return base::Instant{std::chrono::seconds{seconds}};
}

}  // namespace

std::string Answer::status_text() const {
  const std::string words = excerpt(reason, 60);
  return words.empty() ? std::to_string(status) : fmt::format("{} {}", status, words);
}

std::string Answer::media_type() const {
  const Header* header = find_header(headers, "content-type");
  if (header == nullptr) return {};
  const std::string_view value = header->value;
  std::string type = excerpt(trimmed(value.substr(0, value.find(';'))), kShownBytes);
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

Verdict judge_answer(const model::HttpSpec& http, const Request& request, const Answer& answer,
                     base::Instant now) {
  return Judge(http, request, answer).run(now);
}

bool fits_status(std::string_view pattern, int status) {
  const std::string code = fmt::format("{:03}", status);
  if (pattern.size() == 7 && pattern[3] == '-')
    return pattern.substr(0, 3) <= code && code <= pattern.substr(4);
  return pattern == code || (pattern.ends_with("xx") && pattern.substr(0, 1) == code.substr(0, 1));
}

std::optional<base::Duration> retry_after(const Answer& answer, base::Instant now) {
  const Header* header = find_header(answer.headers, "retry-after");
  if (header == nullptr) return std::nullopt;
  const std::string text{trimmed(header->value)};
  base::Duration wait{0};
  if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_huge = read.ec != std::errc{} || seconds > kLongestRetryAfter.count();
    wait = is_huge ? kLongestRetryAfter : std::chrono::seconds{seconds};
  } else if (const auto until = parse_date(text)) {
    const Header* date = find_header(answer.headers, "date");
    const auto theirs = date == nullptr ? std::nullopt : parse_date(date->value);
    wait = std::min<base::Duration>(*until - theirs.value_or(now), kLongestRetryAfter);
  }
  return wait > base::Duration{0} ? std::optional(wait) : std::nullopt;
}

std::string describe_answer(const Answer& answer) {
  std::string text = answer.status_text();
  const std::string type = answer.media_type();
  text += answer.body.empty() ? ", no body" : fmt::format(", {} bytes", answer.body.size());
  if (!answer.body.empty() && !type.empty()) text += " of " + type;
  const Header* encoding = find_header(answer.headers, "content-encoding");
  if (!answer.body.empty() && encoding != nullptr)
    text += fmt::format(" ({} as {})", answer.received_bytes, excerpt(encoding->value, 30));
  const Phases& at = answer.phases;
  text += fmt::format(", in {}: name {}, connected {}", in_words(at.ended), in_words(at.found),
                      in_words(at.connected));
  if (at.secured.count() > 0) text += ", secured " + in_words(at.secured);
  return text + ", answer " + in_words(at.answered);
}

std::string excerpt(std::string_view text, std::size_t most) {
  if (!base::is_utf8(text)) {
    std::string shown{text.substr(0, most)};
    std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
  }
  const std::size_t size = base::cut_utf8(text, most);
  std::string shown{text.substr(0, size)};
  std::ranges::replace_if(shown, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return size < text.size() ? shown + "..." : shown;
}

}  // namespace mainspring::runner::http
