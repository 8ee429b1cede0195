#include <fmt/core.h>

#include "base/check.h"
#include "json/codec.h"
#include "model/aliases.h"
#include "model/manifest.h"

namespace mainspring::model {
namespace {

using json::Array;
using json::Object;
using json::Value;

// The property as it is, or a plain text that stands for one of its keys.
void allow_text(Object& properties, std::string_view key, std::string_view description) {
  Object& property = properties.at(key).as_object();
  Object as_it_is = property;
  Object text{{"type", "string"}, {"description", description}};
  Object either;
  for (const std::string_view kept : {"description", "examples"})
    if (const Value* value = property.if_contains(kept)) either[kept] = *value;
  as_it_is.erase("description");
  as_it_is.erase("examples");
  either["anyOf"] = Array{std::move(as_it_is), std::move(text)};
  property = std::move(either);
}

void add_aliases(Object& properties) {
  allow_text(properties, "schedule", "The same as {cron: <text>}.");
  allow_text(properties, "timeout", "The same as {run: <text>}.");
  for (const Alias& alias : aliases()) {
    auto schema = json::parse_json(alias.schema);
    CHECK(schema.has_value());
    Object& object = schema->value.as_object();
    object["description"] = alias.meaning;
    object["deprecated"] = true;
    properties[alias.key] = std::move(object);
  }
  for (const FlatKey& row : flat_keys())
    properties[row.key] =
        Object{{"description", fmt::format("The same as {} of its type's section.", row.member)},
               {"deprecated", true}};
  for (const LaterKey& row : later_keys())
    properties[row.key] =
        Object{{"description", fmt::format("Belongs to {}; not in this build yet.", row.owner)}};
}

}  // namespace

json::Value manifest_schema(json::Definitions& definitions) {
  const bool is_there = definitions.all().contains("JobSpec");
  Value reference = json::schema<JobSpec>(definitions);
  if (is_there) return reference;  // with its aliases already
  Object job = definitions.all().at("JobSpec").as_object();
  add_aliases(job.at("properties").as_object());
  definitions.define("JobSpec", std::move(job));
  return reference;
}

json::Value manifest_schema() {
  json::Definitions definitions("#/$defs/");
  const Value root = manifest_schema(definitions);
  Object out{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
             {"title", "Mainspring job"}};
  out["$ref"] = root.at("$ref");
  out["$defs"] = definitions.all();
  return out;
}

}  // namespace mainspring::model
