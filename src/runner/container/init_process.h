// InitProcess: the first process of a container whose engine is on this machine. With it the
// container can be ended when its engine cannot be asked, and measured without asking.
//
// A process id may mean somebody else by now: it counts only while the process's control group has
// the container's id in its name, and then it is held by a pidfd.
//
// Threads: one owner.
#pragma once

#include <optional>
#include <string>

#include "runner/process/cgroup.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

class InitProcess {
 public:
  // Nothing where it has ended, or is not to be seen from here.
  static std::optional<InitProcess> find(pid_t pid, std::string_view container);

  // SIGKILL to it ends every process of the container, if that has process ids of its own.
  bool signal(int number) const;
  int fd() const { return handle_.get(); }  // readable when it has ended

  // What the container has used until now, as far as its groups tell; takes over peaks and sums.
  void sample(CgroupUse& use) const;

 private:
  InitProcess(Fd handle, std::string_view container, const std::string& groups);

  Fd handle_;
  std::string memory_v1_, cpu_v1_, v2_;  // directories; "": none
};

// SIGKILL to it, if it is there.
void kill_init(pid_t pid, std::string_view container);

}  // namespace mainspring::runner
