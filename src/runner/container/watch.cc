#include "runner/container/watch.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

#include <charconv>

#include <fmt/core.h>

#include "http/url.h"
#include "json/look.h"
#include "runner/attempt/outcomes.h"

namespace mainspring::runner {
namespace {

using base::Code;
using json::find_member;
using json::find_text;
using mainspring::http::percent_encode;

constexpr std::chrono::milliseconds kReconnectPause{250};
constexpr std::chrono::seconds kSignalLimit{5};

SteadyTime now() { return std::chrono::steady_clock::now(); }

std::int64_t number_of(const json::Value* value) {
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

bool is_true(const json::Value* value) {
  return value != nullptr && value->is_bool() && value->as_bool();
}

base::Duration elapsed_since(SteadyTime begin) {
  return std::chrono::duration_cast<base::Duration>(now() - begin);
}

}  // namespace

base::Result<ContainerState> load_state(Engine& engine, const std::string& container) {
  auto reply = engine.call({.path = fmt::format("/containers/{}/json", container)});
  if (!reply) return base::fail(std::move(reply.error()));
  if (!reply->is_ok()) {
    return base::fail(reply->status == 404 ? Code::not_found : Code::conflict,
                      fmt::format("the engine does not tell about the container: {} {}",
                                  reply->status, reply->message()));
  }
  const json::Value whole = reply->json();
  const json::Value none;
  const json::Value* state = find_member(&whole, "State");
  const json::Value* config = find_member(&whole, "Config");
  return ContainerState{
      .is_running = is_true(find_member(state, "Running")) || is_true(find_member(state, "Paused")),
      .exit_code = static_cast<int>(number_of(find_member(state, "ExitCode"))),
      .was_oom_killed = is_true(find_member(state, "OOMKilled")),
      .error = find_text(state == nullptr ? none : *state, "Error"),
      .pid = number_of(find_member(state, "Pid")),
      .stop_signal = find_text(config == nullptr ? none : *config, "StopSignal")};
}

int find_signal(std::string_view name) {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc{} && end == name.data() + name.size()) return number;
  if (name.starts_with("SIG")) name.remove_prefix(3);
  for (number = 1; number < SIGRTMIN; ++number) {
    const char* known = ::sigabbrev_np(number);
    if (known != nullptr && name == known) return number;
  }
  return SIGTERM;
}

Fault explain_stop(const Ladder& ladder, const model::TimeoutSpec& timeout,
                   execution::StopCause cause, std::string_view rest) {
  model::Outcome outcome = make_stopped({ladder.cause(), cause, timeout}, rest);
  return Fault{outcome.status, std::move(*outcome.error)};
}

ContainerWatch::ContainerWatch(const Parts& parts, std::string container)
    : parts_(parts), container_(std::move(container)) {
  sink_ = [this](FrameStream stream, std::string_view bytes) {
    if (stream == FrameStream::engine) return parts_.report.note(bytes);
    parts_.report.output(stream == FrameStream::out ? model::LogStream::out : model::LogStream::err,
                         bytes);
  };
}

base::Result<void> ContainerWatch::attach(std::optional<std::string> input) {
  auto attached = Attach::open(parts_.engine, container_, std::move(input));
  if (!attached) return base::fail(std::move(attached.error()));
  attach_ = std::move(*attached);
  return {};
}

Done<ContainerState> ContainerWatch::run(const ContainerState& state) {
  stop_signal_ = state.stop_signal.empty() ? "SIGTERM" : state.stop_signal;
  if (parts_.engine.endpoint().is_local())
    init_ = InitProcess::find(static_cast<pid_t>(state.pid), container_);
  if (auto ended = wait_for_end(); !ended) return std::unexpected(ended.error());
  drain();
  parts_.report.finish();
  if (const auto line = parts_.progress.read(Look::last))
    parts_.report.progress(line->fraction, line->message);
  return load_last_state();
}

Done<void> ContainerWatch::wait_for_end() {
  const auto begin = [&] {
    return parts_.engine.begin({.method = "POST",
                                .path = fmt::format("/containers/{}/wait", container_),
                                .limit = std::chrono::milliseconds{0}});
  };
  wait_ = begin();
  while (wait_) {
    if (!wait_->is_done()) {
      step();
      if (killed_at_ && now() > *killed_at_ + kEngineKillPatience) return give_up();
      continue;
    }
    const auto reply = wait_->reply();
    wait_.reset();
    if (reply && (reply->is_ok() || reply->status == 404)) break;
    auto again =
        reconnect(reply ? base::Error{Code::conflict, reply->message(), {}} : reply.error());
    if (!again) return again;
    if (attach_ && attach_->is_open()) wait_ = begin();
  }
  return {};
}

void ContainerWatch::step() {
  pollfd also[2] = {{attach_ ? attach_->fd() : -1, attach_ ? attach_->events() : short{0}, 0},
                    {parts_.line.fd(), POLLIN, 0}};
  parts_.engine.pump(also, std::min(next_look_, parts_.ladder.next()));
  if (also[1].revents != 0) parts_.line.clear();
  read_output();
  if (now() >= next_look_) look();
  climb();
}

// A connection that breaks while the container goes on is noticed by the engine's answer to the
// wait: here it only means that no output comes any more.
void ContainerWatch::read_output() {
  if (!attach_) return;
  attach_->write();
  const auto read = attach_->read(sink_);
  if (read && *read) parts_.ladder.note_activity(now());
}

void ContainerWatch::look() {
  next_look_ = now() + kLookInterval;
  parts_.report.flush_short();
  if (const auto line = parts_.progress.read(Look::running))
    parts_.report.progress(line->fraction, line->message);
  parts_.clock.look();
  if (parts_.progress.has_moved() || parts_.clock.has_moved()) parts_.ladder.note_activity(now());
  if (init_) init_->sample(use_);
}

void ContainerWatch::climb() {
  const LadderStep step =
      parts_.ladder.step(now(), parts_.line.level(), [&] { return parts_.clock.extended_until(); });
  if (step == LadderStep::ask) send_signal(stop_signal_);
  if (step != LadderStep::kill) return;
  killed_at_ = now();
  send_signal("SIGKILL");
}

// Through the engine, or to the process itself where that does not help.
void ContainerWatch::send_signal(std::string_view name) {
  const auto reply = parts_.engine.call(
      {.method = "POST",
       .path = fmt::format("/containers/{}/kill?signal={}", container_, percent_encode(name)),
       .limit = kSignalLimit});
  const bool is_done = reply && (reply->is_ok() || reply->status == 404 || reply->status == 409);
  if (!is_done && init_) init_->signal(find_signal(name));
}

Done<void> ContainerWatch::reconnect(const base::Error& why) {
  const SteadyTime lost_at = now();
  was_lost_ = true;
  attach_.reset();
  parts_.report.note(fmt::format("lost the container engine: {}; waiting for it", why.message));
  while (now() < lost_at + kEngineReturn) {
    climb();
    auto engine = Engine::connect(parts_.engine.endpoint());
    if (engine) {
      parts_.engine = std::move(*engine);
      if (take_up_again()) {
        parts_.report.note(
            fmt::format("the container engine is back after {}; what the container "
                        "wrote meanwhile may be missing here",
                        base::format_duration(elapsed_since(lost_at))));
        return {};
      }
    }
    pollfd also[2] = {{parts_.line.fd(), POLLIN, 0}, {-1, POLLIN, 0}};
    if (parts_.ladder.was_killed() && init_) {
      also[1].fd = init_->fd();
      if (::poll(&also[1], 1, 0) > 0) return give_up();  // nobody is left to be waited for
    }
    if (::poll(also, 1, static_cast<int>(kReconnectPause.count())) > 0) parts_.line.clear();
  }
  return give_up();
}

// Whether the engine that is back says how the container is. If it runs, its output is ours again.
bool ContainerWatch::take_up_again() {
  const auto state = load_state(parts_.engine, container_);
  if (!state) return state.error().code == Code::not_found;
  if (!state->is_running) return true;
  return attach(std::nullopt).has_value();
}

// The container's processes are ended without the engine, where they can be.
std::unexpected<Fault> ContainerWatch::give_up() {
  if (init_) init_->signal(SIGKILL);
  parts_.report.finish();
  if (parts_.ladder.is_stopping())
    return std::unexpected(explain_stop(parts_.ladder, parts_.timeout, parts_.stop.cause,
                                        "the container engine was away"));
  return fail_for_now(
      "engine_lost",
      fmt::format("the container engine at {} went away while the container ran, and did not come "
                  "back within {}; {}",
                  parts_.engine.endpoint().url, base::format_duration(kEngineReturn),
                  init_ ? "the container's processes were killed"
                        : "the container may still be running there"));
}

void ContainerWatch::drain() {
  SteadyTime until = now() + kDrainPatience;
  while (attach_ && attach_->is_open() && now() < until) {
    // Read before anything is waited for: with TLS some may be here that the socket does not tell.
    const auto read = attach_->read(sink_);
    if (read && *read) {
      until = now() + kDrainPatience;
      continue;
    }
    pollfd also[1] = {{attach_->fd(), POLLIN, 0}};
    parts_.engine.pump(also, until);
  }
  if (attach_ && (attach_->is_open() || !attach_->is_whole()))
    parts_.report.note("the end of its output may be missing: the engine did not hand it over");
}

Done<ContainerState> ContainerWatch::load_last_state() {
  const SteadyTime until = now() + kEngineReturn;
  while (true) {
    auto state = load_state(parts_.engine, container_);
    if (state) return *state;
    if (state.error().code == Code::not_found) {
      return fail_for_now("engine_lost",
                          "somebody else removed the container; how it ended is "
                          "not known");
    }
    if (state.error().code != Code::unavailable || now() > until) break;
    if (auto again = reconnect(state.error()); !again) return std::unexpected(again.error());
  }
  return give_up();
}

}  // namespace mainspring::runner
