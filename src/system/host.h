// What names this machine, and this boot of it.
#pragma once

#include <cstdint>
#include <string>

namespace mainspring::system {

std::string load_hostname();  // "localhost" where the machine has none

// Differs after every boot: what was running before it runs no more. "" where /proc is missing.
std::string load_boot_id();

// How many descriptors this process may have open. Programs that it starts should get `before`:
// select() of some fails above 1,024.
struct DescriptorLimit {
  std::uint64_t before = 0;
  std::uint64_t now = 0;
};
// Raises the soft limit to `wanted`, as far as the hard limit lets it; never lowers it.
DescriptorLimit raise_descriptor_limit(std::uint64_t wanted);

}  // namespace mainspring::system
