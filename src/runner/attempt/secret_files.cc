#include "runner/attempt/secret_files.h"

#include <sys/stat.h>

#include <fmt/core.h>

#include "model/names.h"
#include "runner/attempt/values.h"

namespace mainspring::runner {

using base::Code;

base::Result<std::string> SecretFiles::load(std::string_view tenant, std::string_view name) {
  // Names become parts of a path.
  if (!model::kNameRule.accepts(name) || !model::kNameRule.accepts(tenant))
    return base::fail(Code::invalid_argument, fmt::format("'{}' is no name of a secret", name));
  const std::string path = fmt::format("{}/{}/{}", directory_, tenant, name);
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0)
    return base::fail(Code::not_found,
                      fmt::format("this worker has no secret '{}'; store it on its machine with "
                                  "`{}`",
                                  name, command_for(tenant, name)));
  if ((found.st_mode & 077) != 0)
    return base::fail(Code::permission_denied,
                      fmt::format("others than its owner may read the file of the secret '{}'; "
                                  "chmod 600 {}",
                                  name, path));
  return load_secret_file(path, fmt::format("the secret '{}' lies in '{}', which", name, path));
}

std::string SecretFiles::command_for(std::string_view tenant, std::string_view name) const {
  constexpr std::string_view kOwn = "/secrets";  // below the data directory
  std::string command = fmt::format("mainspring secret set {}", name);
  if (tenant != "default") command += fmt::format(" --tenant {}", tenant);
  if (directory_.ends_with(kOwn))
    command += fmt::format(" --data-dir {}",
                           std::string_view{directory_}.substr(0, directory_.size() - kOwn.size()));
  return command;
}

}  // namespace mainspring::runner
