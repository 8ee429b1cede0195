#include "api/observed_exchange.h"

#include <atomic>
#include <utility>

namespace mainspring::api {
namespace {

constexpr int kDropped = 500;  // what the server says for an exchange that nobody answered

class ObservedExchange final : public http::Exchange {
 public:
  ObservedExchange(std::shared_ptr<http::Exchange> inner, OnAnswer on_answer)
      : inner_(std::move(inner)), on_answer_(std::move(on_answer)) {}
  ~ObservedExchange() override { tell(kDropped); }

  void respond(http::Response response) override {
    tell(response.status);
    inner_->respond(std::move(response));
  }
  std::shared_ptr<http::Stream> start_stream(http::Response head) override {
    tell(head.status);
    return inner_->start_stream(std::move(head));
  }
  bool client_gone() const override { return inner_->client_gone(); }

 private:
  void tell(int status) {
    if (!is_told_.exchange(true)) on_answer_(status);
  }

  const std::shared_ptr<http::Exchange> inner_;
  const OnAnswer on_answer_;
  std::atomic<bool> is_told_ = false;
};

}  // namespace

std::shared_ptr<http::Exchange> observe_exchange(std::shared_ptr<http::Exchange> inner,
                                                 OnAnswer on_answer) {
  return std::make_shared<ObservedExchange>(std::move(inner), std::move(on_answer));
}

}  // namespace mainspring::api
