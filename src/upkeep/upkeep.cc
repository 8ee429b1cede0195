#include "upkeep/upkeep.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "upkeep/inbox.h"
#include "upkeep/round.h"

namespace mainspring::upkeep {
namespace {

// The settings, whether there is anything to do here, and how often these have changed.
struct NumberedSettings {
  Settings settings;
  bool is_on_duty = true;
  std::int64_t number = 0;
};

bool is_first(const plan::Share& share) { return share.rank(plan::Duty::upkeep) == 0; }

// The thread's body: rounds and sleeps, and pauses that grow while the store fails.
class Loop {
 public:
  using Ask = std::function<NumberedSettings()>;

  Loop(const Parts& parts, Ask settings, Inbox& inbox)
      : parts_(parts), settings_(std::move(settings)), inbox_(inbox) {}

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
      const NumberedSettings now = settings_();
      if (!now.is_on_duty) {
        round_.reset();
        inbox_.take();
        return {};
      }
      if (!round_ || now.number != number_) {
        round_.emplace(parts_, now.settings, parts_.store.open_reads());
        number_ = now.number;
      }
      round_->hear(inbox_.take());
      return round_->run();
    } catch (const store::Unavailable& error) {
      return base::fail(error.code(), error.what());
    } catch (const std::exception& error) {
      return base::fail(base::Code::internal, error.what());
    }
  }

  void succeeded() {
    if (std::exchange(pause_, kFirstPause) != kFirstPause) parts_.log.info("upkeep works again");
  }

  void failed(const base::Error& error) {
    if (pause_ == kFirstPause) {
      parts_.log.say(base::LogLevel::warn,
                     fmt::format("upkeep must wait for the store: {}", error.message),
                     {{"code", std::string{base::code_row(error.code).name}}});
    }
    inbox_.pause(pause_);
    pause_ = std::min(2 * pause_, kLongestPause);
  }

  void sleep() {
    if (!round_) return inbox_.wait(kLongestSleep, Inbox::WakeFor::operations);
    const base::Duration time = std::min(round_->time_left(), kLongestSleep);
    if (time > base::Duration{0}) {
      inbox_.wait(time,
                  round_->wants_activity() ? Inbox::WakeFor::activity : Inbox::WakeFor::operations);
    }
  }

  const Parts& parts_;
  const Ask settings_;
  Inbox& inbox_;
  std::int64_t number_ = 0;  // of the settings that the round has
  std::optional<Round> round_;
  base::Duration pause_ = kFirstPause;
};

}  // namespace

Upkeep::Upkeep(Parts parts, Settings settings, const plan::Share& share)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      is_on_duty_(is_first(share)),
      inbox_(std::make_shared<Inbox>()) {}

Upkeep::~Upkeep() { stop(); }

void Upkeep::start() {
  // Before the first reading: what changes during it is not missed.
  parts_.store.writer().add_listener(
      [inbox = std::weak_ptr(inbox_)](const std::vector<store::Notice>& notices) {
        if (const auto alive = inbox.lock()) alive->tell(notices);
      });
  const auto settings = [this] {
    const std::scoped_lock lock(mutex_);
    return NumberedSettings{settings_, is_on_duty_, changes_};
  };
  thread_ = std::jthread([this, settings] { Loop(parts_, settings, *inbox_).run(); });
}

void Upkeep::configure(Settings settings) {
  {
    const std::scoped_lock lock(mutex_);
    settings_ = std::move(settings);
    ++changes_;
  }
  inbox_->call();
}

void Upkeep::set_share(const plan::Share& share) {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(is_on_duty_, is_first(share)) == is_first(share)) return;
    ++changes_;
  }
  inbox_->call();
}

void Upkeep::stop() {
  inbox_->stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace mainspring::upkeep
