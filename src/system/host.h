// What names this machine, and this boot of it.
#pragma once

#include <string>

namespace mainspring::system {

std::string load_hostname();  // "localhost" where the machine has none

// Differs after every boot: what was running before it runs no more. "" where /proc is missing.
std::string load_boot_id();

}  // namespace mainspring::system
