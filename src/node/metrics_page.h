// What the node itself adds to the page of GET /metrics: the process and the database's files.
// Threads: any.
#pragma once

#include <string>

#include "metrics/page.h"

namespace mainspring::node {

void write_process(metrics::Page& page);
void write_database(metrics::Page& page, const std::string& path);

}  // namespace mainspring::node
