// ContainerAttempt: one attempt in a container, from the pull of its image to its removal.
//
// Whatever happens on the way, the container is removed at the end; one that cannot be stays in the
// records. Threads: that of the attempt. Internal to container/.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "execution/runner.h"
#include "runner/attempt/masked_report.h"
#include "runner/attempt/progress_reader.h"
#include "runner/attempt/run_clock.h"
#include "runner/attempt/scratch.h"
#include "runner/container/engine.h"
#include "runner/container/faults.h"
#include "runner/container/ladder.h"
#include "runner/container/records.h"
#include "runner/container/watch.h"

namespace mainspring::runner {

class ContainerAttempt {
 public:
  struct Parts {
    const execution::Order& order;
    const execution::StopSignal& stop;
    StopLine& line;
    MaskedReport& report;
    const ContainerRecords& records;
    const Scratch& scratch;  // what is mounted as kInside, if the engine is local
    std::string node;
    std::map<std::string, std::string> environment;
    std::string registry_auth;  // of the header X-Registry-Auth; "": none
  };
  ContainerAttempt(Engine engine, Parts parts);

  model::Outcome run();

  // After run(): what could not be removed.
  const std::optional<ContainerRecord>& left() const { return left_; }

 private:
  Done<void> fetch_image();
  Done<void> pull();
  Done<void> create();
  enum class ScratchMount { mounted, none };
  Done<EngineReply> ask_to_create(ScratchMount scratch);
  Done<void> take_created(const EngineReply& reply);
  Done<void> start();
  Done<ContainerState> watch();
  Done<void> check_stop(std::string_view doing);
  Done<EngineReply> call(EngineRequest request);
  void tell(const std::vector<std::string>& lines);
  void remove();
  model::Outcome judge(const ContainerState& state);
  const model::ContainerSpec& spec() const { return *parts_.order.spec->container; }

  Engine engine_;
  Parts parts_;
  const SteadyTime started_at_;
  Ladder ladder_;
  RunClock clock_;
  ProgressReader progress_;
  ContainerRecord record_;
  std::optional<ContainerWatch> watch_;
  std::optional<ContainerRecord> left_;
};

}  // namespace mainspring::runner
