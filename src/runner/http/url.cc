#include "runner/http/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <new>

#include <fmt/core.h>

#include "http/url.h"

namespace mainspring::runner::http {
namespace {

using base::Result;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The parts of a URL, as libcurl has them.
class Parts {
 public:
  Parts() : url_(curl_url(), curl_url_cleanup) {
    if (!url_) throw std::bad_alloc();
  }

  // Over what was set before, a relative one is resolved. Null: done; else why not.
  const char* set(const std::string& text, unsigned flags) {
    const CURLUcode code = curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), flags);
    return code == CURLUE_OK ? nullptr : curl_url_strerror(code);
  }
  void clear(CURLUPart part) { curl_url_set(url_.get(), part, nullptr, 0); }
  std::string get(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), part, &text, flags) != CURLUE_OK) return {};
    std::string out = text;
    curl_free(text);
    return out;
  }

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
};

Url take(Parts& parts) {
  for (const CURLUPart part :
       {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT})
    parts.clear(part);
  Url url{.text = parts.get(CURLUPART_URL),
          .scheme = parts.get(CURLUPART_SCHEME),
          .host = parts.get(CURLUPART_HOST),
          .port = parts.get(CURLUPART_PORT, CURLU_DEFAULT_PORT),
          .path = parts.get(CURLUPART_PATH),
          .query = parts.get(CURLUPART_QUERY)};
  std::ranges::transform(url.host, url.host.begin(), lower);
  return url;
}

bool is_web(const Parts& parts) {
  const std::string scheme = parts.get(CURLUPART_SCHEME);
  return scheme == "http" || scheme == "https";
}

std::unexpected<base::Error> refuse(std::string message) {
  return base::fail(base::Code::invalid_argument, std::move(message));
}

// Of what cannot be read as a URL, no more than where it begins; only its scheme, where what comes
// then may be a password.
std::string beginning(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  if (text.contains('@')) text = text.substr(0, text.find(':') + 1);
  std::string shown{text};
  constexpr std::size_t kShown = 100;
  if (shown.size() > kShown) shown.resize(kShown);
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

std::string encode(const std::map<std::string, std::string>& fields,
                   std::string (*encode_text)(std::string_view)) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += fmt::format("{}={}", encode_text(name), encode_text(value));
  }
  return out;
}

}  // namespace

std::string Url::origin() const { return fmt::format("{}://{}:{}", scheme, host, port); }

std::string Url::authority() const {
  const bool is_usual = port == (scheme == "https" ? "443" : "80");
  return is_usual ? host : fmt::format("{}:{}", host, port);
}

std::string Url::shown() const {
  return fmt::format("{}://{}{}{}", scheme, authority(), path, query.empty() ? "" : "?...");
}

std::string Url::target() const { return query.empty() ? path : fmt::format("{}?{}", path, query); }

Result<Url> parse_url(const std::string& text) {
  Parts parts;
  if (text.contains('\0')) return refuse("the url holds a zero byte");
  if (const char* why = parts.set(text, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME))
    return refuse(fmt::format("'{}' is no URL: {}", beginning(text), why));
  if (!is_web(parts))
    return refuse(fmt::format("the url '{}' must begin with http:// or https://", beginning(text)));
  if (!parts.get(CURLUPART_USER).empty() || !parts.get(CURLUPART_PASSWORD).empty())
    return refuse(fmt::format(
        "the url of {} holds a user or a password; put them in a connection, under auth.basic",
        parts.get(CURLUPART_HOST)));
  return take(parts);
}

Result<Url> resolve_url(const Url& from, const std::string& reference) {
  Parts parts;
  parts.set(from.text, CURLU_URLENCODE);
  if (const char* why = parts.set(reference, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME))
    return refuse(fmt::format("it points to '{}', which is no URL: {}", beginning(reference), why));
  if (!is_web(parts))
    return refuse(fmt::format("it points to '{}', which is neither http:// nor https://",
                              beginning(reference)));
  return take(parts);
}

std::string encode_query(const std::map<std::string, std::string>& fields) {
  return encode(fields, mainspring::http::percent_encode);
}

std::string encode_form(const std::map<std::string, std::string>& fields) {
  return encode(fields, encode_form_text);
}

std::string encode_form_text(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == ' ' ? "+" : mainspring::http::percent_encode({&c, 1});
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace mainspring::runner::http
