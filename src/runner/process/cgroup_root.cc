#include "runner/process/cgroup_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <thread>

#include <fmt/core.h>

#include "runner/process/cgroup_tree.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;

constexpr std::string_view kAttemptPrefix = "attempt-";
constexpr std::string_view kNodePrefix = "mainspring-";
constexpr std::string_view kSelf = "self";  // the node's own group, where it had to make one
constexpr std::size_t kNameLimit = 100;     // a file name has 255 bytes
constexpr mode_t kGroupMode = 0755;

// Somebody who clears up is done at once; without the lock a node works as well.
constexpr int kLockTries = 50;
constexpr std::chrono::milliseconds kLockPause{2};

// Members die within milliseconds of SIGKILL, unless one is stuck in a dead file system.
constexpr base::Duration kLeftoverPatience{5'000};

constexpr std::string_view kToDo = "run the node as root, or let its systemd unit say Delegate=yes";

std::string error_text(int code) { return std::generic_category().message(code); }

std::unexpected<base::Error> fail(std::string why) {
  return base::fail(Code::unavailable, std::move(why));
}

// A group's name: what a person can tell the run by, and nothing that is a path.
std::string plain_name(std::string_view label) {
  std::string name;
  for (const char c : label.substr(0, kNameLimit)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-';
    name += is_plain ? c : '_';
  }
  return name;
}

// systemd marks the groups that it has given away. Source: systemd.resource-control(5).
bool is_delegated(const std::string& directory) {
  for (const char* mark : {"trusted.delegate", "user.delegate"}) {
    char value = 0;
    if (getxattr(directory.c_str(), mark, &value, 1) == 1 && value == '1') return true;
  }
  return false;
}

// The group below which this node may make its own: the likeliest first.
std::vector<std::string> find_parents(const Hierarchy& hierarchy, const std::string& own) {
  if (own == hierarchy.top || is_delegated(own)) return {own};
  return {hierarchy.top, own};
}

struct Settled {
  std::string parent;
  std::string directory;
};

Result<Settled> make_directory(const std::vector<std::string>& parents, std::string_view name) {
  int reason = 0;
  for (const std::string& parent : parents) {
    Settled settled{parent, fmt::format("{}/{}", parent, name)};
    if (mkdir(settled.directory.c_str(), kGroupMode) == 0 || errno == EEXIST) return settled;
    reason = errno;
  }
  return fail(fmt::format(
      "a control group cannot be made in '{}': {}; {}", parents.back(), error_text(reason),
      reason == EROFS ? "in a container, mount /sys/fs/cgroup writable" : kToDo));
}

int hand_on(const std::string& group, std::string_view controller) {
  const std::string file = group + "/cgroup.subtree_control";
  if (lists_word(load_group_file(file), controller)) return 0;
  return write_group_file(file, fmt::format("+{}", controller));
}

// v2 lets a group hand its controllers on only while no process is in the group itself: if the only
// one is this node, it moves into a group below.
bool step_down(const std::string& directory) {
  const std::string self = fmt::format("{}/{}", directory, kSelf);
  mkdir(self.c_str(), kGroupMode);
  return write_group_file(self + "/cgroup.procs", "0") == 0;
}

// Where a node was before it stepped down, which it may have done in an earlier life.
std::string group_before_step(const std::string& own) {
  const std::filesystem::path path{own};
  const bool has_stepped =
      path.filename() == kSelf && path.parent_path().filename().string().starts_with(kNodePrefix);
  return has_stepped ? path.parent_path().parent_path().string() : own;
}

Result<void> hand_down(const Settled& settled, std::string_view controller, bool is_own) {
  int reason = hand_on(settled.parent, controller);
  if (reason == EBUSY && is_own && step_down(settled.directory)) {
    reason = hand_on(settled.parent, controller);
  }
  if (reason == EBUSY) {
    return fail(
        fmt::format("the control group '{}' holds other processes than this node, so the kernel "
                    "does not let it hand its controllers on; start the node in a group of its own "
                    "(Delegate=yes in its systemd unit)",
                    settled.parent));
  }
  if (reason == 0) reason = hand_on(settled.directory, controller);
  if (reason == 0) return {};
  return fail(fmt::format("the control group '{}' cannot hand on its controller '{}': {}; {}",
                          settled.parent, controller, error_text(reason), kToDo));
}

// What v2 can limit in a group, before anything was done about it.
bool offers(const Hierarchy& hierarchy, Limit limit, const std::string& group) {
  if (hierarchy.version == CgroupVersion::v1) {
    return std::ranges::find(hierarchy.controllers, controller_of(limit)) !=
           hierarchy.controllers.end();
  }
  return lists_word(load_group_file(group + "/cgroup.controllers"), controller_of(limit));
}

std::vector<std::string> load_groups(const std::string& directory, std::string_view prefix) {
  std::vector<std::string> found;
  DIR* entries = opendir(directory.c_str());
  while (const dirent* entry = entries != nullptr ? readdir(entries) : nullptr) {
    const std::string_view name = entry->d_name;
    if (entry->d_type == DT_DIR && name.starts_with(prefix)) found.emplace_back(name);
  }
  if (entries != nullptr) closedir(entries);
  return found;
}

// A node holds a lock on its directory for as long as it lives; -1: somebody else holds it.
Fd try_lock(const std::string& directory) {
  Fd lock{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!lock.is_open() || flock(lock.get(), LOCK_EX | LOCK_NB) < 0) return Fd{};
  return lock;
}

// A neighbour that clears up holds the lock too, for a moment, and may just be removing the
// directory: then it is made again.
Fd lock_directory(const std::string& directory) {
  for (int i = 0; i < kLockTries; ++i) {
    Fd lock = try_lock(directory);
    struct stat held{};
    struct stat named{};
    if (lock.is_open() && fstat(lock.get(), &held) == 0 && stat(directory.c_str(), &named) == 0 &&
        held.st_ino == named.st_ino) {
      return lock;
    }
    mkdir(directory.c_str(), kGroupMode);
    std::this_thread::sleep_for(kLockPause);
  }
  return Fd{};
}

// What dead nodes left behind that will perhaps never come back: the empty groups. Where something
// still runs it is for that node's next life to end it.
void clear_neighbours(const Settled& settled) {
  for (const std::string& name : load_groups(settled.parent, kNodePrefix)) {
    const std::string directory = fmt::format("{}/{}", settled.parent, name);
    if (directory == settled.directory) continue;
    if (const Fd lock = try_lock(directory); lock.is_open()) {
      remove_group(directory, base::Duration{0});
    }
  }
}

// "attempt-run_1-7" -> "run_1"
std::string label_of(std::string_view name) {
  name.remove_prefix(kAttemptPrefix.size());
  return std::string{name.substr(0, name.rfind('-'))};
}

}  // namespace

