// Where the values of a document stand in its text. Positions are wanted only once something is
// wrong, so the JSON side keeps the text and scans it then; the YAML side keeps the marks that
// its parser hands out anyway.
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

// Keys and values of a tree that has been built node by node.
class MarkedSource : public SourceMap {
 public:
  struct Marks {
    Position key, value;
  };
  void add(std::string pointer, Marks marks) { marks_.emplace(std::move(pointer), marks); }
  void locate(std::span<Query> queries) const override;

 private:
  std::unordered_map<std::string, Marks> marks_;
};

// `text` must be valid JSON within the depth limit.
std::shared_ptr<const SourceMap> make_json_source(std::string text);

// Every key that repeats an earlier key of its object. `text` as above.
std::vector<base::Problem> find_duplicate_keys(std::string_view text);

// Of the byte at `offset`.
Position position_of(std::string_view text, std::size_t offset);

}  // namespace mainspring::json
