// Placement: which workers a job may run on, and which of them are better, by their labels.
//
// Pure values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/job.h"
#include "model/selector.h"

namespace mainspring::model {

bool holds(const ConstraintSpec& constraint, const Labels& labels);

// Every label and constraint that a worker with these labels does not satisfy, each as words with
// what it has instead: "zone in (eu-1, eu-2) (it has us-1)"; none: the job may run there.
std::vector<std::string> misfits(const PlacementSpec& placement, const Labels& labels);
bool fits(const PlacementSpec& placement, const Labels& labels);

// The sum of the weights of the preferences that the labels meet.
int preference(const PlacementSpec& placement, const Labels& labels);

// "zone in (eu-1, eu-2)", "!spot": as a selector is written.
std::string to_text(const ConstraintSpec& constraint);

}  // namespace mainspring::model
