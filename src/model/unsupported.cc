// What the manifest can say and this build cannot do yet. When a feature arrives, its rule goes.

#include <algorithm>

#include <fmt/core.h>

#include "json/codec.h"
#include "model/manifest.h"

namespace mainspring::model {
namespace {

using base::Problem;

class Features {
 public:
  explicit Features(const JobSpec& spec) : spec_(spec) {}

  std::vector<Problem> run() {
    if (spec_.type != JobType::command)
      refuse("/type", fmt::format("type {} is not in this build yet; use type command",
                                  json::to_text(spec_.type)));
    for (const auto& [name, variable] : spec_.environment)
      if (!variable.secret.empty())
        refuse(child("/environment", name),
               "secrets are not in this build yet; give {file: /path}, which the worker reads and "
               "masks in logs");
    return std::move(found_);
  }

 private:
  static std::string child(std::string pointer, std::string_view key) {
    json::append_pointer(pointer, key);
    return pointer;
  }

  void refuse(std::string pointer, std::string message) {
    if (found_.size() == json::kMaxProblems) return;
    found_.push_back({std::move(pointer), 0, 0, std::move(message), ""});
  }

  const JobSpec& spec_;
  std::vector<Problem> found_;
};

}  // namespace

std::vector<Problem> unsupported_features(const JobSpec& spec) { return Features(spec).run(); }

}  // namespace mainspring::model
