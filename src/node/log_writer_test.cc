#include "node/log_writer.h"

#include <doctest/doctest.h>

#include <vector>

#include "json/document.h"

namespace mainspring::node {
namespace {

using base::LogField;
using base::LogLevel;

constexpr base::Instant kTime{base::Duration{1'000}};

TEST_CASE("a line for people names time, level, component and fields") {
  const std::vector<LogField> fields{
      {"request_id", "a-1"}, {"status", std::int64_t{500}}, {"duration_ms", 0.25}, {"note", "a b"}};
  CHECK_EQ(format_log_text(kTime, {LogLevel::info, "api", "request answered", fields}),
           "1970-01-01T00:00:01.000Z info api: request answered request_id=a-1 status=500 "
           "duration_ms=0.25 note=\"a b\"\n");
}

TEST_CASE("nothing that is logged can begin a line of its own") {
  const std::vector<LogField> fields{{"job", "x\n1970 error node: forged"}};
  const base::LogLine line{LogLevel::warn, "worker", "bad\r\nnews\x1b[2J", fields};
  const std::string text = format_log_text(kTime, line);
  CHECK_EQ(text,
           "1970-01-01T00:00:01.000Z warn worker: bad\\x0d\\x0anews\\x1b[2J "
           "job=\"x\\n1970 error node: forged\"\n");
  const std::string json = format_log_json(kTime, line);
  CHECK_EQ(json.find('\n'), json.size() - 1);
  const auto read = json::parse_json(json);
  REQUIRE(read.has_value());
  CHECK_EQ(read->value.at("message").as_string(), "bad\r\nnews\x1b[2J");
  CHECK_EQ(read->value.at("level").as_string(), "warn");
  CHECK_EQ(read->value.at("component").as_string(), "worker");
  CHECK_EQ(read->value.at("job").as_string(), "x\n1970 error node: forged");
}

TEST_CASE("a log passes on what is grave enough, under the name of its role") {
  std::vector<std::string> said;
  const base::Log log(
      [&said](const base::LogLine& line) {
        said.push_back(std::string{line.component} + ": " + std::string{line.message});
      },
      LogLevel::warn);
  CHECK_FALSE(log.wants(LogLevel::info));
  log.info("not heard");
  log.of("store").warn("heard");
  log.of("worker").lines(LogLevel::error)("heard too");
  base::Log{}.warn("nobody listens");
  CHECK_EQ(said, std::vector<std::string>{"store: heard", "worker: heard too"});
}

}  // namespace
}  // namespace mainspring::node
