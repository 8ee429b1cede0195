#include "runner/http/exchange.h"

#include <algorithm>
#include <charconv>
#include <new>
#include <system_error>

#include <fmt/core.h>

#include "runner/connection/curl_tls.h"

namespace mainspring::runner::http {
namespace {

curl_off_t number_of(CURL* easy, CURLINFO what) {
  curl_off_t value = 0;
  curl_easy_getinfo(easy, what, &value);
  return value;
}

base::Duration time_of(CURL* easy, CURLINFO what) {
  return std::chrono::round<base::Duration>(std::chrono::microseconds{number_of(easy, what)});
}

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

// "HTTP/1.1 404 Not Found".
void read_status_line(std::string_view line, Answer& answer) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return;
  line.remove_prefix(space + 1);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), answer.status);
  if (error != std::errc{}) return;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  answer.reason = line.starts_with(' ') ? line.substr(1) : line;
}

}  // namespace

void Exchange::append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

void Exchange::prepare(CURL* easy, const TransferSettings& settings) {
  easy_ = easy;
  too_long_ = settings.too_long;
  const model::TlsSpec& tls = settings.tls;
  const Url& url = request_.url;
  // libcurl takes the name to prove from the URL: the URL gets it, and the way goes to the host.
  const bool is_renamed = request_.is_home && url.scheme == "https" && !tls.server_name.empty();
  std::string text = url.text;
  if (is_renamed) {
    text = fmt::format("https://{}:{}{}", tls.server_name, url.port, url.target());
    append(connect_to_, fmt::format("{}:{}:{}:{}", tls.server_name, url.port, url.host, url.port));
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to_.get());
  }
  curl_easy_setopt(easy, CURLOPT_URL, text.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer holds up nobody who wants to stop.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(settings.timeouts.connect.count()));
  if (!settings.proxy.empty()) curl_easy_setopt(easy, CURLOPT_PROXY, settings.proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail_);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  set_method(easy);
  set_headers(easy, is_renamed ? url.authority() : "");
  set_trust(easy, tls);
  if (request_.is_home) set_certificate(easy, tls);
}

void Exchange::set_method(CURL* easy) {
  const std::string& method = request_.method;
  const bool has_body = request_.body || method == "POST" || method == "PUT" || method == "PATCH";
  if (has_body) {
    const std::string_view body = request_.body ? std::string_view(*request_.body) : "";
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  } else if (method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

// `host`: what the Host header says, where libcurl would say something else.
void Exchange::set_headers(CURL* easy, const std::string& host) {
  if (!host.empty() && find_header(request_.headers, "host") == nullptr)
    append(headers_, "Host: " + host);
  for (const Header& header : request_.headers)
    append(headers_, header.value.empty() ? header.name + ";"
                                          : fmt::format("{}: {}", header.name, header.value));
  // What libcurl would add by itself: a wait for 100, and the type of a form.
  for (const char* name : {"Expect", "Content-Type"})
    if (find_header(request_.headers, name) == nullptr) append(headers_, fmt::format("{}:", name));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t Exchange::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  return static_cast<Exchange*>(self)->take_header({bytes, size * count}) ? size * count : 0;
}

std::size_t Exchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  return static_cast<Exchange*>(self)->take_body({bytes, size * count}) ? size * count : 0;
}

bool Exchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderLimit) {
    passed_ = Trouble::headers_too_large;
    return false;
  }
  line = without_line_end(line);
  if (has_answered_) return true;  // a trailer
  if (line.starts_with("HTTP/")) {
    answer_ = {};
    read_status_line(line, answer_);
  } else if (line.empty()) {
    (answer_.status < 200 ? has_interim_ : has_answered_) = true;
  } else if (line.front() == ' ' || line.front() == '\t') {
    if (!answer_.headers.empty()) answer_.headers.back().value += line;  // RFC 9112, section 5.2
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    answer_.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
  }
  return true;
}

bool Exchange::take_body(std::string_view bytes) {
  const std::size_t room = static_cast<std::size_t>(most_) - answer_.body.size();
  if (bytes.size() > room) {
    answer_.body += bytes.substr(0, room);
    passed_ = Trouble::body_too_large;
    return false;
  }
  answer_.body += bytes;
  return true;
}

void Exchange::enter(Stage stage, SteadyTime now) {
  if (stage_ == stage) return;
  stage_ = stage;
  stage_since_ = moved_at_ = now;
}

void Exchange::update(SteadyTime now) {
  const curl_off_t sent = number_of(easy_, CURLINFO_SIZE_UPLOAD_T);
  const auto all = static_cast<curl_off_t>(request_.body ? request_.body->size() : 0);
  if (has_answered_)
    enter(Stage::receiving, now);
  else if (number_of(easy_, CURLINFO_PRETRANSFER_TIME_T) > 0)
    enter(sent < all ? Stage::sending : Stage::waiting, now);
  if (has_interim_ && stage_ == Stage::waiting) stage_since_ = now;
  has_interim_ = false;
  const curl_off_t moved = sent + number_of(easy_, CURLINFO_SIZE_DOWNLOAD_T);
  if (moved == moved_bytes_) return;
  moved_bytes_ = moved;
  moved_at_ = now;
}

std::expected<Answer, Failure> Exchange::take(CURLcode code) {
  const bool is_cut = passed_ == Trouble::body_too_large && too_long_ == TooLong::cut;
  if (code != CURLE_OK && !is_cut) return std::unexpected(failure_of(code));
  answer_.received_bytes = number_of(easy_, CURLINFO_SIZE_DOWNLOAD_T);
  answer_.phases = {.found = time_of(easy_, CURLINFO_NAMELOOKUP_TIME_T),
                    .connected = time_of(easy_, CURLINFO_CONNECT_TIME_T),
                    .secured = time_of(easy_, CURLINFO_APPCONNECT_TIME_T),
                    .answered = time_of(easy_, CURLINFO_STARTTRANSFER_TIME_T),
                    .ended = time_of(easy_, CURLINFO_TOTAL_TIME_T)};
  return std::move(answer_);
}

std::string Exchange::words_of(CURLcode code) const {
  long number = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &number);
  if (code == CURLE_COULDNT_CONNECT && number != 0)
    return std::generic_category().message(static_cast<int>(number));
  return excerpt(detail_[0] != '\0' ? detail_ : curl_easy_strerror(code), CURL_ERROR_SIZE);
}

Failure Exchange::failure_of(CURLcode code) const {
  if (passed_) return {*passed_, ""};
  long proxy_status = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  if (proxy_status == 407) return {Trouble::proxy_denied, ""};
  if (proxy_status >= 300) return {Trouble::proxy, fmt::format("it answered {}", proxy_status)};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Trouble::dns, ""};
    case CURLE_COULDNT_CONNECT:
      return {Trouble::connect, words_of(code)};
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return {Trouble::proxy, words_of(code)};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Trouble::certificate, words_of(code)};
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return {Trouble::tls_files, words_of(code)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CLIENTCERT:
      return {Trouble::handshake, words_of(code)};
    case CURLE_OPERATION_TIMEDOUT:  // we set it no other limit
      return {Trouble::connect_timeout, ""};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
      return {Trouble::protocol, words_of(code)};
    case CURLE_OUT_OF_MEMORY:  // so libcurl says that one header is too long for it
      if (!has_answered_) return {Trouble::headers_too_large, ""};
      throw std::bad_alloc();
    default:
      return {Trouble::transfer, words_of(code)};
  }
}

}  // namespace mainspring::runner::http
