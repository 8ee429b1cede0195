#include "http/head.h"

#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

#include <fmt/core.h>

namespace mainspring::http {
namespace {

namespace beast = boost::beast;
using base::Code;
using boost::system::error_code;

std::unexpected<Refusal> refuse(int status, Code code, std::string detail) {
  return std::unexpected(Refusal{status, code, std::move(detail)});
}

std::unexpected<Refusal> malformed(std::string detail) {
  return refuse(400, Code::invalid_argument, std::move(detail));
}

// Beast reads heads only, each in one piece and one put(): its limits count from where a put
// began, and its chunk reader asserts on an empty body that arrives byte by byte.
class HeadParser final : public beast::http::basic_parser<true> {
 public:
  std::string method;
  std::string target;
  int version = 11;
  Headers headers;

 private:
  using View = beast::string_view;

  void on_request_impl(beast::http::verb, View method_text, View target_text, int version_number,
                       error_code& error) override {
    method.assign(method_text.data(), method_text.size());
    target.assign(target_text.data(), target_text.size());
    version = version_number;
    error = {};
  }
  void on_field_impl(beast::http::field, View name, View value, error_code& error) override {
    headers.add({name.data(), name.size()}, {value.data(), value.size()});
    error = {};
  }
  void on_response_impl(int, View, int, error_code&) override {}
  void on_header_impl(error_code& error) override { error = {}; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(View, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, error_code&) override { return 0; }
  void on_finish_impl(error_code& error) override { error = {}; }
};

// Folded lines, bare CR or LF: two readers may disagree on where such a header ends.
bool has_strict_lines(std::string_view block) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool crlf = block.substr(i, 2) == "\r\n";
    if (!crlf && (block[i] == '\r' || block[i] == '\n')) return false;
    if (!crlf) continue;
    if (i + 2 < block.size() && (block[i + 2] == ' ' || block[i + 2] == '\t')) return false;
    ++i;
  }
  return true;
}

bool names_unknown_version(std::string_view block) {
  const std::string_view line = block.substr(0, block.find('\r'));
  const std::size_t at = line.rfind(" HTTP/");
  if (at == std::string_view::npos) return false;
  const std::string_view number = line.substr(at + 6);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return number.size() == 3 && digit(number[0]) && number[1] == '.' && digit(number[2]);
}

std::expected<void, Refusal> check_headers(const HeadParser& parsed, const Limits& limits) {
  if (parsed.headers.size() > limits.header_count) {
    return refuse(431, Code::too_large,
                  fmt::format("the request has more than {} headers", limits.header_count));
  }
  const std::size_t hosts = parsed.headers.count("Host");
  if (hosts > 1) return malformed("the request has more than one Host header");
  if (hosts == 0 && parsed.version == 11) {
    return malformed("the request has no Host header, which HTTP/1.1 demands");
  }
  return {};
}

std::expected<void, Refusal> read_framing(const HeadParser& parsed, const Limits& limits,
                                          Head& head) {
  const std::size_t lengths = parsed.headers.count("Content-Length");
  const std::size_t codings = parsed.headers.count("Transfer-Encoding");
  if (lengths + codings > 1) {
    return malformed(
        "the request gives its length more than once, by Content-Length or "
        "Transfer-Encoding");
  }
  if (codings == 1) {
    if (parsed.version == 10) return malformed("HTTP/1.0 has no Transfer-Encoding");
    if (!equal_ignoring_case(*parsed.headers.find("Transfer-Encoding"), "chunked")) {
      return refuse(501, Code::unsupported, "the only Transfer-Encoding read here is chunked");
    }
    head.chunked = true;
  }
  if (lengths == 1) {
    const std::string_view text = *parsed.headers.find("Content-Length");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size()) {
      return malformed("Content-Length is not a whole number");
    }
    if (length > limits.body_bytes) {
      return refuse(
          413, Code::too_large,
          fmt::format("the body has {} bytes; at most {} are accepted", length, limits.body_bytes));
    }
    head.content_length = length;
  }
  if (const auto expect = parsed.headers.find("Expect"); expect && parsed.version == 11) {
    if (!equal_ignoring_case(*expect, "100-continue")) {
      return refuse(417, Code::unsupported, "the only expectation met here is 100-continue");
    }
    head.expects_continue = true;
  }
  return {};
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
  }
  return false;
}

std::expected<void, Refusal> split_target(std::string target, const Limits& limits,
                                          Request& request) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    target.erase(0, std::min(end, target.size()));
    if (!target.starts_with('/')) target.insert(0, 1, '/');
    break;
  }
  const bool asterisk = target == "*" && request.method == Method::options;
  if (!target.starts_with('/') && !asterisk) {
    return malformed("the request target is neither a path nor an http URL");
  }
  if (target.contains('#')) return malformed("the request target has a fragment ('#')");
  const std::size_t mark = target.find('?');
  auto path = percent_decode(std::string_view{target}.substr(0, mark), Plus::is_plus);
  if (!path) return malformed(std::move(path.error().message));
  if (has_dot_segment(*path)) return malformed("the path has a '.' or '..' segment");
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  auto parameters = parse_query(request.query);
  if (!parameters) return malformed(std::move(parameters.error().message));
  if (parameters->size() > limits.query_count) {
    return malformed(fmt::format("the query has more than {} parameters", limits.query_count));
  }
  request.target = std::move(target);
  request.path = std::move(*path);
  request.parameters = std::move(*parameters);
  return {};
}

std::unexpected<Refusal> explain(const error_code& error, std::string_view block) {
  if (error == beast::http::error::bad_version && names_unknown_version(block)) {
    return refuse(505, Code::unsupported, "only HTTP/1.1 and HTTP/1.0 are spoken here");
  }
  return malformed("the request is not well-formed HTTP: " + error.message());
}

}  // namespace

std::expected<Head, Refusal> parse_head(std::string_view block, const Limits& limits) {
  if (!has_strict_lines(block)) return malformed("a header is folded or has a bare CR or LF");
  HeadParser parsed;
  parsed.header_limit(static_cast<std::uint32_t>(block.size() + 1));
  parsed.body_limit(boost::none);
  parsed.skip(true);  // bodies are read by the session
  error_code error;
  parsed.put(boost::asio::buffer(block.data(), block.size()), error);
  if (error) return explain(error, block);
  if (!parsed.is_header_done()) return malformed("the request ends too early");

  Head head;
  head.version_1_0 = parsed.version == 10;
  head.request.keep_alive = parsed.keep_alive();
  const auto method = find_method(parsed.method);
  if (!method) {
    return refuse(501, Code::unsupported,
                  "the method is none of " + std::string{"GET, HEAD, POST, PUT, PATCH, DELETE, "
                                                         "OPTIONS"});
  }
  head.request.method = *method;
  if (auto checked = check_headers(parsed, limits); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  if (auto framed = read_framing(parsed, limits, head); !framed) {
    return std::unexpected(std::move(framed.error()));
  }
  if (auto split = split_target(std::move(parsed.target), limits, head.request); !split) {
    return std::unexpected(std::move(split.error()));
  }
  head.request.headers = std::move(parsed.headers);
  return head;
}

}  // namespace mainspring::http
