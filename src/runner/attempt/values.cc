#include "runner/attempt/values.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include <fmt/core.h>

#include "execution/mask.h"
#include "runner/process/fd.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;

std::unexpected<base::Error> refuse(Code code, std::string_view begin, std::string_view why) {
  return base::fail(code, fmt::format("{} {}", begin, why));
}

std::unexpected<base::Error> refuse_errno(int reason, std::string_view begin) {
  const Code code = reason == ENOENT || reason == ENOTDIR ? Code::not_found
                    : reason == EACCES                    ? Code::permission_denied
                                                          : Code::unavailable;
  return refuse(
      code, begin,
      fmt::format("this node's user cannot read: {}", std::generic_category().message(reason)));
}

}  // namespace

Result<std::string> load_secret_file(const std::string& path, std::string_view begin) {
  // A pipe in its place must not hold us up.
  const Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (!file.is_open()) return refuse_errno(errno, begin);
  struct stat found{};
  if (fstat(file.get(), &found) < 0) return refuse_errno(errno, begin);
  if (!S_ISREG(found.st_mode)) return refuse(Code::invalid_argument, begin, "is no regular file");
  std::string value;
  char buffer[4096];
  while (value.size() <= kSecretLimit) {
    const ssize_t size = read(file.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return refuse_errno(errno, begin);
    if (size == 0) break;
    value.append(buffer, static_cast<std::size_t>(size));
  }
  if (value.size() > kSecretLimit)
    return refuse(Code::too_large, begin,
                  fmt::format("has more than {} KiB; name the file to the program instead",
                              kSecretLimit >> 10));
  if (value.ends_with('\n')) value.pop_back();
  if (value.contains('\0'))
    return refuse(Code::invalid_argument, begin,
                  "holds a zero byte; an environment variable cannot");
  return value;
}

Result<std::string> Values::load(std::string_view purpose, const model::SecretRef& from) {
  const bool is_file = !from.file.empty();
  const std::string place = is_file ? fmt::format("the file '{}'", from.file)
                                    : fmt::format("the secret '{}'", from.secret);
  const std::string begin = fmt::format("{} takes its value from {}, which", purpose, place);
  if (!is_file && secrets_ == nullptr)
    return refuse(Code::unsupported, begin, "this worker was not given");
  auto value = is_file ? load_secret_file(from.file, begin) : secrets_->load(tenant_, from.secret);
  if (!value && !is_file)
    return base::fail(value.error().code, fmt::format("{} takes its value from a secret: {}",
                                                      purpose, value.error().message));
  if (!value) return value;
  if (!value->empty() && value->size() < execution::kShortestSecret)
    notes_.push_back(
        fmt::format("{}, from {}, has fewer than {} bytes and is not masked in this "
                    "log",
                    purpose, place, execution::kShortestSecret));
  secret_.push_back(*value);
  return value;
}

Result<std::string> Values::load(std::string_view purpose, const model::EnvironmentValue& from) {
  if (from.secret.empty() && from.file.empty()) return from.value;
  return load(purpose, model::SecretRef{from.secret, from.file});
}

Result<std::string> load_password(const model::ConnectionSpec& connection, Values& values) {
  if (!connection.password.is_given()) return std::string{};
  return values.load(fmt::format("the password of the connection '{}'", connection.name),
                     connection.password);
}

}  // namespace mainspring::runner
