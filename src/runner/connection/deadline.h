// Deadline: the instant until which something may block.
//
// Values.
#pragma once

#include <chrono>

namespace mainspring::runner {

class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds time)
      : end_(std::chrono::steady_clock::now() + time) {}

  bool is_over() const { return left().count() <= 0; }
  std::chrono::milliseconds left() const {
    const auto time = end_ - std::chrono::steady_clock::now();
    return std::max(std::chrono::milliseconds{0},
                    std::chrono::ceil<std::chrono::milliseconds>(time));
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace mainspring::runner
