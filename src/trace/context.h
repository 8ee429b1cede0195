// Context: which trace something belongs to, and the span it is under.
//
// Values; safe from any thread. Source: W3C Trace Context, level 1 (and the rule of level 2 for
// what a later version may append).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "model/run.h"

namespace mainspring::trace {

using TraceId = base::IdBytes;
using SpanId = std::uint64_t;  // never 0

struct Context {
  TraceId trace{};
  SpanId span = 0;
  bool is_sampled = true;
  std::string state;  // tracestate, as it came

  friend bool operator==(const Context&, const Context&) = default;
};

// What the W3C's grammar takes; absent for anything else. A `tracestate` that is not well-formed is
// left out by itself; what is longer than kStateLimit loses its longest entries, then its last.
std::optional<Context> parse_context(std::string_view traceparent, std::string_view tracestate);
std::optional<Context> parse_context(const model::TraceContext& stored);
model::TraceContext to_model(const Context& context);

std::string to_hex(const TraceId& id);
std::string to_hex(SpanId id);

// ---- what a run and its parts are called ---------------------------------------------------

SpanId span_of_run(base::RunId run);
SpanId span_of_attempt(base::RunId run, int attempt);
SpanId span_of_request(base::RunId run);  // of the one that asked for it

// How this node takes part in traces.
struct Policy {
  bool is_on = false;  // spans are recorded and shipped
  double ratio = 1;    // of the traces that begin here
};

// Whether a trace that begins with this run is recorded; the same on every node and after every
// restart, as the id decides.
bool is_sampled(base::RunId run, double ratio);

// Where a run stands: in the trace that it was asked for in, or in one of its own. `span` is that
// of the run itself.
Context context_of_run(base::RunId run, const std::optional<model::TraceContext>& asked,
                       const Policy& policy);

// What the program of an attempt is told. A node that takes no part passes on what came.
struct AttemptName {
  base::RunId run;
  int number = 1;
};
model::TraceContext context_for_program(const AttemptName& attempt,
                                        const std::optional<model::TraceContext>& asked,
                                        const Policy& policy);

inline constexpr std::size_t kStateLimit = 512;      // what everybody should pass on
inline constexpr std::size_t kStateEntryLong = 128;  // entries that go first
inline constexpr std::size_t kStateEntries = 32;

}  // namespace mainspring::trace
