#include "runner/http/request.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/version.h"
#include "json/codec.h"
#include "json/write.h"
#include "model/codecs.h"

namespace mainspring::runner::http {
namespace {

using base::Code;
using base::Result;
using model::ConnectionSpec;
using model::HttpBody;
using model::HttpSpec;

// What servers take (RFC 9110, section 4.1, asks for 8000 bytes).
constexpr std::size_t kLongestUrl = 8 << 10;

std::unexpected<base::Error> refuse(std::string message) {
  return base::fail(Code::invalid_argument, std::move(message));
}

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> known) {
  return std::ranges::any_of(known,
                             [&](std::string_view one) { return equal_ignoring_case(name, one); });
}

bool is_credential(std::string_view name) {
  return is_any_of(name, {"authorization", "proxy-authorization", "cookie", "host"});
}

// ---- the address -------------------------------------------------------------------------------

// "..", as it stands or percent-encoded: a server may read both as the way up.
bool climbs(std::string_view path) {
  std::string plain;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool is_dot = path[i] == '%' && is_any_of(path.substr(i, 3), {"%2e"});
    plain += is_dot ? '.' : path[i];
    if (is_dot) i += 2;
  }
  std::string_view rest = plain;
  while (true) {
    const std::size_t slash = rest.find_first_of("/\\");
    if (rest.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) return false;
    rest.remove_prefix(slash + 1);
  }
}

struct Split {
  std::string_view path;  // all before the query
  std::string_view query;
};

Split split(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return {url, {}};
  return {url.substr(0, mark), url.substr(mark + 1)};
}

std::string joined(std::initializer_list<std::string_view> queries) {
  std::string out;
  for (const std::string_view query : queries) {
    if (query.empty()) continue;
    if (!out.empty()) out += '&';
    out += query;
  }
  return out;
}

Result<std::string> join_below(const ConnectionSpec& connection, const HttpSpec& http) {
  if (!http.url.empty() && http.url[0] != '/' && http.url[0] != '?')
    return refuse(
        "http.url must begin with http:// or https://, or with / for a path below the connection's "
        "url");
  const Split base = split(connection.url);
  const Split own = split(http.url);
  if (climbs(own.path))
    return refuse(
        "http.url holds '..' and would leave the connection's url; write the path without it");
  std::string_view above = base.path;
  if (above.ends_with('/') && own.path.starts_with('/')) above.remove_suffix(1);
  std::string url = fmt::format("{}{}", above, own.path);
  const std::string query = joined({base.query, own.query, encode_query(http.query)});
  return query.empty() ? url : fmt::format("{}?{}", url, query);
}

