#include "sql/users.h"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::sql {

std::string list_users(std::vector<std::string> names) {
  constexpr std::size_t kNamed = 10;
  std::ranges::sort(names);
  const auto doubles = std::ranges::unique(names);
  names.erase(doubles.begin(), doubles.end());
  std::vector<std::string_view> shown(names.begin(), names.end());
  const std::size_t more = shown.size() - std::min(shown.size(), kNamed);
  if (more == 0) return base::join_words(shown, " and ");
  shown.resize(kNamed);
  return fmt::format("{} and {} more", base::join_words(shown, ", "), more);
}

}  // namespace mainspring::sql
