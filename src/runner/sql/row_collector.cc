#include "runner/sql/row_collector.h"

#include <set>

#include <fmt/core.h>

#include "json/write.h"

namespace mainspring::runner {
namespace {

constexpr std::int64_t kFrameBytes = 128;  // of a result without columns and rows
constexpr std::int64_t kColumnBytes = 32;  // of a column but for its texts

std::int64_t quoted_size(const std::string& text) {
  return static_cast<std::int64_t>(json::write(json::Value(text)).size());
}

}  // namespace

void RowCollector::begin_rows(std::vector<SqlColumn> columns) {
  columns_ = std::move(columns);
  rows_.clear();
  row_count_ = 0;
  is_truncated_ = false;
  bytes_ = kFrameBytes;
  std::set<std::string_view> names;
  for (const SqlColumn& each : columns_) {
    names.insert(each.name);
    bytes_ += kColumnBytes + quoted_size(each.name) + quoted_size(each.type);
  }
  has_equal_names_ = names.size() < columns_.size();
}

json::Value RowCollector::make_row(json::Array cells) const {
  if (has_equal_names_) return cells;
  json::Object row;
  for (std::size_t i = 0; i < columns_.size() && i < cells.size(); ++i)
    row.emplace(columns_[i].name, std::move(cells[i]));
  return row;
}

Take RowCollector::take_row(json::Array cells) {
  watch_.note_activity();
  if (is_truncated_) return Take::enough;
  json::Value row = make_row(std::move(cells));
  const std::string text = json::write(row);
  if (!is_capped()) {
    ++row_count_;
    report_.output(model::LogStream::out, text + "\n");
    return Take::more;
  }
  bytes_ += static_cast<std::int64_t>(text.size()) + 1;
  if (row_count_ >= spec_.max_rows || bytes_ > spec_.max_bytes) {
    is_truncated_ = true;
    return Take::enough;
  }
  ++row_count_;
  rows_.push_back(std::move(row));
  return Take::more;
}

void RowCollector::end_statement(std::string_view tag, std::optional<std::int64_t> affected) {
  watch_.note_activity();
  if (affected) affected_ += *affected;
  if (affected && *affected > 0)
    return report_.note(fmt::format("{}: {} row{}", tag, *affected, *affected == 1 ? "" : "s"));
  report_.note(affected ? fmt::format("{}: no rows", tag) : std::string{tag});
}

void RowCollector::notice(std::string_view text) {
  watch_.note_activity();
  report_.note(text);
}

void RowCollector::name_type(std::size_t column, std::string name) {
  if (column < columns_.size()) columns_[column].type = std::move(name);
}

json::Value RowCollector::take_result() {
  json::Array columns;
  for (const SqlColumn& each : columns_)
    columns.push_back(json::Object{{"name", each.name}, {"type", each.type}});
  json::Object result;
  result["columns"] = std::move(columns);
  result["rows"] = std::move(rows_);
  result["row_count"] = row_count_;
  result["truncated"] = is_truncated_;
  result["affected"] = affected_;
  return result;
}

}  // namespace mainspring::runner
