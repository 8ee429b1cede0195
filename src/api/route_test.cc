#include "api/route.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <set>

#include "api/api.h"
#include "api/core.h"
#include "api/hub.h"
#include "api/path_index.h"
#include "json/document.h"

namespace mainspring::api {
namespace {

using Values = std::vector<std::string>;

TEST_CASE("a path matches its own shape and nothing else") {
  const std::vector<Route> rows{{.path = "/", .operation = "root"},
                                {.path = "/jobs", .operation = "list"},
                                {.method = http::Method::post, .path = "/jobs", .operation = "put"},
                                {.path = "/jobs/{job}", .operation = "get"},
                                {.path = "/jobs/{job}/runs/{run}", .operation = "run"},
                                {.path = "/jobs/all", .operation = "all"}};
  const PathIndex index{rows};
  const auto find = [&index](std::string_view path) {
    std::string found;
    const PathIndex::Match match = index.find(path);
    for (const Route* row : match.rows)
      found += fmt::format("{} ", row->operation);
    for (const std::string& value : match.values)
      found += value + ' ';
    return found;
  };
  CHECK_EQ(find("/"), "root ");
  CHECK_EQ(find("/jobs"), "list put ");
  CHECK_EQ(find("/jobs/nightly"), "get nightly ");
  CHECK_EQ(find("/jobs/nightly/runs/7"), "run nightly 7 ");
  CHECK_EQ(find("/jobs/all"), "all ");  // spelled out
  for (const char* path : {"/jobs/", "/jobs/a/runs", "/jobs/a/runs/", "/jobs/a/b/c", "/jobsx",
                           "/job", "//", "/jobs//runs/7", ""}) {
    CAPTURE(path);
    CHECK_EQ(find(path), "");
  }
}

TEST_CASE("every route has a name of its own, a handler, and a summary") {
  std::set<std::string_view> operations;
  for (const Route& route : routes()) {
    CAPTURE(route.operation);
    CHECK(operations.insert(route.operation).second);
    CHECK((route.handler != nullptr));
    CHECK(route.summary.ends_with('.'));
  }
}

TEST_CASE("every route of the API proper, and the metrics, name the permission they need") {
  for (const Route& route : routes()) {
    CAPTURE(route.operation);
    const bool is_open = route.permission == Permission::open;
    const bool is_join = route.operation == "join_worker";  // its credential is the join token
    const bool needs_none =
        is_join || (!route.path.starts_with("/api/") && route.path != "/metrics");
    CHECK_EQ(is_open, needs_none);
  }
}

TEST_CASE("no route changes anything for a viewer") {
  for (const Route& route : routes()) {
    CAPTURE(route.operation);
    const bool reads = route.method == http::Method::get || route.tag == "session" ||
                       route.operation == "preview_schedule";  // a question with a body
    const bool is_join = route.operation == "join_worker";
    CHECK((reads || is_join || route.permission >= Permission::operate));
  }
}

TEST_CASE("the OpenAPI document holds every route and resolves every reference") {
  const std::string text = openapi_document();
  const auto document = json::parse_json(text);
  REQUIRE(document.has_value());
  const json::Value& root = document->value;
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    CHECK(root.at("paths").as_object().contains(route.path));
  }
  CHECK_FALSE(text.contains("#/$defs/"));
  CHECK_EQ(root.at("paths").at("/api/v1/jobs").at("get").at("tags").at(0).as_string(), "jobs");
  const std::string_view marker = "\"#/components/schemas/";
  for (std::size_t at = text.find(marker); at != std::string::npos;
       at = text.find(marker, at + 1)) {
    const std::size_t begin = at + marker.size();
    const std::string name = text.substr(begin, text.find('"', begin) - begin);
    CAPTURE(name);
    CHECK(root.at("components").at("schemas").as_object().contains(name));
  }
}

TEST_CASE("each refusal that a repeat may help says when to try again") {
  for (const base::CodeRow& row : base::code_rows()) {
    CAPTURE(row.name);
    const http::Response response = problem({row.code, "no", {}}, "id");
    const auto wait = response.headers.find("Retry-After");
    CHECK_EQ(wait.has_value(), row.retryable);
    if (row.http_status == 429 || row.http_status == 503) CHECK(row.retryable);
    if (wait) CHECK_NE(*wait, "0");
  }
  base::Error known{base::Code::overloaded, "full", {}};
  known.retry_after = std::chrono::seconds{40};
  CHECK_EQ(problem(known, "id").headers.find("Retry-After").value(), "40");
}

TEST_CASE("topics name whole kinds, one run, or one run's log") {
  const std::string run = "run_00000000000070008000000000000000";
  const auto topics = parse_topics("runs,log:" + run);
  REQUIRE(topics.has_value());
  CHECK(topics->runs);
  CHECK_FALSE(topics->jobs);
  CHECK_EQ(topics->log_ids, Values{run});
  CHECK_FALSE(parse_topics("").has_value());
  CHECK_FALSE(parse_topics("runs,,jobs").has_value());
  CHECK_FALSE(parse_topics("run:nothing").has_value());
}

}  // namespace
}  // namespace mainspring::api
