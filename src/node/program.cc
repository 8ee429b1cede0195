#include "node/program.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/core.h>
#include <fmt/format.h>

#include "api/api.h"
#include "node/certify.h"
#include "node/doctor.h"
#include "node/log_writer.h"
#include "node/maintenance.h"
#include "node/node.h"
#include "node/secret_command.h"
#include "node/version.h"
#include "node/worker_command.h"
#include "runner/process/watchdog.h"
#include "runner/sandbox/sandbox.h"
#include "system/stop_signals.h"

extern char** environ;

namespace mainspring::node {
namespace {

using system::StopAsk;

constexpr int kExitInterrupted = 130;

struct Options {
  std::string config_file;
  std::map<std::string, std::string> flags;
  std::vector<std::string> apply_files;
};

int report(const base::Error& error) {
  const std::string text = fmt::format("mainspring: {}\n", base::to_text(error));
  std::fwrite(text.data(), 1, text.size(), stderr);
  return base::code_row(error.code).exit_code;
}

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    if (equals != std::string_view::npos && is_setting_variable(name)) {
      found[std::string{name}] = text.substr(equals + 1);
    }
  }
  return found;
}

// Where data goes when nobody says: the system's place for root, the user's own otherwise.
std::string default_data_dir() {
  if (::geteuid() == 0) return "/var/lib/mainspring";
  const char* home = std::getenv("HOME");
  return std::string{home == nullptr ? "." : home} + "/.local/share/mainspring";
}

base::Result<LoadedConfig> load(const Options& options,
                                const std::string& usual_dir = default_data_dir()) {
  ConfigInputs inputs{options.config_file, own_environment(), options.flags};
  if (inputs.file.empty()) {
    if (const char* file = std::getenv("MAINSPRING_CONFIG")) inputs.file = file;
  }
  auto loaded = load_config(inputs);
  if (loaded && loaded->config.data_dir.empty()) loaded->config.data_dir = usual_dir;
  return loaded;
}

base::Result<void> apply_files(Node& node, const std::vector<std::string>& files) {
  for (const std::string& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return base::fail(base::Code::not_found, fmt::format("cannot read '{}'", path));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (auto applied = node.apply_manifest(text, "mainspring dev"); !applied) {
      applied.error().message = fmt::format("{}: {}", path, applied.error().message);
      return applied;
    }
  }
  return {};
}

void print_welcome(Node& node) {
  fmt::print("Mainspring {} is running at {}\n", kVersion, node.url());
  if (!node.serves_api()) {
    fmt::print(
        "It has no role api: /healthz, /readyz, /version and /metrics are all it answers.\n");
    std::fflush(stdout);
    return;
  }
  fmt::print("Sign in once, within 15 minutes: {}\n", node.make_sign_in_link());
  fmt::print("On this machine jobctl works as it is, for example: jobctl job list\n");
  fmt::print("Ctrl-C stops the node.\n");
  std::fflush(stdout);
}

// A node that serves, and what a reload of its settings touches.
struct Service {
  LoadedConfig settings;
  LogWriter& writer;
  const base::Log& log;
  Node& node;
};

void log_refusal(const base::Log& log, const base::Error& error) {
  log.say(base::LogLevel::error,
          fmt::format("settings not reloaded, all stay as they are: {}", error.message),
          {{"code", std::string{base::code_row(error.code).name}}});
  for (const base::Problem& problem : error.problems) {
    log.say(base::LogLevel::error, problem.message,
            {{"line", std::int64_t{problem.line}},
             {"column", std::int64_t{problem.column}},
             {"suggestion", problem.suggestion}});
  }
}

// The settings as they are in the file and the environment now. A mistake changes nothing.
void reload_settings(const Options& options, Service& service) {
  const auto loaded = load(options);
  if (!loaded) return log_refusal(service.log, loaded.error());
  const Reloaded next = reload(service.settings, *loaded);
  service.settings = next.settings;
  service.writer.configure(next.settings.config);
  if (auto done = service.node.reload(next.settings); !done) {
    service.log.warn(fmt::format("not all settings were taken: {}", done.error().message));
  }
  const auto list = [](const std::vector<std::string>& keys) {
    return keys.empty() ? std::string{"none"} : fmt::format("{}", fmt::join(keys, ", "));
  };
  service.log.say(base::LogLevel::info, "settings reloaded", {{"changed", list(next.changed)}});
  if (next.needs_restart.empty()) return;
  service.log.say(base::LogLevel::warn, "settings changed that need a restart",
                  {{"keys", list(next.needs_restart)}});
}

// The next signal that is no wish for a reload: while the node stops there is nothing to reload.
StopAsk wait_for_stop(system::StopSignals& signals) {
  StopAsk ask = signals.wait();
  while (ask == StopAsk::reload)
    ask = signals.wait();
  return ask;
}

