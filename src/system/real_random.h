// The kernel's random source, fit for keys and tokens. Source: getrandom(2). Threads: any.
#pragma once

#include "env/random.h"

namespace mainspring::system {

class SystemRandom final : public env::Random {
 public:
  // Throws std::system_error when the kernel gives none (a sandbox that forbids the call).
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace mainspring::system
