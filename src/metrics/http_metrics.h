// HttpMetrics: counts what the API answers. Threads: any.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <vector>

#include "metrics/instruments.h"
#include "metrics/page.h"

namespace mainspring::metrics {

struct HttpAnswer {
  std::size_t route = 0;  // its place in the list that HttpMetrics got; beyond: no route
  int status = 200;
  std::chrono::nanoseconds took{0};
  bool has_waited = false;  // because the client asked to: says nothing about us
};

class HttpMetrics {
 public:
  // The names must outlive this.
  explicit HttpMetrics(std::vector<std::string_view> routes);

  void begin() { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  void end(const HttpAnswer& answer);
  void write(Page& page) const;

 private:
  using ByClass = std::array<Counter, 5>;  // 1xx to 5xx

  const std::vector<std::string_view> routes_;
  std::vector<ByClass> answers_;  // one more than there are routes: requests for no route
  std::atomic<std::int64_t> in_flight_ = 0;
  Histogram seconds_;
};

}  // namespace mainspring::metrics
