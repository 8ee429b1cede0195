#include "trace/otlp.h"

#include <charconv>

#include <fmt/core.h>

#include "json/codec.h"
#include "json/write.h"

namespace mainspring::trace {
namespace {

constexpr int kInternal = 1;  // SPAN_KIND_INTERNAL
constexpr int kServer = 2;    // SPAN_KIND_SERVER
constexpr int kError = 2;     // STATUS_CODE_ERROR
constexpr int kSampledFlag = 1;

json::Value to_any_value(const AttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return json::Object{{"stringValue", *text}};
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return json::Object{{"intValue", std::to_string(*number)}};
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return json::Object{{"doubleValue", *number}};
  }
  return json::Object{{"boolValue", std::get<bool>(value)}};
}

json::Array to_json(const Attributes& attributes) {
  json::Array out;
  for (const auto& [key, value] : attributes)
    out.push_back(json::Object{{"key", key}, {"value", to_any_value(value)}});
  return out;
}

json::Object to_json(const Span& span) {
  json::Object out{{"traceId", to_hex(span.context.trace)},
                   {"spanId", to_hex(span.context.span)},
                   {"name", span.name},
                   {"kind", span.kind == SpanKind::server ? kServer : kInternal},
                   {"startTimeUnixNano", std::to_string(span.begun.count())},
                   {"endTimeUnixNano", std::to_string(span.ended.count())},
                   {"attributes", to_json(span.attributes)},
                   {"flags", kSampledFlag}};
  if (span.parent != 0) out["parentSpanId"] = to_hex(span.parent);
  if (!span.context.state.empty()) out["traceState"] = span.context.state;
  if (!span.problem.empty()) {
    out["status"] = json::Object{{"code", kError}, {"message", span.problem}};
  }
  return out;
}

const json::Value* find(const json::Value* from, std::string_view key) {
  if (from == nullptr || !from->is_object()) return nullptr;
  return from->as_object().if_contains(key);
}

}  // namespace

std::string write_otlp(std::span<const Span> spans, const Source& source) {
  json::Array list;
  for (const Span& span : spans)
    list.push_back(to_json(span));
  json::Object scope{{"scope", json::Object{{"name", "mainspring"}, {"version", source.version}}},
                     {"spans", std::move(list)}};
  json::Array scopes;
  scopes.push_back(std::move(scope));
  json::Object resource{{"resource", json::Object{{"attributes", to_json(source.resource)}}},
                        {"scopeSpans", std::move(scopes)}};
  json::Array resources;
  resources.push_back(std::move(resource));
  return json::write(json::Value(json::Object{{"resourceSpans", std::move(resources)}}));
}

Rejection read_rejection(std::string_view body) {
  Rejection out;
  const auto document = json::parse_json(std::string{body});
  if (!document) return out;
  const json::Value* partial = find(&document->value, "partialSuccess");
  // A 64-bit number is a text in this mapping; a reader takes either.
  if (const json::Value* count = find(partial, "rejectedSpans")) {
    if (count->is_int64()) out.spans = count->as_int64();
    if (count->is_string()) {
      const auto& text = count->as_string();
      std::from_chars(text.data(), text.data() + text.size(), out.spans);
    }
  }
  const json::Value* reason = find(partial, "errorMessage");
  if (reason != nullptr && reason->is_string()) out.reason = std::string{reason->as_string()};
  return out;
}

}  // namespace mainspring::trace
