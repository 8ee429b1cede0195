#include "model/codecs.h"

#include <array>
#include <charconv>

#include <fmt/core.h>

namespace mainspring::model {
namespace {

using json::Definitions;
using json::Object;
using json::Reader;
using json::Value;

struct SizeUnit {
  std::string_view name;
  std::int64_t bytes;
};
// Largest first, so that writing finds the shortest form.
constexpr std::array<SizeUnit, 9> kSizeUnits{{{"TiB", std::int64_t{1} << 40},
                                              {"TB", 1'000'000'000'000},
                                              {"GiB", 1 << 30},
                                              {"GB", 1'000'000'000},
                                              {"MiB", 1 << 20},
                                              {"MB", 1'000'000},
                                              {"KiB", 1 << 10},
                                              {"KB", 1'000},
                                              {"B", 1}}};
constexpr std::int64_t kLargestSize = std::int64_t{1} << 50;  // 1 PiB: more is a slip of the pen

void read_size(const Value& value, void* out, Reader& reader) {
  if (!value.is_string()) return reader.fail_expected("a size such as \"512MiB\"", value);
  auto parsed = parse_size(value.get_string());
  if (!parsed) return reader.fail(std::move(parsed.error().message));
  *static_cast<std::int64_t*>(out) = *parsed;
}

Value write_size(const void* bytes) {
  return Value(format_size(*static_cast<const std::int64_t*>(bytes)));
}

Value size_schema(Definitions&) {
  return Object{{"type", "string"}, {"pattern", "^[0-9]+(B|[KMGT]i?B)$"}};
}

void read_schedules(const Value& value, void* out, Reader& reader) {
  auto& schedules = *static_cast<std::vector<ScheduleSpec>*>(out);
  schedules.clear();
  if (value.is_array()) return reader.read(value, schedules);
  if (!value.is_object()) return reader.fail_expected("a schedule or a list of schedules", value);
  reader.read(value, schedules.emplace_back());
}

Value write_schedules(const void* schedules) {
  const auto& list = *static_cast<const std::vector<ScheduleSpec>*>(schedules);
  const auto self = json::Audience::self;
  return list.size() == 1 ? json::encode(list.front(), self) : json::encode(list, self);
}

Value schedules_schema(Definitions& definitions) {
  const Value one = json::schema<ScheduleSpec>(definitions);
  return Object{{"oneOf", json::Array{one, Object{{"type", "array"}, {"items", one}}}}};
}

constexpr json::CustomAccess kSizeAccess{&read_size, &write_size, &size_schema};
constexpr json::CustomAccess kScheduleListAccess{&read_schedules, &write_schedules,
                                                 &schedules_schema};

// The long form of an environment value.
struct Variable {
  std::optional<std::string> value;
  std::optional<std::string> secret;
  std::optional<std::string> file;

  static const json::StructTable& described() {
    static const auto table = json::describe<Variable>(
        "EnvironmentVariable", "Exactly one of value, secret and file.",
        json::field<&Variable::value>("value", "The value itself."),
        json::field<&Variable::secret>("secret", "The name of the secret that holds the value."),
        json::field<&Variable::file>("file", "The file of the worker's machine that holds it."));
    return table;
  }
};

constexpr json::RecordAccess kDstAccess{&dst_described};
constexpr json::Type kDstType{.shape = json::Shape::record, .record = &kDstAccess};

}  // namespace

constinit const json::Type kSizeType{.shape = json::Shape::custom, .custom = &kSizeAccess};
constinit const json::Type kScheduleListType{.shape = json::Shape::custom,
                                             .custom = &kScheduleListAccess};

const json::StructTable& dst_described() {
  static const auto table = json::describe<cron::DstPolicy>(
      "DstPolicy", "What a schedule does when the clocks of its time zone change.",
      json::field<&cron::DstPolicy::gap>(
          "gap", "A fire at a local time that a forward change leaves out."),
      json::field<&cron::DstPolicy::fold>(
          "fold", "A fire at a local time that a backward change makes happen twice."));
  return table;
}

base::Result<std::int64_t> parse_size(std::string_view text) {
  const auto refuse = [&] {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("\"{}\" is not a size; write a whole number and a unit (B, KB, "
                                  "KiB, MB, MiB, GB, GiB, TB, TiB), such as 512MiB",
                                  text.substr(0, 60)));
  };
  std::int64_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0) return refuse();
  const std::string_view unit(rest, text.data() + text.size());
  for (const SizeUnit& known : kSizeUnits) {
    if (known.name != unit) continue;
    if (count <= kLargestSize / known.bytes) return count * known.bytes;
    return base::fail(base::Code::invalid_argument, "must be at most 1024TiB");
  }
  return refuse();
}

std::string format_size(std::int64_t bytes) {
  for (const SizeUnit& unit : kSizeUnits)
    if (bytes != 0 && bytes % unit.bytes == 0)
      return fmt::format("{}{}", bytes / unit.bytes, unit.name);
  return "0B";
}

}  // namespace mainspring::model

