#include "http/message.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace mainspring::http {
namespace {

constexpr std::array<std::string_view, 7> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

struct Status {
  int code;
  std::string_view phrase;
};
constexpr Status kStatuses[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string quote_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string_view to_text(Method method) { return kMethods.at(static_cast<std::size_t>(method)); }

std::optional<Method> find_method(std::string_view text) {
  const auto* found = std::ranges::find(kMethods, text);
  if (found == kMethods.end()) return std::nullopt;
  return static_cast<Method>(found - kMethods.begin());
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Header& row : rows_) {
    if (equal_ignoring_case(row.name, name)) return row.value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      rows_, [name](const Header& row) { return equal_ignoring_case(row.name, name); }));
}

void Headers::add(std::string name, std::string value) {
  rows_.push_back({std::move(name), std::move(value)});
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(rows_, [name](const Header& row) { return equal_ignoring_case(row.name, name); });
  rows_.push_back({std::string{name}, std::move(value)});
}

std::optional<std::string_view> Request::find_parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view reason_phrase(int status) {
  const auto* row = std::ranges::find(kStatuses, status, &Status::code);
  return row == std::end(kStatuses) ? "Unknown" : row->phrase;
}

Response make_problem(const Refusal& refusal, std::string_view request_id) {
  Response response;
  response.status = refusal.status;
  response.headers = {{"Content-Type", "application/problem+json"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = fmt::format(
      R"({{"type":"about:blank","title":{},"status":{},"code":{},"detail":{},"request_id":{}}})",
      quote_json(reason_phrase(refusal.status)), refusal.status,
      quote_json(base::code_row(refusal.code).name), quote_json(refusal.detail),
      quote_json(request_id));
  return response;
}

}  // namespace mainspring::http
