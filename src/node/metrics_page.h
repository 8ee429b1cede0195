// What the node itself adds to the page of GET /metrics: the process and the database's files.
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "metrics/page.h"
#include "net/tls.h"

namespace mainspring::node {

void write_process(metrics::Page& page);
// `tls` null: the node has none.
void write_tls(metrics::Page& page, const net::Tls* tls);
// By how much the store's clock is ahead of the node's, where that is known.
void write_clock(metrics::Page& page, std::optional<std::int64_t> offset_ms);
void write_database(metrics::Page& page, const std::string& path);

}  // namespace mainspring::node
