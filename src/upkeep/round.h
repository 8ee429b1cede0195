// Round: everything upkeep does between two sleeps, without its thread. Internal to upkeep.
//
// Belongs to one thread. Throws store::Unavailable; what was not done then is due again.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/time.h"
#include "upkeep/inbox.h"
#include "upkeep/upkeep.h"

namespace mainspring::upkeep {

// How large a piece is: it starts small, doubles while the store is quick and halves when it is
// slow, so that a writer that waits its turn hardly notices, on any machine and in any build.
inline constexpr std::int64_t kFirstPiece = 100;
inline constexpr std::int64_t kLargestPiece = 2'000;
inline constexpr base::Duration kQuick{10};
inline constexpr base::Duration kSlow{40};

// Of a backfill: more would only wait, and stand in the way of what else is to be queued.
inline constexpr std::int64_t kUnfinishedRuns = 1'000;
inline constexpr std::int64_t kFiresPerPiece = 100;
// An operation for whose runs there is no room, or whose runs have not ended, is looked at again.
inline constexpr base::Duration kRoomPause{1'000};
inline constexpr base::Duration kActivityPause{250};
// Expectations are checked at most so often while runs come and go.
inline constexpr base::Duration kCheckPause{1'000};
// A store that cannot check them is asked again after this.
inline constexpr base::Duration kUnsupportedPause{600'000};

class Round {
 public:
  Round(const Parts& parts, const Settings& settings, std::unique_ptr<store::Reads> reads);

  void hear(News news);
  // Does one thing that is due. Errors: what the store said.
  base::Result<void> run();

  base::Duration time_left() const;  // until run() has something to do; 0: at once
  // Something waits for runs to come or go.
  bool wants_activity() const;

 private:
  // Moments of the monotonic clock.
  using Moment = base::Duration;
  struct Task {
    store::OpenOperation open;
    std::int64_t piece = kFirstPiece;
    Moment not_before{0};
    bool waits_for_runs = false;  // reading it again is what helps
  };

  void read_tasks();
  base::Result<void> advance(Task& task);  // the last of tasks_
  void postpone(Task& task, const base::Error& error);
  base::Result<store::AdvanceOperation> make_piece(const Task& task);
  base::Result<void> plan(const Task& task, store::AdvanceOperation& command);
  void learn(Task& task, const store::AdvanceOperation& command,
             const store::OperationAdvanced& reply);
  base::Result<void> trim();
  base::Result<void> check();

  const Parts parts_;
  const Settings settings_;
  std::unique_ptr<store::Reads> reads_;
  std::deque<Task> tasks_;  // the front one is next
  Moment next_read_;
  Moment next_trim_;
  Moment next_check_;
  std::int64_t trim_rows_ = kFirstPiece;
  bool checks_ = true;  // the store can
  std::optional<base::Instant> expected_at_;
};

}  // namespace mainspring::upkeep
