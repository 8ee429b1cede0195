// KeptRows: keeps what a question of ours is answered, which is a few rows. Internal to runner/sql.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/sql/database.h"

namespace mainspring::runner {

class KeptRows final : public RowSink {
 public:
  void begin_rows(std::vector<SqlColumn>) override {}
  Take take_row(json::Array cells) override {
    rows.push_back(std::move(cells));
    return Take::more;
  }
  void end_statement(std::string_view, std::optional<std::int64_t>) override {}
  void notice(std::string_view) override {}
  void name_type(std::size_t, std::string) override {}
  bool is_capped() const override { return false; }

  std::vector<json::Array> rows;
};

}  // namespace mainspring::runner
