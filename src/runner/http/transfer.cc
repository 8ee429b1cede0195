#include "runner/http/transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <stdexcept>
#include <stop_token>

#include "runner/attempt/given_time.h"
#include "runner/http/exchange.h"

namespace mainspring::runner::http {
namespace {

// Of one wait, where nothing else ends it: what curl_multi_poll() can count.
constexpr std::chrono::hours kLongestWait{24};

// Out of memory or of descriptors: nobody here can act on it.
void check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(curl_multi_strerror(code));
}

// A request that is with libcurl, which holds pointers to it until it is taken back.
class Submitted {
 public:
  Submitted(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
    check(curl_multi_add_handle(multi, easy));
  }
  ~Submitted() { curl_multi_remove_handle(multi_, easy_); }
  Submitted(const Submitted&) = delete;
  Submitted& operator=(const Submitted&) = delete;

 private:
  CURLM* const multi_;
  CURL* const easy_;
};

}  // namespace

struct Transfer::Curl {
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();

  ~Curl() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
};

Transfer::Transfer(TransferSettings settings, const execution::StopSignal& stop)
    : settings_(std::move(settings)), stop_(stop), curl_(std::make_unique<Curl>()) {
  if (curl_->multi == nullptr || curl_->easy == nullptr)
    throw std::runtime_error("libcurl cannot start");
}

Transfer::~Transfer() = default;

std::expected<Answer, Failure> Transfer::send(const Request& request, std::int64_t most) {
  const auto wake = [this] { curl_multi_wakeup(curl_->multi); };
  const std::stop_callback on_stop{stop_.source.get_token(), wake};
  const std::stop_callback on_kill{stop_.kill.get_token(), wake};
  Exchange exchange{request, most};
  curl_easy_reset(curl_->easy);
  exchange.prepare(curl_->easy, settings_);
  const Submitted submitted{curl_->multi, curl_->easy};
  return drive(exchange);
}

std::expected<Answer, Failure> Transfer::drive(Exchange& exchange) {
  while (true) {
    if (stop_.source.stop_requested() || stop_.kill.stop_requested())
      return std::unexpected(Failure{Trouble::stopped, ""});
    int running = 0;
    check(curl_multi_perform(curl_->multi, &running));
    int left = 0;
    if (const CURLMsg* message = curl_multi_info_read(curl_->multi, &left);
        message != nullptr && message->msg == CURLMSG_DONE)
      return exchange.take(message->data.result);
    const SteadyTime now = std::chrono::steady_clock::now();
    exchange.update(now);
    const Deadline deadline = find_deadline(exchange);
    if (deadline.at <= now) return std::unexpected(Failure{deadline.trouble, ""});
    wait(deadline.at - now);
  }
}

Transfer::Deadline Transfer::find_deadline(const Exchange& exchange) const {
  const Patience& patience = settings_.patience;
  Deadline first{SteadyTime::max(), Trouble::run_timeout};
  const auto add = [&](Deadline other) {
    if (other.at < first.at) first = other;
  };
  if (patience.run)
    add({std::max(patience.started + *patience.run, given_until(stop_)), Trouble::run_timeout});
  if (exchange.stage() == Stage::waiting && settings_.timeouts.response)
    add({exchange.stage_since() + *settings_.timeouts.response, Trouble::response_timeout});
  const bool should_move =
      exchange.stage() == Stage::sending || exchange.stage() == Stage::receiving;
  if (should_move && patience.idle)
    add({exchange.moved_at() + *patience.idle, Trouble::idle_timeout});
  return first;
}

void Transfer::wait(std::chrono::steady_clock::duration most) {
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(
      std::min<std::chrono::steady_clock::duration>(most, kLongestWait));
  check(curl_multi_poll(curl_->multi, nullptr, 0, static_cast<int>(time.count()), nullptr));
}

}  // namespace mainspring::runner::http
