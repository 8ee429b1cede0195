// Exporter: the thread that makes spans of what ended and sends them, with those of requests.
// Internal to tracing.
//
// Threads: as each function says.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tracing/postman.h"
#include "tracing/settings.h"

namespace mainspring::tracing {

class Exporter {
 public:
  // What ends after this position of the event log is exported. `counters` outlive it.
  struct Start {
    std::int64_t after = 0;
    Counters& counters;
  };
  Exporter(const Parts& parts, Settings settings, const Start& start);
  ~Exporter();  // finish(0)

  // Any thread.
  trace::Policy policy() const { return {true, settings_.ratio}; }
  void record(trace::Span span);
  void on_events(std::int64_t last_position);

  // One thread. Sends what there is, for no longer than that; the rest is dropped. Idempotent.
  void finish(base::Duration patience);

 private:
  using Time = std::chrono::steady_clock::time_point;

  void work();
  void rest();
  bool is_finishing() const;
  bool is_over(Time now) const;
  void follow();
  void follow_event(store::Reads& reads, const model::Event& event);
  void send(Time now);
  void settle(const Answer& answer, Time now);
  void fail(const Answer& answer, Time now);
  base::Duration time_to_wait(Time now) const;
  std::size_t waiting() const;
  void drop_rest();

  const Parts parts_;
  const Settings settings_;
  Counters& counters_;
  Postman postman_;

  mutable std::mutex mutex_;
  std::deque<trace::Span> outbox_;
  std::optional<Time> first_at_;  // since when the outbox is not empty
  std::optional<Time> finish_by_;
  std::atomic<std::int64_t> known_position_;  // of the last event that a notice told of
  std::atomic<bool> is_resting_ = false;      // sleeps until it is woken

  // The thread's own, and after its end finish()'s.
  std::unique_ptr<store::Reads> reads_;
  std::int64_t position_;
  std::vector<trace::Span> batch_;  // under way, or to be tried again
  Time next_look_{};                // at the event log
  Time next_try_{};
  base::Duration pause_ = kFirstRetry;
  bool is_failing_ = false;
  bool has_told_rejection_ = false;

  std::thread thread_;
};

}  // namespace mainspring::tracing
