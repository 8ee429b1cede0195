#include "remote/lines.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <fmt/core.h>

#include "json/document.h"
#include "protocol/version.h"

namespace mainspring::remote {
namespace {

// What a node answers with is bounded by what it stores; this only bounds a stranger.
constexpr std::size_t kAnswerLimit = std::size_t{256} << 20;
constexpr long kConnectMs = 5'000;

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* out) {
  auto& body = *static_cast<std::string*>(out);
  if (body.size() + size * count > kAnswerLimit) return 0;
  body.append(bytes, size * count);
  return size * count;
}

std::string text_of(const json::Object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

// What OpenSSL found, of X509_V_ERR_*. Up to kUnspecified the authority was not the matter.
constexpr long kUnspecified = 1;
constexpr long kNotYetValid = 9;
constexpr long kExpired = 10;

// Why a certificate was not taken, and what to do.
std::string describe_distrust(long finding, const std::string& detail) {
  if (finding == kExpired) {
    return fmt::format(
        "its certificate has expired, or this machine's clock is ahead: the node needs a new one "
        "({})",
        detail);
  }
  if (finding == kNotYetValid) {
    return fmt::format(
        "its certificate is not valid yet: this machine's clock is behind, or the node's was ahead "
        "when it was made ({})",
        detail);
  }
  if (finding <= kUnspecified) {
    return fmt::format(
        "its certificate is not for this name: join by one that it is for, or give the node a "
        "certificate that has this name ({})",
        detail);
  }
  return fmt::format(
      "its certificate is by an authority that is not trusted here: name the authority's file with "
      "--ca or MAINSPRING_CA ({})",
      detail);
}

std::string describe_failure(void* easy, CURLcode code, const char* detail) {
  const std::string told = *detail != '\0' ? detail : curl_easy_strerror(code);
  if (code != CURLE_PEER_FAILED_VERIFICATION) return told;
  long finding = 0;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &finding);
  return describe_distrust(finding, told);
}

}  // namespace

Lines::Lines(Target target) : target_(std::move(target)), multi_(curl_multi_init()) {
  for (Wire& wire : wires_) {
    wire.easy = curl_easy_init();
    if (multi_ == nullptr || wire.easy == nullptr) {
      throw std::runtime_error("libcurl cannot start");
    }
  }
}

Lines::~Lines() {
  for (Wire& wire : wires_) {
    if (wire.is_busy) end(wire);
    curl_easy_cleanup(wire.easy);
  }
  curl_multi_cleanup(multi_);
}

void Lines::post(Line line, Request request) {
  Wire& wire = at(line);
  CURL* easy = wire.easy;
  wire.body = std::move(request.body);
  wire.answer = {};
  wire.detail[0] = '\0';
  curl_slist* headers = nullptr;
  const auto add = [&headers](const std::string& text) {
    headers = curl_slist_append(headers, text.c_str());
  };
  add("Content-Type: application/json");
  add("Expect:");
  add(fmt::format("Authorization: Bearer {}", target_.credential));
  add(fmt::format("{}: {}", protocol::kVersionHeader, request.version));
  wire.headers = headers;
  curl_easy_reset(easy);
  wire.server = server_;
  wire.answer.server = server();
  curl_easy_setopt(easy, CURLOPT_URL, fmt::format("{}{}", server(), request.path).c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, wire.body.data());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(wire.body.size()));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.patience.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &wire.answer.body);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, wire.detail.data());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &wire);
  // A name server that does not answer holds up nobody who wants to stop.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  if (!target_.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, target_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // this authority, and no other
  }
  if (curl_multi_add_handle(multi_, easy) != CURLM_OK) {
    throw std::runtime_error("libcurl takes no request");
  }
  wire.is_busy = true;
}

void Lines::end(Wire& wire) {
  curl_multi_remove_handle(multi_, wire.easy);
  curl_slist_free_all(static_cast<curl_slist*>(std::exchange(wire.headers, nullptr)));
  wire.is_busy = false;
}

void Lines::drop(Line line) {
  if (at(line).is_busy) end(at(line));
}

Answer Lines::take_answer(Wire& wire, int code) {
  if (code != CURLE_OK) {
    wire.answer.problem =
        describe_failure(wire.easy, static_cast<CURLcode>(code), wire.detail.data());
    wire.answer.is_distrusted =
        code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
    return std::move(wire.answer);
  }
  long status = 0;
  curl_easy_getinfo(wire.easy, CURLINFO_RESPONSE_CODE, &status);
  wire.answer.status = static_cast<int>(status);
  curl_header* versions = nullptr;
  const std::string name{protocol::kVersionHeader};
  if (curl_easy_header(wire.easy, name.c_str(), 0, CURLH_HEADER, -1, &versions) == CURLHE_OK) {
    wire.answer.versions = versions->value;
  }
  return std::move(wire.answer);
}

std::vector<std::pair<Line, Answer>> Lines::step() {
  int running = 0;
  curl_multi_perform(multi_, &running);
  std::vector<std::pair<Line, Answer>> answers;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // gone with the handle
    void* place = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &place);
    Wire& wire = *static_cast<Wire*>(place);
    Answer answer = take_answer(wire, code);
    // Of those that fail together, the first moves on for all.
    if (answer.is_from_nobody() && wire.server == server_) {
      server_ = (server_ + 1) % target_.servers.size();
    }
    answers.emplace_back(static_cast<Line>(&wire - wires_.data()), std::move(answer));
    end(wire);
  }
  return answers;
}

void Lines::wait(base::Duration most) {
  curl_multi_poll(multi_, nullptr, 0, static_cast<int>(std::max(most, base::Duration{0}).count()),
                  nullptr);
}

void Lines::wake() { curl_multi_wakeup(multi_); }

base::Result<std::string> read_answer(Answer answer) {
  if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
  if (answer.status == 0) {
    return base::fail(base::Code::unavailable,
                      fmt::format("no answer from {}: {}", answer.server, answer.problem));
  }
  base::Error error{base::Code::unavailable,
                    fmt::format("{} answered with status {}", answer.server, answer.status),
                    {}};
  const auto document = json::parse_json(answer.body);
  if (document && document->value.is_object()) {
    const json::Object& problem = document->value.as_object();
    const std::string code = text_of(problem, "code");
    if (!code.empty()) error.code = base::find_code(code);
    const std::string detail = text_of(problem, "detail");
    if (!detail.empty()) error.message = detail;
  }
  return base::fail(std::move(error));
}

Asked ask(const Target& target, const Request& request) {
  Lines lines(target);
  std::size_t left = target.servers.size();
  lines.post(Line::control, request);
  while (true) {
    for (auto& [line, answer] : lines.step()) {
      if (answer.is_from_nobody() && --left > 0) {
        lines.post(Line::control, request);
        continue;
      }
      std::string versions = answer.versions;
      const bool is_distrusted = answer.is_distrusted;
      return {read_answer(std::move(answer)), std::move(versions), is_distrusted};
    }
    lines.wait(std::chrono::seconds{1});
  }
}

}  // namespace mainspring::remote