// Serves until a signal. A second one ends the process where it stands: what it had accepted is
// durable, and its next life retries what was cut off, as after a crash.
int serve(const Options& options, system::Hangup hangup) {
  system::StopSignals signals(hangup);
  const auto loaded = load(options);
  if (!loaded) return report(loaded.error());
  LogWriter writer(loaded->config);
  const base::Log log = writer.log();
  auto node = Node::start(*loaded, log);
  if (!node) return report(node.error());
  if (auto applied = apply_files(**node, options.apply_files); !applied) {
    return report(applied.error());
  }
  print_welcome(**node);
  Service service{*loaded, writer, log, **node};
  while (signals.wait() == StopAsk::reload)
    reload_settings(options, service);
  log.info(fmt::format("stopping; running work may go on for {}, a second signal ends it",
                       base::format_duration(service.settings.config.drain)));
  std::jthread impatience([&signals, &log] {
    if (wait_for_stop(signals) != StopAsk::at_once) return;
    log.warn("stopped at once; what was running will be tried again");
    std::_Exit(kExitInterrupted);
  });
  (*node)->stop(service.settings.config.drain);
  signals.interrupt();
  impatience.join();
  log.info("stopped");
  return 0;
}

void add_settings(CLI::App& command, Options& options) {
  command.add_option("--config", options.config_file, "Read settings from this YAML file.");
  for (const json::FieldRow& field : Config::described().fields) {
    std::string flag{"--"};
    for (const char c : field.name)
      flag += c == '_' ? '-' : c;
    command.add_option_function<std::string>(
        flag,
        [&options, key = std::string{field.name}](const std::string& text) {
          options.flags[key] = text;
        },
        std::string{field.doc});
  }
}

// What the commands that look at a data directory from outside need of the settings.
void add_place(CLI::App& command, Options& options) {
  command.add_option("--config", options.config_file, "Read settings from this YAML file.");
  command.add_option_function<std::string>(
      "--data-dir", [&options](const std::string& text) { options.flags["data_dir"] = text; },
      "The node's data directory.");
  command.add_option_function<std::string>(
      "--store", [&options](const std::string& text) { options.flags["store"] = text; },
      "Where the store is; see `serve`.");
}

// Commands about a data directory; each is added, and run when it was chosen.
class Maintenance {
 public:
  Maintenance(CLI::App& app, Options& options) : options_(options) {
    backup_ = app.add_subcommand("backup", "Copy the store to a file; the node may be running.");
    add_place(*backup_, options);
    backup_->add_option("file", backup_options_.file, "The file to write.")->required();
    backup_->add_flag("--force", backup_options_.force, "Replace the file if it exists.");
    restore_ =
        app.add_subcommand("restore", "Put a backup in the place of the store, or prove it.");
    add_place(*restore_, options);
    restore_->add_option("file", restore_options_.file, "The backup.")->required();
    restore_->add_flag("--force", restore_options_.force, "Move a database that is there aside.");
    auto* verify = restore_->add_flag("--verify", restore_options_.verify,
                                      "Restore to the side, look, and change nothing.");
    restore_
        ->add_option("--against", restore_options_.against,
                     "Compare with this data directory, whose node may be running.")
        ->needs(verify);
    add_output(*restore_, restore_options_.json)->needs(verify);
    migrate_ = app.add_subcommand("migrate-store", "Copy a whole store to another database.");
    migrate_
        ->add_option("--from", migrate_options_.from,
                     "sqlite:PATH of the file, or postgresql://USER@HOST/DATABASE.")
        ->required();
    migrate_->add_option("--to", migrate_options_.to, "The same; nothing may be there yet.")
        ->required();
    migrate_->add_option("--store-password-file", migrate_options_.password_file,
                         "Holds the password for the PostgreSQL database.");
    doctor_ = app.add_subcommand("doctor", "Look at a data directory and its machine.");
    add_place(*doctor_, options);
    add_output(*doctor_, doctor_json_);
    certify_ = app.add_subcommand(
        "certificate", "Make a private CA and a certificate by it, for a node to speak TLS.");
    add_place(*certify_, options);
    certify_->add_option("name", certify_options_.names,
                         "Hosts and addresses of the node; else this machine's name and loopback.");
    certify_->add_option("--directory", certify_options_.directory,
                         "Where the files go; else tls/ in the data directory.");
    certify_->add_flag("--renew", certify_options_.renew, "Replace the certificate of that name.");
  }

  // The exit code; nothing when another command was chosen.
  std::optional<int> run() {
    if (*migrate_) return run_migrate_store(migrate_options_);
    if (!*backup_ && !*restore_ && !*doctor_ && !*certify_) return std::nullopt;
    const auto loaded = load(options_);
    if (!loaded) return report(loaded.error());
    backup_options_.data_dir = restore_options_.data_dir = loaded->config.data_dir;
    certify_options_.data_dir = loaded->config.data_dir;
    if (!loaded->config.has_own_store() && (*backup_ || *restore_)) {
      return report({base::Code::unsupported,
                     "the store is in PostgreSQL: back it up and restore it with PostgreSQL's own "
                     "means; docs/guide/postgresql.md shows how",
                     {}});
    }
    if (*backup_) return run_backup(backup_options_);
    if (*restore_) return run_restore(restore_options_);
    if (*certify_) return run_certify(certify_options_);
    return run_doctor(loaded->config, doctor_json_ ? DoctorOutput::json : DoctorOutput::text);
  }

