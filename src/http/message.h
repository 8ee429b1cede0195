// Requests and responses as plain values, and the words they are made of.
//
// Source: RFC 9110 (semantics), RFC 9457 (problem details). Values; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/limits.h"
#include "http/url.h"

namespace mainspring::http {

// The methods that are served; any other is answered 501 before the application sees it.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options };

std::string_view to_text(Method method);  // "GET"
std::optional<Method> find_method(std::string_view text);

struct Header {
  std::string name;
  std::string value;

  friend bool operator==(const Header&, const Header&) = default;
};

// Headers in the order they came or will go; names compare without case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> rows) : rows_(rows) {}

  // The first one of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  void add(std::string name, std::string value);
  void set(std::string_view name, std::string value);  // replaces every one of that name

  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  std::size_t size() const { return rows_.size(); }

  friend bool operator==(const Headers&, const Headers&) = default;

 private:
  std::vector<Header> rows_;
};

struct Request {
  Method method = Method::get;
  std::string target;  // as sent, without "http://host" of the absolute form
  std::string path;    // decoded; starts with '/', or is "*"; without "." and ".." segments
  std::string query;   // as sent, without '?'
  Parameters parameters;
  Headers headers;
  std::string body;
  bool keep_alive = true;
  std::string peer;           // "127.0.0.1:4711", or "unix"
  bool is_encrypted = false;  // it came inside TLS, as seen by this server
  std::string request_id;     // the client's X-Request-Id where it is well-formed, otherwise ours

  // The first one of that name, decoded.
  std::optional<std::string_view> find_parameter(std::string_view name) const;
};

// Content-Length, Transfer-Encoding, Connection, Date and X-Request-Id are written by the session;
// a `Connection: close` set here is honoured, the others are replaced.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

std::string_view reason_phrase(int status);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// What a response says in its application/problem+json body. The status may be finer than the
// code's own row (417 and 501 are both `unsupported`).
struct Refusal {
  int status = 500;
  base::Code code = base::Code::internal;
  std::string detail;  // UTF-8
};
Response make_problem(const Refusal& refusal, std::string_view request_id);

}  // namespace mainspring::http
