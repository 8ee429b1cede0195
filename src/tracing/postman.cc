#include "tracing/postman.h"

#include <curl/curl.h>

#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "tracing/settings.h"

namespace mainspring::tracing {
namespace {

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* out) {
  auto& body = *static_cast<std::string*>(out);
  body.append(bytes, std::min(size * count, kAnswerLimit - body.size()));
  return size * count;
}

}  // namespace

struct Postman::Curl {
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();
  curl_slist* headers = nullptr;
  char detail[CURL_ERROR_SIZE] = "";

  ~Curl() {
    if (multi != nullptr && easy != nullptr) curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
  }
};

Postman::Postman(std::string url, const std::map<std::string, std::string>& headers)
    : url_(std::move(url)), curl_(std::make_unique<Curl>()) {
  if (curl_->multi == nullptr || curl_->easy == nullptr) {
    throw std::runtime_error("libcurl cannot start");
  }
  const auto add = [this](const std::string& line) {
    curl_->headers = curl_slist_append(curl_->headers, line.c_str());
  };
  add("Content-Type: application/json");
  add("Expect:");
  for (const auto& [name, value] : headers)
    add(fmt::format("{}: {}", name, value));
  CURL* easy = curl_->easy;
  curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, curl_->headers);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(kRequestTime.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer_.body);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, curl_->detail);
  // A name server that does not answer holds up nobody who wants to stop.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

Postman::~Postman() = default;

void Postman::post(std::string body) {
  body_ = std::move(body);
  answer_ = {};
  curl_->detail[0] = '\0';
  curl_easy_setopt(curl_->easy, CURLOPT_POSTFIELDS, body_.data());
  curl_easy_setopt(curl_->easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  if (curl_multi_add_handle(curl_->multi, curl_->easy) != CURLM_OK) {
    throw std::runtime_error("libcurl takes no request");
  }
  is_busy_ = true;
}

std::optional<Answer> Postman::step() {
  if (!is_busy_) return std::nullopt;
  int running = 0;
  curl_multi_perform(curl_->multi, &running);
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(curl_->multi, &left);
  if (message == nullptr || message->msg != CURLMSG_DONE) return std::nullopt;
  const CURLcode code = message->data.result;  // gone with the handle
  curl_multi_remove_handle(curl_->multi, curl_->easy);
  is_busy_ = false;
  if (code != CURLE_OK) {
    const bool is_told = curl_->detail[0] != '\0';
    answer_.problem = is_told ? curl_->detail : curl_easy_strerror(code);
    return std::move(answer_);
  }
  long status = 0;
  curl_easy_getinfo(curl_->easy, CURLINFO_RESPONSE_CODE, &status);
  answer_.status = static_cast<int>(status);
  curl_off_t seconds = 0;
  curl_easy_getinfo(curl_->easy, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds > 0) {
    constexpr auto kMost =
        std::chrono::duration_cast<std::chrono::seconds>(kLongestRetryAfter).count();
    answer_.retry_after = std::chrono::seconds{std::min<std::int64_t>(seconds, kMost)};
  }
  return std::move(answer_);
}

void Postman::wait(base::Duration most) {
  curl_multi_poll(curl_->multi, nullptr, 0, static_cast<int>(most.count()), nullptr);
}

void Postman::wake() { curl_multi_wakeup(curl_->multi); }

}  // namespace mainspring::tracing
