// The runtimes of the scripts' languages, which travel inside the program: the texts of the files
// in runtime/.
#pragma once

#include <string_view>

namespace mainspring::runner {

extern const std::string_view kPythonRuntime;
extern const std::string_view kNodeRuntime;

}  // namespace mainspring::runner
