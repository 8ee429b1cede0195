#include "node/metrics_page.h"

#include "system/process_figures.h"

namespace mainspring::node {

void write_process(metrics::Page& page) {
  const system::ProcessFigures figures = system::load_process_figures();
  page.begin("process_resident_memory_bytes");
  page.add(figures.resident_bytes);
  page.begin("process_virtual_memory_bytes");
  page.add(figures.virtual_bytes);
  page.begin("process_cpu_seconds_total");
  page.add(figures.cpu_seconds);
  page.begin("process_open_fds");
  page.add(figures.open_fds);
  page.begin("process_max_fds");
  page.add(figures.max_fds);
  page.begin("process_threads");
  page.add(figures.threads);
  page.begin("process_start_time_seconds");
  page.add(figures.start_time);
}

void write_tls(metrics::Page& page, const net::Tls* tls) {
  page.begin("mainspring_tls_handshakes_total");
  if (tls != nullptr) {
    const net::HandshakeCounts& counts = tls->counts();
    const std::int64_t resumed = counts.resumed;
    page.add(counts.done - resumed, {"done"});
    page.add(resumed, {"resumed"});
    page.add(counts.failed.load(), {"failed"});
    page.add(counts.timed_out.load(), {"timed_out"});
    page.add(counts.crowded_out.load(), {"crowded_out"});
    page.add(counts.not_tls.load(), {"not_tls"});
  }
  page.begin("mainspring_tls_certificate_expiry_timestamp_seconds");
  if (tls == nullptr) return;
  const auto end = std::chrono::floor<std::chrono::seconds>(tls->certificate().not_after);
  page.add(std::int64_t{end.time_since_epoch().count()});
}

void write_clock(metrics::Page& page, const store::Store& store) {
  const auto found = store.clock_offset();
  const auto offset = found ? found->offset : std::chrono::microseconds{0};
  page.begin("mainspring_clock_offset_seconds");
  page.add(std::chrono::duration<double>(offset).count());
}

void write_database(metrics::Page& page, const std::string& path) {
  page.begin("mainspring_database_bytes");
  page.add(system::load_file_size(path));
  page.begin("mainspring_database_wal_bytes");
  page.add(system::load_file_size(path + "-wal"));
}

}  // namespace mainspring::node
