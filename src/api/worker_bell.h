// WorkerBell: keeps what remote workers are to be told between their heartbeats, and the requests
// in which they wait for it.
//
// It hears of commits on a thread of the writer's and answers there; a thread of its own ends waits
// whose time is over. What was told is forgotten, arrived or not: claims and heartbeats find the
// same.
//
// Threads: every public method may be called from any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "api/call.h"
#include "api/services.h"
#include "protocol/messages.h"

namespace mainspring::api {

class WorkerBell {
 public:
  explicit WorkerBell(const Services& services);
  ~WorkerBell();  // stop()
  WorkerBell(const WorkerBell&) = delete;
  WorkerBell& operator=(const WorkerBell&) = delete;

  // Answers the call: at once where there is something to tell, else when there is, or after
  // `wait`; with unavailable where the bell has stopped. A call of the same worker that waits
  // already is answered with nothing. The first call of a worker is told to look for itself.
  void listen(const CallPtr& call, base::WorkerId worker, base::Duration wait);

  // Ends every wait, now and from now on, and joins. Idempotent.
  void stop();

 private:
  // Between the writer, which keeps its listeners for good, and a bell that may be gone.
  struct Ear;
  struct Box {
    protocol::NoticeReply notes;  // but for the next due
    std::optional<base::Instant> next_due;
    CallPtr waiting;             // or null
    base::Duration deadline{0};  // of the wait, or of the box where nobody waits
    bool has_something() const;
  };
  // A call, and what it is answered with.
  struct Answer {
    CallPtr call;
    protocol::NoticeReply reply;
  };

  void on_notices(const std::vector<store::Notice>& notices);
  void note(const store::Notice& notice);
  Answer take(Box& box) const;
  void watch(const std::stop_token& stop);
  std::vector<Answer> take_due(base::Duration now);
  static void send(std::vector<Answer> answers);

  const Services services_;
  std::shared_ptr<Ear> ear_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<base::WorkerId, Box> boxes_;
  bool is_stopped_ = false;
  std::jthread thread_;
};

// A worker that does not listen for so long finds a new box.
inline constexpr base::Duration kBoxKept = std::chrono::minutes{1};
// More cancels and extensions than this at once are left to the next heartbeat.
inline constexpr std::size_t kNotesPerBox = 1'000;

}  // namespace mainspring::api
