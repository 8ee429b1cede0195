// How a browser is answered with the files of the UI: which encoding, how long to keep them, and
// what the page may do (its Content-Security-Policy).
//
// Threads: pure functions over immutable bytes; any thread.
// Source: RFC 9110 (12.5.3 Accept-Encoding, 13.1.2 If-None-Match), RFC 8246 (immutable), CSP 3.
#pragma once

#include <optional>

#include "http/message.h"

namespace mainspring::web {

enum class Encoding { brotli, gzip, plain };

// The best one that the client takes, by the value of its Accept-Encoding; "" is plain.
Encoding choose_encoding(std::string_view accept);

// Whether the program was built with the UI.
bool has_ui();

// Whether the request is a browser's for a page of the UI, such as GET /runs/run_01?tab=log.
bool wants_page(const http::Request& request);

// 200 with index.html, or 304; absent without the UI.
std::optional<http::Response> find_page(const http::Request& request);

// 200 with the file of the request's path, or 304; absent where there is none.
std::optional<http::Response> find_asset(const http::Request& request);

}  // namespace mainspring::web
