#include "metrics/http_metrics.h"

#include <algorithm>

#include <fmt/core.h>

namespace mainspring::metrics {
namespace {

constexpr std::array kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                             0.1,    0.25,  0.5,    1.0,   2.5,  10.0};
constexpr std::string_view kNoRoute = "none";

}  // namespace

HttpMetrics::HttpMetrics(std::vector<std::string_view> routes)
    : routes_(std::move(routes)), answers_(routes_.size() + 1), seconds_(kBounds) {}

void HttpMetrics::end(const HttpAnswer& answer) {
  const auto place = std::min(answer.route, routes_.size());
  const auto status_class = static_cast<std::size_t>(std::clamp(answer.status / 100, 1, 5) - 1);
  answers_[place][status_class].add();
  if (!answer.has_waited) seconds_.observe(std::chrono::duration<double>(answer.took).count());
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
}

void HttpMetrics::write(Page& page) const {
  page.begin("mainspring_http_requests_total");
  for (std::size_t route = 0; route < answers_.size(); ++route) {
    const std::string_view name = route < routes_.size() ? routes_[route] : kNoRoute;
    for (std::size_t each = 0; each < answers_[route].size(); ++each) {
      const Counter& counter = answers_[route][each];
      if (counter.value() > 0) page.add(counter, {name, fmt::format("{}xx", each + 1)});
    }
  }
  page.begin("mainspring_http_request_duration_seconds");
  page.add(seconds_);
  page.begin("mainspring_http_requests_in_flight");
  page.add(in_flight_.load(std::memory_order_relaxed));
}

}  // namespace mainspring::metrics
