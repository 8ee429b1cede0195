#include "plan/obstacle_words.h"

#include <fmt/core.h>

#include <string_view>

#include "json/codec.h"
#include "plan/pauses.h"

namespace mainspring::plan {
namespace {

using model::Obstacle;
using model::ObstacleKind;

std::string list(const std::vector<base::RunId>& runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i > 0) text += i + 1 == runs.size() ? " and " : ", ";
    text += runs[i].text();
  }
  return text;
}

std::string until(const Obstacle& obstacle) {
  return obstacle.until ? " until " + base::format_instant(*obstacle.until) : std::string();
}

// What the store says of it, a sentence; or ours, where it says nothing.
std::string noted(const Obstacle& obstacle, std::string ours) {
  return obstacle.note.empty() ? std::move(ours) : obstacle.note;
}

std::string job_paused(const Obstacle& obstacle, const Facts& facts) {
  if (facts.schedule != nullptr && facts.schedule->pause)
    return pause_words(*facts.schedule->pause, "the job");
  return noted(obstacle, "the job is paused" + until(obstacle));
}

std::string overlap(const Obstacle& obstacle, const Facts& facts) {
  std::string text =
      obstacle.runs.empty()
          ? std::string("it waits for other runs of the job to end")
          : fmt::format("it waits for {} of the same job to end", list(obstacle.runs));
  if (facts.schedule != nullptr)
    text += fmt::format(" (overlap: {})", json::to_text(facts.schedule->spec.overlap));
  return text;
}

std::string concurrency(const Obstacle& obstacle) {
  const bool is_of_job = obstacle.key.empty() || obstacle.key.starts_with("job:");
  std::string text =
      is_of_job ? std::string("the job") : fmt::format("the concurrency key '{}'", obstacle.key);
  text += fmt::format(" has {} attempt{} under way, as many as it may", obstacle.limit,
                      obstacle.limit == 1 ? "" : "s");
  if (!obstacle.runs.empty()) text += ": " + list(obstacle.runs);
  return text;
}

std::string queue_limit(const Obstacle& obstacle) {
  std::string text = fmt::format("queue '{}' has {} attempt{} under way, as many as it may",
                                 obstacle.key, obstacle.limit, obstacle.limit == 1 ? "" : "s");
  if (!obstacle.runs.empty()) text += ": " + list(obstacle.runs);
  return text;
}

std::string rate(const Obstacle& obstacle) {
  std::string text =
      fmt::format("queue '{}' has started as many runs as its rate allows", obstacle.key);
  if (obstacle.until) text += ", the next may start at " + base::format_instant(*obstacle.until);
  return text;
}

std::string ahead(const Obstacle& obstacle) {
  if (obstacle.ahead == 0) return {};
  return fmt::format(", {} run{} first", obstacle.ahead, obstacle.ahead == 1 ? " goes" : "s go");
}

std::string slots(const Obstacle& obstacle, const SlotUse& use) {
  const std::string text =
      use.all == 0 ? std::string("it waits for a slot")
                   : fmt::format("it waits for a slot: {} of {} are busy", use.busy, use.all);
  return text + ahead(obstacle);
}

std::string resources(const Obstacle& obstacle) {
  return fmt::format("it waits for {}: the workers that may take it have too little of it free{}",
                     obstacle.key, ahead(obstacle));
}

}  // namespace

std::string obstacle_words(const Obstacle& obstacle, const Facts& facts) {
  switch (obstacle.kind) {
    case ObstacleKind::not_due:
      return noted(obstacle, obstacle.until
                                 ? "it is due at " + base::format_instant(*obstacle.until)
                                 : std::string("it is not due yet"));
    case ObstacleKind::job_paused:
      return job_paused(obstacle, facts);
    case ObstacleKind::overlap:
      return overlap(obstacle, facts);
    case ObstacleKind::concurrency:
      return concurrency(obstacle);
    case ObstacleKind::queue_paused:
      return noted(obstacle, fmt::format("queue '{}' is paused{}", obstacle.key, until(obstacle)));
    case ObstacleKind::queue_limit:
      return queue_limit(obstacle);
    case ObstacleKind::queue_rate:
      return rate(obstacle);
    case ObstacleKind::no_worker:
      return "no worker is online";
    case ObstacleKind::placement:
      return noted(obstacle, "no worker that is online may take it");
    case ObstacleKind::slots:
      return slots(obstacle, facts.slots);
    case ObstacleKind::resources:
      return resources(obstacle);
  }
  return "something that this version does not know keeps it";
}

}  // namespace mainspring::plan
