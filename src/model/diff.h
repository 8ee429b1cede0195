// The difference of two documents, as a list of changes: what applying a manifest would do to a
// definition, and what a version changed.
//
// Pure. Elements of a list are matched before they are compared, so that an element put in front
// is one addition and not a change of every element behind it. A map beside a list of maps counts
// as a list of one: a job's only schedule is written as a map.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/describe.h"
#include "json/value.h"

namespace mainspring::model {

struct Change {
  std::string pointer;  // RFC 6901; into the newer document for what was added, else the older one
  std::optional<json::Value> before;  // absent: added
  std::optional<json::Value> after;   // absent: removed

  static const json::StructTable& described();
  friend bool operator==(const Change&, const Change&) = default;
};

struct DocumentPair {
  const json::Value& before;
  const json::Value& after;
};

// In the order of the documents; empty for equal ones. Members of a map in the newer one's order.
std::vector<Change> diff(const DocumentPair& pair);

// How many elements two sequences have.
struct Lengths {
  std::size_t before = 0;
  std::size_t after = 0;
};
// Pairs of places with equal elements, rising on both sides: a longest common subsequence. Beyond
// kAlignedCells comparisons it may be a shorter one.
using Alignment = std::vector<std::pair<std::size_t, std::size_t>>;
using SameAt =
    std::function<bool(std::size_t before, std::size_t after)>;  // tidy: places, in order
Alignment align(Lengths lengths, const SameAt& is_same);

// The table of the alignment: two lists of a thousand elements that share nothing at either end.
inline constexpr std::size_t kAlignedCells = 1'000'000;

}  // namespace mainspring::model
