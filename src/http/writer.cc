#include "http/writer.h"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>

namespace mainspring::http {
namespace {

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

bool is_value_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || c == '\t';
}

bool is_ours(std::string_view name) {
  static constexpr std::string_view kOurs[] = {"Content-Length", "Transfer-Encoding", "Connection",
                                               "Date", "X-Request-Id"};
  return std::ranges::any_of(
      kOurs, [name](std::string_view ours) { return equal_ignoring_case(name, ours); });
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

}  // namespace

bool is_sendable(const Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  return std::ranges::all_of(response.headers, [](const Header& row) {
    return !row.name.empty() && std::ranges::all_of(row.name, is_token_char) &&
           std::ranges::all_of(row.value, is_value_char);
  });
}

std::string format_http_date(base::Instant instant) {
  namespace chr = std::chrono;
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = chr::floor<chr::days>(instant);
  const chr::year_month_day date{day};
  const chr::hh_mm_ss time{chr::floor<chr::seconds>(instant - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[chr::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

void append_head(std::string& out, const Response& response, const HeadPlan& plan) {
  out += fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  append_header(out, "Date", format_http_date(plan.now));
  if (!plan.request_id.empty()) append_header(out, "X-Request-Id", plan.request_id);
  for (const Header& row : response.headers) {
    if (!is_ours(row.name)) append_header(out, row.name, row.value);
  }
  if (plan.framing == Framing::length) {
    append_header(out, "Content-Length", std::to_string(response.body.size()));
  } else if (plan.framing == Framing::chunked) {
    append_header(out, "Transfer-Encoding", "chunked");
  }
  if (plan.persistence == Persistence::close) append_header(out, "Connection", "close");
  if (plan.persistence == Persistence::keep_1_0) append_header(out, "Connection", "keep-alive");
  out += "\r\n";
}

}  // namespace mainspring::http