std::unique_ptr<CgroupRoot> CgroupRoot::make_none(std::string why) {
  std::unique_ptr<CgroupRoot> root{new CgroupRoot};
  for (Support& support : root->support_)
    support.why_not = why;
  root->why_none_ = std::move(why);
  return root;
}

std::unique_ptr<CgroupRoot> CgroupRoot::open(std::string_view name) {
  const auto hierarchies = parse_hierarchies(load_group_file("/proc/self/mountinfo"),
                                             load_group_file("/proc/self/cgroup"));
  if (hierarchies.empty()) return make_none("no control groups are mounted on this machine");
  std::unique_ptr<CgroupRoot> root{new CgroupRoot};
  const std::string directory = fmt::format("{}{}", kNodePrefix, plain_name(name));
  for (const Hierarchy& hierarchy : hierarchies)
    root->settle(hierarchy, directory);
  for (const Limit limit : kAllLimits) {
    Support& support = root->support_[static_cast<std::size_t>(limit)];
    if (support.place || !support.why_not.empty()) continue;
    support.why_not = fmt::format(
        "no control groups that are mounted here have the controller '{}'; the kernel may need "
        "cgroup_enable={} on its command line",
        controller_of(limit), controller_of(limit));
  }
  root->choose_tracker();
  return root;
}

void CgroupRoot::settle(const Hierarchy& hierarchy, std::string_view name) {
  const std::string own = group_before_step(hierarchy.own);
  const auto settled = make_directory(find_parents(hierarchy, own), name);
  if (settled) {
    places_.push_back({hierarchy.version, settled->directory, lock_directory(settled->directory)});
    clear_neighbours(*settled);
  }
  if (!settled) why_none_ = settled.error().message;
  for (const Limit limit : kAllLimits) {
    if (!offers(hierarchy, limit, settled ? settled->parent : own)) continue;
    Support& support = support_[static_cast<std::size_t>(limit)];
    Result<void> usable;
    if (!settled) {
      usable = base::fail(settled.error());
    } else if (hierarchy.version == CgroupVersion::v2) {
      usable = hand_down(*settled, controller_of(limit), settled->parent == own);
    }
    if (usable) {
      support = {places_.size() - 1, ""};
    } else {
      support.why_not = usable.error().message;
    }
  }
}

