// ScriptRunner: jobs of the types `python` and `node`: a function of a file, a module or inline
// code, called by a runtime of ours (runtime/), which is written into the attempt's scratch
// directory and started as a program. The order, with the parameters, reaches it through stdin;
// what it says comes back through the files of the result protocol.
//
// The packages of a lock file are installed once, by the first attempt that needs them, as a
// program of that attempt before its own: with its environment, its limits and its timeout.run.
//
// With `warm`, programs wait for the next run of the job; see WarmPool.
//
// Threads, errors and what the program gets: attempt/program.h. Error types of its own: `start` (no
// interpreter), `packages`, `result`, `exit`; else the name of what the code raised.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runner/attempt/program.h"
#include "runner/script/install_report.h"
#include "runner/script/package_cache.h"
#include "runner/script/packages.h"
#include "runner/script/warm_pool.h"

namespace mainspring::runner {

enum class ScriptLanguage { python, node };
enum class ScriptBegin { at_once, when_told };

class ScriptRunner final : public execution::Runner {
 public:
  struct Parts {  // borrowed
    const ProgramRunner& programs;
    PackageCache& packages;
    WarmPool& warm;  // ends before this does: its programs are prepared by it
  };
  ScriptRunner(ScriptLanguage language, Parts parts) : language_(language), parts_(parts) {}

  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override;

 private:
  using Packages = std::expected<std::optional<PackageSet>, model::Outcome>;

  struct Tools {
    const std::string& interpreter;
    const LockFile& lock;
  };

  const model::ScriptSpec& script_of(const execution::Order& order) const;
  base::Result<std::string> find_interpreter(const model::JobSpec& job) const;
  Packages take_packages(const Attempted& attempted, const std::string& interpreter) const;
  std::expected<void, model::Outcome> install(const Attempted& attempted, const Tools& tools,
                                              PackageSet& into) const;
  base::Result<Program> make_installer(const model::JobSpec& job, const Tools& tools,
                                       const std::string& directory) const;
  // What an attempt is started with; shared, because programs that wait keep it.
  struct Start {
    std::string interpreter;
    std::optional<PackageSet> packages;
  };
  base::Result<Program> make_program(const execution::Order& order, const Start& start,
                                     const Scratch& scratch, ScriptBegin begin) const;
  WarmUse make_use(const execution::Order& order, const std::shared_ptr<Start>& start) const;
  std::optional<model::Outcome> run_warm(const Attempted& attempted,
                                         const std::shared_ptr<Start>& start);

  const ScriptLanguage language_;
  const Parts parts_;
};

// The two lines that a runtime reads from stdin: what it can do before it knows its run, and that.
struct ScriptSetup {
  ScriptBegin begin = ScriptBegin::at_once;
  std::string node_modules = {};  // "": none
};
std::string make_script_setup(const execution::Order& order, const model::ScriptSpec& script,
                              const ScriptSetup& setup);
std::string make_script_order(const execution::Order& order,
                              const ProgramRunner::Variables& variables);

}  // namespace mainspring::runner
