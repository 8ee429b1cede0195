#include "http/sse.h"

#include <doctest/doctest.h>

#include <random>

#include "http/message.h"

namespace mainspring::http {
namespace {

using std::chrono::milliseconds;

TEST_CASE("an event is written with one data line per line") {
  CHECK_EQ(format_event({.id = "7", .event = "run", .data = "a\nb\r\nc\rd", .retry = {}}),
           "id: 7\nevent: run\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  CHECK_EQ(format_event({.id = {}, .event = {}, .data = "x", .retry = milliseconds{1500}}),
           "retry: 1500\ndata: x\n\n");
  CHECK_EQ(format_comment("beat"), ": beat\n\n");
  CHECK_EQ(format_id("8"), "id: 8\n\n");
}

TEST_CASE("an id or an event name cannot begin another field") {
  const std::string text =
      format_event({.id = "1\ndata: x", .event = "e\r\n\r\n", .data = "d", .retry = {}});
  CHECK_EQ(text, "id: 1data: x\nevent: e\ndata: d\n\n");
}

TEST_CASE("events survive the way to the client however they are split") {
  const std::vector<SseEvent> events{
      {.id = "1", .event = "a", .data = "one", .retry = {}},
      {.id = "2", .event = "", .data = "two\nlines\n", .retry = milliseconds{10}},
      {.id = "2", .event = "b", .data = "", .retry = {}},
      {.id = "4", .event = "", .data = " leading space: colon", .retry = {}},
  };
  std::string text = format_comment("hello");
  for (const SseEvent& event : events)
    text += format_event(event) + format_comment("beat");
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 50; ++round) {
    SseParser parser;
    std::vector<SseEvent> found;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + random() % 9;
      for (auto& event : parser.feed(std::string_view{text}.substr(at, size)))
        found.push_back(std::move(event));
      at += size;
    }
    CHECK(found == events);
    CHECK_EQ(parser.last_id(), "4");
  }
}

TEST_CASE("a stream of another server is read as the standard says") {
  SseParser parser;
  const auto events = parser.feed("data\r\rdata:x\r\ndata: y\r\nother: z\n\nid: 9\nevent: e\n\n");
  REQUIRE_EQ(events.size(), 2);
  CHECK_EQ(events[0].data, "");
  CHECK_EQ(events[1].data, "x\ny");
  CHECK_EQ(parser.last_id(), "9");
}

TEST_CASE("a byte order mark before the first line is no part of it") {
  SseParser parser;
  CHECK(parser.feed("\xEF\xBB").empty());
  const auto events = parser.feed(
      "\xBF"
      "data: x\n\n\xEF\xBB\xBF"
      "data: y\n\n");
  REQUIRE_EQ(events.size(), 1);
  CHECK_EQ(events[0].data, "x");
}

TEST_CASE("what is percent-encoded decodes to what it was") {
  const std::string text = "a b+c/%?&=\xc3\xa9~";
  CHECK_EQ(percent_encode(text), "a%20b%2Bc%2F%25%3F%26%3D%C3%A9~");
  CHECK_EQ(percent_decode(percent_encode(text), Plus::is_plus).value(), text);
  const Parameters parameters{{"a b", "+&="}, {"", "x"}};
  CHECK(parse_query(format_query(parameters)).value() == parameters);
}

TEST_CASE("headers are found without regard to case, the first one first") {
  Headers headers{{"A", "1"}, {"a", "2"}};
  CHECK_EQ(headers.find("a"), "1");
  CHECK_EQ(headers.count("A"), 2);
  CHECK_FALSE(headers.find("b").has_value());
  headers.set("a", "3");
  CHECK_EQ(headers.size(), 1);
}

TEST_CASE("a problem is JSON whatever its detail holds") {
  const Response response = make_problem({404, base::Code::not_found, "no \"x\"\\\n"}, "r-1");
  CHECK_EQ(response.body,
           R"({"type":"about:blank","title":"Not Found","status":404,"code":"not_found",)"
           R"("detail":"no \"x\"\\\u000a","request_id":"r-1"})");
}

}  // namespace
}  // namespace mainspring::http
