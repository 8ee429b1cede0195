#include "base/check.h"
#include "base/text.h"
#include "json/base64.h"
#include "json/codec.h"

#include <fmt/format.h>

namespace mainspring::json {
namespace {

void write_record(const StructTable& table, const void* value, Audience audience, Object& out) {
  out.reserve(out.size() + table.fields.size());
  for (const FieldRow& field : table.fields) {
    if (field.is_write_only && audience == Audience::outside) continue;
    // at() only adds an offset; the value is not written to.
    const void* member = field.at(const_cast<void*>(value));
    const Type& type = *field.type;
    if (type.shape == Shape::optional && type.optional->get(member) == nullptr) continue;
    out.emplace(field.name, encode(type, member, audience));
  }
}

Value write_list(const Type& type, const void* value, Audience audience) {
  Array out;
  const std::size_t size = type.list->size(value);
  out.reserve(size);
  for (std::size_t i = 0; i < size; ++i)
    out.push_back(encode(*type.inner, type.list->at(value, i), audience));
  return out;
}

Value write_map(const Type& type, const void* value, Audience audience) {
  struct Context {
    const Type& inner;
    Audience audience;
    Object out;
  } context{*type.inner, audience, {}};
  type.map->each(value, &context, [](void* to, std::string_view key, const void* element) {
    auto& [inner, who, out] = *static_cast<Context*>(to);
    out.emplace(key, encode(inner, element, who));
  });
  return std::move(context.out);
}

Value write_choice(const ChoiceAccess& choice, const void* value, Audience audience) {
  const StructTable& table = choice.alternatives[choice.index(value)].described();
  Object out;
  out.emplace(kTypeKey, table.name);
  write_record(table, choice.get(value), audience, out);
  return out;
}

}  // namespace

Value encode(const Type& type, const void* value, Audience audience) {
  switch (type.shape) {
    case Shape::boolean:
      return *static_cast<const bool*>(value);
    case Shape::whole:
      return type.whole->get(value);
    case Shape::real:
      return *static_cast<const double*>(value);
    case Shape::text:
      return Value(*static_cast<const std::string*>(value));
    case Shape::instant:
      return Value(base::format_instant(*static_cast<const base::Instant*>(value)));
    case Shape::duration:
      return Value(base::format_duration(*static_cast<const base::Duration*>(value)));
    case Shape::blob:
      return Value(encode_base64(static_cast<const base::Blob*>(value)->bytes));
    case Shape::any:
      return *static_cast<const Value*>(value);
    case Shape::id:
      return Value(base::format_id(type.id->prefix, type.id->get(value)));
    case Shape::optional: {
      const void* held = type.optional->get(value);
      return held ? encode(*type.inner, held, audience) : Value();
    }
    case Shape::list:
      return write_list(type, value, audience);
    case Shape::map:
      return write_map(type, value, audience);
    case Shape::record: {
      Object out;
      write_record(type.record->described(), value, audience, out);
      return out;
    }
    case Shape::enumeration:
      return Value(to_text(type.enumeration->described(), type.enumeration->get(value)));
    case Shape::choice:
      return write_choice(*type.choice, value, audience);
    case Shape::custom:
      return type.custom->write(value);
  }
  return {};
}

std::string_view to_text(const EnumTable& table, std::int64_t value) {
  const auto* row = table.find(value);
  CHECK(row != nullptr);
  return row->name;
}

base::Result<std::int64_t> parse_enum(const EnumTable& table, std::string_view text) {
  if (const auto* row = table.find(text)) return row->value;
  std::vector<std::string_view> names;
  for (const auto& row : table.rows)
    names.push_back(row.name);
  auto message =
      fmt::format("{} is not one of {}", write(Value(text)), base::join_words(names, " or "));
  if (const auto closest = base::find_closest(text, names); !closest.empty())
    message += fmt::format("; did you mean \"{}\"?", closest);
  return base::fail(base::Code::invalid_argument, std::move(message));
}

}  // namespace mainspring::json
