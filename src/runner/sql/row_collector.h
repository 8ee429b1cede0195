// RowCollector: where the rows of a job's SQL go: into its result, up to the caps of the spec, or
// into its log, a line of JSON each; and what is said beside them, into the log.
//
// The result is {columns: [{name, type}], rows, row_count, truncated, affected}: the rows of the
// last statement that gave any, and how many rows all statements together changed. A row is an
// object, or an array where two columns have the same name, which an object cannot have.
//
// Threads: that of the attempt. Memory: max_bytes, and one row.
#pragma once

#include "runner/attempt/masked_report.h"
#include "runner/sql/database.h"

namespace mainspring::runner {

class RowCollector final : public RowSink {
 public:
  // All are borrowed.
  RowCollector(const model::SqlSpec& spec, MaskedReport& report, SqlWatch& watch)
      : spec_(spec), report_(report), watch_(watch) {}

  void begin_rows(std::vector<SqlColumn> columns) override;
  Take take_row(json::Array cells) override;
  void end_statement(std::string_view tag, std::optional<std::int64_t> affected) override;
  void notice(std::string_view text) override;
  void name_type(std::size_t column, std::string name) override;
  bool is_capped() const override { return spec_.rows == model::SqlRows::result; }

  json::Value take_result();

 private:
  json::Value make_row(json::Array cells) const;

  const model::SqlSpec& spec_;
  MaskedReport& report_;
  SqlWatch& watch_;
  std::vector<SqlColumn> columns_;
  bool has_equal_names_ = false;
  json::Array rows_;
  std::int64_t row_count_ = 0;
  std::int64_t bytes_ = 0;  // of the result so far, as JSON
  bool is_truncated_ = false;
  std::int64_t affected_ = 0;
};

}  // namespace mainspring::runner
