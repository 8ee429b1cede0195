#include "runner/sql/postgres_types.h"

#include <libpq-fe.h>

#include <algorithm>

namespace mainspring::runner {
namespace {

struct Row {
  unsigned oid;
  std::string_view name;
  CellKind kind;
};

constexpr Row kTypes[] = {
    {16, "bool", CellKind::boolean},     {17, "bytea", CellKind::bytes},
    {18, "char", CellKind::text},        {19, "name", CellKind::text},
    {20, "int8", CellKind::integer},     {21, "int2", CellKind::integer},
    {23, "int4", CellKind::integer},     {25, "text", CellKind::text},
    {26, "oid", CellKind::integer},      {114, "json", CellKind::json},
    {142, "xml", CellKind::text},        {650, "cidr", CellKind::text},
    {700, "float4", CellKind::real},     {701, "float8", CellKind::real},
    {705, "unknown", CellKind::text},    {790, "money", CellKind::text},
    {829, "macaddr", CellKind::text},    {869, "inet", CellKind::text},
    {1000, "bool[]", CellKind::text},    {1005, "int2[]", CellKind::text},
    {1007, "int4[]", CellKind::text},    {1009, "text[]", CellKind::text},
    {1016, "int8[]", CellKind::text},    {1022, "float8[]", CellKind::text},
    {1042, "bpchar", CellKind::text},    {1043, "varchar", CellKind::text},
    {1082, "date", CellKind::text},      {1083, "time", CellKind::text},
    {1114, "timestamp", CellKind::text}, {1184, "timestamptz", CellKind::text},
    {1186, "interval", CellKind::text},  {1231, "numeric[]", CellKind::text},
    {1266, "timetz", CellKind::text},    {1560, "bit", CellKind::text},
    {1562, "varbit", CellKind::text},    {1700, "numeric", CellKind::decimal},
    {2249, "record", CellKind::text},    {2278, "void", CellKind::text},
    {2950, "uuid", CellKind::text},      {2951, "uuid[]", CellKind::text},
    {3614, "tsvector", CellKind::text},  {3802, "jsonb", CellKind::json},
    {3904, "int4range", CellKind::text}, {3908, "tsrange", CellKind::text},
    {3910, "tstzrange", CellKind::text}, {3912, "daterange", CellKind::text},
};

struct Words {
  std::string_view part;
  const char* type;
};

// As the server of any version says them in English; in another language the refusal counts as the
// connection's, which is tried again.
constexpr Words kRefusals[] = {
    {"password authentication failed", sql_fault::kDenied},
    {"no password supplied", sql_fault::kDenied},
    {"authentication failed", sql_fault::kDenied},
    {"no pg_hba.conf entry", sql_fault::kDenied},
    {"pg_hba.conf rejects", sql_fault::kDenied},
    {"permission denied for database", sql_fault::kDenied},
    {"is not permitted to log in", sql_fault::kDenied},
    {"certificate verify failed", sql_fault::kDenied},
    {"does not match host name", sql_fault::kDenied},
    {"server does not support SSL", sql_fault::kDenied},
    {"root certificate file", sql_fault::kDenied},
    {"certificate file", sql_fault::kDenied},
    {"private key file", sql_fault::kDenied},
    {"invalid connection option", sql_fault::kStatement},
    {"invalid sslmode value", sql_fault::kStatement},
};

}  // namespace

PostgresType find_postgres_type(unsigned oid) {
  const auto* const found = std::ranges::lower_bound(kTypes, oid, {}, &Row::oid);
  if (found == std::end(kTypes) || found->oid != oid) return {};
  return {found->name, found->kind};
}

json::Value read_postgres(CellKind kind, std::string_view text) {
  if (kind != CellKind::bytes) return read_cell(kind, text);
  std::size_t size = 0;
  const std::string ended{text};
  unsigned char* bytes =
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(ended.c_str()), &size);
  if (bytes == nullptr) return read_cell(CellKind::text, text);
  json::Value value = read_cell(kind, {reinterpret_cast<const char*>(bytes), size});
  PQfreemem(bytes);
  return value;
}

SqlFault classify_refusal(std::string_view text) {
  for (const Words& each : kRefusals)
    if (text.contains(each.part)) return make_fault(each.type, std::string{text});
  const bool is_missing = text.contains("database \"") && text.contains("does not exist");
  if (is_missing) return make_fault(sql_fault::kNoDatabase, std::string{text});
  const bool is_unknown = text.contains("role \"") && text.contains("does not exist");
  return make_fault(is_unknown ? sql_fault::kDenied : sql_fault::kConnection, std::string{text});
}

}  // namespace mainspring::runner