namespace mainspring::cron {

const json::EnumTable& described(GapPolicy) {
  static const auto table = json::enumeration<GapPolicy>(
      "GapPolicy", "A local time that does not exist, because the clocks went forward.",
      {{GapPolicy::skip, "skip", "That fire does not happen."},
       {GapPolicy::next, "next", "It happens at the first instant after the change."},
       {GapPolicy::shift, "shift", "It happens as much later as the clocks moved."}});
  return table;
}

const json::EnumTable& described(FoldPolicy) {
  static const auto table = json::enumeration<FoldPolicy>(
      "FoldPolicy", "A local time that happens twice, because the clocks went back.",
      {{FoldPolicy::first, "first", "The first of the two."},
       {FoldPolicy::second, "second", "The second of the two."},
       {FoldPolicy::both, "both", "Both of them."}});
  return table;
}

}  // namespace mainspring::cron

namespace mainspring::json {

using model::CommandLine;
using model::EnvironmentValue;

void Codec<CommandLine>::read(const Value& value, CommandLine& out, Reader& reader) {
  out = {};
  if (value.is_string()) return reader.read(value, out.shell);
  if (value.is_array()) return reader.read(value, out.argv);
  reader.fail_expected("a list (run as it stands) or a string (run by /bin/sh)", value);
}

Value Codec<CommandLine>::write(const CommandLine& line) {
  return line.shell.empty() ? encode(line.argv) : Value(line.shell);
}

Value Codec<CommandLine>::schema(Definitions&) {
  return Object{{"oneOf", Array{Object{{"type", "string"}},
                                Object{{"type", "array"}, {"items", Object{{"type", "string"}}}}}}};
}

void Codec<EnvironmentValue>::read(const Value& value, EnvironmentValue& out, Reader& reader) {
  out = {};
  if (!value.is_object()) return reader.read(value, out.value);
  model::Variable variable;
  const std::size_t before = reader.problem_count();
  reader.read(value, variable);
  const int given = (variable.value ? 1 : 0) + (variable.secret ? 1 : 0) + (variable.file ? 1 : 0);
  if (reader.problem_count() == before && given != 1)
    return reader.fail("expected a string, or exactly one of value, secret and file");
  out.value = variable.value.value_or("");
  out.secret = variable.secret.value_or("");
  out.file = variable.file.value_or("");
  if (variable.secret && out.secret.empty()) reader.fail("the secret's name must not be empty");
  if (variable.file && !out.file.starts_with('/'))
    reader.fail("the file must be a full path, such as /etc/backup/password");
}

Value Codec<EnvironmentValue>::write(const EnvironmentValue& variable) {
  if (!variable.file.empty()) return Object{{"file", variable.file}};
  if (!variable.secret.empty()) return Object{{"secret", variable.secret}};
  return Value(variable.value);
}

Value Codec<EnvironmentValue>::schema(Definitions& definitions) {
  return Object{
      {"oneOf", Array{Object{{"type", "string"}}, json::schema<model::Variable>(definitions)}}};
}

void Codec<cron::DstPolicy>::read(const Value& value, cron::DstPolicy& out, Reader& reader) {
  reader.read(model::kDstType, value, &out);
}

Value Codec<cron::DstPolicy>::write(const cron::DstPolicy& policy) {
  return encode(model::kDstType, &policy, Audience::self);
}

Value Codec<cron::DstPolicy>::schema(Definitions& definitions) {
  return json::schema(model::kDstType, definitions);
}

}  // namespace mainspring::json
