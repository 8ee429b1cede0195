// The model's values whose text form is not a plain struct: how they are read and written. Include
// this where a member of one of these types is described; job.h alone serves everybody else.
//
// Pure functions; safe from any thread.
#pragma once

#include "json/codec.h"
#include "model/job.h"

// cron stands on the same floor as json and knows nothing of it, so its types are described here.
namespace mainspring::cron {
const json::EnumTable& described(GapPolicy);
const json::EnumTable& described(FoldPolicy);
}  // namespace mainspring::cron

namespace mainspring::model {

// A whole number and a unit: B, KB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (of 1024).
// Errors: invalid_argument, with a right example.
base::Result<std::int64_t> parse_size(std::string_view text);
std::string format_size(std::int64_t bytes);  // in the largest unit that divides it

// The table of cron::DstPolicy.
const json::StructTable& dst_described();

// The types behind the manifest's own spellings: `memory: 1GiB`, and `schedule:` as one map or a
// list of them.
extern const json::Type kSizeType;
extern const json::Type kScheduleListType;

// A member whose text form is not that of its C++ type.
template <auto member>
auto field_as(const json::Type& type, std::string_view name, std::string_view doc) {
  json::FieldRow row = json::field<member>(name, doc).row();
  row.type = &type;
  return decltype(json::field<member>(name, doc))(row);
}

}  // namespace mainspring::model

template <>
struct mainspring::json::Codec<mainspring::model::CommandLine> {
  static void read(const Value& value, model::CommandLine& out, Reader& reader);
  static Value write(const model::CommandLine& line);
  static Value schema(Definitions& definitions);
};

template <>
struct mainspring::json::Codec<mainspring::model::EnvironmentValue> {
  static void read(const Value& value, model::EnvironmentValue& out, Reader& reader);
  static Value write(const model::EnvironmentValue& variable);
  static Value schema(Definitions& definitions);
};

template <>
struct mainspring::json::Codec<mainspring::cron::DstPolicy> {
  static void read(const Value& value, cron::DstPolicy& out, Reader& reader);
  static Value write(const cron::DstPolicy& policy);
  static Value schema(Definitions& definitions);
};
