// What keeps a run from starting, as the end of a sentence: "it waits for a slot: 4 of 4 are busy".
// Internal to plan. Pure.
#pragma once

#include <string>

#include "plan/explain.h"

namespace mainspring::plan {

std::string obstacle_words(const model::Obstacle& obstacle, const Facts& facts);

}  // namespace mainspring::plan
