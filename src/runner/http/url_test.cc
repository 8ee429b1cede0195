#include "runner/http/url.h"

#include <doctest/doctest.h>

namespace mainspring::runner::http {
namespace {

std::string mistake(const std::string& text) {
  const auto url = parse_url(text);
  return url ? "none: " + url->text : url.error().message;
}

std::string resolved(const std::string& from, const std::string& reference) {
  const auto url = resolve_url(*parse_url(from), reference);
  return url ? url->text : url.error().message;
}

TEST_CASE("a url has its origin, with the port that its scheme means") {
  const auto url = parse_url("HTTPS://API.Example.org/v1/./x/../jobs?a=1#part");
  REQUIRE(url.has_value());
  CHECK_EQ(url->origin(), "https://api.example.org:443");
  CHECK_EQ(url->authority(), "api.example.org");
  CHECK_EQ(url->target(), "/v1/jobs?a=1");
  CHECK_EQ(parse_url("https://a.example:443/")->origin(), parse_url("https://a.example")->origin());
  CHECK_EQ(parse_url("http://[::1]:8080/x")->authority(), "[::1]:8080");
  CHECK_EQ(parse_url("http://a.example/\xc3\xa4 b")->target(), "/%c3%a4%20b");
}

TEST_CASE("a url is shown without the values of its query") {
  CHECK_EQ(parse_url("https://a.example:8443/x?token=secret")->shown(),
           "https://a.example:8443/x?...");
  CHECK_EQ(parse_url("http://a.example:80")->shown(), "http://a.example/");
}

TEST_CASE("what is no web address is refused, and no credential shows") {
  CHECK(mistake("ftp://a.example/x").contains("must begin with http:// or https://"));
  CHECK(mistake("file:///etc/passwd").contains("must begin with http"));
  CHECK(mistake("/just/a/path").contains("is no URL"));
  CHECK(mistake("https://").contains("is no URL"));
  CHECK(mistake(std::string("https://a\0b/", 12)).contains("zero byte"));
  const std::string refused = mistake("https://me:hunter2@a.example/");
  CHECK(refused.contains("auth.basic"));
  CHECK_FALSE(refused.contains("hunter2"));
  CHECK_FALSE(mistake("https://me:hunter2@a.example:x/").contains("hunter2"));
}

TEST_CASE("a reference is read from where it was given") {
  CHECK_EQ(resolved("https://a.example/b/c?d=1", "e"), "https://a.example/b/e");
  CHECK_EQ(resolved("https://a.example/b/c", "/e?f=2"), "https://a.example/e?f=2");
  CHECK_EQ(resolved("https://a.example/b", "//b.example/x"), "https://b.example/x");
  CHECK_EQ(resolved("https://a.example/b", "http://u:p@b.example/x#y"), "http://b.example/x");
  CHECK(resolved("https://a.example/b", "file:///etc/passwd").contains("neither http:// nor"));
  CHECK(resolved("https://a.example/b", "ftp://b.example/").contains("neither http:// nor"));
}

TEST_CASE("fields are encoded for a query and for a form") {
  CHECK_EQ(encode_query({{"a b", "x&y=z"}, {"q", "\xc3\xa4"}}), "a%20b=x%26y%3Dz&q=%C3%A4");
  CHECK_EQ(encode_form({{"a b", "1 2"}, {"z", "~"}}), "a+b=1+2&z=~");
  CHECK_EQ(encode_query({}), "");
}

}  // namespace
}  // namespace mainspring::runner::http
