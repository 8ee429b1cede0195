// Hub: the thread that turns commits into live messages. It follows the event log and tells SSE
// subscribers what concerns them, and wakes calls that wait for a run or its log.
//
// Threads: every public method may be called from any thread.
// Back-pressure: a subscriber whose buffer is full misses messages; at the next message or beat
// after there is room again it gets a `resync` event and is expected to read afresh. Nothing is
// kept for it meanwhile.
// Source: the SSE format is the HTML standard's server-sent events, section 9.2.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "api/services.h"
#include "http/exchange.h"

namespace mainspring::api {

// What a client asked for in ?topics=: whole kinds, or one run, or one run's log.
struct Topics {
  bool runs = false;
  bool jobs = false;
  bool workers = false;
  bool events = false;  // everything
  std::vector<std::string> run_ids;
  std::vector<std::string> log_ids;
  bool operator==(const Topics&) const = default;
};
base::Result<Topics> parse_topics(std::string_view text);

inline constexpr std::size_t kTopicsPerStream = 64;
inline constexpr std::int64_t kReplayLimit = 10'000;  // events sent again after Last-Event-ID

// One of the places for live streams, given back when it is gone. It may outlive the hub.
class StreamSeat {
 public:
  explicit StreamSeat(std::shared_ptr<std::atomic<std::int64_t>> taken)
      : taken_(std::move(taken)) {}
  ~StreamSeat() { taken_->fetch_sub(1); }
  StreamSeat(const StreamSeat&) = delete;
  StreamSeat& operator=(const StreamSeat&) = delete;

 private:
  const std::shared_ptr<std::atomic<std::int64_t>> taken_;
};

struct Subscription {
  std::shared_ptr<StreamSeat> seat;
  std::string tenant;
  Topics topics;
  std::optional<std::int64_t> after;  // resume behind this position; absent: from now on
  std::shared_ptr<http::Stream> stream;
  base::Blob token = {};                      // the stream ends with it; empty: with none
  std::optional<base::Instant> ends_at = {};  // as the token or session does by itself
};

class Hub {
 public:
  Hub(const Services& services, const Settings& settings);
  ~Hub();  // stop()
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Ends every stream, resumes every waiter, now and from now on, and joins. Idempotent.
  void stop();

  // Before a stream begins, while a refusal can still be said. Errors: overloaded (there are
  // Settings::live_streams), unavailable (the hub has stopped).
  base::Result<std::shared_ptr<StreamSeat>> take_seat();
  // Where the hub has stopped meanwhile, the stream is closed.
  void subscribe(Subscription subscription);

  std::int64_t open_streams() const { return open_streams_->load(); }

  // A count that grows with every change; taken before reading what a wait is about.
  std::int64_t version() const;
  // Calls `resume` once: when something about the run changed after `since`, or at `deadline`, or
  // when the hub ends.
  struct Wait {
    std::string run_id;  // or an operation's
    std::int64_t since = 0;
    base::Instant deadline;
    std::function<void()> resume;
  };
  void wait(Wait wait);

 private:
  struct Subscriber;
  // Between the writer, which keeps its listeners for good, and a hub that may be gone.
  struct Ear;

  void follow(std::stop_token stop);
  void on_notices(const std::vector<store::Notice>& notices);
  void work_round(store::Reads& reads);
  void touch(const std::string& run_id);
  void deliver(const std::vector<model::Event>& events);
  void deliver_log_growth(const std::string& run_id);
  void beat();
  void drop_gone();
  void end_revoked(store::Reads& reads);
  void end_expired(base::Instant now);
  std::vector<Wait> take_due_waits(base::Instant now);
  void replay(store::Reads& reads, Subscriber& subscriber, std::int64_t from);
  void greet(store::Reads& reads, Subscriber& subscriber);
  std::optional<base::Duration> time_to_wait() const;

  const Services services_;
  const Settings& settings_;

  std::shared_ptr<Ear> ear_;
  // Shared with streams that may close later than the hub.
  const std::shared_ptr<std::atomic<std::int64_t>> open_streams_;
  mutable std::mutex mutex_;
  bool is_stopped_ = false;
  std::condition_variable_any wake_;
  std::int64_t version_ = 0;
  std::int64_t known_position_ = 0;                        // the last one a notice spoke of
  std::int64_t skipped_position_ = 0;                      // and while nobody listened or waited
  std::vector<std::string> grown_logs_;                    // runs, since the last round
  std::unordered_map<std::string, std::int64_t> changed_;  // run -> version of its last change
  std::int64_t changed_floor_ = 0;                         // changes up to here may be forgotten
  std::vector<Wait> waits_;
  std::vector<std::unique_ptr<Subscriber>> arriving_;

  // Only the hub's own thread touches these.
  std::int64_t position_ = -1;  // of the last event delivered; -1: not asked for yet
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
  base::Duration next_beat_{0};
  std::optional<base::Instant> next_end_;  // of the credentials of subscribers_

  std::jthread thread_;
};

}  // namespace mainspring::api