void CgroupRoot::choose_tracker() {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].version == CgroupVersion::v2) tracker_ = i;
  }
  for (const Limit limit : {Limit::pids, Limit::memory, Limit::cpu}) {
    if (!tracker_) tracker_ = support_of(limit).place;
  }
}

CgroupRoot::~CgroupRoot() {
  for (const Place& place : places_)
    rmdir(place.directory.c_str());
}

std::string_view CgroupRoot::version() const {
  for (const Support& support : support_) {
    if (support.place) return places_[*support.place].version == CgroupVersion::v1 ? "v1" : "v2";
  }
  return "none";
}

MadeCgroup CgroupRoot::make(std::string_view label, const CgroupLimits& limits) const {
  MadeCgroup made;
  if (auto tracked = make_tracked(label)) {
    made.group = std::move(*tracked);
  } else {
    made.why_none = std::move(tracked.error().message);
  }
  for (const Limit limit : kAllLimits) {
    if (!limits.has(limit)) continue;
    if (!support_of(limit).place) {
      made.unenforced.push_back({limit, why_not(limit)});
    } else if (!made.group) {
      made.unenforced.push_back({limit, made.why_none});
    } else if (auto done = enforce(*made.group, limit, limits); !done) {
      made.unenforced.push_back({limit, std::move(done.error().message)});
    }
  }
  return made;
}

Result<std::unique_ptr<Cgroup>> CgroupRoot::make_tracked(std::string_view label) const {
  if (!tracker_) return fail(why_none_);
  std::unique_ptr<Cgroup> group{
      new Cgroup{fmt::format("{}{}-{}", kAttemptPrefix, plain_name(label), ++made_)}};
  const Place& place = places_[*tracker_];
  if (auto added = group->add_part(place.version, place.directory); !added) {
    return base::fail(std::move(added.error()));
  }
  for (const Limit limit : kAllLimits) {
    if (support_of(limit).place == tracker_) group->part_of(limit) = 0;
  }
  return group;
}

Result<void> CgroupRoot::enforce(Cgroup& group, Limit limit, const CgroupLimits& limits) const {
  const Place& place = places_[*support_of(limit).place];
  auto& part = group.part_of(limit);
  if (!part) {
    auto added = group.add_part(place.version, place.directory);
    if (!added) return base::fail(std::move(added.error()));
    part = *added;
  }
  for (const GroupFile& file : files_of(place.version, limit, limits)) {
    const std::string path = fmt::format("{}/{}", group.parts_[*part].directory, file.name);
    const int reason = write_group_file(path, file.text);
    const bool is_absent = reason == ENOENT || reason == EOPNOTSUPP;
    if (reason == 0 || (is_absent && file.need == GroupFile::Need::if_there)) continue;
    return fail(
        fmt::format("the kernel did not take '{}' for '{}': {}; the limit may be over that "
                    "of a group above, or under the least that the kernel knows",
                    file.text, path, error_text(reason)));
  }
  return {};
}

std::vector<std::string> CgroupRoot::directories() const {
  std::vector<std::string> directories;
  for (const Place& place : places_)
    directories.push_back(place.directory);
  return directories;
}

Result<std::vector<std::string>> CgroupRoot::kill_leftovers() const {
  std::set<std::string> ended;
  for (const Place& place : places_) {
    for (const std::string& name : load_groups(place.directory, kAttemptPrefix)) {
      const std::string directory = fmt::format("{}/{}", place.directory, name);
      if (!load_members(directory).empty()) ended.insert(label_of(name));
      kill_members(directory);
      if (!wait_until_empty(directory, kLeftoverPatience)) {
        return fail(fmt::format("the processes in the control group '{}' do not die on SIGKILL",
                                directory));
      }
      remove_group(directory, kLeftoverPatience);
    }
  }
  return std::vector<std::string>(ended.begin(), ended.end());
}

bool end_groups(const std::string& directory) {
  const std::vector<std::string> names = load_groups(directory, kAttemptPrefix);
  for (const std::string& name : names)
    kill_members(fmt::format("{}/{}", directory, name));
  return std::ranges::all_of(names, [&](const std::string& name) {
    return wait_until_empty(fmt::format("{}/{}", directory, name), kLeftoverPatience);
  });
}

}  // namespace mainspring::runner
