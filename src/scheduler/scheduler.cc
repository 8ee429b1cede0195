#include "scheduler/scheduler.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "scheduler/inbox.h"
#include "scheduler/round.h"

namespace mainspring::scheduler {
namespace {

// The thread's body: rounds and sleeps, and pauses that grow while the store fails.
class Loop {
 public:
  Loop(const Parts& parts, const Settings& settings, Inbox& inbox)
      : parts_(parts), settings_(settings), inbox_(inbox) {}

  void run() {
    while (!inbox_.is_stopped()) {
      const auto result = run_once();
      if (result) {
        succeeded();
        sleep();
      } else {
        failed(result.error());
      }
    }
  }

 private:
  // The boundary for what nobody below can act on.
  base::Result<void> run_once() {
    try {
      if (!round_) round_.emplace(parts_, settings_, parts_.store.open_reads());
      round_->hear(inbox_.take());
      return round_->run();
    } catch (const store::Unavailable& error) {
      return base::fail(error.code(), error.what());
    } catch (const std::exception& error) {
      return base::fail(base::Code::internal, error.what());
    }
  }

  void succeeded() {
    if (std::exchange(pause_, kFirstPause) != kFirstPause)
      parts_.log.info("the scheduler works again");
  }

  void failed(const base::Error& error) {
    if (pause_ == kFirstPause) {
      parts_.log.say(base::LogLevel::warn,
                     fmt::format("the scheduler must wait for the store: {}", error.message),
                     {{"code", std::string{base::code_row(error.code).name}}});
    }
    inbox_.pause(pause_);
    pause_ = std::min(2 * pause_, kLongestPause);
  }

  void sleep() {
    const base::Instant now = parts_.clock.now();
    const base::Instant next = std::min(round_->next(), now + kLongestSleep);
    if (next > now)
      inbox_.wait(next - now,
                  round_->wants_activity() ? Inbox::WakeFor::activity : Inbox::WakeFor::news);
  }

  const Parts& parts_;
  const Settings& settings_;
  Inbox& inbox_;
  std::optional<Round> round_;
  base::Duration pause_ = kFirstPause;
};

}  // namespace

Scheduler::Scheduler(Parts parts, Settings settings)
    : parts_(std::move(parts)), settings_(settings), inbox_(std::make_shared<Inbox>()) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::start() {
  // Before the first reading: what changes during it is not missed.
  parts_.store.writer().add_listener(
      [inbox = std::weak_ptr(inbox_)](const std::vector<store::Notice>& notices) {
        if (const auto alive = inbox.lock()) alive->tell(notices);
      });
  thread_ = std::jthread([this] { Loop(parts_, settings_, *inbox_).run(); });
}

void Scheduler::set_share(plan::Share share) { inbox_->set_share(std::move(share)); }

void Scheduler::stop() {
  inbox_->stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace mainspring::scheduler
