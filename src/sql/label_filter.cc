#include "sql/label_filter.h"

#include "sql/json_column.h"

namespace mainspring::sql {

bool LabelFilter::lets_through(base::JobId job) {
  if (selector_.empty()) return true;
  const auto found = known_.find(job);
  if (found != known_.end()) return found->second;
  return known_[job] = model::matches(selector_, load_labels(job));
}

model::Labels LabelFilter::load_labels(base::JobId job) {
  Rows rows = database_.query(
      "SELECT v.spec->'labels' FROM jobs AS j CROSS JOIN job_versions AS v"
      " ON v.job = j.key AND v.version = j.version WHERE j.id = ?1",
      job);
  std::optional<std::string> text;
  if (rows.next()) rows.read(text);
  return text ? from_column<model::Labels>(*text) : model::Labels{};
}

}  // namespace mainspring::sql
