#include <doctest/doctest.h>

#include "json/codec.h"
#include "protocol/messages.h"
#include "protocol/version.h"

namespace mainspring::protocol {
namespace {

TEST_CASE("neighbouring releases speak the newest version that both know") {
  CHECK(agree({1, 2}, {1, 2}) == 2);
  CHECK(agree({1, 2}, {2, 3}) == 2);
  CHECK(agree({2, 3}, {1, 2}) == 2);
  CHECK(agree({1, 1}, {1, 2}) == 1);
}

TEST_CASE("releases that are too far apart are told which one must be upgraded") {
  const auto old_worker = agree({1, 2}, {3, 4});
  REQUIRE(!old_worker);
  CHECK(old_worker.error().code == base::Code::unsupported);
  CHECK(old_worker.error().message.find("upgrade the worker") != std::string::npos);
  const auto old_node = agree({3, 4}, {1, 2});
  REQUIRE(!old_node);
  CHECK(old_node.error().message.find("upgrade the node") != std::string::npos);
}

TEST_CASE("a node takes requests of the versions that it speaks, and of no other") {
  CHECK(check_version("2", {1, 2}) == 2);
  CHECK(check_version("1", {1, 2}) == 1);
  CHECK(check_version("3", {1, 2}).error().code == base::Code::unsupported);
  CHECK(check_version("0", {1, 2}).error().message.find("upgrade the worker") != std::string::npos);
  CHECK(check_version(std::nullopt, {1, 2}).error().code == base::Code::invalid_argument);
  CHECK(check_version("two", {1, 2}).error().code == base::Code::invalid_argument);
}

TEST_CASE("a range is read as it was written, and nothing else is one") {
  CHECK(parse_range(to_text(Range{1, 2})) == Range{1, 2});
  CHECK(parse_range("3") == Range{3, 3});
  for (const char* text : {"", "2-1", "1-", "-2", "one", "1-2-3"})
    CHECK_FALSE(parse_range(text));
}

TEST_CASE("the last output comes with the outcome from version 2 on, and before it alone") {
  Report report;
  CHECK_FALSE(check_report(report, 2));
  report.outcome = model::Outcome{};
  CHECK(check_report(report, 1));
  report.output.push_back({1, model::LogStream::out, {}, {"bye"}});
  CHECK(check_report(report, 2));
  CHECK_FALSE(check_report(report, 1));
  report.progress = model::Progress{};
  CHECK_FALSE(check_report(report, 2));
}

TEST_CASE("what a later version adds to a message is passed over") {
  auto document = json::parse_json(R"({"leases":[],"lease":"10s","mood":"good"})");
  REQUIRE(document);
  const auto read = json::decode<HeartbeatBody>(*document, json::Audience::self);
  REQUIRE(read);
  CHECK(read->lease == base::Duration{10'000});
}

}  // namespace
}  // namespace mainspring::protocol
