#include <cmath>

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

// "2" rather than "2.0" for a number that a person wrote without a fraction.
void shorten_number(Object& object, std::string_view key) {
  constexpr double kExact = 1e15;  // whole numbers up to here are the same as doubles
  Value* value = object.if_contains(key);
  if (value == nullptr || !value->is_double()) return;
  const double number = value->get_double();
  if (std::abs(number) <= kExact && std::trunc(number) == number)
    *value = static_cast<std::int64_t>(number);
}

template <class T>
Value encode_short(const T& value) {
  static const Value defaults = json::encode(T{}, json::Audience::self);
  return without_defaults(json::encode(value, json::Audience::self).as_object(),
                          defaults.as_object());
}

Value encode_param(const ParamSpec& param) {
  Value out = encode_short(param);
  shorten_number(out.get_object(), "minimum");
  shorten_number(out.get_object(), "maximum");
  return out;
}

Value encode_schedules(const std::vector<ScheduleSpec>& schedules) {
  if (schedules.size() == 1) return encode_short(schedules.front());
  json::Array out;
  for (const ScheduleSpec& schedule : schedules)
    out.push_back(encode_short(schedule));
  return out;
}

template <class T>
json::Array encode_each(const std::vector<T>& values) {
  json::Array out;
  for (const T& value : values)
    out.push_back(encode_short(value));
  return out;
}

Object encode_placement(const PlacementSpec& placement) {
  Object out = encode_short(placement).get_object();
  if (!placement.constraints.empty()) out["constraints"] = encode_each(placement.constraints);
  if (placement.prefer.empty()) return out;
  json::Array prefer = encode_each(placement.prefer);
  for (Value& each : prefer)
    each.get_object().emplace("value", "");  // a key that must be there
  out["prefer"] = std::move(prefer);
  return out;
}

template <class Spec>
Value encode_kind(std::string_view kind, const Spec& spec) {
  Object out{{"kind", kind}};
  const Value rest = encode_short(spec);
  for (const auto& member : rest.get_object())
    out.emplace(member.key(), member.value());
  return Value(std::move(out));
}

Value encode_http(const HttpSpec& http) {
  Value out = encode_short(http);
  if (http.body) out.get_object()["body"] = encode_short(*http.body);
  if (http.tls) out.get_object()["tls"] = encode_short(*http.tls);
  return out;
}

Value encode_container(const ContainerSpec& container) {
  Value out = encode_short(container);
  if (!container.mounts.empty()) out.get_object()["mounts"] = encode_each(container.mounts);
  return out;
}

Value encode_auth(const HttpAuth& auth) {
  Object out;
  if (auth.basic) out["basic"] = encode_short(*auth.basic);
  if (auth.bearer) out["bearer"] = encode_short(*auth.bearer);
  if (auth.oauth2) out["oauth2"] = encode_short(*auth.oauth2);
  return Value(std::move(out));
}

void encode_work(const JobSpec& spec, Object& out) {
  if (spec.http) out["http"] = encode_http(*spec.http);
  if (spec.sql) out["sql"] = encode_short(*spec.sql);
  if (spec.python) out["python"] = encode_short(*spec.python);
  if (spec.node) out["node"] = encode_short(*spec.node);
  if (spec.container) out["container"] = encode_container(*spec.container);
}

}  // namespace

Value canonical(const JobSpec& spec) {
  Value out = encode_short(spec);
  Object& object = out.get_object();
  // Lists, maps and optional structs have no defaults to compare with inside; theirs are these.
  if (!spec.schedule.empty()) object["schedule"] = encode_schedules(spec.schedule);
  for (const auto& [name, param] : spec.params)
    object["params"].get_object()[name] = encode_param(param);
  if (spec.concurrency) object["concurrency"] = encode_short(*spec.concurrency);
  if (spec.dedupe) object["dedupe"] = encode_short(*spec.dedupe);
  if (spec.debounce) object["debounce"] = encode_short(*spec.debounce);
  if (spec.expect) object["expect"] = encode_short(*spec.expect);
  if (object.contains("placement")) object["placement"] = encode_placement(spec.placement);
  encode_work(spec, object);
  if (Value* resources = object.if_contains("resources"))
    shorten_number(resources->get_object(), "cpu");
  boost::system::error_code absent;
  if (Value* backoff = out.find_pointer("/retry/backoff", absent))
    shorten_number(backoff->get_object(), "factor");
  return out;
}

Value canonical(const QueueSpec& spec) {
  Value out = encode_kind("queue", spec);
  if (spec.rate) out.get_object()["rate"] = encode_short(*spec.rate);
  return out;
}

Value canonical(const ConnectionSpec& spec) {
  Object out{{"kind", "connection"}, {"name", spec.name}, {"type", json::to_text(spec.type)}};
  const Value rest = encode_short(spec);
  for (const auto& member : rest.get_object())
    if (!out.contains(member.key())) out.emplace(member.key(), member.value());
  if (spec.tls) out["tls"] = encode_short(*spec.tls);
  if (spec.auth != HttpAuth{}) out["auth"] = encode_auth(spec.auth);
  return Value(std::move(out));
}

Value canonical(const CalendarSpec& spec) {
  Value out = encode_kind("calendar", spec);
  for (const auto& [key, list] :
       {std::pair{"spans", encode_each(spec.spans)}, std::pair{"weekly", encode_each(spec.weekly)}})
    if (!list.empty()) out.get_object()[key] = list;
  return out;
}

}  // namespace mainspring::model
