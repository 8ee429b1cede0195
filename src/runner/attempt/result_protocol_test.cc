#include "runner/attempt/result_protocol.h"

#include <doctest/doctest.h>

#include "env/testing.h"
#include "json/write.h"

namespace mainspring::runner {
namespace {

std::string outputs(std::string_view text) {
  const auto parsed = parse_output_lines(text);
  return parsed ? json::write(*parsed) : parsed.error().message;
}

std::string document_mistake(std::string_view text) {
  const auto parsed = parse_result_document(text);
  return parsed ? std::string{} : parsed.error().message;
}

TEST_CASE("output lines become texts, and the last of a key stays") {
  CHECK_EQ(outputs(""), "{}");
  CHECK_EQ(outputs("a=1\nb=x=y\n\nc=\n"), R"({"a":"1","b":"x=y","c":""})");
  CHECK_EQ(outputs("a=1\r\na=2"), R"({"a":"2"})");
  CHECK_EQ(outputs("url=a<<b"), R"({"url":"a<<b"})");
}

TEST_CASE("a value of several lines ends at its word and keeps everything between") {
  CHECK_EQ(outputs("k<<EOF\none\n\n a=b\nEOF\nz=1\n"), R"({"k":"one\n\n a=b","z":"1"})");
  CHECK_EQ(outputs("k<<E=F\nx\nE=F"), R"({"k":"x"})");
  CHECK_EQ(outputs("k<<EOF\nEOF\n"), R"({"k":""})");
}

TEST_CASE("a mistake in the output lines names its line") {
  CHECK_EQ(outputs("a=1\nhello\n"), "MAINSPRING_OUTPUT, line 2: expected key=value or key<<WORD");
  CHECK_EQ(outputs("\nk<<EOF\nx\n"),
           "MAINSPRING_OUTPUT, line 2: the value of 'k' has no closing line 'EOF'");
  CHECK(outputs("=1").contains("line 1: a key has 1 to 200 bytes"));
  CHECK(outputs("k<<\n").contains("needs a word"));
  CHECK(outputs("a=\xff").contains("not UTF-8"));
  CHECK(outputs("a=\xed\xa0\x80").contains("not UTF-8"));
  std::string many;
  for (int i = 0; i < 1'001; ++i)
    many += std::to_string(i) + "=x\n";
  CHECK(outputs(many).contains("line 1001: more than 1000 keys"));
}

TEST_CASE("a result document gives status, output and error") {
  const auto full =
      parse_result_document(R"({"protocol_version":1,"status":"retryable","output":{"n":[1]},)"
                            R"("error":{"type":"Busy","message":"m","stack":"s"}})");
  REQUIRE(full.has_value());
  CHECK(full->status == ResultStatus::retryable);
  CHECK_EQ(json::write(*full->output), R"({"n":[1]})");
  CHECK_EQ(full->error->type, "Busy");
  const auto least = parse_result_document(R"({"protocol_version":1})");
  REQUIRE(least.has_value());
  CHECK_FALSE(least->status.has_value());
  CHECK_FALSE(least->output.has_value());
}

TEST_CASE("a result document may say when to try again, and what its text is") {
  const auto asked =
      parse_result_document(R"({"protocol_version":1,"status":"retryable","retry_after":"1m30s"})");
  REQUIRE(asked.has_value());
  CHECK(asked->retry_after == std::chrono::seconds{90});
  const auto bytes = parse_result_document(
      R"({"protocol_version":1,"output":"AAE=","media_type":"application/octet-stream"})");
  REQUIRE(bytes.has_value());
  CHECK_EQ(bytes->media_type, "application/octet-stream");
  CHECK(document_mistake(R"({"protocol_version":1,"output":[1],"media_type":"image/png"})")
            .contains("media_type is for an output that is a text"));
  CHECK(
      document_mistake(R"({"protocol_version":1,"retry_after":"soon"})").contains("/retry_after"));
}

TEST_CASE("a wrong result document says where and what") {
  CHECK(document_mistake("{").starts_with("MAINSPRING_RESULT_FILE: "));
  CHECK(document_mistake(R"({"protocol_version":2})").contains("/protocol_version"));
  CHECK(document_mistake(R"({"status":"success"})").contains("protocol_version"));
  CHECK(document_mistake(R"({"protocol_version":1,"status":"lost"})").contains("/status"));
  CHECK(document_mistake(R"({"protocol_version":1,"ouput":1})").contains("'output'"));
  CHECK_FALSE(document_mistake("[]").empty());
}

TEST_CASE("progress lines have a number of 0 to 1 and perhaps a message") {
  CHECK_EQ(parse_progress_line("0.25 loading rows")->fraction, 0.25);
  CHECK_EQ(parse_progress_line("0.25 loading rows")->message, "loading rows");
  CHECK_EQ(parse_progress_line("1")->message, "");
  for (const char* wrong : {"", "x", "1.5 a", "-0.1", "nan", "inf", "0.5x", "0.5 \xff", "50%"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_progress_line(wrong).has_value());
  }
  CHECK_FALSE(parse_progress_line("0.5 " + std::string(kProgressLineLimit, 'x')).has_value());
}

TEST_CASE("no bytes make the parsers fail otherwise than with an error") {
  constexpr std::uint64_t kSeed = 7;
  CAPTURE(kSeed);
  env::SeededRandom random{kSeed};
  constexpr std::string_view kAlphabet = "a=<E\n\r \xc3\xa9\xf0{}\":,0.1";
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (auto size = random_below(random, 40); size > 0; --size)
      text += kAlphabet[random_below(random, kAlphabet.size())];
    if (const auto parsed = parse_output_lines(text)) CHECK(parsed->size() <= text.size());
    CHECK((parse_result_document(text) || true));
    if (const auto line = parse_progress_line(text)) CHECK(line->fraction <= 1);
  }
}

}  // namespace
}  // namespace mainspring::runner
