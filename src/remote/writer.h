// Writer: a store::Writer for the worker role alone, which carries its commands to a node over
// HTTP.
//
//   submit() --> inbox --> one line per kind of command --> node --> completion
//                      '-> outbox (and spool) of reports --'
//   node --notices, for which a request always waits--> listeners
//
// Commands about claims, leases and the worker's state are tried once: the worker repeats them by
// its own rules. Reports are repeated here until the node has said what became of them; while it
// cannot be reached they go to the spool, also across restarts: what a life before this one left
// is sent before this one registers, as registering ends its leases.
//
// Whatever the worker's own clock says, the node decides when a lease ends; instants that come back
// are made of spans and the worker's clock.
//
// Threads: one of its own; completions and listeners are called on it. submit() from any thread,
// never blocking; submit_and_wait() from any but its own.
// Ownership: the parts are borrowed and outlive it.
// Limits: kInboxBytes of reports in memory, then `overloaded`; the spool's own limit on disk.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/log.h"
#include "env/clock.h"
#include "env/random.h"
#include "protocol/messages.h"
#include "protocol/version.h"
#include "remote/lines.h"
#include "remote/outbox.h"
#include "store/store.h"

namespace mainspring::remote {

struct WriterParts {
  const env::Clock& clock;
  env::Random& random;
  base::Log log = {};
  // The node will not have this worker any more: its credential is not known there. Told once, on
  // the writer's thread.
  std::function<void(const base::Error&)> on_rejected = {};
};

struct WriterSettings {
  Target target;
  base::WorkerId worker_id;
  protocol::Range versions = protocol::kSpoken;
  int version = protocol::kNewest;  // that the node took last
  base::Duration lease{10'000};
  SpoolSettings spool;
};

class Writer final : public store::Writer {
 public:
  // Errors: those of the spool.
  static base::Result<std::unique_ptr<Writer>> open(WriterParts parts, WriterSettings settings);
  // What is not sent goes to the spool; calls that wait fail as unavailable.
  ~Writer() override;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(store::Request request, store::Completion completion) override;
  base::Result<store::Reply> submit_and_wait(store::Request request) override;
  void add_listener(store::Listener listener) override;
  std::optional<base::Error> trouble() const override;
  std::size_t waiting() const override;

  // Waits until the node has taken every report, at most so long. Says whether it has.
  bool flush(base::Duration most);

 private:
  struct Pending {
    store::Command command;
    store::Completion completion;
  };
  // Commands of one line, of which the first may be under way.
  struct Queue {
    std::deque<Pending> waiting;
    bool is_sent = false;
  };

  Writer(WriterParts parts, WriterSettings settings, std::unique_ptr<Spool> spool);

  void run(const std::stop_token& stop);
  void take_inbox();
  void route(Pending pending);
  void start_lines();
  void start_command(Line line);
  void start_notice();
  void start_report();
  Request make_request(const store::Command& command);
  void handle(Line line, Answer answer);
  void handle_command(Line line, base::Result<std::string> body);
  void handle_notice(const base::Result<std::string>& body);
  void handle_report(const base::Result<std::string>& body);
  base::Result<store::Reply> read_reply(const store::Command& command, const std::string& body);
  base::Result<store::Reply> read_claim(const std::string& body);
  void refuse_unreadable(const json::Value& run, const base::Error& error);
  base::Result<store::Reply> read_heartbeat(const store::RenewLeases& command,
                                            const std::string& body);
  bool has_agreed(const Answer& answer);
  void note_answer(const Answer& answer);
  void go_offline(const base::Error& error);
  void come_online();
  void give_up(const base::Error& error);
  void tell(const std::vector<store::Notice>& notices);
  void forget_old_leases();
  base::Duration with_jitter(base::Duration pause);
  base::Duration time_to_wait() const;
  void fail_everything();

  Queue& queue_of(Line line) { return queues_[static_cast<std::size_t>(line)]; }
  base::Duration now() const { return parts_.clock.monotonic(); }

  const WriterParts parts_;
  const WriterSettings settings_;

  mutable std::mutex mutex_;
  std::deque<Pending> inbox_;
  std::size_t inbox_bytes_ = 0;  // of reports, from submit() until they are settled or on disk
  std::vector<store::Listener> listeners_;
  std::optional<base::Error> trouble_;
  std::size_t left_ = 0;     // reports whose completion is to come
  bool is_flushed_ = false;  // the outbox was empty when the thread looked last
  std::condition_variable_any flushed_;

  // The thread's own.
  Lines lines_;
  Outbox outbox_;
  std::array<Queue, kLines> queues_;
  int version_;
  bool is_started_ = false;  // registered in this life: notices are listened for
  bool is_offline_ = false;
  bool is_rejected_ = false;
  bool has_missed_notices_ = false;  // a request for them has failed
  std::optional<base::Duration> disagreed_at_;
  base::Duration report_at_{0};
  base::Duration report_pause_{0};
  base::Duration notice_at_{0};
  base::Duration notice_pause_{0};
  // Leases that the node may hold this worker to, and when it last said so.
  struct Known {
    std::int64_t epoch = 0;
    base::Duration seen{0};
  };
  std::map<base::RunId, Known> known_;

  std::jthread thread_;
};

// Of reports in memory. Each attempt has at most 256 KiB of output and one outcome on its way.
inline constexpr std::size_t kInboxBytes = 64 << 20;
// Before what failed is tried again; doubled up to the second value, each with up to half more.
inline constexpr base::Duration kFirstPause{100};
inline constexpr base::Duration kLongestPause{2'000};
// An answer to reports that takes longer never comes.
inline constexpr base::Duration kReportPatience{10'000};

}  // namespace mainspring::remote
