// Finding the programs that a script needs, before anything is started: the interpreter, npm.
//
// Pure but for looks at files. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "model/job.h"

namespace mainspring::runner {

// Where a job's programs are looked for: its own PATH where it is a literal, else the usual one.
std::string search_path_of(const model::JobSpec& spec);

struct Wanted {
  std::string name;         // in PATH; or a path, from working_dir on unless it begins with '/'
  std::string working_dir;  // "": the node's own
  std::string search_path;
  std::string_view advice;  // what to do when it is not there, a sentence without its end
};

// The path of an executable file. A link is not resolved: a Python finds its environment by it.
// Errors: not_found.
base::Result<std::string> find_program(const Wanted& wanted);

// Tells one build of a program from another: the file it really is, its size and change. Packages
// that were installed for one may not suit the other. Errors: not_found.
base::Result<std::string> load_program_identity(const std::string& path);

}  // namespace mainspring::runner
