// Internal to model: the rules of `${{ }}` in a manifest.
#pragma once

#include <vector>

#include "expr/value.h"
#include "json/value.h"
#include "model/aliases.h"
#include "model/job.h"

namespace mainspring::model {

// Where an expression may stand, its grammar, and the names that it may use there. `document` is
// what `spec` was read from, canonical keys.
std::vector<Mistake> find_expression_mistakes(const JobSpec& spec, const json::Object& document);

// These names, with the JSON of module json.
expr::Scope expression_scope(json::Object names);

}  // namespace mainspring::model
