#include "runner/sql/mysql_types.h"

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

constexpr unsigned kBinaryCharset = 63;

struct Row {
  enum_field_types type;
  std::string_view name;
  CellKind kind;
};

constexpr Row kTypes[] = {
    {MYSQL_TYPE_TINY, "TINYINT", CellKind::integer},
    {MYSQL_TYPE_SHORT, "SMALLINT", CellKind::integer},
    {MYSQL_TYPE_INT24, "MEDIUMINT", CellKind::integer},
    {MYSQL_TYPE_LONG, "INT", CellKind::integer},
    {MYSQL_TYPE_LONGLONG, "BIGINT", CellKind::integer},
    {MYSQL_TYPE_YEAR, "YEAR", CellKind::integer},
    {MYSQL_TYPE_FLOAT, "FLOAT", CellKind::real},
    {MYSQL_TYPE_DOUBLE, "DOUBLE", CellKind::real},
    {MYSQL_TYPE_DECIMAL, "DECIMAL", CellKind::decimal},
    {MYSQL_TYPE_NEWDECIMAL, "DECIMAL", CellKind::decimal},
    {MYSQL_TYPE_BIT, "BIT", CellKind::integer},
    {MYSQL_TYPE_DATE, "DATE", CellKind::text},
    {MYSQL_TYPE_NEWDATE, "DATE", CellKind::text},
    {MYSQL_TYPE_TIME, "TIME", CellKind::text},
    {MYSQL_TYPE_DATETIME, "DATETIME", CellKind::text},
    {MYSQL_TYPE_TIMESTAMP, "TIMESTAMP", CellKind::text},
    {MYSQL_TYPE_JSON, "JSON", CellKind::json},
    {MYSQL_TYPE_GEOMETRY, "GEOMETRY", CellKind::bytes},
    {MYSQL_TYPE_NULL, "NULL", CellKind::text},
};

bool is_json(const MYSQL_FIELD& field) {
  MARIADB_CONST_STRING format{};
  return mariadb_field_attr(&format, &field, MARIADB_FIELD_ATTR_FORMAT_NAME) == 0 &&
         std::string_view{format.str, format.length} == "json";
}

MysqlColumn find_text_column(const MYSQL_FIELD& field) {
  if (is_json(field)) return {.type = "JSON", .kind = CellKind::json};
  const bool is_binary = field.charsetnr == kBinaryCharset;
  const bool is_blob = field.type == MYSQL_TYPE_BLOB || field.type == MYSQL_TYPE_TINY_BLOB ||
                       field.type == MYSQL_TYPE_MEDIUM_BLOB || field.type == MYSQL_TYPE_LONG_BLOB;
  if (is_binary) return {.type = is_blob ? "BLOB" : "VARBINARY", .kind = CellKind::bytes};
  if ((field.flags & ENUM_FLAG) != 0) return {.type = "ENUM"};
  if ((field.flags & SET_FLAG) != 0) return {.type = "SET"};
  return {.type = is_blob ? "TEXT" : field.type == MYSQL_TYPE_STRING ? "CHAR" : "VARCHAR"};
}

json::Value read_bits(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes)
    number = number << 8 | static_cast<unsigned char>(c);
  return read_unsigned(number);
}

}  // namespace

MysqlColumn find_mysql_column(const MYSQL_FIELD& field) {
  for (const Row& each : kTypes) {
    if (each.type != field.type) continue;
    MysqlColumn column{.type = std::string{each.name}, .kind = each.kind};
    column.is_bits = field.type == MYSQL_TYPE_BIT;
    column.is_single = field.type == MYSQL_TYPE_FLOAT;
    const bool is_number =
        each.kind == CellKind::integer && !column.is_bits && field.type != MYSQL_TYPE_YEAR;
    column.is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
    if (is_number && column.is_unsigned) column.type += " UNSIGNED";
    return column;
  }
  return find_text_column(field);
}

json::Value read_mysql(const MysqlColumn& column, std::string_view text) {
  return column.is_bits ? read_bits(text) : read_cell(column.kind, text);
}

MysqlRow::MysqlRow(const std::vector<MysqlColumn>& columns)
    : columns_(columns), cells_(columns.size()), binds_(columns.size()) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    MYSQL_BIND& to = binds_[i];
    Cell& cell = cells_[i];
    to.is_null = &cell.is_null;
    to.length = &cell.length;
    to.error = &cell.is_cut;
    if (columns[i].kind == CellKind::integer && !columns[i].is_bits) {
      to.buffer_type = MYSQL_TYPE_LONGLONG;
      to.buffer = &cell.integer;
      to.is_unsigned = columns[i].is_unsigned ? 1 : 0;
    } else if (columns[i].is_single) {
      to.buffer_type = MYSQL_TYPE_FLOAT;
      to.buffer = &cell.single;
    } else if (columns[i].kind == CellKind::real) {
      to.buffer_type = MYSQL_TYPE_DOUBLE;
      to.buffer = &cell.real;
    } else {
      to.buffer_type = MYSQL_TYPE_STRING;  // asked for when its length is known
    }
  }
}

json::Value MysqlRow::read_cell_at(MYSQL_STMT* statement, std::size_t column) {
  const MysqlColumn& meaning = columns_[column];
  const Cell& cell = cells_[column];
  if (cell.is_null != 0) return nullptr;
  switch (binds_[column].buffer_type) {
    case MYSQL_TYPE_LONGLONG:
      return meaning.is_unsigned ? read_unsigned(static_cast<std::uint64_t>(cell.integer))
                                 : read_integer(cell.integer);
    case MYSQL_TYPE_FLOAT:
      return read_cell(CellKind::real, fmt::format("{}", cell.single));
    case MYSQL_TYPE_DOUBLE:
      return read_real(cell.real);
    default:
      break;
  }
  std::string text(cell.length, '\0');
  unsigned long length = 0;
  my_bool is_null = 0;
  my_bool is_cut = 0;
  MYSQL_BIND to{};
  to.buffer_type = MYSQL_TYPE_STRING;
  to.buffer = text.data();
  to.buffer_length = text.size();
  to.length = &length;
  to.is_null = &is_null;
  to.error = &is_cut;
  mysql_stmt_fetch_column(statement, &to, static_cast<unsigned>(column), 0);
  return read_mysql(meaning, text);
}

json::Array MysqlRow::read(MYSQL_STMT* statement) {
  json::Array out;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    out.push_back(read_cell_at(statement, i));
  return out;
}

}  // namespace mainspring::runner
