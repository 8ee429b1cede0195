// What the node itself adds to the page of GET /metrics: the process and the database's files.
// Threads: any.
#pragma once

#include <string>

#include "metrics/page.h"
#include "net/tls.h"
#include "store/store.h"

namespace mainspring::node {

void write_process(metrics::Page& page);
// `tls` null: the node has none.
void write_tls(metrics::Page& page, const net::Tls* tls);
void write_clock(metrics::Page& page, const store::Store& store);
void write_database(metrics::Page& page, const std::string& path);

}  // namespace mainspring::node
