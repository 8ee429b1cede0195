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

Result<void> add_own_values(const Order& order, Values& values,
                            std::map<std::string, std::string>& variables) {
  for (const auto& [name, given] : order.spec->environment) {
    auto value = values.load(fmt::format("the environment variable '{}'", name), given);
    if (!value) return base::fail(std::move(value.error()));
    variables[name] = std::move(*value);
  }
  return {};
}

void add_run(const Order& order, std::map<std::string, std::string>& variables) {
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
  if (!order.trace.traceparent.empty()) variables["TRACEPARENT"] = order.trace.traceparent;
  if (!order.trace.tracestate.empty()) variables["TRACESTATE"] = order.trace.tracestate;
}

// Those of ours win over the job's own.
void add_files(const std::string& directory, std::map<std::string, std::string>& variables) {
  for (auto& [name, path] : make_file_variables(directory))
    variables[name] = path;
}

std::string format_gpus(const Order& order) {
  return fmt::format("{}", fmt::join(order.gpus, ","));
}

// CUDA counts the fastest GPU as 0 unless it is told to count as nvidia-smi does.
void add_gpus(const Order& order, std::map<std::string, std::string>& variables) {
  for (const char* name : {"MAINSPRING_GPUS", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"})
    variables[name] = format_gpus(order);
  variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
}

}  // namespace

std::map<std::string, std::string> make_file_variables(const std::string& directory) {
  const auto path = [&](const char* file) { return fmt::format("{}/{}", directory, file); };
  return {{"MAINSPRING_INPUT_FILE", path(kInputFile)},
          {"MAINSPRING_RESULT_FILE", path(kResultFile)},
          {"MAINSPRING_OUTPUT", path(kOutputFile)},
          {"MAINSPRING_PROGRESS_FILE", path(kProgressFile)},
          {"MAINSPRING_EXTEND_FILE", path(kExtendFile)}};
}

Result<std::map<std::string, std::string>> make_environment(const Order& order,
                                                            const Account& account,
                                                            const Scratch& scratch,
                                                            Values& values) {
  std::map<std::string, std::string> variables{
      {"PATH", kDefaultPath}, {"HOME", account.home}, {"LANG", "C.UTF-8"}, {"SHELL", "/bin/sh"}};
  if (!account.name.empty()) variables["USER"] = variables["LOGNAME"] = account.name;
  if (auto added = add_own_values(order, values, variables); !added)
    return base::fail(std::move(added.error()));
  add_run(order, variables);
  add_files(scratch.path(), variables);
  if (!order.gpus.empty()) add_gpus(order, variables);
  return variables;
}

// Inside, the GPUs that it was given count from 0: only ours may have their numbers outside.
Result<std::map<std::string, std::string>> make_contained_environment(
    const Order& order, const std::optional<std::string>& directory, Values& values) {
  std::map<std::string, std::string> variables;
  if (auto added = add_own_values(order, values, variables); !added)
    return base::fail(std::move(added.error()));
  add_run(order, variables);
  if (directory) add_files(*directory, variables);
  if (!order.gpus.empty()) variables["MAINSPRING_GPUS"] = format_gpus(order);
  return variables;
}

}  // namespace mainspring::runner
