// doctor: looks at a data directory and the machine under it, and says what to do about what is
// wrong. Works with or without a node running there; changes nothing.
//
// Reads every page of the database (quick_check): a second for each few hundred megabytes.
#pragma once

#include "node/config.h"

namespace mainspring::node {

enum class DoctorOutput { text, json };

// Prints a line per check. Returns 0 when none failed, be there warnings or not; else the exit code
// of the first that did.
int run_doctor(const Config& config, DoctorOutput output);

}  // namespace mainspring::node
