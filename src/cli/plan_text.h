// What applying a manifest would do, as lines for a person.
#pragma once

#include "cli/output.h"
#include "cli/text_diff.h"

namespace mainspring::cli {

// `plan` is the reply of manifests/apply.
void print_plan(const Output& out, const json::Value& plan);

// A unified diff; what was added and removed in colour, on a terminal.
void print_diff(const Output& out, const std::vector<DiffLine>& lines);

}  // namespace mainspring::cli
