#include "runner/connection/web_request.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <new>

#include <fmt/core.h>

#include "runner/connection/tries.h"

namespace mainspring::runner {
namespace {

using base::Code;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};

class List {
 public:
  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(head_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    static_cast<void>(head_.release());
    head_.reset(longer);
  }
  curl_slist* get() const { return head_.get(); }

 private:
  std::unique_ptr<curl_slist, FreeList> head_;
};

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::size_t keep_body(char* bytes, std::size_t size, std::size_t count, void* out) {
  auto& body = static_cast<WebAnswer*>(out)->body;
  body.append(bytes, std::min(size * count, kAnswerLimit - body.size()));
  return size * count;
}

std::size_t keep_header(char* bytes, std::size_t size, std::size_t count, void* out) {
  const std::string_view line{bytes, size * count};
  auto& headers = static_cast<WebAnswer*>(out)->headers;
  if (line.starts_with("HTTP/")) headers.clear();  // an interim answer came before, or a proxy's
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    headers[lower(line.substr(0, colon))] = one_line(line.substr(colon + 1));
  return size * count;
}

// A part of an address; "" where it has none.
std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, FreeText> owned(text);
  return text;
}

class Exchange {
 public:
  Exchange(const WebRequest& request, const Deadline& deadline)
      : request_(request), deadline_(deadline), easy_(curl_easy_init()) {
    if (!easy_) throw std::bad_alloc{};
  }

  base::Result<WebAnswer> run() {
    if (auto set = set_address(); !set) return base::fail(std::move(set.error()));
    set_request();
    set_limits();
    if (request_.tls) set_tls(*request_.tls);
    set(CURLOPT_HTTPHEADER, headers_.get());
    const CURLcode code = curl_easy_perform(easy_.get());
    if (code != CURLE_OK) return refuse(code);
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  // A certificate for another name: the address has that name then, and the bytes go to the host.
  base::Result<void> set_address() {
    const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
    const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0);
    if (code != CURLUE_OK)
      return base::fail(Code::invalid_argument, fmt::format("'{}' is no address: {}", request_.url,
                                                            curl_url_strerror(code)));
    if (request_.tls && !request_.tls->server_name.empty()) {
      const std::string host = part(url.get(), CURLUPART_HOST);
      const std::string port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
      detours_.add(fmt::format("::{}:{}", host, port));
      headers_.add(fmt::format("Host: {}:{}", host, port));
      curl_url_set(url.get(), CURLUPART_HOST, request_.tls->server_name.c_str(), 0);
      set(CURLOPT_CONNECT_TO, detours_.get());
    }
    const std::string text = part(url.get(), CURLUPART_URL);
    set(CURLOPT_URL, text.c_str());  // copied
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    if (!request_.proxy.empty()) set(CURLOPT_PROXY, request_.proxy.c_str());
    if (request_.socket.empty()) return {};
    set(CURLOPT_UNIX_SOCKET_PATH, request_.socket.c_str());
    set(CURLOPT_PROXY, "");  // what the environment says is for networks
    return {};
  }

  void set_request() {
    if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (request_.method == "POST") {
      set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.form.size()));
      set(CURLOPT_COPYPOSTFIELDS, request_.form.data());
    }
    set(CURLOPT_USERAGENT, "mainspring");
    headers_.add("Expect:");
    for (const auto& [name, value] : request_.headers)
      headers_.add(fmt::format("{}: {}", name, value));
    if (!request_.bearer.empty())
      headers_.add(fmt::format("Authorization: Bearer {}", request_.bearer));
    if (request_.basic) {
      set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
      set(CURLOPT_USERNAME, request_.basic->first.c_str());
      set(CURLOPT_PASSWORD, request_.basic->second.c_str());
    }
  }

  void set_limits() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(deadline_.left().count())));
    // A name server that does not answer holds up nobody.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_ERRORBUFFER, detail_);
    set(CURLOPT_WRITEFUNCTION, keep_body);
    set(CURLOPT_WRITEDATA, &answer_);
    set(CURLOPT_HEADERFUNCTION, keep_header);
    set(CURLOPT_HEADERDATA, &answer_);
  }

  void set_tls(const model::TlsSpec& tls) {
    set(CURLOPT_SSL_VERIFYPEER, tls.verify == model::TlsVerify::none ? 0L : 1L);
    set(CURLOPT_SSL_VERIFYHOST, tls.verify == model::TlsVerify::full ? 2L : 0L);
    if (!tls.ca.empty()) set(CURLOPT_CAINFO, tls.ca.c_str());
    if (!tls.certificate.empty()) set(CURLOPT_SSLCERT, tls.certificate.c_str());
    if (!tls.key.empty()) set(CURLOPT_SSLKEY, tls.key.c_str());
  }

  std::unexpected<base::Error> refuse(CURLcode code) const {
    const char* said = detail_[0] != '\0' ? detail_ : curl_easy_strerror(code);
    const bool is_ours = code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE;
    const Code what = code == CURLE_OPERATION_TIMEDOUT ? Code::timed_out
                      : is_ours                        ? Code::invalid_argument
                                                       : Code::unavailable;
    return base::fail(what, one_line(said));
  }

  const WebRequest& request_;
  const Deadline& deadline_;
  const std::unique_ptr<CURL, FreeEasy> easy_;
  List headers_;
  List detours_;
  WebAnswer answer_;
  char detail_[CURL_ERROR_SIZE] = "";
};

}  // namespace

base::Result<WebAnswer> fetch(const WebRequest& request, const Deadline& deadline) {
  if (deadline.is_over())
    return base::fail(Code::timed_out, "no time was left for another request");
  return Exchange(request, deadline).run();
}

}  // namespace mainspring::runner
