// Sandbox: a program that can reach less of the machine than its user could: files by Landlock and
// a mount namespace, the network by a network namespace, system calls by seccomp.
//
// The program is not started itself, but `mainspring sandbox`, which confines itself and then
// becomes the program: process id, group, descriptors and death signal stay what they were. Where
// the kernel, or the container around the worker, does not let it, the program is not run: the
// reason stands in a file that the caller names.
//
// Threads: any. Source: landlock(7), seccomp(2), namespaces(7), capabilities(7).
#pragma once

#include <string>
#include <vector>

#include "json/describe.h"
#include "model/work.h"

namespace mainspring::runner {

// What the process that becomes the program is told, as its one argument, in JSON.
struct SandboxPlan {
  model::SandboxSpec spec;
  std::vector<std::string> kept;    // directories that stay where they are, and may be written
  std::vector<std::string> shown;   // directories that stay where they are
  std::vector<std::string> hidden;  // for `private`: directories that are not there
  std::string reason_file;          // gets the sentence that says why the program was not started

  static const json::StructTable& described();
};

// The program in its sandbox, as argv. `program` calls sandbox_main() for its first argument.
std::vector<std::string> wrap(const SandboxPlan& plan, const std::vector<std::string>& argv,
                              const std::string& program = "/proc/self/exe");

// The process itself: the arguments are those that wrap() gives it. Returns only when the program
// could not be started, with kNotStarted.
inline constexpr const char* kSandboxCommand = "sandbox";
inline constexpr int kNotStarted = 126;  // as a shell has it
int sandbox_main(int argc, const char* const* argv);

}  // namespace mainspring::runner
