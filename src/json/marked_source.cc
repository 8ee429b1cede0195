#include "json/marked_source.h"

#include <algorithm>

namespace mainspring::json {

LineTable::LineTable(std::string text) : text_(std::move(text)) {
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') starts_.push_back(i + 1);
}

Position LineTable::position(Mark mark) const {
  const auto line = std::min<std::size_t>(mark.line, starts_.size() - 1);
  const auto rest = std::string_view(text_).substr(starts_[line]);
  return {static_cast<int>(line) + 1, position_of(rest, mark.column).column};
}

void MarkedSource::locate(std::span<Query> queries) const {
  for (Query& query : queries) {
    const auto trail = trail_of(query.pointer);
    for (std::size_t i = trail.size(); i-- > 0;) {
      const auto found = marks_.find(trail[i]);
      if (found == marks_.end()) continue;
      const bool wants_key = query.part == Part::key && i + 1 == trail.size();
      query.found = lines_->position(wants_key ? found->second.key : found->second.value);
      break;
    }
  }
}

}  // namespace mainspring::json
