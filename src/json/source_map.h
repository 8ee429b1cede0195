// Where the values of a document stand in its text. Positions are wanted only once something is
// wrong, so the JSON side keeps the text and scans it then; the YAML side keeps the marks that
// its parser hands out anyway, and works out columns then.
#pragma once

#include <span>
#include <unordered_map>

#include "json/document.h"

namespace mainspring::json {

class SourceMap {
 public:
  struct Query {
    std::string pointer;
    Part part;
    Position found = {};
  };

  SourceMap() = default;
  virtual ~SourceMap() = default;
  SourceMap(const SourceMap&) = delete;
  SourceMap& operator=(const SourceMap&) = delete;

  // Fills `found` of each; one scan for all of them.
  virtual void locate(std::span<Query> queries) const = 0;
};

// A pointer as a number that grows by one key at a time: a walk over a document then costs each
// key once, where pointers as texts would cost a long key again for everything inside it. Two
// pointers with one number would make a message name a wrong line, no more.
using PathHash = std::uint64_t;
inline constexpr PathHash kRootPath = 0;
PathHash extend(PathHash path, std::string_view key);
PathHash extend(PathHash path, std::size_t index);

// The hashes of a pointer's parents, "" first, and of itself.
std::vector<PathHash> trail_of(std::string_view pointer);

// `text` must be valid JSON within the depth limit.
std::shared_ptr<const SourceMap> make_json_source(std::string text);

// Every key that repeats an earlier key of its object. `text` as above.
std::vector<base::Problem> find_duplicate_keys(std::string_view text);

// Of the byte at `offset`.
Position position_of(std::string_view text, std::size_t offset);

}  // namespace mainspring::json
