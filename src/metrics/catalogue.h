// The catalogue: every family that a node's page has. docs/reference/metrics.md says the same; a
// test compares them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mainspring::metrics {

enum class Kind { counter, gauge, histogram };

struct Family {
  std::string_view name;
  Kind kind = Kind::counter;
  std::vector<std::string_view> labels;
  std::string_view help;  // one line
};

std::span<const Family> catalogue();
const Family* find_family(std::string_view name);

// Its row of the reference page: "| `name` | kind | `label` | help |".
std::string reference_row(const Family& family);

}  // namespace mainspring::metrics
