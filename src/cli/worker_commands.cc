// Draining a worker, and watching until it is empty.
#include <chrono>
#include <thread>

#include <fmt/core.h>

#include "cli/commands.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

// A few runs end within it; nobody waits for a drain more closely than that.
constexpr std::chrono::milliseconds kLookInterval{500};
// After the deadline: the grace of what is ended then, and the way of its last words.
constexpr std::chrono::minutes kAfterDeadline{2};

bool is_empty(const json::Value& worker) {
  return text_at(worker, "busy") == "0" || text_at(worker, "state") == "offline";
}

base::Instant deadline_of(const json::Value& worker, base::Instant otherwise) {
  const auto text = worker.as_object().if_contains("drain_until");
  if (text == nullptr || !text->is_string()) return otherwise;
  return base::parse_instant(text->as_string()).value_or(otherwise);
}

}  // namespace

int drain_worker(Session& session, const DrainOptions& options) {
  const std::string path = "/api/v1/workers/" + encode_segment(options.worker);
  json::Object body;
  if (!options.deadline.empty()) body["deadline"] = options.deadline;
  auto worker =
      session.call({.method = "POST", .path = path + "/drain", .body = json::write(body)});
  if (!worker) return session.out().fail(worker.error());
  if (!options.wait) {
    session.out().print(*worker, worker_view());
    return 0;
  }
  // By its id from here on: names may come to mean another.
  const std::string by_id = "/api/v1/workers/" + encode_segment(text_at(*worker, "id"));
  const base::Instant now{std::chrono::floor<base::Duration>(std::chrono::system_clock::now())};
  const base::Instant until = deadline_of(*worker, now) + kAfterDeadline;
  std::string told;
  while (!is_empty(*worker)) {
    if (was_interrupted()) return kExitInterrupted;
    if (std::chrono::system_clock::now() > until) {
      session.out().note("The worker still has runs, long after the deadline.");
      return kExitTimedOut;
    }
    const std::string busy = text_at(*worker, "busy");
    if (busy != told) session.out().note(fmt::format("{} slots are in use.", busy));
    told = busy;
    std::this_thread::sleep_for(kLookInterval);
    worker = session.call({.path = by_id});
    if (!worker) return session.out().fail(worker.error());
  }
  session.out().print(*worker, worker_view());
  return 0;
}

}  // namespace mainspring::cli
