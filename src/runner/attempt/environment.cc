#include "runner/attempt/environment.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "json/write.h"

namespace mainspring::runner {
namespace {

using base::Result;
using execution::Order;

// "batch-size" -> "MAINSPRING_PARAM_BATCH_SIZE": what a shell can name.
std::string parameter_variable(std::string_view name) {
  std::string variable{kParamPrefix};
  for (const char c : name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    variable += is_lower ? static_cast<char>(c - 'a' + 'A') : is_plain ? c : '_';
  }
  return variable;
}

// CUDA counts the fastest GPU as 0 unless it is told to count as nvidia-smi does.
void add_gpus(const std::vector<int>& gpus, std::map<std::string, std::string>& variables) {
  const std::string numbers = fmt::format("{}", fmt::join(gpus, ","));
  for (const char* name : {"MAINSPRING_GPUS", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"})
    variables[name] = numbers;
  variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
}

Result<void> add_own_values(const Order& order, Values& values,
                            std::map<std::string, std::string>& variables) {
  for (const auto& [name, given] : order.spec->environment) {
    auto value = values.load(fmt::format("the environment variable '{}'", name), given);
    if (!value) return base::fail(std::move(value.error()));
    variables[name] = std::move(*value);
  }
  return {};
}

}  // namespace

Result<std::map<std::string, std::string>> make_environment(const Order& order,
                                                            const Account& account,
                                                            const Scratch& scratch,
                                                            Values& values) {
  std::map<std::string, std::string> variables{
      {"PATH", kDefaultPath}, {"HOME", account.home}, {"LANG", "C.UTF-8"}, {"SHELL", "/bin/sh"}};
  if (!account.name.empty()) variables["USER"] = variables["LOGNAME"] = account.name;
  if (auto added = add_own_values(order, values, variables); !added)
    return base::fail(std::move(added.error()));
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
  if (!order.gpus.empty()) add_gpus(order.gpus, variables);
  if (!order.trace.traceparent.empty()) variables["TRACEPARENT"] = order.trace.traceparent;
  if (!order.trace.tracestate.empty()) variables["TRACESTATE"] = order.trace.tracestate;
  return variables;
}

}  // namespace mainspring::runner
