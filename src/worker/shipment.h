// Shipment: carries what one attempt says (output, progress) to the store. One AppendLog at a time
// is on its way; output that arrives meanwhile waits for the next, and output() blocks when too
// much waits: the back-pressure that a flooding job feels. What the store refuses for now is sent
// again. When the lease is lost, what the attempt printed until then is sent once more as late
// output, which the store takes for the log of the attempt that it has ended.
//
//   slot thread: output(), progress(), take_rest() timer thread: tick()     writer: completions
//
// Threads: as drawn. A shared_ptr owns it, because completions may come after the slot has gone.
// The writer and the clock outlive the last completion.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "env/clock.h"
#include "execution/runner.h"
#include "store/store.h"
#include "worker/lease.h"
#include "worker/log_batch.h"

namespace mainspring::worker {

struct ShipmentLimits {
  std::size_t log_bytes = 64 << 20;       // of one attempt; a runaway job must not fill the disk
  std::size_t flush_bytes = 64 << 10;     // send without waiting for the timer
  base::Duration flush_after{500};        // nobody watching a log waits longer
  std::size_t waiting_bytes = 1 << 20;    // beyond it output() blocks
  std::size_t command_bytes = 256 << 10;  // of one AppendLog: a group commit stays short
};

// The most frequent progress the store is told of; later reports replace earlier ones meanwhile.
inline constexpr base::Duration kProgressPause{250};
// Before what the store refused is sent again; doubled up to the second value.
inline constexpr base::Duration kFirstRetry{100};
inline constexpr base::Duration kLongestRetry{2'000};

class Shipment final : public execution::Report, public std::enable_shared_from_this<Shipment> {
 public:
  struct Parts {
    store::Writer& writer;
    const env::Clock& clock;
    std::function<void()> wake;  // asks for a tick(), soon; called from any of the threads
  };
  Shipment(Parts parts, std::shared_ptr<Lease> lease, const ShipmentLimits& limits);

  void output(model::LogStream stream, std::string_view bytes) override;
  void progress(double fraction, std::string_view message) override;

  // The output that is left, for the report of the outcome to carry: one commit less. Waits until
  // that much fits into one command. After the last output(); nothing when the lease was lost.
  std::vector<model::LogChunk> take_rest();

  // The lease is lost and the work is gone: what was printed is left to the store, that of
  // take_rest() first. Does not wait.
  void leave_rest(std::vector<model::LogChunk> taken);

  // Sends what is due now; says when to call again at latest.
  std::optional<Monotonic> tick();

 private:
  using Commands = std::vector<store::Command>;

  Monotonic now() const { return {parts_.clock.monotonic()}; }
  bool is_rest() const { return is_ending_ && batch_.bytes() <= limits_.command_bytes; }
  void arm(std::optional<Monotonic>& deadline, base::Duration after) const;
  void collect_log(Commands& out);
  void collect_late(Commands& out);
  void keep_late(model::LogStream stream, std::string_view bytes);
  void collect_progress(Commands& out);
  void submit(Commands commands);
  void log_stored(const base::Result<store::Reply>& result);
  void progress_stored(const base::Result<store::Reply>& result);

  const Parts parts_;
  const std::shared_ptr<Lease> lease_;
  const ShipmentLimits limits_;

  std::mutex mutex_;
  std::condition_variable_any room_;
  LogBatch batch_;
  std::vector<model::LogChunk> sending_;  // on their way, or waiting for send_at_
  bool is_in_flight_ = false;
  bool is_ending_ = false;  // take_rest() waits
  bool is_left_ = false;    // leave_rest() was called
  base::Duration retry_pause_ = kFirstRetry;
  std::optional<Monotonic> send_at_;

  std::optional<model::Progress> progress_;
  bool is_progress_in_flight_ = false;
  std::optional<Monotonic> progress_at_;
  std::optional<Monotonic> progress_sent_;
};

}  // namespace mainspring::worker
