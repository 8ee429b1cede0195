#include "runner/script/script_runner.h"

#include <filesystem>
#include <utility>

#include <fmt/core.h>

#include "json/codec.h"
#include "json/write.h"
#include "runner/attempt/account.h"
#include "runner/attempt/program_outcome.h"
#include "runner/script/interpreter.h"
#include "runner/script/runtimes.h"

namespace mainspring::runner {
namespace {

using base::Result;
using execution::Order;
using model::OutcomeStatus;

struct LanguageFacts {
  const char* interpreter;
  const char* advice;
  const char* runtime_file;
  std::string_view runtime;
};

LanguageFacts facts_of(ScriptLanguage language) {
  if (language == ScriptLanguage::python) {
    return {"python3",
            "install Python 3.9 or newer (Debian: apt-get install python3), or name it in "
            "python.interpreter",
            "mainspring_runtime.py", kPythonRuntime};
  }
  return {"node",
          "install Node.js 18 or newer (Debian: apt-get install nodejs), or name it in "
          "node.interpreter",
          "mainspring_runtime.mjs", kNodeRuntime};
}

json::Object entry_of(const model::ScriptSpec& script) {
  json::Object entry;
  if (!script.file.empty()) entry["file"] = script.file;
  if (!script.module.empty()) entry["module"] = script.module;
  if (!script.code.empty()) entry["code"] = script.code;
  entry["function"] = script.function;
  return entry;
}

json::Object context_of(const Order& order) {
  json::Object params;
  for (const auto& [name, value] : order.params)
    params.insert_or_assign(name, value);
  json::Object context;
  context["params"] = std::move(params);
  context["run_id"] = order.run_id.text();
  context["attempt"] = order.attempt;
  context["epoch"] = order.epoch;
  context["scheduled_at"] = base::format_instant(order.scheduled_at);
  return context;
}

std::string directory_of(const std::string& path) {
  return std::filesystem::path{path}.parent_path();
}

Result<std::string> find_npm(const std::string& search_path) {
  return find_program({.name = "npm",
                       .search_path = search_path,
                       .advice = "a lock_file needs npm: install it (Debian: apt-get install npm)"
                                 ", or leave lock_file out"});
}

// The job as it is while its packages are installed.
Order make_install_order(const Order& order, std::string working_dir) {
  auto job = std::make_shared<model::JobSpec>(*order.spec);
  job->working_dir = std::move(working_dir);
  job->timeout.idle.reset();  // a download may be silent
  job->sandbox = {};          // it writes where packages are kept, and may need a network
  Order install = order;
  install.spec = std::move(job);
  return install;
}

model::Outcome explain_failed_install(model::Outcome outcome, const std::string& lock_file,
                                      const InstallReport& report) {
  const bool is_ours = outcome.status == OutcomeStatus::failed && outcome.error &&
                       (outcome.error->type == "start" || outcome.error->type == "limit");
  const bool is_verdict =
      outcome.status == OutcomeStatus::failed || outcome.status == OutcomeStatus::retryable;
  if (is_ours || !is_verdict) return outcome;
  const std::string lines = report.last_lines();
  outcome.status = OutcomeStatus::retryable;
  outcome.error = model::Failure{
      "packages",
      fmt::format("the packages of '{}' could not be installed: {}{}{}", lock_file,
                  outcome.error ? outcome.error->message : "", lines.empty() ? "" : "\n", lines),
      ""};
  return outcome;
}

model::Outcome make_impatient(const Attempted& attempted, const std::string& lock_file) {
  if (attempted.stop.source.stop_requested()) return make_unstarted(attempted.stop.cause);
  model::Outcome outcome;
  outcome.status = OutcomeStatus::timed_out;
  outcome.error =
      model::Failure{"timeout",
                     fmt::format("waited longer than timeout.run for another attempt to install "
                                 "the packages of '{}'",
                                 lock_file),
                     ""};
  return outcome;
}

// Packages run code of strangers as they are installed; they are the node's user's alone.
Result<void> check_user(const model::JobSpec& job) {
  if (job.user.empty()) return {};
  const auto account = load_account(job.user);
  if (!account) return base::fail(account.error());
  if (!account->identity) return {};
  return base::fail(
      base::Code::unsupported,
      fmt::format("lock_file with user '{}': packages are installed as the node's own user only; "
                  "install them yourself and name the environment's interpreter",
                  job.user));
}

// An order without what is of its run, for programs that wait.
Order make_like(const Order& order) {
  Order like;
  like.tenant = order.tenant;
  like.job_version = order.job_version;
  like.spec = order.spec;
  return like;
}

// What a program is started by, and no more: another schedule or timeout suits it as well.
std::string make_spec_key(const model::JobSpec& spec) {
  model::JobSpec key;
  key.name = spec.name;
  key.type = spec.type;
  key.environment = spec.environment;
  key.working_dir = spec.working_dir;
  key.user = spec.user;
  key.sandbox = spec.sandbox;
  key.python = spec.python;
  key.node = spec.node;
  if (key.python) key.python->warm = 0;
  if (key.node) key.node->warm = 0;
  key.resources = spec.resources;
  return json::encode_text(key);
}

}  // namespace

std::string make_script_setup(const Order& order, const model::ScriptSpec& script,
                              const ScriptSetup& setup) {
  json::Object document;
  document["entry"] = entry_of(script);
  document["job"] = order.spec->name;
  document["tenant"] = order.tenant;
  document["result_limit"] = model::kResultLimit;
  document["waits"] = setup.begin == ScriptBegin::when_told;
  if (!setup.node_modules.empty()) document["node_modules"] = setup.node_modules;
  return json::write(document) + "\n";
}

std::string make_script_order(const Order& order, const ProgramRunner::Variables& variables) {
  json::Object document;
  document["context"] = context_of(order);
  json::Object& given = document["variables"].emplace_object();
  for (const auto& [name, value] : variables)
    given[name] = value;
  return json::write(document) + "\n";
}

const model::ScriptSpec& ScriptRunner::script_of(const Order& order) const {
  return language_ == ScriptLanguage::python ? *order.spec->python : *order.spec->node;
}

Result<std::string> ScriptRunner::find_interpreter(const model::JobSpec& job) const {
  const LanguageFacts facts = facts_of(language_);
  const model::ScriptSpec& script = language_ == ScriptLanguage::python ? *job.python : *job.node;
  return find_program({.name = script.interpreter.empty() ? facts.interpreter : script.interpreter,
                       .working_dir = job.working_dir,
                       .search_path = search_path_of(job),
                       .advice = facts.advice});
}

Result<Program> ScriptRunner::make_installer(const model::JobSpec& job, const Tools& tools,
                                             const std::string& directory) const {
  const auto& [interpreter, lock] = tools;
  if (language_ == ScriptLanguage::python) return make_pip(interpreter, lock, directory);
  // npm belongs to a Node.js: the one beside it comes first, and starts that.
  const std::string path = directory_of(interpreter) + ":" + search_path_of(job);
  auto npm = find_npm(path);
  if (!npm) return base::fail(std::move(npm.error()));
  if (auto laid = lay_out_for_npm(lock, directory); !laid) return base::fail(laid.error());
  return make_npm(*npm, path);
}

std::expected<void, model::Outcome> ScriptRunner::install(const Attempted& attempted,
                                                          const Tools& tools,
                                                          PackageSet& into) const {
  const std::string& lock_file = tools.lock.path;
  InstallReport report{attempted.report};
  report.note(fmt::format("installing the packages of '{}', which is done once", lock_file));
  const bool is_python = language_ == ScriptLanguage::python;
  const Order order =
      make_install_order(attempted.order, is_python ? tools.lock.directory() : into.path());
  model::Outcome outcome = parts_.programs.run(
      {order, attempted.stop, report},
      [&](const Scratch&) { return make_installer(*attempted.order.spec, tools, into.path()); });
  if (outcome.status != OutcomeStatus::success)
    return std::unexpected(explain_failed_install(std::move(outcome), lock_file, report));
  if (auto finished = into.finish(); !finished)
    return std::unexpected(make_start_failure(finished.error()));
  report.note("the packages are installed");
  return {};
}

ScriptRunner::Packages ScriptRunner::take_packages(const Attempted& attempted,
                                                   const std::string& interpreter) const {
  const auto& [order, stop, report] = attempted;
  const std::string& lock_file = script_of(order).lock_file;
  if (lock_file.empty()) return std::nullopt;
  const auto fail = [](const base::Error& error) {
    return std::unexpected(make_start_failure(error));
  };
  if (auto fine = check_user(*order.spec); !fine) return fail(fine.error());
  const auto lock = language_ == ScriptLanguage::python ? load_requirements(lock_file)
                                                        : load_package_lock(lock_file);
  if (!lock) return fail(lock.error());
  const auto identity = load_program_identity(interpreter);
  if (!identity) return fail(identity.error());
  PackageCache::Patience patience{.stop = stop.source.get_token(), .on_wait = [&] {
                                    InstallReport{report}.note(
                                        fmt::format("another attempt is installing the packages "
                                                    "of '{}'; waiting for it",
                                                    lock_file));
                                  }};
  if (const auto& limit = order.spec->timeout.run)
    patience.until = std::chrono::steady_clock::now() + *limit;
  auto taken = parts_.packages.take(make_set_key({order.tenant, *identity}, *lock), patience);
  if (!taken) return fail(taken.error());
  if (!*taken) return std::unexpected(make_impatient(attempted, lock_file));
  if (!(*taken)->is_whole()) {
    if (auto done = install(attempted, {interpreter, *lock}, **taken); !done)
      return std::unexpected(std::move(done.error()));
  }
  return std::move(*taken);
}

Result<Program> ScriptRunner::make_program(const Order& order, const Start& start,
                                           const Scratch& scratch, ScriptBegin begin) const {
  const LanguageFacts facts = facts_of(language_);
  if (auto wrote = scratch.write_file(facts.runtime_file, facts.runtime); !wrote)
    return base::fail(std::move(wrote.error()));
  const model::ScriptSpec& script = script_of(order);
  const bool is_python = language_ == ScriptLanguage::python;
  std::vector<std::string> shown;
  std::string program = start.interpreter;
  ScriptSetup setup{.begin = begin};
  if (start.packages) {
    const std::string path = start.packages->path();
    shown.push_back(path);
    if (is_python) program = path + "/bin/python";
    if (!is_python) setup.node_modules = path + "/node_modules";
  }
  if (!script.file.empty()) shown.push_back(directory_of(script.file));
  std::string input = make_script_setup(order, script, setup);
  if (begin == ScriptBegin::at_once) input += make_script_order(order, {});
  return Program{.argv = {program, scratch.path_of(facts.runtime_file)},
                 .input = std::move(input),
                 .shown = std::move(shown),
                 .has_param_variables = false,
                 .must_state = true};
}

WarmUse ScriptRunner::make_use(const Order& order, const std::shared_ptr<Start>& start) const {
  Order like = make_like(order);
  const auto identity = load_program_identity(start->interpreter);
  return {.job = fmt::format("{}/{}", order.tenant, order.spec->name),
          .version = order.job_version,
          .spec = make_spec_key(*order.spec),
          .machine = fmt::format("{}\n{}\n{}", start->interpreter, identity.value_or(""),
                                 start->packages ? start->packages->path() : ""),
          .count = static_cast<std::size_t>(script_of(order).warm),
          .like = like,
          .prepare = [this, start, like](const Scratch& scratch) {
            return make_program(like, *start, scratch, ScriptBegin::when_told);
          }};
}

// A run by a program that waits for it, if there is one.
std::optional<model::Outcome> ScriptRunner::run_warm(const Attempted& attempted,
                                                     const std::shared_ptr<Start>& start) {
  const Order& order = attempted.order;
  const WarmUse use = make_use(order, start);
  const auto tell = [&](const ProgramRunner::Variables& variables) {
    return make_script_order(order, variables);
  };
  while (auto waiting = parts_.warm.take(use)) {
    auto outcome = parts_.programs.run_waiting(std::move(*waiting), attempted, tell);
    if (outcome) return std::move(*outcome);
    if (outcome.error() == NotRun::stale) parts_.warm.drop(use.job);
  }
  return std::nullopt;
}

model::Outcome ScriptRunner::run(const Order& order, const execution::StopSignal& stop,
                                 execution::Report& report) {
  auto interpreter = find_interpreter(*order.spec);
  if (!interpreter) return make_start_failure(interpreter.error());
  auto packages = take_packages({order, stop, report}, *interpreter);
  if (!packages) return std::move(packages.error());
  const auto start = std::make_shared<Start>(std::move(*interpreter), std::move(*packages));
  if (script_of(order).warm > 0 && order.gpus.empty()) {
    if (auto outcome = run_warm({order, stop, report}, start)) return std::move(*outcome);
  }
  return parts_.programs.run({order, stop, report}, [&](const Scratch& scratch) {
    return make_program(order, *start, scratch, ScriptBegin::at_once);
  });
}

}  // namespace mainspring::runner
