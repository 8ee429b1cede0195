#include "json/schema.h"

#include <fmt/format.h>

#include "base/check.h"
#include "json/codec.h"

namespace mainspring::json {
namespace {

// Adds what a field's limits say to the schema of its leaf; those of lists go one level down.
void add_limits(const Type& type, const Limits& limits, Object& out) {
  const auto add = [&](std::string_view key, const auto& limit) {
    if (limit) out[key] = *limit;
  };
  switch (type.shape) {
    case Shape::optional:
      return add_limits(*type.inner, limits, out);
    case Shape::list:
      if (limits.max_items != std::string::npos) out["maxItems"] = limits.max_items;
      return add_limits(*type.inner, limits, out.at("items").as_object());
    case Shape::map:
      if (limits.max_items != std::string::npos) out["maxProperties"] = limits.max_items;
      return add_limits(*type.inner, limits, out.at("additionalProperties").as_object());
    case Shape::whole:
      add("minimum", limits.min);
      add("maximum", limits.max);
      return;
    case Shape::real:
      add("minimum", limits.min_real);
      add("maximum", limits.max_real);
      return;
    case Shape::text:
      if (limits.min_length > 0) out["minLength"] = limits.min_length;
      if (limits.max_length != std::string::npos) out["maxLength"] = limits.max_length;
      if (!limits.pattern.empty()) out["pattern"] = limits.pattern;
      return;
    case Shape::duration:  // JSON Schema cannot compare texts; readers of the schema still can
      if (limits.min) out["x-minimum"] = base::format_duration(base::Duration{*limits.min});
      if (limits.max) out["x-maximum"] = base::format_duration(base::Duration{*limits.max});
      return;
    default:
      return;
  }
}

// A default that would say nothing (a nil id, the year 1970, a whole struct) is left out.
bool has_telling_default(const FieldRow& field) {
  if (field.is_required || field.is_read_only) return false;
  switch (field.type->shape) {
    case Shape::optional:
    case Shape::instant:
    case Shape::id:
    case Shape::any:
    case Shape::record:
    case Shape::choice:
    case Shape::custom:
      return false;
    default:
      return true;
  }
}

Value schema_of_field(const StructTable& table, const FieldRow& field, Definitions& definitions) {
  Value value = schema(*field.type, definitions);
  Object& out = value.as_object();
  if (!field.doc.empty()) out["description"] = field.doc;
  add_limits(*field.type, field.limits, out);
  if (has_telling_default(field)) {
    const void* member = field.at(const_cast<void*>(table.prototype()));  // only read from
    out["default"] = encode(*field.type, member, Audience::self);
  }
  if (field.is_read_only) out["readOnly"] = true;
  if (field.is_write_only) out["writeOnly"] = true;
  if (field.is_deprecated) out["deprecated"] = true;
  if (!field.example.empty()) {
    auto example = parse_json(field.example);
    CHECK(example.has_value());
    out["examples"] = Array{std::move(example->value)};
  }
  return value;
}

// With a tag, the schema of a choice's alternative: it has the key "type" as well.
Object schema_of_struct(const StructTable& table, std::string_view tag, Definitions& definitions) {
  Object properties;
  Array required;
  if (!tag.empty()) {
    properties.emplace(kTypeKey, Object{{"type", "string"}, {"const", tag}});
    required.emplace_back(kTypeKey);
  }
  for (const FieldRow& field : table.fields) {
    properties.emplace(field.name, schema_of_field(table, field, definitions));
    // A read_only key is in every reply, and OpenAPI asks for it there only.
    const bool is_always_replied = field.is_read_only && field.type->shape != Shape::optional;
    if (field.is_required || is_always_replied) required.emplace_back(field.name);
  }
  Object out{{"type", "object"}};
  if (!table.doc.empty()) out["description"] = table.doc;
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  out["additionalProperties"] = false;
  return out;
}

Value schema_of_record(const StructTable& table, Definitions& definitions) {
  if (definitions.claim(table.name, &table))
    definitions.define(table.name, schema_of_struct(table, {}, definitions));
  return definitions.reference(table.name);
}

Value schema_of_enum(const EnumTable& table, Definitions& definitions) {
  if (definitions.claim(table.name, &table)) {
    Array names;
    std::string doc(table.doc);
    for (const auto& row : table.rows) {
      names.emplace_back(row.name);
      if (!row.doc.empty()) doc += fmt::format("\n- `{}`: {}", row.name, row.doc);
    }
    definitions.define(
        table.name, Object{{"type", "string"}, {"description", doc}, {"enum", std::move(names)}});
  }
  return definitions.reference(table.name);
}

Value schema_of_choice(const ChoiceAccess& choice, Definitions& definitions) {
  Array alternatives;
  Object mapping;
  for (std::size_t i = 0; i < choice.count; ++i) {
    const StructTable& table = choice.alternatives[i].described();
    const auto name = fmt::format("{}Typed", table.name);
    if (definitions.claim(name, &table))
      definitions.define(name, schema_of_struct(table, table.name, definitions));
    Value reference = definitions.reference(name);
    mapping.emplace(table.name, reference.at("$ref"));
    alternatives.push_back(std::move(reference));
  }
  return Object{
      {"oneOf", std::move(alternatives)},
      {"discriminator", Object{{"propertyName", kTypeKey}, {"mapping", std::move(mapping)}}}};
}

Object text_schema(std::string_view key, std::string_view value) {
  return Object{{"type", "string"}, {key, value}};
}

Object schema_of_whole(const WholeAccess& access) {
  Object out{{"type", "integer"}};
  if (access.highest > std::numeric_limits<std::int32_t>::max()) {
    out["format"] = "int64";
  } else if (access.highest == std::numeric_limits<std::int32_t>::max()) {
    out["format"] = "int32";
  }
  if (access.lowest == 0) out["minimum"] = 0;
  return out;
}

}  // namespace

Value Definitions::reference(std::string_view name) const {
  return Object{{"$ref", prefix_ + std::string(name)}};
}

bool Definitions::claim(std::string_view name, const void* table) {
  const auto [entry, is_new] = entries_.try_emplace(std::string(name), Entry{table, {}});
  CHECK(entry->second.table == table);
  return is_new;
}

void Definitions::define(std::string_view name, Object schema) {
  const auto entry = entries_.find(name);
  CHECK(entry != entries_.end());
  entry->second.schema = std::move(schema);
}

Object Definitions::all() const {
  Object out;
  for (const auto& [name, entry] : entries_)
    out.emplace(name, entry.schema);
  return out;
}

Value schema(const Type& type, Definitions& definitions) {
  switch (type.shape) {
    case Shape::boolean:
      return Object{{"type", "boolean"}};
    case Shape::whole:
      return schema_of_whole(*type.whole);
    case Shape::real:
      return Object{{"type", "number"}};
    case Shape::text:
      return Object{{"type", "string"}};
    case Shape::instant:
      return text_schema("format", "date-time");
    case Shape::duration:
      return text_schema("pattern", "^(0|(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$");
    case Shape::blob:
      return text_schema("contentEncoding", "base64");
    case Shape::any:
      return Object{};
    case Shape::id:
      return text_schema("pattern", fmt::format("^{}_[0-9a-f]{{32}}$", type.id->prefix));
    case Shape::optional:
      return schema(*type.inner, definitions);
    case Shape::list:
      return Object{{"type", "array"}, {"items", schema(*type.inner, definitions)}};
    case Shape::map:
      return Object{{"type", "object"}, {"additionalProperties", schema(*type.inner, definitions)}};
    case Shape::record:
      return schema_of_record(type.record->described(), definitions);
    case Shape::enumeration:
      return schema_of_enum(type.enumeration->described(), definitions);
    case Shape::choice:
      return schema_of_choice(*type.choice, definitions);
    case Shape::custom:
      return type.custom->schema(definitions);
  }
  return Object{};
}

}  // namespace mainspring::json
