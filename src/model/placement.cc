#include "model/placement.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace mainspring::model {
namespace {

const std::string* find(const Labels& labels, const std::string& key) {
  const auto found = labels.find(key);
  return found == labels.end() ? nullptr : &found->second;
}

bool has_value(const Labels& labels, const std::string& key, const std::string& value) {
  const std::string* const found = find(labels, key);
  return found != nullptr && *found == value;
}

std::string misfit(const std::string& wanted, const std::string* has) {
  return has == nullptr ? wanted : fmt::format("{} (it has {})", wanted, *has);
}

}  // namespace

bool holds(const ConstraintSpec& constraint, const Labels& labels) {
  const std::string* const value = find(labels, constraint.label);
  const auto is_listed = [&] {
    return value != nullptr &&
           std::ranges::find(constraint.values, *value) != constraint.values.end();
  };
  switch (constraint.op) {
    case LabelOp::in:
      return is_listed();
    case LabelOp::not_in:
      return !is_listed();
    case LabelOp::exists:
      return value != nullptr;
    case LabelOp::absent:
      return value == nullptr;
  }
  return false;
}

bool fits(const PlacementSpec& placement, const Labels& labels) {
  return std::ranges::all_of(
             placement.labels,
             [&](const auto& wanted) { return has_value(labels, wanted.first, wanted.second); }) &&
         std::ranges::all_of(placement.constraints, [&](const ConstraintSpec& constraint) {
           return holds(constraint, labels);
         });
}

std::vector<std::string> misfits(const PlacementSpec& placement, const Labels& labels) {
  std::vector<std::string> out;
  for (const auto& [key, value] : placement.labels) {
    if (has_value(labels, key, value)) continue;
    out.push_back(misfit(fmt::format("{}={}", key, value), find(labels, key)));
  }
  for (const ConstraintSpec& constraint : placement.constraints) {
    if (holds(constraint, labels)) continue;
    out.push_back(misfit(to_text(constraint), find(labels, constraint.label)));
  }
  return out;
}

int preference(const PlacementSpec& placement, const Labels& labels) {
  int sum = 0;
  for (const PreferenceSpec& each : placement.prefer)
    if (has_value(labels, each.label, each.value)) sum += each.weight;
  return sum;
}

std::string to_text(const ConstraintSpec& constraint) {
  switch (constraint.op) {
    case LabelOp::in:
      return fmt::format("{} in ({})", constraint.label, fmt::join(constraint.values, ", "));
    case LabelOp::not_in:
      return fmt::format("{} notin ({})", constraint.label, fmt::join(constraint.values, ", "));
    case LabelOp::exists:
      return constraint.label;
    case LabelOp::absent:
      return "!" + constraint.label;
  }
  return constraint.label;
}

}  // namespace mainspring::model
