// What names this machine, and this boot of it.
#pragma once

#include <cstdint>
#include <string>

namespace mainspring::system {

std::string load_hostname();  // "localhost" where the machine has none

// Differs after every boot: what was running before it runs no more. "" where /proc is missing.
std::string load_boot_id();

// What the machine has, as far as this process may use it. 0: not known.
struct Machine {
  double cores = 0;
  std::int64_t memory_bytes = 0;
  int gpus = 0;  // of NVIDIA
};
Machine load_machine();

// How many descriptors this process may have open. Programs that it starts should get `before`:
// select() of some fails above 1,024.
struct DescriptorLimit {
  std::uint64_t before = 0;
  std::uint64_t now = 0;
};
// Raises the soft limit to `wanted`, as far as the hard limit lets it; never lowers it.
DescriptorLimit raise_descriptor_limit(std::uint64_t wanted);

}  // namespace mainspring::system
