#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace mainspring::base {

void check_failed(std::string_view condition, std::source_location where) {
  std::fprintf(stderr, "%s:%u: CHECK(%.*s) failed in %s\n", where.file_name(), where.line(),
               static_cast<int>(condition.size()), condition.data(), where.function_name());
  std::abort();
}

}  // namespace mainspring::base