 private:
  static CLI::Option* add_output(CLI::App& command, bool& is_json) {
    return command
        .add_option_function<std::string>(
            "-o,--output", [&is_json](const std::string& format) { is_json = format == "json"; },
            "text or json.")
        ->check(CLI::IsMember({"text", "json"}));
  }

  Options& options_;
  BackupOptions backup_options_;
  RestoreOptions restore_options_;
  CertifyOptions certify_options_;
  MigrateStoreOptions migrate_options_;
  bool doctor_json_ = false;
  CLI::App* backup_ = nullptr;
  CLI::App* restore_ = nullptr;
  CLI::App* doctor_ = nullptr;
  CLI::App* certify_ = nullptr;
  CLI::App* migrate_ = nullptr;
};

// The commands about the secrets of a worker; as Maintenance.
class SecretCommands {
 public:
  SecretCommands(CLI::App& app, Options& options) : options_(options) {
    noun_ = app.add_subcommand("secret", "The secrets that jobs of this machine's worker name.");
    noun_->require_subcommand(1);
    set_ = add("set", "Store a value, which is read from standard input.");
    set_->footer(
        "On a terminal the value is asked for twice and not shown. In a script:\n"
        "  mainspring secret set warehouse < password.txt");
    list_ = add("list", "Names, and when each was changed; no values.");
    remove_ = add("remove", "Take a value away.");
    for (CLI::App* command : {set_, remove_})
      command->add_option("NAME", secret_.name, "Its name.")->required();
  }

  // The exit code; nothing when another command was chosen.
  std::optional<int> run() {
    if (!*noun_) return std::nullopt;
    const auto loaded = load(options_);
    if (!loaded) return report(loaded.error());
    secret_.data_dir = loaded->config.data_dir;
    if (*set_) return run_secret_set(secret_);
    return *list_ ? run_secret_list(secret_) : run_secret_remove(secret_);
  }

 private:
  CLI::App* add(const char* verb, const char* help) {
    CLI::App* command = noun_->add_subcommand(verb, help);
    command->add_option("--config", options_.config_file, "Read settings from this YAML file.");
    command->add_option_function<std::string>(
        "--data-dir", [this](const std::string& text) { options_.flags["data_dir"] = text; },
        "The data directory of the node, or of the worker.");
    command->add_option("--tenant", secret_.tenant, "Whose.")->capture_default_str();
    return command;
  }

  Options& options_;
  SecretOptions secret_;
  CLI::App* noun_ = nullptr;
  CLI::App* set_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* remove_ = nullptr;
};

int work(const WorkerOptions& options) {
  const auto loaded = load({options.config_file, options.flags, {}}, default_worker_dir());
  return loaded ? run_worker(options, loaded->config) : report(loaded.error());
}

int show(const Options& options) {
  auto loaded = load(options);
  if (!loaded) return report(loaded.error());
  fmt::print("{}", show_config(*loaded));
  return 0;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  // Started by a node for itself; it must be up at once, and is nobody's business.
  if (argc > 2 && argv[1] == std::string_view{runner::kWatchdogCommand}) {
    return runner::watchdog_main(argc - 2, argv + 2);
  }
  if (argc > 3 && argv[1] == std::string_view{runner::kSandboxCommand}) {
    return runner::sandbox_main(argc - 2, argv + 2);
  }
  CLI::App app{"Mainspring: jobs on schedules, on demand and on events.", "mainspring"};
  app.set_version_flag("--version", std::string{"mainspring "} + kVersion);
  app.require_subcommand(1);
  app.footer(
      "Start here: mainspring dev. Every setting of `serve` may also stand in a YAML file\n"
      "(--config) or in MAINSPRING_<KEY>; `mainspring config` shows where each came from.");
  Options options;
  CLI::App* dev = app.add_subcommand("dev", "Run a node for trying things out.");
  add_settings(*dev, options);
  dev->add_option("--apply", options.apply_files, "Apply the jobs of these manifests at start.");
  CLI::App* serve_command = app.add_subcommand("serve", "Run a node.");
  add_settings(*serve_command, options);
  WorkerOptions worker_options;
  CLI::App* worker = app.add_subcommand("worker", "Run jobs for a node that is somewhere else.");
  add_worker_options(*worker, worker_options);
  CLI::App* config = app.add_subcommand("config", "Show every setting and where it came from.");
  add_settings(*config, options);
  Maintenance maintenance(app, options);
  SecretCommands secrets(app, options);
  CLI::App* openapi = app.add_subcommand("openapi", "Print the OpenAPI document.");
  CLI::App* version = app.add_subcommand("version", "Print the version.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (const auto exit_code = maintenance.run()) return *exit_code;
  if (const auto exit_code = secrets.run()) return *exit_code;
  if (*openapi) {
    fmt::print("{}", api::openapi_document());
    return 0;
  }
  if (*version) {
    fmt::print("mainspring {}\n", kVersion);
    return 0;
  }
  if (*config) return show(options);
  if (*worker) return work(worker_options);
  return serve(options, *dev ? system::Hangup::stops : system::Hangup::reloads);
}

}  // namespace mainspring::node
