#include "runner/attempt/program.h"

#include <sys/resource.h>

#include <algorithm>
#include <stop_token>
#include <utility>

#include "json/write.h"
#include "runner/attempt/account.h"
#include "runner/attempt/attempt_group.h"
#include "runner/attempt/environment.h"
#include "runner/attempt/masked_report.h"
#include "runner/attempt/program_outcome.h"
#include "runner/attempt/progress_reader.h"
#include "runner/attempt/result_protocol.h"
#include "runner/attempt/run_clock.h"
#include "runner/attempt/scratch.h"
#include "runner/attempt/statement.h"
#include "runner/attempt/values.h"
#include "runner/process/process.h"
#include "runner/sandbox/sandbox.h"

namespace mainspring::runner {
namespace {

using execution::Order;
using execution::Report;
using execution::StopCause;
using execution::StopSignal;

ProcessSpec make_spec(const Order& order, const Account& account, Program program) {
  const model::JobSpec& job = *order.spec;
  ProcessSpec spec;
  spec.argv = std::move(program.argv);
  spec.shell = std::move(program.shell);
  spec.environment = std::move(program.variables);
  spec.working_dir = job.working_dir;
  spec.input = std::move(program.input);
  spec.identity = account.identity;
  spec.run_timeout = job.timeout.run;
  spec.idle_timeout = job.timeout.idle;
  spec.grace = job.timeout.grace;
  spec.label = order.run_id.text();  // also the value of MAINSPRING_RUN_ID, as the ledger needs it
  return spec;
}

// Where `mainspring sandbox` says why it did not start the program.
constexpr const char* kSandboxReason = "sandbox";
constexpr std::size_t kReasonLimit = 4'000;

// The program starts through the one that confines it.
void confine(const Attempted& attempted, const std::vector<std::string>& private_places,
             const Scratch& scratch, Program& program) {
  const model::JobSpec& job = *attempted.order.spec;
  if (!job.sandbox.is_given()) return;
  SandboxPlan plan{.spec = job.sandbox,
                   .kept = {scratch.path()},
                   .shown = std::move(program.shown),
                   .hidden = private_places,
                   .reason_file = scratch.path_of(kSandboxReason)};
  if (!job.working_dir.empty()) plan.kept.push_back(job.working_dir);
  if (program.argv.empty()) program.argv = {"/bin/sh", "-c", std::exchange(program.shell, {})};
  program.argv = wrap(plan, program.argv);
}

json::Object params_of(const Order& order) {
  json::Object params;
  for (const auto& [name, value] : order.params)
    params.insert_or_assign(name, value);
  return params;
}

class ReportSink final : public OutputSink {
 public:
  explicit ReportSink(Report& report) : report_(report) {}

  void output(OutputStream stream, std::string_view bytes) override {
    report_.output(stream == OutputStream::out ? model::LogStream::out : model::LogStream::err,
                   bytes);
  }

 private:
  Report& report_;
};

// What is looked after while the program runs.
struct Watched {
  Process& process;
  ProgressReader& progress;
  RunClock& clock;
  AttemptGroup& group;
  MaskedReport& report;
};

void pass_on(const std::optional<ProgressLine>& line, Report& report) {
  if (line) report.progress(line->fraction, line->message);
}

void look(const Watched& watched) {
  watched.report.flush_short();
  pass_on(watched.progress.read(Look::running), watched.report);
  watched.clock.look();
  if (watched.progress.has_moved() || watched.clock.has_moved()) watched.process.note_activity();
  watched.group.look(watched.report);
}

void pump_to_end(const Watched& watched) {
  ReportSink sink{watched.report};
  SteadyTime next_look = std::chrono::steady_clock::now() + kLookInterval;
  while (!watched.process.finished()) {
    watched.process.pump(next_look, sink);
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now < next_look) continue;
    next_look = now + kLookInterval;
    look(watched);
  }
  watched.report.finish();
  pass_on(watched.progress.read(Look::last), watched.report);
}

ResourceLimit descriptor_limit(std::uint64_t soft) {
  ResourceLimit out{RLIMIT_NOFILE, {}};
  ::getrlimit(RLIMIT_NOFILE, &out.value);
  out.value.rlim_cur = std::min<rlim_t>(soft, out.value.rlim_max);
  return out;
}

// An attempt whose account, directory and environment are there.
struct Prepared {
  const ProgramSettings& settings;
  const Order& order;
  const StopSignal& stop;
  const Account& account;
  const Scratch& scratch;
};

model::Outcome run_prepared(const Prepared& prepared, Program program, MaskedReport& report) {
  const auto& [settings, order, stop, account, scratch] = prepared;
  auto group = AttemptGroup::make(settings.groups, order, report);
  if (!group) return make_limit_failure(group.error());

  StopLine line;
  const std::stop_callback on_stop{stop.source.get_token(), [&] { line.ask(); }};
  const std::stop_callback on_kill{stop.kill.get_token(), [&] { line.kill(); }};
  if (line.level() != StopLevel::none) return make_unstarted(stop.cause);
  RunClock clock{{order, stop, scratch, report}};
  const bool must_state = program.must_state;
  ProcessSpec spec = make_spec(order, account, std::move(program));
  spec.group = group->group();
  if (settings.open_files) spec.limits.push_back(descriptor_limit(*settings.open_files));
  spec.extended_until = [&] { return clock.extended_until(); };
  auto process = launch(spec, line, settings.ledger);
  if (!process) return make_start_failure(process.error());
  ProgressReader progress{scratch, kProgressFile};
  pump_to_end({**process, progress, clock, *group, report});
  const Course course{(*process)->ending(), group->finish(report), stop.cause};
  if (course.ending.exit_code == kNotStarted && order.spec->sandbox.is_given()) {
    const auto why = scratch.read_file(kSandboxReason, kReasonLimit);
    if (why && *why) return make_start_failure({base::Code::unsupported, **why, {}});
  }
  Statement statement = load_statement(scratch);
  statement.is_required = must_state;
  return make_outcome(course, statement, *order.spec);
}

}  // namespace

// The node's own account does not change while it runs, and looking it up reads files.
ProgramRunner::ProgramRunner(ProgramSettings settings)
    : settings_(std::move(settings)), own_account_(load_account("")) {}

model::Outcome ProgramRunner::run(const Attempted& attempted, const Prepare& prepare) const {
  const auto& [order, stop, report] = attempted;
  const auto account = order.spec->user.empty() ? own_account_ : load_account(order.spec->user);
  if (!account) return make_start_failure(account.error());
  const auto scratch =
      Scratch::make(settings_.scratch_root, order.run_id.text(), account->identity);
  if (!scratch) return make_start_failure(scratch.error());
  if (auto wrote = scratch->write_file(kInputFile, json::write(params_of(order))); !wrote)
    return make_start_failure(wrote.error());
  Values values{order.tenant, settings_.secrets};
  auto environment = make_environment(order, *account, *scratch, values);
  if (!environment) return make_start_failure(environment.error());
  auto program = prepare(*scratch);
  if (!program) return make_start_failure(program.error());
  if (!program->has_param_variables) {
    std::erase_if(*environment,
                  [](const auto& variable) { return variable.first.starts_with(kParamPrefix); });
  }
  program->variables.merge(*environment);
  confine(attempted, settings_.private_places, *scratch, *program);
  MaskedReport masked{report, values.secret()};
  for (const std::string& note : values.notes())
    masked.note(note);
  return masked.mask(
      run_prepared({settings_, order, stop, *account, *scratch}, std::move(*program), masked));
}

}  // namespace mainspring::runner
