#include "tracing/tracer.h"

#include <variant>

#include "tracing/exporter.h"

namespace mainspring::tracing {

struct Tracer::Ear {
  mutable std::mutex mutex;
  std::shared_ptr<Exporter> exporter;

  std::shared_ptr<Exporter> get() const {
    const std::scoped_lock lock(mutex);
    return exporter;
  }
  std::shared_ptr<Exporter> exchange(std::shared_ptr<Exporter> next) {
    const std::scoped_lock lock(mutex);
    exporter.swap(next);
    return next;
  }
};

Tracer::Tracer(Parts parts) : parts_(std::move(parts)), ear_(std::make_shared<Ear>()) {
  parts_.store.writer().add_listener([ear = ear_](const std::vector<store::Notice>& notices) {
    const auto exporter = ear->get();
    if (!exporter) return;
    for (const store::Notice& notice : notices) {
      if (const auto* events = std::get_if<store::EventsAdded>(&notice)) {
        exporter->on_events(events->last_position);
      }
    }
  });
}

Tracer::~Tracer() { stop(base::Duration{0}); }

void Tracer::configure(Settings settings) {
  if (settings.endpoint.empty()) return stop(kHandover);
  const std::int64_t position = parts_.store.open_reads()->events().last_position();
  auto next =
      std::make_shared<Exporter>(parts_, std::move(settings), Exporter::Start{position, counters_});
  if (const auto last = ear_->exchange(std::move(next))) last->finish(kHandover);
}

void Tracer::stop(base::Duration patience) {
  if (const auto last = ear_->exchange(nullptr)) last->finish(patience);
}

std::shared_ptr<Exporter> Tracer::exporter() const { return ear_->get(); }

void Tracer::record(trace::Span span) {
  if (const auto target = exporter()) target->record(std::move(span));
}

trace::Policy Tracer::policy() const {
  const auto target = exporter();
  return target ? target->policy() : trace::Policy{};
}

void Tracer::write(metrics::Page& page) const {
  page.begin("mainspring_spans_exported_total");
  page.add(counters_.exported);
  page.begin("mainspring_spans_dropped_total");
  page.add(counters_.dropped);
}

}  // namespace mainspring::tracing
