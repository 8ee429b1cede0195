#include "cli/client.h"

#include <curl/curl.h>

#include <csignal>
#include <ctime>

#include <fmt/core.h>

namespace mainspring::cli {
namespace {

// An answer that takes longer than a wait and this much never comes: the machine is gone.
constexpr long kAnswerMs = (kWaitSeconds + 30) * 1000L;
constexpr long kConnectMs = 5'000;

volatile std::sig_atomic_t interrupted = 0;

// A second Ctrl-C ends the program at once.
void on_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

int stop_when_interrupted(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return interrupted;
}

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(bytes, size * count);
  return size * count;
}

std::size_t pass_on(char* bytes, std::size_t size, std::size_t count, void* sink) {
  (*static_cast<const BodySink*>(sink))({bytes, size * count});
  return size * count;
}

struct HeaderList {
  curl_slist* list = nullptr;
  ~HeaderList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

std::string make_url(const Target& target, const ApiRequest& request) {
  std::string url = target.server + request.path;
  char separator = url.contains('?') ? '&' : '?';
  for (const auto& [name, value] : request.query) {
    url += fmt::format("{}{}={}", separator, encode_segment(name), encode_segment(value));
    separator = '&';
  }
  return url;
}

// Of OpenSSL, by which curl says what it found wrong with a certificate. Up to `unspecified` its
// authority was not the matter.
enum class Finding : long {
  none = 0,
  unspecified = 1,
  not_yet_valid = 9,
  expired = 10,
};

// Whoever is known by a key proves to have it in the handshake, whatever the certificate says.
void set_trust(CURL* easy, const Target& target) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!target.pin.empty()) {
    curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, target.pin.c_str());
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  } else if (!target.ca.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, target.ca.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
}

std::string host_of(const std::string& server) {
  const std::size_t begin = server.find("://");
  const std::string rest = begin == std::string::npos ? server : server.substr(begin + 3);
  return rest.substr(0, rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':'));
}

base::Error distrust(const Target& target, Finding finding, std::string_view detail) {
  const std::string& server = target.server;
  std::string text;
  if (finding == Finding::expired) {
    text = fmt::format(
        "The certificate of {} has expired, or this machine's clock is ahead. The "
        "node needs a new one; 'mainspring certificate' makes some.",
        server);
  } else if (finding == Finding::not_yet_valid) {
    text = fmt::format(
        "The certificate of {} is not valid yet: this machine's clock is behind, or "
        "the node's was ahead when it was made.",
        server);
  } else if (finding <= Finding::unspecified) {
    text = fmt::format(
        "The certificate of {} is not for '{}'. Use a name or address that it is "
        "for, or give the node one that has this name. ({})",
        server, host_of(server), detail);
  } else {
    text = fmt::format(
        "The certificate of {} is by an authority that is not trusted here. Name "
        "the authority's file with --ca or MAINSPRING_CA; 'mainspring certificate' "
        "writes it as ca.crt. ({})",
        server, detail);
  }
  return {base::Code::permission_denied, std::move(text), {}};
}

}  // namespace

struct Client::Curl {
  CURL* easy = curl_easy_init();
  ~Curl() { curl_easy_cleanup(easy); }
};

Client::Client(Target target) : target_(std::move(target)), curl_(std::make_unique<Curl>()) {}
Client::~Client() = default;

namespace {

void set_request(CURL* easy, const Target& target, const ApiRequest& request, HeaderList& headers) {
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, make_url(target, request).c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_trust(easy, target);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, stop_when_interrupted);
  if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    headers.add("Content-Type: " + request.content_type);
    headers.add("Expect:");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  if (!target.token.empty()) headers.add("Authorization: Bearer " + target.token);
  for (const auto& [name, value] : request.headers)
    headers.add(name + ": " + value);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.list);
}

