// The head of an answer as bytes.
//
// Source: RFC 9110, section 5.6.7 (dates) and RFC 9112.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "http/message.h"

namespace mainspring::http {

enum class Framing : std::uint8_t { length, chunked, until_close, none };
enum class Persistence : std::uint8_t { keep, keep_1_0, close };

struct HeadPlan {
  Framing framing = Framing::length;
  Persistence persistence = Persistence::keep;
  base::Instant now;
  std::string_view request_id;
};

// False where a header's name is no token or its value has a control character: sending it would
// let whoever chose the value write headers or a second answer. Also for a status outside 200-599.
bool is_sendable(const Response& response);

void append_head(std::string& out, const Response& response, const HeadPlan& plan);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string format_http_date(base::Instant instant);

}  // namespace mainspring::http
