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
    for (std::size_t i = 0; i < spec_.schedule.size(); ++i)
      check_schedule(spec_.schedule[i],
                     spec_.schedule.size() == 1 ? "/schedule" : fmt::format("/schedule/{}", i));
    check_policies();
    check_resources();
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

  void check_schedule(const ScheduleSpec& schedule, const std::string& at) {
    if (schedule.overlap != Overlap::skip && schedule.overlap != Overlap::allow)
      refuse(at + "/overlap", fmt::format("overlap {} is not in this build yet; use skip or allow",
                                          json::to_text(schedule.overlap)));
    if (schedule.misfire != Misfire::skip && schedule.misfire != Misfire::run_once)
      refuse(at + "/misfire",
             fmt::format("misfire {} is not in this build yet; use run_once or skip",
                         json::to_text(schedule.misfire)));
    if (schedule.jitter > base::Duration{0})
      refuse(at + "/jitter",
             "jitter is not in this build yet; spread fires with H in the cron "
             "expression, such as \"H 2 * * *\"");
  }

  void check_policies() {
    if (spec_.timeout.queue)
      refuse("/timeout/queue",
             "a timeout for waiting in the queue is not in this build yet; "
             "leave it out");
    if (spec_.concurrency)
      refuse("/concurrency",
             "concurrency limits are not in this build yet; overlap: skip keeps "
             "the runs of one schedule apart");
    if (spec_.dedupe)
      refuse("/dedupe",
             "dedupe is not in this build yet; an Idempotency-Key header keeps one "
             "submission from counting twice");
    if (!spec_.placement.labels.empty())
      refuse("/placement", "placement is not in this build yet; every worker runs every job");
    if (spec_.retention.runs || spec_.retention.age)
      refuse("/retention", "retention per job is not in this build yet; leave it out");
  }

  void check_resources() {
    const ResourceSpec& resources = spec_.resources;
    constexpr std::string_view kSay = "{} is not in this build yet; leave it out";
    if (resources.gpus > 0) refuse("/resources/gpus", fmt::format(kSay, "a choice of gpus"));
    if (resources.slots != 1)
      refuse("/resources/slots", fmt::format(kSay, "more than one slot for a run"));
  }

  const JobSpec& spec_;
  std::vector<Problem> found_;
};

}  // namespace

std::vector<Problem> unsupported_features(const JobSpec& spec) { return Features(spec).run(); }

}  // namespace mainspring::model
