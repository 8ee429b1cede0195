// Spans as an ExportTraceServiceRequest in JSON, and what a collector says of one.
//
// Source: OTLP 1.x, "JSON Protobuf Encoding": ids in hex, 64-bit numbers as texts, enumerations as
// numbers, field names in lowerCamelCase.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trace/span.h"

namespace mainspring::trace {

// Who says all this: service.name, service.version, service.instance.id, host.name.
struct Source {
  Attributes resource;
  std::string version;  // of the program
};

std::string write_otlp(std::span<const Span> spans, const Source& source);

// How many spans of a request the collector says it did not take; with its reason.
struct Rejection {
  std::int64_t spans = 0;
  std::string reason;
};
Rejection read_rejection(std::string_view body);  // none where it is no such JSON

}  // namespace mainspring::trace
