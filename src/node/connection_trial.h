// What the API asks when a person tries a connection out: the runners' try, with the secrets of
// this data directory.
#pragma once

#include "api/connection_report.h"
#include "node/identity.h"

namespace mainspring::node {

// Any thread; see api/connection_report.h.
api::TestConnection make_connection_trial(const Layout& layout);

}  // namespace mainspring::node
