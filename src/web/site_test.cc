#include "web/site.h"

#include <doctest/doctest.h>

#include "web/pack.h"

namespace mainspring::web {
namespace {

http::Request get(std::string path, http::Headers headers = {}) {
  http::Request request;
  request.path = std::move(path);
  request.headers = std::move(headers);
  return request;
}

std::string header(const http::Response& response, std::string_view name) {
  return std::string{response.headers.find(name).value_or("")};
}

}  // namespace

TEST_CASE("the best encoding that the client takes is chosen") {
  CHECK(choose_encoding("gzip, deflate, br, zstd") == Encoding::brotli);
  CHECK(choose_encoding("gzip, deflate") == Encoding::gzip);
  CHECK(choose_encoding("GZIP;q=0.8, br;q=0.2") == Encoding::gzip);
  CHECK(choose_encoding("br;q=0, *") == Encoding::gzip);
  CHECK(choose_encoding("*") == Encoding::brotli);
  CHECK(choose_encoding("br;q=0, gzip;q=0.000") == Encoding::plain);
  CHECK(choose_encoding("identity") == Encoding::plain);
  CHECK(choose_encoding("") == Encoding::plain);
  CHECK(choose_encoding("br;q=many") == Encoding::plain);
  CHECK(choose_encoding(",, ;,") == Encoding::plain);
}

TEST_CASE("only a browser's request for a path of the UI is a request for a page") {
  if (!has_ui()) return;
  const http::Headers browser{{"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}};
  CHECK(wants_page(get("/runs", browser)));
  CHECK(wants_page(get("/runs/run_01", browser)));
  CHECK_FALSE(wants_page(get("/runs", {{"Accept", "application/json"}})));
  CHECK_FALSE(wants_page(get("/runs")));
  CHECK_FALSE(wants_page(get("/runs.php", browser)));
  CHECK_FALSE(wants_page(get("/api/v1/nothing", browser)));
  http::Request post = get("/runs", browser);
  post.method = http::Method::post;
  CHECK_FALSE(wants_page(post));
}

TEST_CASE("the page is asked for again and an asset with a digest in its name never is") {
  if (!has_ui()) return;
  const auto page = find_page(get("/runs", {{"Accept-Encoding", "br"}}));
  REQUIRE(page);
  CHECK(page->status == 200);
  CHECK(header(*page, "Cache-Control") == "no-cache");
  CHECK(header(*page, "Content-Encoding") == "br");
  CHECK(header(*page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(header(*page, "Content-Security-Policy").find("unsafe") == std::string::npos);
  const http::Headers again{{"Accept-Encoding", "br"}, {"If-None-Match", header(*page, "ETag")}};
  CHECK(find_page(get("/", again))->status == 304);
  CHECK(find_page(get("/", again))->body.empty());
  // The ETag is that of one form: the plain bytes are others.
  CHECK(find_page(get("/", {{"If-None-Match", header(*page, "ETag")}}))->status == 200);

  std::size_t for_ever = 0;
  for (const File& file : files()) {
    if (!file.never_changes) continue;
    ++for_ever;
    const auto asset = find_asset(get(std::string{file.path}));
    REQUIRE(asset);
    CHECK(header(*asset, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(asset->body.size() == file.plain_size);
  }
  CHECK(for_ever >= 2);
}

TEST_CASE("a file that is not there, and the page under its file name, are no assets") {
  CHECK_FALSE(find_asset(get("/assets/nothing-12345678.js")));
  CHECK_FALSE(find_asset(get("/index.html")));
}

}  // namespace mainspring::web