base::Error unreachable(CURL* easy, const Target& target, CURLcode code, const char* detail) {
  const std::string_view why = *detail != '\0' ? detail : curl_easy_strerror(code);
  if (interrupted != 0) return {base::Code::unavailable, "interrupted", {}};
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    long finding = 0;
    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &finding);
    return distrust(target, static_cast<Finding>(finding), why);
  }
  if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
    return {base::Code::permission_denied,
            fmt::format("{} has another key than the node that was started here: something else "
                        "listens there. Start the node again, or name one with --server and --ca.",
                        target.server),
            {}};
  }
  if (code == CURLE_SSL_CACERT_BADFILE) {
    return {
        base::Code::invalid_argument,
        fmt::format("The authority's file '{}' (--ca or MAINSPRING_CA) cannot be read, or holds "
                    "no certificate in PEM.",
                    target.ca),
        {}};
  }
  if (code == CURLE_SSL_CONNECT_ERROR) {
    return {base::Code::unavailable,
            fmt::format("{} (from {}) does not speak TLS as needed: {}. Where the node has no TLS, "
                        "write http:// instead.",
                        target.server, target.origin, why),
            {}};
  }
  return {base::Code::unavailable,
          fmt::format("No answer from {} (from {}): {}. Is the node running? 'mainspring dev' "
                      "starts one.",
                      target.server, target.origin, why),
          {}};
}

}  // namespace

base::Result<ApiReply> Client::send(const ApiRequest& request) {
  CURL* easy = curl_->easy;
  HeaderList headers;
  set_request(easy, target_, request, headers);
  const long patience = request.patience ? static_cast<long>(request.patience->count()) : kAnswerMs;
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, patience);
  ApiReply reply;
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply.body);
  const CURLcode code = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK) return base::fail(unreachable(easy, target_, code, detail));
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  curl_header* date = nullptr;
  if (curl_easy_header(easy, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK) {
    const std::time_t seconds = curl_getdate(date->value, nullptr);
    if (seconds >= 0) reply.date = base::Instant{std::chrono::seconds{seconds}};
  }
  return reply;
}

base::Result<json::Value> Client::call(const ApiRequest& request) {
  auto reply = send(request);
  if (!reply) return base::fail(std::move(reply.error()));
  if (reply->status >= 400) return base::fail(read_problem(*reply));
  if (reply->body.empty()) return json::Value{};
  auto document = json::parse_json(reply->body);
  if (!document) {
    return base::fail(base::Code::unavailable,
                      fmt::format("{} answered with something that is not JSON; is it a "
                                  "Mainspring node?",
                                  target_.server));
  }
  return std::move(document->value);
}

base::Result<void> Client::download(const ApiRequest& request, const BodySink& sink) {
  CURL* easy = curl_->easy;
  HeaderList headers;
  set_request(easy, target_, request, headers);
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, pass_on);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &sink);
  const CURLcode code = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (code == CURLE_HTTP_RETURNED_ERROR) {  // ask again for the problem's text
    auto again = call(request);
    if (!again) return base::fail(std::move(again.error()));
  }
  if (code != CURLE_OK) return base::fail(unreachable(easy, target_, code, detail));
  return {};
}

base::Error read_problem(const ApiReply& reply) {
  base::Error error{
      base::Code::internal, fmt::format("The server answered with status {}.", reply.status), {}};
  const auto document = json::parse_json(reply.body);
  if (!document || !document->value.is_object()) return error;
  const json::Object& body = document->value.as_object();
  const auto text = [](const json::Object& from, std::string_view key) {
    const auto* value = from.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
  };
  const auto number = [](const json::Object& from, std::string_view key) {
    const auto* value = from.if_contains(key);
    return value != nullptr && value->is_int64() ? static_cast<int>(value->as_int64()) : 0;
  };
  error.code = base::find_code(text(body, "code"));
  if (const std::string detail = text(body, "detail"); !detail.empty()) error.message = detail;
  const auto* errors = body.if_contains("errors");
  if (errors == nullptr || !errors->is_array()) return error;
  for (const json::Value& each : errors->as_array()) {
    if (!each.is_object()) continue;
    const json::Object& item = each.as_object();
    error.problems.push_back({text(item, "pointer"), number(item, "line"), number(item, "column"),
                              text(item, "message"), text(item, "suggestion")});
  }
  return error;
}

std::string encode_segment(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 0x0f];
    }
  }
  return out;
}

void catch_interrupts() { std::signal(SIGINT, on_interrupt); }
bool was_interrupted() { return interrupted != 0; }

}  // namespace mainspring::cli
