// Text -> Document: strict JSON, and the part of YAML that has one meaning.
//
// JSON: RFC 8259, UTF-8; duplicate keys are mistakes. YAML: 1.2 core schema, so `yes`, `no`, `on`
// and `off` are texts; duplicate keys, keys that are not texts, tags outside the core schema, .inf
// and .nan are mistakes; aliases and `<<` merges are followed within max_nodes. Errors:
// invalid_argument with one Problem per mistake; too_large where a limit on size is passed.
//
// Pure functions; a Document is a value that owns all it needs.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace mainspring::json {

struct ParseLimits {
  std::size_t max_bytes = 16U << 20;      // the largest payload; of YAML, aliases expanded
  std::size_t max_yaml_bytes = 2U << 20;  // manifests are small, and a mebibyte takes 0.2 s
  std::size_t max_depth = 64;             // deeper than any described type; bounds the stack
  std::size_t max_nodes = 100'000;        // YAML only: aliases make small texts into large trees
  std::size_t max_documents = 1'000;      // YAML only
};

// Both count from 1, columns in code points; 0 and 0 where there is no text.
struct Position {
  int line = 0;
  int column = 0;

  friend auto operator<=>(const Position&, const Position&) = default;
};

enum class Part : std::uint8_t { key, value };

class SourceMap;  // from pointers to positions

struct Document {
  Value value;
  std::shared_ptr<const SourceMap> source;  // null for a value built in memory

  // Where the value that an RFC 6901 pointer names begins, or its key; what the text does not
  // hold (a missing key, the inside of an alias) is found at its nearest parent.
  Position locate(std::string_view pointer, Part part = Part::value) const;
};

base::Result<Document> parse_json(std::string_view text, ParseLimits limits = {});

// One Document per YAML document; none for an empty text.
base::Result<std::vector<Document>> parse_yaml(std::string_view text, ParseLimits limits = {});

// Appends "/" and the key, with '~' and '/' escaped (RFC 6901).
void append_pointer(std::string& pointer, std::string_view key);

}  // namespace mainspring::json
