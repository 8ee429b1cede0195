// Span: a named piece of time in a trace; and Recorder: where spans go.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "trace/context.h"

namespace mainspring::trace {

using AttributeValue = std::variant<std::string, std::int64_t, double, bool>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

enum class SpanKind { internal, server };

struct Span {
  Context context;    // `span` is its own
  SpanId parent = 0;  // 0: the root of its trace
  std::string name;   // "run nightly-backup"
  SpanKind kind = SpanKind::internal;
  std::chrono::nanoseconds begun{0};  // since 1970, UTC
  std::chrono::nanoseconds ended{0};
  Attributes attributes;
  std::string problem;  // why it ended badly; "" when it did not
};

class Recorder {
 public:
  virtual ~Recorder() = default;

  // Any thread; neither waits nor fails: what there is no room for is counted and dropped.
  virtual void record(Span span) = 0;
  virtual Policy policy() const = 0;
};

}  // namespace mainspring::trace
