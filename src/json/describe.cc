#include "json/describe.h"

namespace mainspring::json {

const FieldRow* StructTable::find(std::string_view field_name) const {
  for (const FieldRow& field : fields)
    if (field.name == field_name) return &field;
  for (const FieldRow& field : fields)
    if (!field.alias.empty() && field.alias == field_name) return &field;
  return nullptr;
}

const EnumTable::Row* EnumTable::find(std::string_view row_name) const {
  for (const Row& row : rows)
    if (row.name == row_name) return &row;
  return nullptr;
}

const EnumTable::Row* EnumTable::find(std::int64_t value) const {
  for (const Row& row : rows)
    if (row.value == value) return &row;
  return nullptr;
}

}  // namespace mainspring::json
