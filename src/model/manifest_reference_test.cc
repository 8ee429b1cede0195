// The tables of docs/reference/manifest.md and connections.md are made from the described tables.
// Where they differ, the page as it would be right is written to the system's temporary directory.

#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "json/codec.h"
#include "model/codecs.h"
#include "model/connection.h"
#include "model/job.h"

namespace mainspring::model {
namespace {

using json::FieldRow;
using json::Shape;
using json::StructTable;

// Described structs by name, found by walking from JobSpec.
void collect(const StructTable& table, std::map<std::string_view, const StructTable*>& out) {
  if (!out.emplace(table.name, &table).second) return;
  for (const FieldRow& field : table.fields) {
    const json::Type* type = field.type;
    while (type->inner != nullptr)
      type = type->inner;
    if (type->shape == Shape::record) collect(type->record->described(), out);
  }
}

std::string type_text(const json::Type& type) {
  switch (type.shape) {
    case Shape::boolean:
      return "true or false";
    case Shape::whole:
      return "whole number";
    case Shape::real:
      return "number";
    case Shape::text:
      return "text";
    case Shape::instant:
      return "instant";
    case Shape::duration:
      return "duration";
    case Shape::optional:
      return type_text(*type.inner);
    case Shape::list:
      return "list of " + type_text(*type.inner);
    case Shape::map:
      return "map to " + type_text(*type.inner);
    case Shape::record:
      return type.record->described().name.data();
    case Shape::enumeration:
      return "word";
    default:
      return "any value";
  }
}

std::string custom_text(const FieldRow& field) {
  if (field.name == "command") return "text, or list of text";
  if (field.name == "environment") return "map to text, or to {secret}";
  if (field.name == "schedule") return "ScheduleSpec, or list of it";
  if (field.name == "dst") return "DstPolicy";
  if (field.name == "memory" || field.name == "gpu_memory") return "size";
  return type_text(*field.type);
}

std::string range_text(const json::Limits& limits) {
  const auto text = [](const auto& low, const auto& high) {
    if (low && high) return fmt::format(", {} to {}", *low, *high);
    if (low) return fmt::format(", at least {}", *low);
    return high ? fmt::format(", at most {}", *high) : std::string();
  };
  return text(limits.min, limits.max) + text(limits.min_real, limits.max_real);
}

std::string default_text(const StructTable& table, const FieldRow& field) {
  if (field.is_required) return "required";
  const void* member = field.at(const_cast<void*>(table.prototype()));
  const json::Value value = json::encode(*field.type, member, json::Audience::self);
  const bool is_empty = value.is_null() || value == json::Value("") || value == json::Value("0B") ||
                        (value.is_array() && value.get_array().empty()) || value.is_object();
  if (is_empty) return "";
  return fmt::format("`{}`", value.is_string() ? value.get_string().c_str() : json::write(value));
}

std::string meaning(const FieldRow& field) {
  std::string out(field.doc);
  if (!field.example.empty()) out += fmt::format(" Example: `{}`", field.example);
  const json::Type* type = field.type;
  while (type->inner != nullptr)
    type = type->inner;
  if (type->shape != Shape::enumeration) return out;
  for (const auto& row : type->enumeration->described().rows)
    out += fmt::format("<br>`{}`: {}", row.name, row.doc);
  return out;
}

std::string table_text(const StructTable& table) {
  std::string out = "| key | type | default | meaning |\n|---|---|---|---|\n";
  for (const FieldRow& field : table.fields) {
    const bool is_duration = type_text(*field.type) == "duration";
    out += fmt::format("| `{}` | {}{} | {} | {} |\n", field.name, custom_text(field),
                       is_duration ? "" : range_text(field.limits), default_text(table, field),
                       meaning(field));
  }
  return out;
}

using Tables = std::map<std::string_view, const StructTable*>;

void check_page(const std::string& name_of_page, Tables tables) {
  const std::string path = "docs/reference/" + name_of_page;
  std::ifstream file(path);
  REQUIRE(file.good());
  std::ostringstream whole;
  whole << file.rdbuf();
  const std::string page = whole.str();
  std::istringstream lines(page);
  std::string made;
  bool in_table = false;
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kBegin = "<!-- table ";
    if (line == "<!-- end -->") in_table = false;
    if (!in_table) made += line + "\n";
    if (!line.starts_with(kBegin)) continue;
    const std::string name =
        line.substr(kBegin.size(), line.find(' ', kBegin.size()) - kBegin.size());
    REQUIRE_MESSAGE(tables.contains(name), name);
    made += table_text(*tables.at(name));
    tables.erase(name);
    in_table = true;
  }
  for (const auto& [name, table] : tables)
    FAIL_CHECK(name << " has no table on the page");
  if (made == page) return;
  const auto copy = std::filesystem::temp_directory_path() / name_of_page;
  std::ofstream(copy) << made;
  FAIL_CHECK("the tables have changed; read the difference, then: cp " << copy.string() << " "
                                                                       << path);
}

TEST_CASE("the manifest's reference has every key as the program knows it") {
  Tables tables;
  collect(JobSpec::described(), tables);
  collect(ScheduleSpec::described(), tables);
  collect(dst_described(), tables);
  check_page("manifest.md", std::move(tables));
}

TEST_CASE("the reference of connections has every key as the program knows it") {
  Tables tables;
  collect(ConnectionSpec::described(), tables);
  check_page("connections.md", std::move(tables));
}

}  // namespace
}  // namespace mainspring::model
