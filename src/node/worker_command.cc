#include "node/worker_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/core.h>
#include <fmt/format.h>

#include "model/codecs.h"
#include "node/config.h"
#include "node/log_writer.h"
#include "node/remote_worker.h"
#include "node/version.h"
#include "system/files.h"
#include "system/stop_signals.h"

namespace mainspring::node {
namespace {

using system::StopAsk;

constexpr int kExitInterrupted = 130;
constexpr std::size_t kTokenFileLimit = 4096;
// Before a start that found no node is tried again; doubled up to the second value.
constexpr base::Duration kFirstPause{500};
constexpr base::Duration kLongestPause{15'000};

int report(const base::Error& error) {
  const std::string text = fmt::format("mainspring: {}\n", base::to_text(error));
  std::fwrite(text.data(), 1, text.size(), stderr);
  return base::code_row(error.code).exit_code;
}

// Why the worker is to end: a signal, or the node.
class Farewell {
 public:
  explicit Farewell(system::StopSignals& signals)
      : signals_(signals), thread_([this] { watch(); }) {}
  ~Farewell() { signals_.interrupt(); }

  // Whether there is a reason, after at most so long.
  bool wait(std::optional<base::Duration> most) {
    std::unique_lock lock(mutex_);
    const auto has_come = [this] { return is_asked_ || rejection_; };
    if (most) return come_.wait_for(lock, *most, has_come);
    come_.wait(lock, has_come);
    return true;
  }
  void reject(const base::Error& error) {
    const std::scoped_lock lock(mutex_);
    rejection_ = error;
    come_.notify_all();
  }
  std::optional<base::Error> rejection() const {
    const std::scoped_lock lock(mutex_);
    return rejection_;
  }

 private:
  // The second signal ends the process where it stands: what it had accepted is durable.
  void watch() {
    while (true) {
      const StopAsk ask = signals_.wait();
      if (ask == StopAsk::interrupted) return;
      if (ask == StopAsk::at_once) std::_Exit(kExitInterrupted);
      const std::scoped_lock lock(mutex_);
      is_asked_ = true;
      come_.notify_all();
    }
  }

  system::StopSignals& signals_;
  mutable std::mutex mutex_;
  std::condition_variable come_;
  bool is_asked_ = false;
  std::optional<base::Error> rejection_;
  std::jthread thread_;  // last: it uses all of the above
};

base::Result<std::string> find_token(const WorkerOptions& options) {
  if (!options.token.empty()) return options.token;
  if (!options.token_file.empty()) {
    auto text = system::read_small_file(options.token_file, kTokenFileLimit);
    while (text && text->ends_with('\n'))
      text->pop_back();
    return text;
  }
  const char* variable = std::getenv("MAINSPRING_JOIN_TOKEN");
  return std::string{variable == nullptr ? "" : variable};
}

base::Result<RemoteWorkerSettings> read_settings(const WorkerOptions& options,
                                                 const Config& config) {
  RemoteWorkerSettings settings{.data_dir = config.data_dir,
                                .servers = {},
                                .join_token = {},
                                .name = config.name,
                                .slots = config.slots,
                                .labels = config.labels,
                                .resources = config.resources};
  const auto plain = options.insecure ? remote::Plain::anywhere : remote::Plain::loopback;
  for (const std::string& text : options.servers) {
    auto server = remote::read_server(text, plain);
    if (!server) return base::fail(std::move(server.error()));
    settings.servers.push_back(std::move(*server));
  }
  auto token = find_token(options);
  if (!token) return base::fail(std::move(token.error()));
  settings.join_token = std::move(*token);
  const auto spool = model::parse_size(options.spool_limit);
  if (!spool) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("--spool-limit: {}", spool.error().message));
  }
  settings.spool_bytes = *spool;
  settings.approach.ca_file = options.ca_file;
  if (settings.approach.ca_file.empty()) {
    if (const char* variable = std::getenv("MAINSPRING_CA")) settings.approach.ca_file = variable;
  }
  if (options.protocol > 0) settings.approach.versions = protocol::range_of(options.protocol);
  return settings;
}

// Until the node is there, or somebody wants the worker to end. Errors: those that will not pass.
base::Result<bool> start(RemoteWorker& worker, Farewell& farewell, const base::Log& log) {
  base::Duration pause = kFirstPause;
  while (true) {
    const auto started = worker.start();
    if (started) return true;
    if (!base::code_row(started.error().code).retryable) return base::fail(started.error());
    if (pause == kFirstPause) {
      log.say(base::LogLevel::warn, "the node is not there yet; this worker goes on trying",
              {{"reason", started.error().message}});
    }
    if (farewell.wait(pause)) return false;
    pause = std::min(2 * pause, kLongestPause);
  }
}

}  // namespace

