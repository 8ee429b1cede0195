#include "runner/http/answer.h"

#include <doctest/doctest.h>

#include "json/write.h"
#include "runner/http/failure.h"
#include "runner/http/fixtures.h"

namespace mainspring::runner::http {
namespace {

using model::OutcomeStatus;

constexpr auto kNow = base::Instant{std::chrono::seconds{784'111'777}};  // of RFC 9110's example

class Fixture : public OrderFixture {
 public:
  model::Outcome judge(const Answer& answer) {
    Verdict verdict = judge_answer(http, request_to(http.url), answer, kNow);
    notes = std::move(verdict.notes);
    return std::move(verdict.outcome);
  }
  std::vector<std::string> notes;
};

TEST_CASE("a status fits a code, a class and a range") {
  CHECK(fits_status("204", 204));
  CHECK_FALSE(fits_status("204", 200));
  CHECK(fits_status("2xx", 299));
  CHECK_FALSE(fits_status("2xx", 300));
  CHECK(fits_status("200-399", 302));
  CHECK_FALSE(fits_status("200-204", 205));
}

TEST_CASE_FIXTURE(Fixture,
                  "statuses that may pass are retryable, and other unexpected ones failed") {
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599}) {
    CAPTURE(status);
    CHECK(judge(answer_of(status, {}, "")).status == OutcomeStatus::retryable);
  }
  for (const int status : {302, 400, 401, 403, 404, 409, 422}) {
    CAPTURE(status);
    const model::Outcome outcome = judge(answer_of(status, {}, ""));
    CHECK(outcome.status == OutcomeStatus::failed);
    CHECK_EQ(outcome.error->type, "status");
  }
  http.expect.status = {"200-299", "404", "503"};
  for (const int status : {200, 204, 404, 503})
    CHECK(judge(answer_of(status, {}, "")).status == OutcomeStatus::success);
}

TEST_CASE_FIXTURE(Fixture, "the error says what the body says about itself") {
  const std::vector<Header> type{{"Content-Type", "application/problem+json"}};
  Answer answer = answer_of(422, type, R"({"title":"Wrong","detail":"no\nsuch id"})");
  answer.reason = "Unprocessable Content";
  http.url = "https://api.example.org/v1?token=t";
  CHECK_EQ(judge(answer).error->message,
           "GET https://api.example.org/v1?... answered 422 Unprocessable Content: no such id");
  CHECK_EQ(json::write(*judge(answer).result), R"({"title":"Wrong","detail":"no\nsuch id"})");
}

TEST_CASE_FIXTURE(Fixture,
                  "a JSON body is a value, a text a text, and other bytes stand in base64") {
  const model::Outcome value =
      judge(answer_of(200, {{"content-type", "Application/JSON; charset=utf-8"}}, R"({"n":[1]})"));
  CHECK_EQ(json::write(*value.result), R"({"n":[1]})");
  CHECK_EQ(value.result_media_type, "application/json");
  const model::Outcome text = judge(answer_of(200, {{"Content-Type", "text/csv"}}, "a,b\n"));
  CHECK_EQ(text.result->as_string(), "a,b\n");
  CHECK_EQ(text.result_media_type, "text/csv");
  const model::Outcome bytes = judge(answer_of(200, {{"Content-Type", "image/png"}}, "\x89PNG"));
  CHECK_EQ(json::write(*bytes.result), R"({"base64":"iVBORw=="})");
  const model::Outcome zero = judge(answer_of(200, {}, std::string("a\0", 2)));
  CHECK_EQ(json::write(*zero.result), R"({"base64":"YQA="})");
  CHECK_EQ(zero.result_media_type, "application/octet-stream");
  CHECK_FALSE(judge(answer_of(204, {}, "")).result.has_value());
}

