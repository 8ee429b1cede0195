// Versions of the worker protocol, so that nodes and workers can be upgraded one after another.
//
//   1  the first
//   2  the last output of an attempt comes in one report with its outcome; a worker says what its
//      machine has
//
// Every request of a worker names the version that it is written in (kVersionHeader); every answer
// to a worker names the range that the node speaks. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::protocol {

inline constexpr std::string_view kVersionHeader = "Mainspring-Worker-Protocol";
inline constexpr int kNewest = 2;

// From here on, a report may hold output and an outcome at once, and `resources` are told.
inline constexpr int kLastOutputWithOutcome = 2;

struct Range {
  int oldest = 1;
  int newest = 1;

  bool has(int version) const { return oldest <= version && version <= newest; }
  friend bool operator==(const Range&, const Range&) = default;
};

// What a program speaks whose newest version is this: also the one before, for rolling upgrades.
constexpr Range range_of(int newest) { return {newest - 1, newest}; }
inline constexpr Range kSpoken = range_of(kNewest);

std::string to_text(const Range& range);  // "1-2"
// Nothing for a text that is no range.
std::optional<Range> parse_range(std::string_view text);

// For the node: the version of a request. Errors: unsupported, saying which side must be upgraded;
// invalid_argument (the header is missing, or is no number).
base::Result<int> check_version(std::optional<std::string_view> header, const Range& node);

// For the worker: the newest version that both speak. Errors: unsupported, saying which side must
// be upgraded.
base::Result<int> agree(const Range& worker, const Range& node);

}  // namespace mainspring::protocol