std::string default_worker_dir() {
  if (::geteuid() == 0) return "/var/lib/mainspring-worker";
  const char* home = std::getenv("HOME");
  return std::string{home == nullptr ? "." : home} + "/.local/share/mainspring-worker";
}

void add_worker_options(CLI::App& command, WorkerOptions& options) {
  command.add_option("--config", options.config_file,
                     "Read the settings below that have a key from this YAML file.");
  command.add_option(
      "--join", options.servers,
      "The node's URL, such as https://node.example.com:7070; several for nodes that "
      "share a store. Not needed once it has joined.");
  command.add_option("--token", options.token,
                     "The join token; better in a file, or in MAINSPRING_JOIN_TOKEN: other users "
                     "see command lines.");
  command.add_option("--token-file", options.token_file, "A file that holds the join token.");
  command.add_option(
      "--ca", options.ca_file,
      "PEM file of the authority that vouches for the node; else MAINSPRING_CA, else "
      "the system's.");
  command.add_flag("--insecure", options.insecure,
                   "Allow http:// to other machines, on a network that you trust.");
  command.add_option("--spool-limit", options.spool_limit,
                     "Disk for output and outcomes while the node cannot be reached; 1GiB.");
  for (const char* key :
       {"data_dir", "name", "slots", "labels", "resources", "drain", "log_format", "log_level"}) {
    const json::FieldRow* field = Config::described().find(key);
    std::string flag{"--"};
    for (const char c : field->name)
      flag += c == '_' ? '-' : c;
    command.add_option_function<std::string>(
        flag,
        [&options, name = std::string{field->name}](const std::string& text) {
          options.flags[name] = text;
        },
        std::string{field->doc});
  }
  // For tests of rolling upgrades: a worker of another release than the node's.
  command.add_option("--protocol", options.protocol)->group("");
}

int run_worker(const WorkerOptions& options, const Config& config) {
  system::StopSignals signals(system::Hangup::stops);
  LogWriter writer(config);
  const base::Log log = writer.log();
  auto settings = read_settings(options, config);
  if (!settings) return report(settings.error());
  Farewell farewell(signals);
  settings->on_rejected = [&farewell](const base::Error& error) { farewell.reject(error); };
  auto worker = RemoteWorker::open(std::move(*settings), log);
  if (!worker) return report(worker.error());
  const auto started = start(**worker, farewell, log);
  if (!started) return report(started.error());
  if (*started) {
    fmt::print("Mainspring {} works for {} as {} ({}), {} slots\n", kVersion,
               fmt::join((*worker)->servers(), ", "), (*worker)->name(), (*worker)->id().text(),
               (*worker)->slots());
    std::fflush(stdout);
    farewell.wait(std::nullopt);
  }
  const auto rejection = farewell.rejection();
  const base::Duration drain = rejection ? base::Duration{0} : config.drain;
  log.info(fmt::format("stopping; running work may go on for {}, a second signal ends it",
                       base::format_duration(drain)));
  (*worker)->stop(drain);
  if (rejection) return report(*rejection);
  log.info("stopped");
  return 0;
}

}  // namespace mainspring::node
