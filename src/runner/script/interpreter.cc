#include "runner/script/interpreter.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "runner/process/process_spec.h"

namespace mainspring::runner {
namespace {

bool is_program(const std::string& path) {
  struct stat found{};
  return stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string search_path_of(const model::JobSpec& spec) {
  const auto given = spec.environment.find("PATH");
  if (given == spec.environment.end() || given->second.value.empty()) return kDefaultPath;
  return given->second.value;
}

base::Result<std::string> find_program(const Wanted& wanted) {
  const auto& [name, working_dir, search_path, advice] = wanted;
  if (name.contains('/')) {
    const bool is_relative = !name.starts_with('/') && !working_dir.empty();
    std::string path = is_relative ? working_dir + "/" + name : name;
    if (is_program(path)) return path;
    return base::fail(base::Code::not_found,
                      fmt::format("'{}' is no executable file on this machine; {}", path, advice));
  }
  std::string_view rest = search_path;
  while (true) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string path = fmt::format("{}/{}", end == 0 ? "." : rest.substr(0, end), name);
    if (is_program(path)) return path;
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  return base::fail(base::Code::not_found,
                    fmt::format("there is no '{}' in PATH={}; {}", name, search_path, advice));
}

base::Result<std::string> load_program_identity(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  struct stat found{};
  if (error || stat(real.c_str(), &found) != 0) {
    return base::fail(base::Code::not_found, fmt::format("'{}' cannot be looked at: {}", path,
                                                         error ? error.message() : "it is gone"));
  }
  return fmt::format("{} {} {}.{}", real.string(), found.st_size, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec);
}

}  // namespace mainspring::runner
