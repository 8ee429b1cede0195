#include <fmt/core.h>

#include "base/text.h"
#include "json/codec.h"
#include "model/manifest.h"
#include "model/run.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

using Params = std::map<std::string, json::Value>;

base::Problem problem_at(std::string_view name, std::string message, std::string suggestion = {}) {
  std::string pointer = "/params";
  json::append_pointer(pointer, name);
  return {std::move(pointer), 0, 0, std::move(message), std::move(suggestion)};
}

base::Problem unknown_param(const JobSpec& spec, std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& [known_name, param] : spec.params)
    known.push_back(known_name);
  std::string message = known.empty()
                            ? fmt::format("the job {} takes no params", spec.name)
                            : fmt::format("the job {} has no param of this name; it has {}",
                                          spec.name, base::join_words(known, " and "));
  return problem_at(name, std::move(message), base::find_closest(name, known));
}

}  // namespace

base::Result<Params> bind_params(const JobSpec& spec, const Params& given) {
  std::vector<base::Problem> problems;
  Params bound;
  std::size_t bytes = 0;
  for (const auto& [name, value] : given) {
    if (problems.size() == json::kMaxProblems) break;
    const auto param = spec.params.find(name);
    const std::string why =
        param == spec.params.end() ? std::string() : why_unfit(param->second, value);
    if (param == spec.params.end()) problems.push_back(unknown_param(spec, name));
    if (!why.empty()) problems.push_back(problem_at(name, why));
    bound.emplace(name, value);
  }
  for (const auto& [name, param] : spec.params) {
    if (given.contains(name)) continue;
    if (param.default_value) bound.emplace(name, *param.default_value);
    if (param.required) problems.push_back(problem_at(name, "is required; give it a value"));
  }
  if (!problems.empty()) {
    std::string message = fmt::format("the params do not fit the job {}", spec.name);
    return base::fail({base::Code::invalid_argument, std::move(message), std::move(problems)});
  }
  for (const auto& [name, value] : bound)
    bytes += name.size() + json::write(value).size();
  if (bytes > kParamsLimit)
    return base::fail(base::Code::too_large,
                      fmt::format("the params have {} bytes; at most {} are allowed: put the "
                                  "content in a file and pass its path",
                                  bytes, kParamsLimit));
  return bound;
}

}  // namespace mainspring::model
