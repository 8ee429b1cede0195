#include <doctest/doctest.h>

#include "base/error.h"
#include "base/id.h"
#include "base/text.h"
#include "base/time.h"

namespace mainspring::base {
namespace {

TEST_CASE("every error code has one row, found again by its name") {
  for (const CodeRow& row : code_rows()) {
    CHECK_EQ(&code_row(row.code), &row);
    CHECK(find_code(row.name) == row.code);
    CHECK(row.http_status >= 400);
    CHECK(row.exit_code > 1);  // 1 means that a run failed
  }
  CHECK(find_code("no such name") == Code::internal);
}

TEST_CASE("an error's text lists every problem with its place") {
  const Error error{Code::invalid_argument,
                    "2 mistakes",
                    {{"/name", 1, 7, "is empty", ""}, {"/retyr", 3, 1, "unknown key", "retry"}}};
  CHECK_EQ(to_text(error),
           "2 mistakes\n1:7: /name: is empty\n3:1: /retyr: unknown key (did you mean 'retry'?)");
}

TEST_CASE("instants survive a round trip and accept offsets") {
  for (const char* text :
       {"1970-01-01T00:00:00.000Z", "2026-03-29T01:30:00.123Z", "2199-12-31T23:59:59.999Z"}) {
    CHECK_EQ(format_instant(parse_instant(text).value()), text);
  }
  CHECK_EQ(format_instant(parse_instant("2026-03-29T03:30:00+02:00").value()),
           "2026-03-29T01:30:00.000Z");
  CHECK_EQ(format_instant(parse_instant("2026-03-29 01:30:00.5z").value()),
           "2026-03-29T01:30:00.500Z");
}

TEST_CASE("a text that is no instant is refused") {
  for (const char* text :
       {"", "2026", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00Zx", "1969-12-31T00:00:00Z", "2026-01-01T00:00:00.Z",
        "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_instant(text).has_value());
  }
}

TEST_CASE("durations survive a round trip") {
  for (const char* text : {"0s", "250ms", "1m30s", "1h30m", "1d", "1d2h3m4s5ms"}) {
    CHECK_EQ(format_duration(parse_duration(text).value()), text);
  }
  CHECK_EQ(parse_duration("90s").value(), std::chrono::seconds{90});
}

TEST_CASE("a sentence shows the two largest units of a duration, rounded") {
  constexpr std::pair<const char*, const char*> kCases[] = {
      {"0s", "0s"},
      {"7ms", "7ms"},
      {"1s500ms", "1s500ms"},
      {"9s999ms", "9s999ms"},
      {"12s807ms", "13s"},
      {"59s500ms", "1m"},
      {"5m10s400ms", "5m10s"},
      {"59m59s500ms", "1h"},
      {"23h26m19s807ms", "23h26m"},
      {"23h59m30s", "1d"},
      {"1d11h29m", "1d11h"},
      {"400d1m", "400d"},
  };
  for (const auto& [exact, rough] : kCases) {
    CHECK_EQ(format_roughly(parse_duration(exact).value()), rough);
    if (exact != std::string_view("0s"))
      CHECK_EQ(format_roughly(-parse_duration(exact).value()), std::string("-") + rough);
  }
}

TEST_CASE("a text that is no duration is refused") {
  for (const char* text : {"", "5", "5x", "1m1h", "1s1s", "-5s", "1.5h", " 5s", "s", "40000000d",
                           "99999999999999999999s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("ids are version 7, sort by time and survive a round trip") {
  const auto early = RunId::make(from_millis(1'000), IdEntropy{0xff, 0xff, 0xff, 0xff});
  const auto late = RunId::make(from_millis(1'001), IdEntropy{});
  CHECK(early < late);
  CHECK_EQ(early.text(), "run_0000000003e87fffbfff000000000000");
  CHECK(RunId::parse(early.text()).value() == early);
  CHECK_FALSE(JobId::parse(early.text()).has_value());
  CHECK_FALSE(RunId::parse("run_0000000003e87fffbfff00000000000G").has_value());
}

TEST_CASE("a typo finds the word that was meant, a stranger finds none") {
  const std::string_view words[] = {"retry", "timeout", "schedule"};
  CHECK_EQ(find_closest("retyr", words), "retry");
  CHECK_EQ(find_closest("Timeuot", words), "timeout");
  CHECK_EQ(find_closest("banana", words), "");
  CHECK_EQ(join_words(words, " or "), "retry, timeout or schedule");
}

TEST_CASE("UTF-8 has one form for each character and none for a surrogate") {
  for (const std::string_view text : {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80x"})
    CHECK(is_utf8(text));
  for (const std::string_view text : {"\xE9", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80", "a\x80", "\xFF"})
    CHECK_FALSE(is_utf8(text));
  CHECK_EQ(utf8_length("\xE2\x82\xAC"
                       "b"),
           3);
  CHECK_EQ(cut_utf8("a\u20acb", 5), 5);
  CHECK_EQ(cut_utf8("a\u20acb", 4), 4);
  CHECK_EQ(cut_utf8("a\u20acb", 3), 1);
  CHECK_EQ(to_upper("a\u00e4Z-9"), "A\u00e4Z-9");
}

}  // namespace
}  // namespace mainspring::base
