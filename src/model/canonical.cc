#include "json/codec.h"
#include "model/codecs.h"
#include "model/manifest.h"

namespace mainspring::model {
namespace {

using json::Object;
using json::Value;

// Both were written by the same table: keys of `full` that are equal in `defaults` say nothing.
Object without_defaults(const Object& full, const Object& defaults) {
  Object out;
  for (const auto& member : full) {
    const Value* usual = defaults.if_contains(member.key());
    if (usual != nullptr && *usual == member.value()) continue;
    if (usual != nullptr && usual->is_object() && member.value().is_object()) {
      out.emplace(member.key(), without_defaults(member.value().get_object(), usual->get_object()));
    } else {
      out.emplace(member.key(), member.value());
    }
  }
  return out;
}

template <class T>
Value encode_short(const T& value) {
  return without_defaults(json::encode(value, json::Audience::self).as_object(),
                          json::encode(T{}, json::Audience::self).as_object());
}

Value encode_schedules(const std::vector<ScheduleSpec>& schedules) {
  if (schedules.size() == 1) return encode_short(schedules.front());
  json::Array out;
  for (const ScheduleSpec& schedule : schedules)
    out.push_back(encode_short(schedule));
  return out;
}

}  // namespace

Value canonical(const JobSpec& spec) {
  Value out = encode_short(spec);
  Object& object = out.get_object();
  // Lists, maps and optional structs have no defaults to compare with inside; theirs are these.
  if (!spec.schedule.empty()) object["schedule"] = encode_schedules(spec.schedule);
  for (const auto& [name, param] : spec.params)
    object["params"].get_object()[name] = encode_short(param);
  if (spec.concurrency) object["concurrency"] = encode_short(*spec.concurrency);
  if (spec.dedupe) object["dedupe"] = encode_short(*spec.dedupe);
  return out;
}

}  // namespace mainspring::model
