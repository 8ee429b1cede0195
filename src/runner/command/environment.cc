#include "runner/command/environment.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "execution/mask.h"
#include "json/write.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;
using execution::Order;

// "batch-size" -> "MAINSPRING_PARAM_BATCH_SIZE": what a shell can name.
std::string parameter_variable(std::string_view name) {
  std::string variable = "MAINSPRING_PARAM_";
  for (const char c : name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    variable += is_lower ? static_cast<char>(c - 'a' + 'A') : is_plain ? c : '_';
  }
  return variable;
}

struct SecretFile {
  const std::string& variable;
  const std::string& path;

  std::unexpected<base::Error> refuse(Code code, std::string_view why) const {
    return base::fail(code,
                      fmt::format("the environment variable '{}' takes its value from the file "
                                  "'{}', which {}",
                                  variable, path, why));
  }
  std::unexpected<base::Error> refuse_errno(int reason) const {
    const Code code = reason == ENOENT || reason == ENOTDIR ? Code::not_found
                      : reason == EACCES                    ? Code::permission_denied
                                                            : Code::unavailable;
    return refuse(code, fmt::format("this node's user cannot read: {}",
                                    std::generic_category().message(reason)));
  }
};

Result<std::string> load_secret(const SecretFile& from) {
  // A pipe in its place must not hold us up.
  const Fd file{open(from.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (!file.is_open()) return from.refuse_errno(errno);
  struct stat found{};
  if (fstat(file.get(), &found) < 0) return from.refuse_errno(errno);
  if (!S_ISREG(found.st_mode)) return from.refuse(Code::invalid_argument, "is no regular file");
  std::string value;
  char buffer[4096];
  while (value.size() <= kSecretLimit) {
    const ssize_t size = read(file.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return from.refuse_errno(errno);
    if (size == 0) break;
    value.append(buffer, static_cast<std::size_t>(size));
  }
  if (value.size() > kSecretLimit) {
    return from.refuse(Code::too_large,
                       fmt::format("has more than {} KiB; name the file to the program instead",
                                   kSecretLimit >> 10));
  }
  if (value.ends_with('\n')) value.pop_back();
  if (value.contains('\0')) {
    return from.refuse(Code::invalid_argument, "holds a zero byte; an environment variable cannot");
  }
  return value;
}

Result<void> add_own_values(const Order& order, Environment& environment) {
  for (const auto& [name, given] : order.spec->environment) {
    if (!given.secret.empty()) {
      return base::fail(Code::unsupported,
                        fmt::format("the environment variable '{}' takes its value from the "
                                    "secret '{}', which this worker was not given",
                                    name, given.secret));
    }
    if (given.file.empty()) {
      environment.variables[name] = given.value;
      continue;
    }
    auto value = load_secret({name, given.file});
    if (!value) return base::fail(std::move(value.error()));
    if (!value->empty() && value->size() < execution::kShortestSecret) {
      environment.notes.push_back(
          fmt::format("the value of {}, from '{}', has fewer than {} bytes and is not masked in "
                      "this log",
                      name, given.file, execution::kShortestSecret));
    }
    environment.secrets.push_back(*value);
    environment.variables[name] = std::move(*value);
  }
  return {};
}

}  // namespace

// CUDA counts the fastest GPU as 0 unless it is told to count as nvidia-smi does.
void add_gpus(std::map<std::string, std::string>& variables, const std::vector<int>& gpus) {
  const std::string numbers = fmt::format("{}", fmt::join(gpus, ","));
  for (const char* name : {"MAINSPRING_GPUS", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"})
    variables[name] = numbers;
  variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
}

Result<Environment> make_environment(const Order& order, const Account& account,
                                     const Scratch& scratch) {
  Environment environment;
  auto& variables = environment.variables;
  variables = {
      {"PATH", kDefaultPath}, {"HOME", account.home}, {"LANG", "C.UTF-8"}, {"SHELL", "/bin/sh"}};
  if (!account.name.empty()) variables["USER"] = variables["LOGNAME"] = account.name;
  if (auto added = add_own_values(order, environment); !added) {
    return base::fail(std::move(added.error()));
  }
  variables["MAINSPRING_RUN_ID"] = order.run_id.text();
  variables["MAINSPRING_JOB"] = order.spec->name;
  variables["MAINSPRING_TENANT"] = order.tenant;
  variables["MAINSPRING_ATTEMPT"] = std::to_string(order.attempt);
  variables["MAINSPRING_EPOCH"] = std::to_string(order.epoch);
  variables["MAINSPRING_SCHEDULED_AT"] = base::format_instant(order.scheduled_at);
  for (const auto& [name, value] : order.params) {
    variables[parameter_variable(name)] =
        value.is_string() ? std::string{value.as_string()} : json::write(value);
  }
  variables["MAINSPRING_INPUT_FILE"] = scratch.path_of(kInputFile);
  variables["MAINSPRING_RESULT_FILE"] = scratch.path_of(kResultFile);
  variables["MAINSPRING_OUTPUT"] = scratch.path_of(kOutputFile);
  variables["MAINSPRING_PROGRESS_FILE"] = scratch.path_of(kProgressFile);
  variables["MAINSPRING_EXTEND_FILE"] = scratch.path_of(kExtendFile);
  if (!order.gpus.empty()) add_gpus(variables, order.gpus);
  if (!order.trace.traceparent.empty()) variables["TRACEPARENT"] = order.trace.traceparent;
  if (!order.trace.tracestate.empty()) variables["TRACESTATE"] = order.trace.tracestate;
  return environment;
}

}  // namespace mainspring::runner
