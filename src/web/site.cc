#include "web/site.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/check.h"
#include "web/pack.h"

namespace mainspring::web {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's words for: the largest window, a gzip header

// Scripts, styles and fetches come from this node alone, and nothing stands in the page itself.
// Style attributes that a script sets go through the CSSOM, which no policy has to allow.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t'))
    text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t'))
    text.remove_suffix(1);
  return text;
}

// Calls `each` with every element of a comma-separated list.
template <class F>
void for_each_element(std::string_view list, F each) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (const auto element = trim(list.substr(0, end)); !element.empty()) each(element);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

struct Weighted {
  std::string_view name;
  double weight = 1;
};

// "br;q=0.5". A weight that cannot be read is none at all.
Weighted parse_weighted(std::string_view element) {
  const std::size_t semicolon = std::min(element.find(';'), element.size());
  Weighted parsed{trim(element.substr(0, semicolon)), 1};
  std::string_view rest = trim(element.substr(std::min(semicolon + 1, element.size())));
  if (rest.empty()) return parsed;
  parsed.weight = 0;
  if (!rest.starts_with("q=") && !rest.starts_with("Q=")) return parsed;
  rest.remove_prefix(2);
  double weight = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), weight);
  if (error == std::errc{} && end == rest.data() + rest.size()) parsed.weight = weight;
  return parsed;
}

const File* find_file(std::string_view path) {
  const auto all = files();
  const auto found = std::ranges::find(all, path, &File::path);
  return found == all.end() ? nullptr : &*found;
}

std::string inflate(const File& file) {
  std::string plain(file.plain_size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.gzip.data()));
  stream.avail_in = static_cast<uInt>(file.gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  CHECK(::inflateInit2(&stream, kGzipWindow) == Z_OK);
  const int ended = ::inflate(&stream, Z_FINISH);
  ::inflateEnd(&stream);
  CHECK(ended == Z_STREAM_END && stream.avail_out == 0);
  return plain;
}

struct Encoded {
  std::string_view name;  // for Content-Encoding; "" when plain
  std::string_view mark;  // makes the ETag that of this form
};

Encoded describe(Encoding encoding) {
  switch (encoding) {
    case Encoding::brotli:
      return {"br", "-br"};
    case Encoding::gzip:
      return {"gzip", "-gz"};
    case Encoding::plain:
      break;
  }
  return {"", ""};
}

std::string body_of(const File& file, Encoding encoding) {
  if (encoding == Encoding::brotli) return std::string{file.brotli};
  if (encoding == Encoding::gzip) return std::string{file.gzip};
  return inflate(file);
}

bool is_known_to_client(const http::Request& request, std::string_view etag) {
  bool known = false;
  for_each_element(request.headers.find("If-None-Match").value_or(""), [&](std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    known = known || tag == etag || tag == "*";
  });
  return known;
}

http::Response answer(const http::Request& request, const File& file) {
  const Encoding encoding = choose_encoding(request.headers.find("Accept-Encoding").value_or(""));
  const Encoded encoded = describe(encoding);
  const std::string etag = fmt::format("\"{}{}\"", file.digest, encoded.mark);
  http::Response response;
  response.headers.set("ETag", etag);
  response.headers.set("Vary", "Accept-Encoding");
  response.headers.set("Cache-Control",
                       file.never_changes ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.set("Content-Security-Policy", std::string{kPolicy});
  if (is_known_to_client(request, etag)) {
    response.status = 304;
    return response;
  }
  response.headers.set("Content-Type", std::string{file.media_type});
  if (!encoded.name.empty()) response.headers.set("Content-Encoding", std::string{encoded.name});
  response.body = body_of(file, encoding);
  return response;
}

bool takes_html(const http::Request& request) {
  bool takes = false;
  for_each_element(request.headers.find("Accept").value_or(""), [&](std::string_view element) {
    const Weighted type = parse_weighted(element.substr(0, element.find(';')));
    takes = takes || http::equal_ignoring_case(type.name, "text/html");
  });
  return takes;
}

}  // namespace

Encoding choose_encoding(std::string_view accept) {
  double brotli = -1;
  double gzip = -1;
  double any = 0;
  for_each_element(accept, [&](std::string_view element) {
    const Weighted coding = parse_weighted(element);
    if (http::equal_ignoring_case(coding.name, "br")) brotli = coding.weight;
    if (http::equal_ignoring_case(coding.name, "gzip")) gzip = coding.weight;
    if (coding.name == "*") any = coding.weight;
  });
  if (brotli < 0) brotli = any;
  if (gzip < 0) gzip = any;
  if (brotli > 0 && brotli >= gzip) return Encoding::brotli;
  return gzip > 0 ? Encoding::gzip : Encoding::plain;
}

bool has_ui() { return !files().empty(); }

bool wants_page(const http::Request& request) {
  if (request.method != http::Method::get && request.method != http::Method::head) return false;
  if (!takes_html(request)) return false;
  const std::string_view path = request.path;
  const std::string_view name = path.substr(1, path.find('/', 1) - 1);
  return std::ranges::find(page_names(), name) != page_names().end();
}

std::optional<http::Response> find_page(const http::Request& request) {
  const File* file = find_file("/index.html");
  if (file == nullptr) return std::nullopt;
  return answer(request, *file);
}

std::optional<http::Response> find_asset(const http::Request& request) {
  const File* file = find_file(request.path);
  if (file == nullptr || !file->path.starts_with("/assets/")) return std::nullopt;
  return answer(request, *file);
}

}  // namespace mainspring::web