TEST_CASE_FIXTURE(Fixture, "a body that is no JSON although it is said to be is a text, and told") {
  const model::Outcome outcome =
      judge(answer_of(200, {{"Content-Type", "application/json"}}, "{oops"));
  CHECK(outcome.status == OutcomeStatus::success);
  CHECK_EQ(outcome.result->as_string(), "{oops");
  REQUIRE_EQ(notes.size(), 1);
  CHECK(notes[0].contains("is said to be JSON and is not"));
}

TEST_CASE_FIXTURE(Fixture, "a body too large for a result is a success without one, and told") {
  const model::Outcome outcome = judge(answer_of(200, {}, std::string(model::kResultLimit, 'x')));
  CHECK(outcome.status == OutcomeStatus::success);
  CHECK_FALSE(outcome.result.has_value());
  CHECK_EQ(outcome.result_media_type, "");
  REQUIRE_EQ(notes.size(), 1);
  CHECK(notes[0].contains("1048576 bytes"));
  CHECK_FALSE(judge(answer_of(200, {}, std::string(900'000, '\xff'))).result.has_value());
}

TEST_CASE_FIXTURE(Fixture, "an answer must have the headers that are expected") {
  http.expect.headers = {{"X-Kind", "report"}, {"ETag", "*"}};
  CHECK(judge(answer_of(200, {{"x-kind", "report "}, {"etag", ""}}, "")).status ==
        OutcomeStatus::success);
  const model::Outcome other = judge(answer_of(200, {{"X-Kind", "draft"}, {"ETag", "1"}}, ""));
  CHECK(other.status == OutcomeStatus::failed);
  CHECK_EQ(other.error->type, "expect");
  CHECK(other.error->message.ends_with(
      "its header X-Kind is 'draft', and http.expect.headers says 'report'"));
  CHECK(judge(answer_of(200, {}, "")).error->message.ends_with("it has no header ETag"));
}

TEST_CASE_FIXTURE(Fixture, "an answer must have the values that are expected in its body") {
  http.expect.json = {{"$.status", "ok"}, {"$.items[0].n", 1}};
  CHECK(judge(answer_of(200, {}, R"({"status":"ok","items":[{"n":1.0}]})")).status ==
        OutcomeStatus::success);
  const auto why = [&](std::string body) {
    return judge(answer_of(200, {}, std::move(body))).error->message;
  };
  CHECK(why(R"({"status":"down","items":[{"n":1}]})")
            .ends_with(R"($.status is "down", and http.expect.json says "ok")"));
  CHECK(why(R"({"status":"ok","items":[]})").ends_with("its body has nothing at $.items[0].n"));
  CHECK(why("<html>").contains("its body is no JSON"));
  CHECK(why("").ends_with("its body is no JSON"));
}

TEST_CASE("Retry-After counts seconds, or until a date by the clock of the server") {
  const auto wait = [](std::vector<Header> headers) {
    const auto found = retry_after(answer_of(429, std::move(headers), ""), kNow);
    return found ? base::format_duration(*found) : "none";
  };
  CHECK_EQ(wait({{"Retry-After", " 120 "}}), "2m");
  CHECK_EQ(wait({{"Retry-After", "0"}}), "none");
  CHECK_EQ(wait({{"Retry-After", "99999999999999999999"}}), "366d");
  CHECK_EQ(wait({{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}}), "1m");
  CHECK_EQ(wait({{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"},
                 {"Date", "Sun, 06 Nov 1994 08:50:27 GMT"}}),
           "10s");
  CHECK_EQ(wait({{"Retry-After", "Sunday, 06-Nov-94 08:50:37 GMT"}}), "1m");
  CHECK_EQ(wait({{"Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"}}), "none");
  for (const char* wrong : {"", "soon", "-5", "1.5", "0x10"})
    CHECK_EQ(wait({{"Retry-After", wrong}}), "none");
  CHECK_EQ(wait({}), "none");
}

TEST_CASE_FIXTURE(Fixture, "only what is to be tried again says when") {
  const std::vector<Header> headers{{"Retry-After", "7"}};
  CHECK(judge(answer_of(503, headers, "")).retry_after == std::chrono::seconds{7});
  CHECK_FALSE(judge(answer_of(404, headers, "")).retry_after.has_value());
  CHECK_FALSE(judge(answer_of(200, headers, "")).retry_after.has_value());
}

TEST_CASE("an answer is described in one line, whatever its bytes are") {
  Answer answer = answer_of(200, {{"Content-Type", "text/plain\x1b[31m"}}, "hello");
  answer.reason = "O\x07K";
  answer.phases = {
      .connected = base::Duration{2}, .answered = base::Duration{3}, .ended = base::Duration{4}};
  CHECK_EQ(describe_answer(answer),
           "200 O K, 5 bytes of text/plain [31m, in 4ms: name 0s, connected 2ms, answer 3ms");
  CHECK_EQ(excerpt("\xff\n\xfe", 10), "???");
  CHECK_EQ(excerpt("\xc3\xa4\xc3\xa4", 3), "\xc3\xa4...");
}

TEST_CASE_FIXTURE(OrderFixture, "each failure has one type, and a sentence that names the host") {
  const Request request = request_to("https://api.example.org:8443/v1?token=t");
  spec->timeout.run = std::chrono::seconds{3};
  spec->timeout.idle = std::chrono::seconds{2};
  http.timeouts.response = std::chrono::seconds{1};
  const auto outcome = [&](Trouble trouble) {
    return make_outcome({trouble, "why"}, request, *spec, execution::StopCause::cancelled);
  };
  struct Expected {
    Trouble trouble;
    OutcomeStatus status;
    std::string_view type;
    std::string_view words;
  };
  const Expected table[] = {
      {Trouble::dns, OutcomeStatus::retryable, "dns", "the name 'api.example.org'"},
      {Trouble::connect, OutcomeStatus::retryable, "connect", "api.example.org:8443: why"},
      {Trouble::proxy, OutcomeStatus::retryable, "proxy", "api.example.org:8443: why"},
      {Trouble::proxy_denied, OutcomeStatus::failed, "proxy", "(407)"},
      {Trouble::handshake, OutcomeStatus::retryable, "tls", "api.example.org:8443: why"},
      {Trouble::certificate, OutcomeStatus::failed, "tls", "tls.ca names the authority"},
      {Trouble::tls_files, OutcomeStatus::failed, "tls", "on this worker: why"},
      {Trouble::connect_timeout, OutcomeStatus::retryable, "timeout", "timeouts.connect, 10s"},
      {Trouble::response_timeout, OutcomeStatus::retryable, "timeout", "timeouts.response, 1s"},
      {Trouble::run_timeout, OutcomeStatus::timed_out, "timeout", "timeout.run, 3s"},
      {Trouble::idle_timeout, OutcomeStatus::timed_out, "timeout", "timeout.idle, 2s"},
      {Trouble::transfer, OutcomeStatus::retryable, "transfer", "api.example.org:8443 ended"},
      {Trouble::protocol, OutcomeStatus::failed, "protocol", "api.example.org:8443 answered"},
      {Trouble::body_too_large, OutcomeStatus::failed, "too_large", "max_response, 1MiB"},
      {Trouble::headers_too_large, OutcomeStatus::failed, "too_large", "256 KiB"},
      {Trouble::stopped, OutcomeStatus::cancelled, "cancelled",
       "api.example.org:8443 was broken off"},
  };
  for (const Expected& row : table) {
    CAPTURE(row.words);
    const model::Outcome found = outcome(row.trouble);
    CHECK(found.status == row.status);
    CHECK_EQ(found.error->type, row.type);
    CHECK_MESSAGE(found.error->message.contains(row.words), found.error->message);
    CHECK_FALSE(found.error->message.contains("token"));
  }
  CHECK(make_outcome({Trouble::stopped, ""}, request, *spec, execution::StopCause::lease_lost)
            .status == OutcomeStatus::lost);
}

}  // namespace
}  // namespace mainspring::runner::http
