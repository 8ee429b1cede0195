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
    constexpr JobType kLater[] = {JobType::js, JobType::wasm, JobType::pipeline, JobType::broadcast,
                                  JobType::approval};
    if (std::ranges::count(kLater, spec_.type) > 0)
      refuse("/type", fmt::format("type {} is not in this build yet; use another type",
                                  json::to_text(spec_.type)));
    return std::move(found_);
  }

 private:
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
