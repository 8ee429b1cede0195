#include "runner/attempt/attempt_group.h"

#include <utility>

#include <fmt/core.h>

#include "model/codecs.h"

namespace mainspring::runner {
namespace {

CgroupLimits limits_of(const model::ResourceSpec& resources) {
  return {
      .memory_bytes = resources.memory_bytes, .pids = resources.pids, .cpu_cores = resources.cpu};
}

MadeCgroup make_group(const CgroupRoot* root, std::string_view label, const CgroupLimits& limits) {
  if (root != nullptr) return root->make(label, limits);
  return CgroupRoot::make_none("this node was started without control groups")->make(label, limits);
}

}  // namespace

std::string limit_text(Limit limit, const model::ResourceSpec& resources) {
  switch (limit) {
    case Limit::memory:
      return model::format_size(resources.memory_bytes);
    case Limit::pids:
      return fmt::format("{} processes", resources.pids);
    case Limit::cpu:
      return fmt::format("{} cores", resources.cpu);
  }
  return {};
}

base::Result<AttemptGroup> AttemptGroup::make(const CgroupRoot* root, const execution::Order& order,
                                              MaskedReport& report) {
  const model::ResourceSpec& resources = order.spec->resources;
  MadeCgroup made = make_group(root, order.run_id.text(), limits_of(resources));
  for (const Unenforced& limit : made.unenforced) {
    const std::string what = fmt::format("resources.{}, {}, ", controller_of(limit.limit),
                                         limit_text(limit.limit, resources));
    if (!resources.best_effort) {
      return base::fail(base::Code::unsupported,
                        fmt::format("{}cannot be enforced on this node: {}. To run without it, say "
                                    "resources.best_effort: true",
                                    what, limit.why));
    }
    report.note(fmt::format("{}is not enforced: {}", what, limit.why));
  }
  AttemptGroup group{resources.pids};
  group.group_ = std::move(made.group);
  return group;
}

void AttemptGroup::look(MaskedReport& report) {
  if (!group_) return;
  group_->sample();
  if (pids_limit_ > 0 && !has_told_pids_) tell_refused_forks(group_->load_use(), report);
}

CgroupUse AttemptGroup::finish(MaskedReport& report) {
  if (!group_) return {};
  CgroupUse use = group_->load_use();
  tell_refused_forks(use, report);
  if (use.oom_kills > 0) {
    report.note(fmt::format("the kernel killed {} of this attempt's processes for want of memory",
                            *use.oom_kills));
  }
  return use;
}

void AttemptGroup::tell_refused_forks(const CgroupUse& use, MaskedReport& report) {
  if (use.forks_refused == 0 || pids_limit_ == 0 || std::exchange(has_told_pids_, true)) return;
  report.note(fmt::format(
      "pids limit reached: resources.pids, {}, kept this attempt from starting another process",
      pids_limit_));
}

}  // namespace mainspring::runner
