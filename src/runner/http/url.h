// Url: an absolute http or https URL, normalised; and how texts are written in one.
//
// Pure; immutable values, safe from any thread. Errors: invalid_argument, without the URL's user,
// password and query. Source: RFC 3986; read by libcurl, which also sends the request, so that no
// URL is read in two ways.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::runner::http {

struct Url {
  std::string text;    // whole, without user, password and fragment
  std::string scheme;  // "http" or "https"
  std::string host;    // in lower case; an IPv6 address in brackets
  std::string port;    // always given
  std::string path;
  std::string query;  // without '?'

  // RFC 6454: what credentials belong to.
  std::string origin() const;
  // "api.example.org", or "api.example.org:8443" where the port is not the usual one.
  std::string authority() const;
  // Path and query, as a request line has them.
  std::string target() const;
  // For people and logs: without the values of the query, which may be signatures or tokens.
  std::string shown() const;
};

// Refuses a user or password in it: a manifest is no place for them.
base::Result<Url> parse_url(const std::string& text);

// `reference` as an answer from `from` gives it: absolute, or relative to it. A user and password
// in it are left out.
base::Result<Url> resolve_url(const Url& from, const std::string& reference);

// "a=1&b=x%20y", for a query.
std::string encode_query(const std::map<std::string, std::string>& fields);
// "a=1&b=x+y": application/x-www-form-urlencoded.
std::string encode_form(const std::map<std::string, std::string>& fields);

std::string encode_form_text(std::string_view text);

bool equal_ignoring_case(std::string_view a, std::string_view b);  // of ASCII

}  // namespace mainspring::runner::http
