// How columns of MySQL and MariaDB become JSON, as texts and out of prepared statements.
//
// A column of the character set `binary` is bytes. BIT is a number. MySQL has no boolean: TINYINT
// is a number. What MariaDB stores as text and calls JSON is JSON.
#pragma once

#include <mariadb/mysql.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "runner/sql/cells.h"

namespace mainspring::runner {

struct MysqlColumn {
  std::string type;  // "INT UNSIGNED"
  CellKind kind = CellKind::text;
  bool is_unsigned = false;
  bool is_bits = false;
  bool is_single = false;  // a FLOAT, whose digits are fewer
};
MysqlColumn find_mysql_column(const MYSQL_FIELD& field);

// `text` is what the server writes.
json::Value read_mysql(const MysqlColumn& column, std::string_view text);

// Where the rows of a prepared statement land, one at a time. Stays where it is while in use.
class MysqlRow {
 public:
  explicit MysqlRow(const std::vector<MysqlColumn>& columns);  // borrowed
  MysqlRow(const MysqlRow&) = delete;
  MysqlRow& operator=(const MysqlRow&) = delete;

  MYSQL_BIND* binds() { return binds_.data(); }
  json::Array read(MYSQL_STMT* statement);

 private:
  struct Cell {
    std::int64_t integer = 0;
    double real = 0;
    float single = 0;
    unsigned long length = 0;
    my_bool is_null = 0;
    my_bool is_cut = 0;
  };

  json::Value read_cell_at(MYSQL_STMT* statement, std::size_t column);

  const std::vector<MysqlColumn>& columns_;
  std::vector<Cell> cells_;
  std::vector<MYSQL_BIND> binds_;
};

}  // namespace mainspring::runner
