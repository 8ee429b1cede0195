#include "runner/attempt/program.h"

#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stop_token>
#include <utility>

#include "json/codec.h"
#include "json/write.h"
#include "runner/attempt/account.h"
#include "runner/attempt/attempt_group.h"
#include "runner/attempt/code_files.h"
#include "runner/attempt/environment.h"
#include "runner/attempt/masked_report.h"
#include "runner/attempt/order_line.h"
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

// The clock of the node is the one of std::chrono::steady_clock: CLOCK_MONOTONIC.
std::optional<SteadyTime> begin_by(const StopSignal& stop) {
  const base::Duration limit = stop.begin_by;
  if (limit == base::Duration::max()) return std::nullopt;
  return SteadyTime{limit};
}

// Where `mainspring sandbox` says why it did not start the program.
constexpr const char* kSandboxReason = "sandbox";
constexpr std::size_t kReasonLimit = 4'000;

// The program starts through the one that confines it.
void confine(const Order& order, const std::vector<std::string>& private_places,
             const Scratch& scratch, Program& program) {
  const model::JobSpec& job = *order.spec;
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

// How a program that has started goes on to its end.
struct Running {
  const Order& order;
  const StopSignal& stop;
  const Scratch& scratch;
  AttemptGroup& group;
  RunClock& clock;
};

Course attend(const Running& running, Process& process, MaskedReport& report) {
  const auto& [order, stop, scratch, group, clock] = running;
  ProgressReader progress{scratch, kProgressFile};
  pump_to_end({process, progress, clock, group, report});
  return {process.ending(), group.finish(report), stop.cause};
}

model::Outcome judge(const Course& course, const Scratch& scratch, const Order& order,
                     const Statement& statement) {
  if (course.ending.exit_code == kNotStarted && order.spec->sandbox.is_given()) {
    const auto why = scratch.read_file(kSandboxReason, kReasonLimit);
    if (why && *why) return make_start_failure({base::Code::unsupported, **why, {}});
  }
  return make_outcome(course, statement, *order.spec);
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
  spec.begin_by = begin_by(stop);
  auto process = launch(spec, line, settings.ledger);
  if (!process) {
    const base::Error& error = process.error();
    return error.code == base::Code::lease_lost ? make_unstarted(StopCause::lease_lost)
                                                : make_start_failure(error);
  }
  const Course course = attend({order, stop, scratch, *group, clock}, **process, report);
  Statement statement = load_statement(scratch);
  statement.is_required = must_state;
  return judge(course, scratch, order, statement);
}

// What an attempt says before it is one: kept until there is a log.
class NoteKeeper final : public Report {
 public:
  void output(model::LogStream, std::string_view bytes) override { text += bytes; }
  void progress(double, std::string_view) override {}

  std::string text;
};

// Values of the run, which a waiting program gets with its order. Others it has from its start.
bool is_of_run(const std::string& variable) {
  return variable.starts_with("MAINSPRING_") || variable == "TRACEPARENT" ||
         variable == "TRACESTATE";
}

ProgramRunner::Variables take_run_part(ProgramRunner::Variables& variables) {
  ProgramRunner::Variables part;
  for (auto it = variables.begin(); it != variables.end();) {
    const auto next = std::next(it);
    if (is_of_run(it->first)) part.insert(variables.extract(it));
    it = next;
  }
  return part;
}

void drop_params(ProgramRunner::Variables& variables) {
  std::erase_if(variables,
                [](const auto& variable) { return variable.first.starts_with(kParamPrefix); });
}

// By its value the ledger tells what a waiting program has started, whatever run it serves then.
constexpr const char* kLedgerVariable = "MAINSPRING_STARTED_AS";

// What a program knows of its run before there is one.
ProgramRunner::Variables known_before(const Order& like, const Scratch& scratch) {
  ProgramRunner::Variables known = make_file_variables(scratch.path());
  known["MAINSPRING_JOB"] = like.spec->name;
  known["MAINSPRING_TENANT"] = like.tenant;
  known[kLedgerVariable] = like.run_id.text();
  return known;
}

// What a waiting program says.
struct Said {
  bool ready = false;
  std::vector<std::string> files;

  static const json::StructTable& described();
};

const json::StructTable& Said::described() {
  static const auto table =
      json::describe<Said>("Said", "What a waiting program says.",
                           json::field<&Said::ready>("ready", "Whether it has prepared itself."),
                           json::field<&Said::files>("files", "What it has loaded."));
  return table;
}

// A program that is ready answers at once, unless it is stopped, or busy with threads of its own.
constexpr std::chrono::seconds kBeginPatience{5};

// Waits until it begins its work, and a little longer for a program that does not answer. False: it
// has ended before. One that dies closes its end of the line a moment before it is seen to have
// ended, so that a line that has hung up does not yet say which of the two it is.
bool wait_for_begin(OrderLine& line, const Process& process, const StopLine& stop) {
  const auto until = std::chrono::steady_clock::now() + kBeginPatience;
  while (!line.read_line()) {
    if (process.has_ended()) return line.read_line().has_value();
    if (stop.level() != StopLevel::none) return true;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    pollfd entries[] = {{line.has_hung_up() ? -1 : line.fd(), POLLIN, 0},
                        {process.exit_fd(), POLLIN, 0},
                        {stop.fd(), POLLIN, 0}};
    ::poll(entries, std::size(entries), static_cast<int>(left.count()));
  }
  return true;
}

base::Instant now() { return std::chrono::floor<base::Duration>(std::chrono::system_clock::now()); }

}  // namespace

