#include "cli/output.h"

#include <cstdlib>

#include <doctest/doctest.h>

#include "cli/log_printer.h"
#include "cli/sse_reader.h"
#include "json/document.h"

namespace mainspring::cli {
namespace {

// What `write` puts into a file.
template <class Write>
std::string written(Write write) {
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&bytes, &size);
  write(file);
  std::fclose(file);
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}

json::Value parse(std::string_view text) { return json::parse_json(text).value().value; }

const json::Value kRuns = parse(R"({"items": [
  {"id": "run_1", "state": "succeeded", "at": "2026-03-29T01:30:00.123Z", "n": 3,
   "deep": {"x": "é"}},
  {"id": "run_22", "state": "failed", "at": null, "extra": true}], "next_cursor": "c"})");
const View kView{
    {{"RUN", "id"}, {"STATE", "state"}, {"DEEP", "deep.x"}, {"AT", "at"}, {"N", "n", true}}, "id"};

std::string print(Format format, const json::Value& value) {
  return written([&](std::FILE* file) { Output{format, file}.print(value, kView); });
}

TEST_CASE("a table has aligned columns, whole seconds and no wide columns") {
  CHECK_EQ(print(Format::table, kRuns),
           "RUN     STATE      DEEP  AT\n"
           "run_1   succeeded  é     2026-03-29T01:30:00Z\n"
           "run_22  failed           \n");
  CHECK_EQ(print(Format::wide, parse(R"({"id": "a", "n": 1})")),
           "RUN  STATE  DEEP  AT  N\n"
           "a                     1\n");
}

TEST_CASE("json is the reply as it came, jsonl one item a line, name the names alone") {
  CHECK_EQ(parse(print(Format::json, kRuns)), kRuns);
  CHECK_EQ(print(Format::jsonl, parse(R"({"items": [{"id": 1}, {"id": 2}]})")),
           "{\"id\":1}\n{\"id\":2}\n");
  CHECK_EQ(print(Format::name, kRuns), "run_1\nrun_22\n");
  CHECK_EQ(print(Format::yaml, parse(R"({"id": "a"})")), "id: a\n");
}

TEST_CASE("an unknown format is refused with a suggestion") {
  CHECK(parse_format("jsonl") == Format::jsonl);
  CHECK(parse_format("jsno").error().message.contains("did you mean 'json'?"));
}

TEST_CASE("text_at follows dots into objects and the first items of lists") {
  const json::Value value = parse(R"({"a": [{"b": {"c": "x"}}, 2], "n": 1.5, "t": true})");
  CHECK_EQ(text_at(value, "a.b.c"), "x");
  CHECK_EQ(text_at(value, "n"), "1.5");
  CHECK_EQ(text_at(value, "t"), "true");
  CHECK_EQ(text_at(value, "a"), "2");
  CHECK_EQ(text_at(value, "a.q"), "");
  CHECK_EQ(text_at(value, "n.x"), "");
}

const json::Value kPage = parse(R"({"items": [
  {"stream": "stdout", "at": "T1", "text": "one\ntw"},
  {"stream": "stderr", "at": "T2", "text": "oh\n"},
  {"stream": "stdout", "at": "T3", "base64": "b//+AAo="},
  {"stream": "system", "at": "T4", "text": "gone"}]})");

struct Printed {
  std::string out;
  std::string err;
};

Printed print_log(LogLook look) {
  Printed printed;
  printed.out = written([&](std::FILE* out) {
    printed.err = written([&](std::FILE* err) {
      LogPrinter printer{{out, err}, look};
      REQUIRE(printer.print(kPage).has_value());
    });
  });
  return printed;
}

TEST_CASE("a log keeps every byte and its streams apart") {
  const Printed printed = print_log(LogLook::plain);
  CHECK_EQ(printed.out, std::string("one\ntwo\xff\xfe\0\n", 11));
  CHECK_EQ(printed.err, "oh\ngone");
}

TEST_CASE("with timestamps each line begins with the time of its first piece") {
  const Printed printed = print_log(LogLook::timestamps);
  CHECK_EQ(printed.out, std::string("T1 one\nT1 two\xff\xfe\0\n", 17));
  CHECK_EQ(printed.err, "T2 oh\nT4 gone");
}

TEST_CASE("what is no page of a log is an error, not a crash") {
  LogPrinter printer{{}, LogLook::plain};
  CHECK_FALSE(printer.print(parse("[]")).has_value());
  CHECK_FALSE(piece_bytes(parse(R"({"base64": "***"})")).has_value());
}

TEST_CASE("server-sent events are read across any split of their bytes") {
  const std::string stream =
      ": beat\n\nid: 7\nevent: run.queued\ndata: {\"a\":\ndata: 1}\n\r\n\ndata:x\r\n\r\nid: 8\n\n";
  const std::vector<SseEvent> all{{"7", "run.queued", "{\"a\":\n1}"}, {"7", "message", "x"}};
  CHECK(SseReader{}.read(stream) == all);
  SseReader reader;
  std::vector<SseEvent> events;
  for (const char c : stream) {
    for (SseEvent& event : reader.read({&c, 1}))
      events.push_back(std::move(event));
  }
  CHECK(events == all);
}

TEST_CASE("a byte order mark, an id with a zero byte and an empty type change no event") {
  const std::string stream(
      "\xEF\xBB\xBF"
      "data: 1\n\nid: 3\nid: a\0b\nevent:\ndata: 2\n\n",
      45);
  const std::vector<SseEvent> all{{"", "message", "1"}, {"3", "message", "2"}};
  CHECK(SseReader{}.read(stream) == all);
}

TEST_CASE("an event without an end does not fill the memory") {
  SseReader reader;
  const std::string line = "data: " + std::string(1 << 20, 'x') + "\n";
  for (int i = 0; i < 20; ++i)
    CHECK(reader.read(line).empty());
  const auto events = reader.read("\n");
  REQUIRE_EQ(events.size(), 1);
  CHECK_LT(events[0].payload.size(), 17 << 20);
}

}  // namespace
}  // namespace mainspring::cli
