// Tracer: the node's recorder of spans. Off until it is configured with an endpoint.
//
// Threads: record(), policy() and write() from any; the rest from its owner's.
// Ownership: the parts are borrowed; it is destroyed before the store, after whoever records.
#pragma once

#include <memory>
#include <mutex>

#include "metrics/page.h"
#include "trace/span.h"
#include "tracing/settings.h"

namespace mainspring::tracing {

class Exporter;

class Tracer final : public trace::Recorder {
 public:
  explicit Tracer(Parts parts);
  ~Tracer() override;  // stop(0)
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Spans of what ends from now on go there. One that was configured before is stopped first, and
  // may take kHandover to send what it has. Throws std::runtime_error when libcurl cannot start,
  // store::Unavailable.
  void configure(Settings settings);
  // Sends what there is for no longer than that, and is off.
  void stop(base::Duration patience);

  void record(trace::Span span) override;
  trace::Policy policy() const override;
  void write(metrics::Page& page) const;

 private:
  // Between the writer, which keeps its listeners for good, and a tracer that may be gone.
  struct Ear;

  std::shared_ptr<Exporter> exporter() const;

  const Parts parts_;
  const std::shared_ptr<Ear> ear_;
  Counters counters_;
};

inline constexpr base::Duration kHandover{2'000};

}  // namespace mainspring::tracing
