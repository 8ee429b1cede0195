#include "runner/http/request.h"

#include <doctest/doctest.h>

#include "runner/http/fixtures.h"

namespace mainspring::runner::http {
namespace {

class Fixture : public OrderFixture {
 public:
  Request make(const std::map<std::string, std::string>& headers = {}) {
    const auto request = make_request(order, headers);
    REQUIRE_MESSAGE(request.has_value(), request.error().message);
    return *request;
  }
  std::string mistake(const std::map<std::string, std::string>& headers = {}) {
    const auto request = make_request(order, headers);
    return request ? "none: " + request->url.text : request.error().message;
  }
};

TEST_CASE_FIXTURE(Fixture, "a request says which run it is of, the same in each attempt") {
  order.trace.traceparent = "00-1-2-01";
  const Request first = make();
  CHECK_EQ(first.method, "GET");
  CHECK_EQ(value_of(first, "idempotency-key"), "\"" + order.run_id.text() + "\"");
  CHECK_EQ(value_of(first, "Mainspring-Run-Id"), order.run_id.text());
  CHECK_EQ(value_of(first, "Mainspring-Attempt"), "2");
  CHECK_EQ(value_of(first, "Mainspring-Epoch"), "5");
  CHECK_EQ(value_of(first, "traceparent"), "00-1-2-01");
  CHECK(value_of(first, "user-agent").starts_with("mainspring/"));
  order.attempt = 3;
  order.epoch = 9;
  CHECK_EQ(value_of(make(), "idempotency-key"), value_of(first, "idempotency-key"));
}

TEST_CASE_FIXTURE(Fixture, "headers of the job win over those of the connection and over ours") {
  auto& connection = connect("https://api.example.org");
  connection.headers = {{"X-Team", "platform"}, {"user-agent", "connection"}};
  http.url = "/v1";
  const Request request = make({{"x-team", "mine"}, {"IDEMPOTENCY-KEY", "order-7"}});
  CHECK_EQ(value_of(request, "X-Team"), "mine");
  CHECK_EQ(value_of(request, "User-Agent"), "connection");
  CHECK_EQ(value_of(request, "Idempotency-Key"), "order-7");
  CHECK_EQ(std::ranges::count(request.headers, "x-team", &Header::name), 1);
  CHECK_EQ(std::ranges::count(request.headers, "X-Team", &Header::name), 0);
}

TEST_CASE_FIXTURE(Fixture, "a body has the type that fits it, and makes the request a POST") {
  http.body = model::HttpBody{.json = json::Object{{"id", 1}}};
  CHECK_EQ(make().method, "POST");
  CHECK_EQ(*make().body, R"({"id":1})");
  CHECK_EQ(value_of(make(), "content-type"), "application/json");
  http.body = model::HttpBody{.form = std::map<std::string, std::string>{{"a", "1 2"}}};
  CHECK_EQ(*make().body, "a=1+2");
  CHECK_EQ(value_of(make(), "content-type"), "application/x-www-form-urlencoded");
  http.body = model::HttpBody{.raw = "<a/>", .media_type = "application/xml"};
  http.method = "PUT";
  CHECK_EQ(make().method, "PUT");
  CHECK_EQ(describe_request(make()),
           "PUT https://api.example.org/v1/jobs, 4 bytes of application/xml");
  http.method = "HEAD";
  CHECK(mistake().contains("a HEAD request has no body"));
}

TEST_CASE_FIXTURE(Fixture, "a path goes below the url of the connection, with both queries") {
  connect("https://api.example.org/v1/?key=k");
  http.url = "/users?active=1";
  http.query = {{"page", "a b"}};
  CHECK_EQ(make().url.text, "https://api.example.org/v1/users?key=k&active=1&page=a%20b");
  http.url = "";
  http.query = {};
  CHECK_EQ(make().url.text, "https://api.example.org/v1/?key=k");
  http.url = "https://api.example.org:443/v2";
  CHECK_EQ(make().url.path, "/v2");
}

TEST_CASE_FIXTURE(Fixture, "no value can lead away from the connection") {
  connect("https://api.example.org/v1");
  for (const char* url : {"/users/../../admin", "/%2e%2E/admin", "/..", "/a/..\\b"}) {
    CAPTURE(url);
    http.url = url;
    CHECK(mistake().contains("'..'"));
  }
  http.url = "https://evil.example/v1";
  CHECK(mistake().contains("is for https://api.example.org:443"));
  http.url = "http://api.example.org/v1";
  CHECK(mistake().contains("is for https://api.example.org:443"));
  http.url = "@evil.example/";
  CHECK(mistake().contains("must begin with"));
  http.url = "//evil.example/";
  CHECK_EQ(make().url.host, "api.example.org");
  http.url = "/a..b/...";
  CHECK_EQ(make().url.path, "/v1/a..b/...");
}

TEST_CASE_FIXTURE(Fixture, "a connection that is missing or of another type is named") {
  http.connection = "api";
  CHECK(mistake().contains("there is no connection 'api'"));
  connect("x").type = model::ConnectionType::postgres;
  CHECK(mistake().contains("is of type postgres"));
}

TEST_CASE_FIXTURE(Fixture, "no header breaks the request") {
  CHECK(mistake({{"X-A", "b\r\nX-C: d"}}).contains("line break"));
  CHECK_FALSE(mistake({{"X-A", "secret\n"}}).contains("secret"));
  CHECK(mistake({{"content-LENGTH", "1"}}).contains("is made from the body"));
  CHECK(mistake({{"Transfer-Encoding", "chunked"}}).contains("is made from the body"));
}

// ---- redirects

std::string redirect_mistake(const Request& request, const std::string& location,
                             model::Redirects policy) {
  const auto next = redirected(request, 302, &location, policy);
  return next ? "none" : next.error().message;
}

Request next_of(const Request& request, int status, const std::string& location) {
  const auto next = redirected(request, status, &location, model::Redirects::any);
  REQUIRE(next.has_value());
  REQUIRE(next->has_value());
  return **next;
}

TEST_CASE_FIXTURE(Fixture, "credentials stay behind when a request leaves its origin, for good") {
  connect("https://api.example.org").headers = {{"X-Api-Key", "k"}};
  http.url = "/";
  http.headers["X-Token"].secret = "token";
  http.headers["X-Plain"].value = "p";
  http.headers["Cookie"].value = "c";
  Request request = make({{"X-Token", "t"}, {"X-Plain", "p"}, {"Cookie", "c"}, {"Host", "h"}});
  request.set_header({"Authorization", "Bearer b", true});
  const Request same = next_of(request, 307, "/elsewhere");
  CHECK(same.is_home);
  CHECK_EQ(value_of(same, "authorization"), "Bearer b");
  for (const char* other :
       {"https://b.example/", "https://api.example.org:8443/", "http://api.example.org/"}) {
    CAPTURE(other);
    const Request away = next_of(request, 307, other);
    CHECK_FALSE(away.is_home);
    for (const char* name : {"Authorization", "X-Api-Key", "X-Token", "Cookie", "Host"})
      CHECK_EQ(value_of(away, name), "(none)");
    CHECK_EQ(value_of(away, "X-Plain"), "p");
    const Request back = next_of(away, 307, "https://api.example.org/");
    CHECK_EQ(value_of(back, "Authorization"), "(none)");
    CHECK_FALSE(back.is_home);
  }
}

TEST_CASE_FIXTURE(Fixture, "a POST becomes a GET where everybody does it so, and else stays one") {
  http.body = model::HttpBody{.raw = "x"};
  for (const int status : {301, 302, 303}) {
    const Request next = next_of(make(), status, "/b");
    CHECK_EQ(next.method, "GET");
    CHECK_FALSE(next.body.has_value());
    CHECK_EQ(value_of(next, "content-type"), "(none)");
  }
  for (const int status : {307, 308})
    CHECK_EQ(next_of(make(), status, "/b").body, "x");
  http.method = "PUT";
  CHECK_EQ(next_of(make(), 302, "/b").method, "PUT");
  CHECK_EQ(next_of(make(), 303, "/b").method, "GET");
}

TEST_CASE_FIXTURE(Fixture,
                  "what may not be followed is an error, and what leads nowhere is judged") {
  const Request request = make();
  const std::string location = "https://b.example/";
  CHECK(redirect_mistake(request, location, model::Redirects::same_origin)
            .contains("http.redirects is same_origin"));
  CHECK(redirect_mistake(request, "gopher://b.example/", model::Redirects::any)
            .contains("neither http:// nor"));
  CHECK_FALSE(redirected(request, 302, &location, model::Redirects::none)->has_value());
  CHECK_FALSE(redirected(request, 304, &location, model::Redirects::any)->has_value());
  CHECK_FALSE(redirected(request, 302, nullptr, model::Redirects::any)->has_value());
}

}  // namespace
}  // namespace mainspring::runner::http
