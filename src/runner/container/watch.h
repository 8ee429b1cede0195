// ContainerWatch: looks after one container from before its start until it has ended: passes its
// output on, carries out the ladder, keeps to the timeouts, measures it, and outlives the engine:
// when that goes away, it waits for its return for kEngineReturn, and ends the container by itself
// if it must and can.
//
// Threads: that of the attempt; the StopLine is shared. Nothing polls but the files of the result
// protocol, and an engine that is away.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "execution/runner.h"
#include "runner/attempt/masked_report.h"
#include "runner/attempt/progress_reader.h"
#include "runner/attempt/run_clock.h"
#include "runner/container/attach.h"
#include "runner/container/engine.h"
#include "runner/container/faults.h"
#include "runner/container/init_process.h"
#include "runner/container/ladder.h"
#include "runner/process/cgroup.h"

namespace mainspring::runner {

inline constexpr std::chrono::seconds kEngineReturn{60};        // an engine's update takes less
inline constexpr std::chrono::seconds kDrainPatience{5};        // for more output, after the end
inline constexpr std::chrono::seconds kEngineKillPatience{30};  // from SIGKILL to the engine's word

// What inspecting a container tells.
struct ContainerState {
  bool is_running = false;
  int exit_code = 0;
  bool was_oom_killed = false;
  std::string error;
  std::int64_t pid = 0;
  std::string stop_signal;  // of its image; "": SIGTERM
};
// Errors: unavailable (the way there), not_found, conflict (the engine does not say).
base::Result<ContainerState> load_state(Engine& engine, const std::string& container);

class ContainerWatch {
 public:
  struct Parts {
    Engine& engine;
    StopLine& line;
    Ladder& ladder;
    RunClock& clock;
    ProgressReader& progress;
    MaskedReport& report;
    const execution::StopSignal& stop;
    const model::TimeoutSpec& timeout;
  };
  ContainerWatch(const Parts& parts, std::string container);

  // Before the start.
  base::Result<void> attach(std::optional<std::string> input);
  // After it; `state` is what it was then. Returns what it was at the end.
  Done<ContainerState> run(const ContainerState& state);

  const CgroupUse& use() const { return use_; }
  bool was_engine_lost() const { return was_lost_; }

 private:
  void step();
  void read_output();
  void look();
  void climb();
  void send_signal(std::string_view name);
  Done<void> wait_for_end();
  Done<void> reconnect(const base::Error& why);
  bool take_up_again();
  Done<ContainerState> load_last_state();
  void drain();
  std::unexpected<Fault> give_up();

  const Parts parts_;
  const std::string container_;
  std::string stop_signal_;
  FrameParser::Sink sink_;
  std::optional<Attach> attach_;
  std::unique_ptr<Engine::Exchange> wait_;  // of parts_.engine; null: it has ended
  std::optional<InitProcess> init_;
  CgroupUse use_;
  SteadyTime next_look_{};
  std::optional<SteadyTime> killed_at_;
  bool was_lost_ = false;
};

// The number of "SIGTERM", "TERM" or "15"; 15 for what is none.
int find_signal(std::string_view name);

// What ends an attempt whose ladder has begun, where no exit code will tell; `rest` as in
// make_stopped(): "its image was being pulled".
Fault explain_stop(const Ladder& ladder, const model::TimeoutSpec& timeout,
                   execution::StopCause cause, std::string_view rest);

}  // namespace mainspring::runner
