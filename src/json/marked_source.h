// The source map of a tree that was built node by node, with a mark for each.
#pragma once

#include "json/source_map.h"

namespace mainspring::json {

// Both count from 0, columns in bytes.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// A text and where its lines begin.
class LineTable {
 public:
  explicit LineTable(std::string text);

  Position position(Mark mark) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::size_t> starts_{0};
};

class MarkedSource : public SourceMap {
 public:
  struct Marks {
    Mark key, value;
  };
  explicit MarkedSource(std::shared_ptr<const LineTable> lines) : lines_(std::move(lines)) {}

  void add(PathHash path, Marks marks) { marks_.emplace(path, marks); }
  void locate(std::span<Query> queries) const override;

 private:
  std::shared_ptr<const LineTable> lines_;
  std::unordered_map<PathHash, Marks> marks_;
};

}  // namespace mainspring::json
