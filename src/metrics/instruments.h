// Counter and Histogram: numbers that only grow. Threads: any; no method waits. A reader may see
// one of two changes that belong together.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace mainspring::metrics {

class Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

class Histogram {
 public:
  // Upper bounds, growing; the bucket for what is larger than all of them comes by itself. They
  // must outlive the histogram: write a constant.
  explicit Histogram(std::span<const double> bounds)
      : bounds_(bounds), counts_(bounds.size() + 1) {}

  void observe(double value) {
    const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  std::span<const double> bounds() const { return bounds_; }
  double sum() const { return sum_.load(std::memory_order_relaxed); }
  // By bucket, each without those below it; one more than there are bounds.
  std::vector<std::uint64_t> counts() const {
    std::vector<std::uint64_t> out;
    for (const auto& count : counts_)
      out.push_back(count.load(std::memory_order_relaxed));
    return out;
  }

 private:
  const std::span<const double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_ = 0;
};

}  // namespace mainspring::metrics
