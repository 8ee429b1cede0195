// CgroupRoot: what this machine lets this node do with control groups: found out once, when the
// node starts, and said in words where it is less than everything.
//
// Each node has a directory of its own, `mainspring-NAME`, in every tree that it may write to:
// below its own group where that was delegated to it (systemd: Delegate=yes), else at the top of
// the tree where it may (root), else below its own group. Groups of attempts lie in there.
//
// Threads: make() from any; the rest from one, before and after all of it. Outlives its groups.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "runner/process/cgroup.h"
#include "runner/process/cgroup_layout.h"

namespace mainspring::runner {

// A limit that was asked for and is not in force.
struct Unenforced {
  Limit limit = Limit::memory;
  std::string why;  // a sentence without its end
};

struct MadeCgroup {
  std::unique_ptr<Cgroup> group;  // null: there is none, see `why_none`
  std::string why_none;
  std::vector<Unenforced> unenforced;
};

class CgroupRoot {
 public:
  // `name` tells this node from the others of the machine, and is the same in its next life.
  static std::unique_ptr<CgroupRoot> open(std::string_view name);
  // A machine without control groups, for this reason.
  static std::unique_ptr<CgroupRoot> make_none(std::string why);
  ~CgroupRoot();  // removes this node's directories
  CgroupRoot(const CgroupRoot&) = delete;
  CgroupRoot& operator=(const CgroupRoot&) = delete;

  // "" where the limit can be enforced; else the reason and what to do, a sentence without its end.
  const std::string& why_not(Limit limit) const { return support_of(limit).why_not; }
  // By which version limits are enforced: "v1", "v2", "none".
  std::string_view version() const;

  // A group for an attempt that `label` names. Does not fail: says what it could not do.
  MadeCgroup make(std::string_view label, const CgroupLimits& limits) const;

  // Ends everything that groups of an earlier life of this node hold and removes them. Before the
  // first make(). Returns the names of those that were not empty.
  // Errors: unavailable (something does not die).
  base::Result<std::vector<std::string>> kill_leftovers() const;

  // This node's directories, in which its groups lie.
  std::vector<std::string> directories() const;

 private:
  struct Place {  // this node's directory in one tree
    CgroupVersion version = CgroupVersion::v2;
    std::string directory;
    Fd lock;
  };
  struct Support {
    std::optional<std::size_t> place;
    std::string why_not;
  };
  CgroupRoot() = default;

  const Support& support_of(Limit limit) const { return support_[static_cast<std::size_t>(limit)]; }
  void settle(const Hierarchy& hierarchy, std::string_view name);
  void choose_tracker();
  base::Result<std::unique_ptr<Cgroup>> make_tracked(std::string_view label) const;
  base::Result<void> enforce(Cgroup& group, Limit limit, const CgroupLimits& limits) const;

  std::vector<Place> places_;
  std::optional<std::size_t> tracker_;  // the place by which members are found
  std::array<Support, kAllLimits.size()> support_;
  std::string why_none_;
  mutable std::atomic<std::uint64_t> made_ = 0;
};

// Ends everything in the groups of attempts below a directory of a node, which may live on. False
// when something did not die in time.
bool end_groups(const std::string& directory);

}  // namespace mainspring::runner