// All but the process: what it needs around it.
struct ProgramEnvelope {
  Account account;
  Scratch scratch;
  Program program;
  ProgramRunner::Variables environment;
  std::vector<std::string> secret;
  std::vector<std::string> notes;
};

// The process is the last to be made and the first to go.
struct WaitingProgram::Parts {
  ProgramEnvelope envelope;
  std::string notes;  // of the group
  AttemptGroup group;
  OrderLine input;
  base::Instant started_at;
  WaitingState state = WaitingState::starting;
  CodeFiles files = {};
  StopLine line = {};
  std::unique_ptr<Process> process = nullptr;
};

WaitingProgram::WaitingProgram(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
WaitingProgram::WaitingProgram(WaitingProgram&&) noexcept = default;
WaitingProgram& WaitingProgram::operator=(WaitingProgram&&) noexcept = default;
WaitingProgram::~WaitingProgram() = default;

WaitingState WaitingProgram::look() {
  if (parts_->process->has_ended()) parts_->state = WaitingState::unfit;
  if (parts_->state != WaitingState::starting) return parts_->state;
  const auto line = parts_->input.read_line();
  if (!line && parts_->input.has_hung_up()) parts_->state = WaitingState::unfit;
  if (!line) return parts_->state;
  const auto document = json::parse_json(*line);
  const auto said = document ? json::decode<Said>(*document) : base::fail(document.error());
  if (said) parts_->files = CodeFiles::load(said->files, parts_->started_at);
  return parts_->state = said && said->ready ? WaitingState::ready : WaitingState::unfit;
}

bool WaitingProgram::is_current() const { return parts_->files.are_current(); }

int WaitingProgram::line_fd() const {
  return parts_->state == WaitingState::starting ? parts_->input.fd() : -1;
}

int WaitingProgram::exit_fd() const { return parts_->process->exit_fd(); }

// The node's own account does not change while it runs, and looking it up reads files.
ProgramRunner::ProgramRunner(ProgramSettings settings)
    : settings_(std::move(settings)), own_account_(load_account("")) {}

base::Result<ProgramEnvelope> ProgramRunner::make_envelope(const Order& order,
                                                           const Prepare& prepare) const {
  const auto account = order.spec->user.empty() ? own_account_ : load_account(order.spec->user);
  if (!account) return base::fail(account.error());
  auto scratch = Scratch::make(settings_.scratch_root, order.run_id.text(), account->identity);
  if (!scratch) return base::fail(std::move(scratch.error()));
  Values values{order.tenant, settings_.secrets};
  auto environment = make_environment(order, *account, *scratch, values);
  if (!environment) return base::fail(std::move(environment.error()));
  auto program = prepare(*scratch);
  if (!program) return base::fail(std::move(program.error()));
  if (!program->has_param_variables) drop_params(*environment);
  confine(order, settings_.private_places, *scratch, *program);
  return ProgramEnvelope{
      *account,        std::move(*scratch), std::move(*program), std::move(*environment),
      values.secret(), values.notes()};
}

model::Outcome ProgramRunner::run(const Attempted& attempted, const Prepare& prepare) const {
  const auto& [order, stop, report] = attempted;
  auto envelope = make_envelope(order, prepare);
  if (!envelope) return make_start_failure(envelope.error());
  const Scratch& scratch = envelope->scratch;
  if (auto wrote = scratch.write_file(kInputFile, json::write(params_of(order))); !wrote)
    return make_start_failure(wrote.error());
  envelope->program.variables.merge(envelope->environment);
  MaskedReport masked{report, envelope->secret};
  for (const std::string& note : envelope->notes)
    masked.note(note);
  return masked.mask(run_prepared({settings_, order, stop, envelope->account, scratch},
                                  std::move(envelope->program), masked));
}

base::Result<WaitingProgram> ProgramRunner::start_waiting(const Order& like,
                                                          const Prepare& prepare) const {
  const base::Instant started_at = now();
  auto envelope = make_envelope(like, prepare);
  if (!envelope) return base::fail(std::move(envelope.error()));
  take_run_part(envelope->environment);
  NoteKeeper keeper;
  MaskedReport notes{keeper, {}};
  auto group = AttemptGroup::make(settings_.groups, like, notes);
  if (!group) return base::fail(std::move(group.error()));
  auto ends = OrderLine::make();
  if (!ends) return base::fail(std::move(ends.error()));
  auto parts = std::unique_ptr<WaitingProgram::Parts>{
      new WaitingProgram::Parts{.envelope = std::move(*envelope),
                                .notes = std::move(keeper.text),
                                .group = std::move(*group),
                                .input = std::move(ends->ours),
                                .started_at = started_at}};
  Program program = parts->envelope.program;
  const std::string setup = std::exchange(program.input, std::nullopt).value_or("");
  program.variables.merge(known_before(like, parts->envelope.scratch));
  program.variables.insert(parts->envelope.environment.begin(), parts->envelope.environment.end());
  ProcessSpec spec = make_spec(like, parts->envelope.account, std::move(program));
  spec.input_fd = ends->theirs.get();
  spec.group = parts->group.group();
  if (settings_.open_files) spec.limits.push_back(descriptor_limit(*settings_.open_files));
  auto process = launch(spec, parts->line, settings_.ledger);
  if (!process) return base::fail(std::move(process.error()));
  parts->process = std::move(*process);
  if (!parts->input.send(setup))
    return base::fail(base::Code::unavailable, "a waiting program does not read its setup");
  return WaitingProgram{std::move(parts)};
}

std::expected<model::Outcome, NotRun> ProgramRunner::run_waiting(WaitingProgram waiting,
                                                                 const Attempted& attempted,
                                                                 const Tell& tell) const {
  const auto& [order, stop, report] = attempted;
  WaitingProgram::Parts& parts = *waiting.parts_;
  const Scratch& scratch = parts.envelope.scratch;
  Values values{order.tenant, settings_.secrets};
  auto environment = make_environment(order, parts.envelope.account, scratch, values);
  if (!environment) return std::unexpected(NotRun::stale);  // a start of its own will say why
  Variables of_run = take_run_part(*environment);
  if (!parts.envelope.program.has_param_variables) drop_params(of_run);
  if (*environment != parts.envelope.environment || !waiting.is_current())
    return std::unexpected(NotRun::stale);
  const auto wrote = scratch.write_file(kInputFile, json::write(params_of(order)));
  if (!wrote || parts.process->has_ended()) return std::unexpected(NotRun::ended);

  const std::stop_callback on_stop{stop.source.get_token(), [&] { parts.line.ask(); }};
  const std::stop_callback on_kill{stop.kill.get_token(), [&] { parts.line.kill(); }};
  if (parts.line.level() != StopLevel::none) return make_unstarted(stop.cause);
  MaskedReport masked{report, values.secret()};
  RunClock clock{{order, stop, scratch, masked}};
  ProcessSpec spec = make_spec(order, parts.envelope.account, {});
  spec.extended_until = [&] { return clock.extended_until(); };
  if (const auto limit = begin_by(stop); limit && *limit <= std::chrono::steady_clock::now())
    return make_unstarted(StopCause::lease_lost);
  parts.process->begin_work(spec);
  if (!parts.input.send(tell(of_run))) return std::unexpected(NotRun::ended);
  parts.input.finish();
  if (!wait_for_begin(parts.input, *parts.process, parts.line))
    return std::unexpected(NotRun::ended);
  for (const std::string& note : values.notes())
    masked.note(note);
  if (!parts.notes.empty()) masked.output(model::LogStream::system, parts.notes);
  const Course course = attend({order, stop, scratch, parts.group, clock}, *parts.process, masked);
  Statement statement = load_statement(scratch);
  statement.is_required = parts.envelope.program.must_state;
  return masked.mask(judge(course, scratch, order, statement));
}

}  // namespace mainspring::runner
