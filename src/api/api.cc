#include "api/api.h"

#include "api/core.h"

namespace mainspring::api {

Api::Api(const Services& services, Settings settings)
    : core_(std::make_unique<Core>(services, std::move(settings))) {}

Api::~Api() = default;

http::Application Api::application() {
  return [core = core_.get()](http::Request request, std::shared_ptr<http::Exchange> exchange) {
    core->handle(std::move(request), std::move(exchange));
  };
}

void Api::stop_waiting() { core_->stop_waiting(); }

void Api::set_hosts(std::vector<std::string> hosts) {
  core_->credentials().set_hosts(std::move(hosts));
}

void Api::set_shown_settings(std::vector<SettingView> shown) {
  core_->set_shown_settings(std::move(shown));
}

std::string Api::make_sign_in_path() {
  return "/signin?code=" + core_->credentials().make_sign_in_code();
}

}  // namespace mainspring::api
