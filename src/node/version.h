// The version that the node tells: that of the program.
#pragma once

#include "base/version.h"

namespace mainspring::node {

inline constexpr const char* kVersion = base::kVersion.data();  // a literal: it ends with a zero

}  // namespace mainspring::node
