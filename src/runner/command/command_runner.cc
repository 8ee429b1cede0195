#include "runner/command/command_runner.h"

#include <stop_token>
#include <utility>

#include <fmt/core.h>

#include "json/write.h"
#include "runner/command/account.h"
#include "runner/command/command_outcome.h"
#include "runner/command/progress_reader.h"
#include "runner/command/result_protocol.h"
#include "runner/command/scratch.h"
#include "runner/process/process.h"

namespace mainspring::runner {
namespace {

using execution::Order;
using execution::Report;
using execution::StopCause;
using execution::StopSignal;

constexpr const char* kInputFile = "input.json";
constexpr const char* kResultFile = "result.json";
constexpr const char* kOutputFile = "output";
constexpr const char* kProgressFile = "progress";

using Environment = std::map<std::string, std::string>;

// "batch-size" -> "MAINSPRING_PARAM_BATCH_SIZE": what a shell can name.
std::string parameter_variable(std::string_view name) {
  std::string variable = "MAINSPRING_PARAM_";
  for (const char c : name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    variable += is_lower ? static_cast<char>(c - 'a' + 'A') : is_plain ? c : '_';
  }
  return variable;
}

// The job's own values win over the defaults; nothing wins over the protocol's.
base::Result<Environment> make_environment(const Order& order, const Account& account,
                                           const Scratch& scratch) {
  Environment environment{
      {"PATH", kDefaultPath}, {"HOME", account.home}, {"LANG", "C.UTF-8"}, {"SHELL", "/bin/sh"}};
  if (!account.name.empty()) environment["USER"] = environment["LOGNAME"] = account.name;
  for (const auto& [name, value] : order.spec->environment) {
    if (!value.secret.empty()) {
      return base::fail(base::Code::unsupported,
                        fmt::format("the environment variable '{}' takes its value from the "
                                    "secret '{}', which this worker was not given",
                                    name, value.secret));
    }
    environment[name] = value.value;
  }
  environment["MAINSPRING_RUN_ID"] = order.run_id.text();
  environment["MAINSPRING_JOB"] = order.spec->name;
  environment["MAINSPRING_TENANT"] = order.tenant;
  environment["MAINSPRING_ATTEMPT"] = std::to_string(order.attempt);
  environment["MAINSPRING_EPOCH"] = std::to_string(order.epoch);
  environment["MAINSPRING_SCHEDULED_AT"] = base::format_instant(order.scheduled_at);
  for (const auto& [name, value] : order.params) {
    environment[parameter_variable(name)] =
        value.is_string() ? std::string{value.as_string()} : json::write(value);
  }
  environment["MAINSPRING_INPUT_FILE"] = scratch.path_of(kInputFile);
  environment["MAINSPRING_RESULT_FILE"] = scratch.path_of(kResultFile);
  environment["MAINSPRING_OUTPUT"] = scratch.path_of(kOutputFile);
  environment["MAINSPRING_PROGRESS_FILE"] = scratch.path_of(kProgressFile);
  if (!order.traceparent.empty()) environment["TRACEPARENT"] = order.traceparent;
  return environment;
}

ProcessSpec make_spec(const Order& order, const Account& account, Environment environment) {
  const model::JobSpec& job = *order.spec;
  ProcessSpec spec;
  spec.argv = job.command.argv;
  spec.shell = job.command.shell;
  spec.environment = std::move(environment);
  spec.working_dir = job.working_dir;
  if (!job.stdin_text.empty()) spec.input = job.stdin_text;
  spec.identity = account.identity;
  spec.run_timeout = job.timeout.run;
  spec.idle_timeout = job.timeout.idle;
  spec.grace = job.timeout.grace;
  spec.label = order.run_id.text();  // also the value of MAINSPRING_RUN_ID, as the ledger needs it
  return spec;
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

void pass_on(const std::optional<ProgressLine>& line, Report& report) {
  if (line) report.progress(line->fraction, line->message);
}

void pump_to_end(Process& process, ProgressReader& progress, Report& report) {
  ReportSink sink{report};
  SteadyTime next_look = std::chrono::steady_clock::now() + kProgressInterval;
  while (!process.finished()) {
    process.pump(next_look, sink);
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now < next_look) continue;
    next_look = now + kProgressInterval;
    pass_on(progress.read(ProgressReader::Ask::running), report);
    if (progress.has_moved()) process.note_activity();
  }
  pass_on(progress.read(ProgressReader::Ask::final), report);
}

template <class T, class Parse>
base::Result<T> load(const Scratch& scratch, const char* file, std::size_t limit, Parse parse) {
  const auto text = scratch.read_file(file, limit);
  if (!text) return base::fail(text.error());
  if (!*text) return T{};
  return parse(**text);
}

Statement load_statement(const Scratch& scratch) {
  return {load<ResultDocument>(scratch, kResultFile, kResultDocumentLimit, parse_result_document),
          load<json::Object>(scratch, kOutputFile, kOutputFileLimit, parse_output_lines)};
}

}  // namespace

// The node's own account does not change while it runs, and looking it up reads files.
CommandRunner::CommandRunner(CommandSettings settings)
    : settings_(std::move(settings)), own_account_(load_account("")) {}

model::Outcome CommandRunner::run(const Order& order, const StopSignal& stop, Report& report) {
  const auto account = order.spec->user.empty() ? own_account_ : load_account(order.spec->user);
  if (!account) return make_start_failure(account.error());
  const auto scratch =
      Scratch::make(settings_.scratch_root, order.run_id.text(), account->identity);
  if (!scratch) return make_start_failure(scratch.error());
  if (auto wrote = scratch->write_file(kInputFile, json::write(params_of(order))); !wrote) {
    return make_start_failure(wrote.error());
  }
  auto environment = make_environment(order, *account, *scratch);
  if (!environment) return make_start_failure(environment.error());

  StopLine line;
  const std::stop_callback on_stop{stop.source.get_token(), [&] {
                                     const bool lost = stop.cause == StopCause::lease_lost;
                                     lost ? line.kill() : line.ask();
                                   }};
  const std::stop_callback on_kill{stop.kill.get_token(), [&] { line.kill(); }};
  if (line.level() != StopLevel::none) return make_unstarted(line.level());
  auto process =
      launch(make_spec(order, *account, std::move(*environment)), line, settings_.ledger);
  if (!process) return make_start_failure(process.error());
  ProgressReader progress{*scratch, kProgressFile};
  pump_to_end(**process, progress, report);
  return make_outcome((*process)->ending(), load_statement(*scratch), order.spec->timeout);
}

}  // namespace mainspring::runner