bool is_absolute(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

Result<Url> make_url(const HttpSpec& http, const ConnectionSpec* connection) {
  std::string text;
  if (connection != nullptr && !is_absolute(http.url)) {
    auto below = join_below(*connection, http);
    if (!below) return base::fail(std::move(below.error()));
    text = std::move(*below);
  } else {
    const Split own = split(http.url);
    const std::string query = joined({own.query, encode_query(http.query)});
    text = query.empty() ? std::string{own.path} : fmt::format("{}?{}", own.path, query);
  }
  auto url = parse_url(text);
  if (!url) return url;
  if (url->text.size() > kLongestUrl)
    return refuse(
        fmt::format("the url has {} bytes; at most {} are sent: put the content in the "
                    "body",
                    url->text.size(), kLongestUrl));
  if (connection == nullptr) return url;
  const auto home = parse_url(connection->url);
  if (!home) return home;
  if (home->origin() != url->origin())
    return refuse(fmt::format(
        "http.url is at {}, and the connection '{}' with its credentials is for {}; write a path, "
        "or leave the connection out",
        url->origin(), connection->name, home->origin()));
  return url;
}

// ---- headers and body --------------------------------------------------------------------------

std::string media_type_of(const HttpBody& body) {
  if (!body.media_type.empty()) return body.media_type;
  if (body.json) return "application/json";
  return body.form ? "application/x-www-form-urlencoded" : "text/plain; charset=utf-8";
}

std::string text_of(const HttpBody& body) {
  if (body.json) return json::write(*body.json);
  return body.form ? encode_form(*body.form) : body.raw.value_or("");
}

void add_usual_headers(Request& request) {
  request.set_header({"User-Agent", fmt::format("mainspring/{}", base::kVersion)});
  request.set_header({"Accept", "*/*"});
}

void add_headers_of(const ConnectionSpec& connection, Request& request) {
  for (const auto& [name, value] : connection.headers)
    request.set_header({name, value, true});
}

void add_own_headers(const execution::Order& order, Request& request) {
  const std::string run = order.run_id.text();
  request.set_header({"Idempotency-Key", fmt::format("\"{}\"", run)});
  request.set_header({"Mainspring-Run-Id", run});
  request.set_header({"Mainspring-Attempt", std::to_string(order.attempt)});
  request.set_header({"Mainspring-Epoch", std::to_string(order.epoch)});
  if (!order.trace.traceparent.empty())
    request.set_header({"traceparent", order.trace.traceparent});
  if (!order.trace.tracestate.empty()) request.set_header({"tracestate", order.trace.tracestate});
}

Result<void> check_header(std::string_view name, std::string_view value) {
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    return refuse(
        fmt::format("the value of the header '{}' holds a line break or a zero byte", name));
  if (is_any_of(name, {"content-length", "transfer-encoding"}))
    return refuse(
        fmt::format("the header '{}' is made from the body; leave it out of http.headers", name));
  return {};
}

Result<void> add_job_headers(const HttpSpec& http, const std::map<std::string, std::string>& values,
                             Request& request) {
  for (const auto& [name, value] : values) {
    if (auto checked = check_header(name, value); !checked) return checked;
    const auto given = http.headers.find(name);
    const bool is_secret = given != http.headers.end() &&
                           (!given->second.secret.empty() || !given->second.file.empty());
    request.set_header({name, value, is_secret || is_credential(name)});
  }
  return {};
}

// ---- redirects ---------------------------------------------------------------------------------

bool points_elsewhere(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool becomes_get(int status, std::string_view method) {
  if (status == 303) return method != "GET" && method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

void drop_headers(Request& request, auto&& is_dropped) {
  std::erase_if(request.headers, is_dropped);
}

}  // namespace

const Header* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
  return found == headers.end() ? nullptr : &*found;
}

void Request::set_header(Header header) {
  std::erase_if(headers,
                [&](const Header& known) { return equal_ignoring_case(known.name, header.name); });
  headers.push_back(std::move(header));
}

Result<const ConnectionSpec*> get_connection(const execution::Order& order) {
  const std::string& name = order.spec->http->connection;
  if (name.empty()) return nullptr;
  const ConnectionSpec* found = order.find_connection(name);
  if (found == nullptr)
    return base::fail(Code::not_found,
                      fmt::format("there is no connection '{}'; apply one of type http", name));
  if (found->type != model::ConnectionType::http)
    return refuse(
        fmt::format("the connection '{}' is of type {}; a job of type http needs one of "
                    "type http",
                    name, json::to_text(found->type)));
  return found;
}

Result<Request> make_request(const execution::Order& order,
                             const std::map<std::string, std::string>& headers) {
  const HttpSpec& http = *order.spec->http;
  const auto connection = get_connection(order);
  if (!connection) return base::fail(connection.error());
  auto url = make_url(http, *connection);
  if (!url) return base::fail(std::move(url.error()));
  Request request{.method = http.method, .url = std::move(*url)};
  if (request.method.empty()) request.method = http.body ? "POST" : "GET";
  if (request.method == "HEAD" && http.body)
    return refuse("a HEAD request has no body; use another http.method, or leave http.body out");
  add_usual_headers(request);
  add_own_headers(order, request);
  if (http.body) {
    request.set_header({"Content-Type", media_type_of(*http.body)});
    request.body = text_of(*http.body);
  }
  if (*connection != nullptr) add_headers_of(**connection, request);
  if (auto added = add_job_headers(http, headers, request); !added)
    return base::fail(std::move(added.error()));
  return request;
}

Result<Request> make_probe(const ConnectionSpec& connection) {
  auto url = make_url({}, &connection);
  if (!url) return base::fail(std::move(url.error()));
  Request request{.method = "HEAD", .url = std::move(*url)};
  add_usual_headers(request);
  add_headers_of(connection, request);
  return request;
}

std::string describe_request(const Request& request) {
  std::string text = fmt::format("{} {}", request.method, request.url.shown());
  if (!request.body) return text;
  const Header* type = find_header(request.headers, "content-type");
  return fmt::format("{}, {} bytes of {}", text, request.body->size(),
                     type == nullptr ? "no type" : type->value);
}

Result<std::optional<Request>> redirected(const Request& request, int status,
                                          const std::string* location, model::Redirects policy) {
  if (policy == model::Redirects::none || !points_elsewhere(status) || location == nullptr)
    return std::nullopt;
  auto url = resolve_url(request.url, *location);
  if (!url) return base::fail(std::move(url.error()));
  Request next = request;
  next.url = std::move(*url);
  const bool leaves = next.url.origin() != request.url.origin();
  if (leaves && policy == model::Redirects::same_origin)
    return refuse(
        fmt::format("it points to {}, and http.redirects is same_origin", next.url.origin()));
  if (becomes_get(status, request.method)) {
    next.method = "GET";
    next.body.reset();
    drop_headers(next, [](const Header& header) {
      return header.name.size() > 8 && is_any_of(header.name.substr(0, 8), {"content-"});
    });
  }
  if (leaves) {
    next.is_home = false;
    drop_headers(next, [](const Header& header) { return header.is_private; });
  }
  return next;
}

}  // namespace mainspring::runner::http
