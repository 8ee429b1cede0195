#include "node/node.h"

#include <arpa/inet.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <tuple>

#include <fmt/core.h>

#include "api/api.h"
#include "api/drafts.h"
#include "backup/keeper.h"
#include "backup/leftovers.h"
#include "crypto/digest.h"
#include "metrics/store_metrics.h"
#include "model/manifest.h"
#include "net/server.h"
#include "node/identity.h"
#include "node/metrics_page.h"
#include "node/version.h"
#include "plan/fresh_ids.h"
#include "plan/settle.h"
#include "runner/command/command_runner.h"
#include "runner/process/cgroup_root.h"
#include "runner/process/ledger.h"
#include "runner/process/watchdog.h"
#include "scheduler/scheduler.h"
#include "sqlite/store.h"
#include "system/files.h"
#include "system/host.h"
#include "system/local_node.h"
#include "system/real_clock.h"
#include "system/real_random.h"
#include "tracing/tracer.h"
#include "upkeep/upkeep.h"
#include "worker/worker.h"

namespace mainspring::node {
namespace {

using base::Duration;
using base::Result;

bool is_loopback(std::string_view host) {
  in_addr address{};  // "127.example.com" is a name, and may be anywhere
  const bool is_v4 = ::inet_pton(AF_INET, std::string{host}.c_str(), &address) == 1;
  return host == "localhost" || host == "::1" || (is_v4 && host.starts_with("127."));
}

// Without TLS, tokens and answers cross the network in the clear: other machines stay out, unless
// somebody said that this is meant.
Result<ListenAddress> check_listen(const Config& config) {
  auto address = parse_listen(config.listen);
  if (address && !is_loopback(address->host) && !config.insecure_listen) {
    return base::fail(base::Code::unsupported,
                      fmt::format("listen: '{}' is not a loopback address, and this release has no "
                                  "TLS. Put a proxy that has in front of 127.0.0.1; or, on a "
                                  "network that you trust, set insecure_listen to true.",
                                  config.listen));
  }
  return address;
}

int slots_of(const Config& config) {
  if (config.slots > 0) return config.slots;
  return std::max(4, 2 * static_cast<int>(std::thread::hardware_concurrency()));
}

model::WorkerResources resources_of(const ResourceConfig& config) {
  const system::Machine machine = system::load_machine();
  return {.cpu = config.cpu > 0 ? config.cpu : machine.cores,
          .memory_bytes = config.memory_bytes > 0 ? config.memory_bytes : machine.memory_bytes,
          .gpus = config.gpus >= 0 ? config.gpus : machine.gpus,
          .gpu_memory_bytes = config.gpu_memory_bytes};
}

// Descriptors for everything but connections: the store, and some for each slot.
constexpr std::uint64_t kOtherDescriptors = 256;
constexpr std::uint64_t kDescriptorsPerSlot = 16;

std::uint64_t other_descriptors(const Config& config) {
  return kOtherDescriptors + kDescriptorsPerSlot * static_cast<std::uint64_t>(slots_of(config));
}

// Streams stay open: were they to take every connection, nobody could ask anything any more.
std::int64_t live_streams_of(std::size_t connections) {
  const std::size_t kept = connections / 8;
  return std::min(api::Settings{}.live_streams, static_cast<std::int64_t>(connections - kept));
}

std::vector<std::string> hosts_of(const Config& config) {
  std::vector<std::string> hosts = config.hosts;
  hosts.push_back(system::load_hostname());
  return hosts;
}

std::optional<Duration> unless_none(Duration age) {
  return age == Duration{0} ? std::nullopt : std::optional{age};
}

upkeep::Settings retention_of(const RetentionConfig& config) {
  upkeep::Settings out;
  out.retention.runs = config.runs;
  out.retention.age = unless_none(config.age);
  out.retention.log_age = unless_none(config.log_age);
  out.retention.log_bytes = config.log_bytes;
  out.retention.ledger_age = unless_none(config.ledger_age);
  out.events_age = unless_none(config.events_age);
  return out;
}

backup::KeeperSettings backups_of(const Config& config) {
  return {.database = Layout{config.data_dir}.database(),
          .directory = config.backup_directory(),
          .every = unless_none(config.backup_every),
          .keep = static_cast<std::size_t>(config.backup_keep)};
}

Result<void> make_directories(const Layout& layout) {
  for (const std::string& path : {layout.root, layout.processes(), layout.scratch()}) {
    if (auto made = system::make_private_directory(path); !made) return made;
  }
  return {};
}

// A node that was killed while it started a program leaves a child that has not exec'd yet and
// holds the lock for another moment: long on a busy machine, but not as long as this.
constexpr std::chrono::seconds kLockPatience{5};
constexpr std::chrono::milliseconds kLockPause{20};

Result<system::FileLock> take_lock(const std::string& path) {
  const auto until = std::chrono::steady_clock::now() + kLockPatience;
  while (true) {
    auto taken = system::FileLock::take(path);
    const bool is_held = !taken && taken.error().code == base::Code::conflict;
    if (!is_held || std::chrono::steady_clock::now() > until) return taken;
    std::this_thread::sleep_for(kLockPause);
  }
}

// Jobs with `user` must pass through the scratch root, and the data directory lets nobody through:
// root's lies in /run, which is memory besides. One per node, told apart by the worker's id.
Result<std::string> make_scratch_root(const Layout& layout, base::WorkerId worker) {
  if (::geteuid() != 0) return layout.scratch();
  const std::string shared = "/run/mainspring";
  const std::string own = shared + "/" + worker.text();
  for (const std::string& path : {shared, own}) {
    if (auto made = system::make_private_directory(path); !made) {
      return base::fail(std::move(made.error()));
    }
    if (::chmod(path.c_str(), 0711) != 0) {
      return base::fail(base::Code::unavailable, fmt::format("cannot open {} to users", path));
    }
  }
  return own;
}

// So that jobs can be placed where their limits hold, and `jobctl doctor` can tell.
std::map<std::string, std::string> with_limits(std::map<std::string, std::string> labels,
                                               const runner::CgroupRoot& groups) {
  std::string enforced;
  for (const runner::Limit limit : runner::kAllLimits) {
    if (!groups.why_not(limit).empty()) continue;
    enforced += fmt::format("{}{}", enforced.empty() ? "" : ".", runner::controller_of(limit));
  }
  labels["mainspring/cgroup"] = groups.version();
  labels["mainspring/limits"] = enforced.empty() ? "none" : enforced;
  return labels;
}

// What a killed life of this node left behind; we hold the lock, so nobody uses it.
void clear_scratch(const std::string& root) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(root, ignored)) {
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

Result<void> grant_admin(store::Store& store, const env::Clock& clock, env::Random& random,
                         const std::string& token) {
  auto stored =
      store::apply(store.writer(), store::PutToken{.id = env::make_id<base::TokenId>(clock, random),
                                                   .tenant = std::string{api::kDefaultTenant},
                                                   .name = "admin",
                                                   .sha256 = crypto::sha256(token),
                                                   .permissions = {"admin"},
                                                   .now = clock.now()});
  if (!stored) return base::fail(std::move(stored.error()));
  return {};
}

// For a collector to take the last spans.
constexpr Duration kTracesPatience = std::chrono::seconds{5};

}  // namespace

// In the order of construction; destroyed from the end.
struct Node::Parts {
  Config config;
  std::vector<api::SettingView> shown_settings;
  base::Log log;
  Layout layout{""};
  system::SystemClock clock;
  system::SystemRandom random;
  std::unique_ptr<system::FileLock> lock;
  std::string instance_id;
  std::string scratch_root;
  system::DescriptorLimit descriptors;
  std::size_t max_connections = 0;
  std::unique_ptr<runner::ProcessLedger> ledger;
  std::unique_ptr<runner::CgroupRoot> groups;
  std::unique_ptr<runner::Watchdog> watchdog;
  std::unique_ptr<runner::CommandRunner> command;
  metrics::StoreMetrics store_metrics;  // before the store, whose writer counts
  std::unique_ptr<store::Store> store;
  std::unique_ptr<tracing::Tracer> tracer;
  std::unique_ptr<worker::Worker> worker;
  std::unique_ptr<scheduler::Scheduler> scheduler;
  std::unique_ptr<upkeep::Upkeep> upkeep;
  std::unique_ptr<backup::Keeper> keeper;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<net::Server> server;
  std::string url;
  system::LocalNode local;

  Result<void> take_directory();
  Result<void> open_store();
  Result<void> take_groups(base::WorkerId worker_id);
  Result<void> start_watchdog();
  Result<void> take_descriptors();
  tracing::Settings traces_of(const Config& wanted) const;
  Result<void> start_worker(base::WorkerId worker_id);
  Result<void> start_roles();
  Result<void> listen();
};

Result<void> Node::Parts::take_directory() {
  layout = Layout{config.data_dir};
  if (auto made = make_directories(layout); !made) return made;
  auto taken = take_lock(layout.lock());
  if (!taken) return base::fail(std::move(taken.error()));
  lock = std::make_unique<system::FileLock>(std::move(*taken));
  for (const std::string& path : backup::clear_restore_leftovers(layout.database()))
    log.info(fmt::format("removed what a restore left that was killed: {}", path));
  const auto ended = runner::kill_leftovers(layout.processes());
  if (!ended) return base::fail(ended.error());
  for (const std::string& label : *ended) {
    log.info(fmt::format("ended what an earlier life of this node left running: {}", label));
  }
  return {};
}

Result<void> Node::Parts::open_store() {
  auto opened =
      sqlite::open({.path = layout.database(),
                    .log = log.of("store"),
                    .observe = [this](const store::Tally& tally) { store_metrics.count(tally); }});
  if (!opened) return base::fail(std::move(opened.error()));
  store = std::move(*opened);
  const auto token = load_admin_token(layout, random);
  if (!token) return base::fail(token.error());
  return grant_admin(*store, clock, random, token->token);
}

Result<void> Node::Parts::take_groups(base::WorkerId worker_id) {
  groups = runner::CgroupRoot::open(worker_id.text());
  const auto ended = groups->kill_leftovers();
  if (!ended) return base::fail(ended.error());
  for (const std::string& label : *ended) {
    log.info(
        fmt::format("ended what an earlier life of this node left running in a group: {}", label));
  }
  for (const runner::Limit limit : runner::kAllLimits) {
    const std::string& why = groups->why_not(limit);
    if (why.empty()) continue;
    log.info(fmt::format("resources.{} cannot be enforced: {}", runner::controller_of(limit), why));
  }
  return {};
}

Result<void> Node::Parts::start_watchdog() {
  auto started = runner::Watchdog::start(
      {.places = {.ledger = layout.processes(), .groups = groups->directories()},
       .held = lock->descriptor()});
  if (!started) return base::fail(std::move(started.error()));
  watchdog = std::move(*started);
  return {};
}

// Connections that use up the descriptors would leave none to start programs with.
Result<void> Node::Parts::take_descriptors() {
  const auto wanted = static_cast<std::uint64_t>(config.connections);
  const std::uint64_t others = other_descriptors(config);
  descriptors = system::raise_descriptor_limit(wanted + others);
  max_connections = wanted;
  if (descriptors.now >= wanted + others) return {};
  max_connections =
      std::max<std::uint64_t>(16, descriptors.now - std::min(descriptors.now, others));
  log.warn(
      fmt::format("at most {} connections, as the limit of open files is {} (ulimit -n, or "
                  "LimitNOFILE= of the unit)",
                  max_connections, descriptors.now));
  return {};
}

// As OpenTelemetry's conventions for resources name it.
tracing::Settings Node::Parts::traces_of(const Config& wanted) const {
  const std::string version{kVersion};
  trace::Attributes resource{{"service.name", wanted.otlp_service_name},
                             {"service.version", version},
                             {"service.instance.id", instance_id},
                             {"host.name", system::load_hostname()}};
  return {.endpoint = wanted.otlp_endpoint,
          .headers = wanted.otlp_headers,
          .ratio = wanted.otlp_sample_ratio,
          .source = {std::move(resource), version}};
}

Result<void> Node::Parts::start_worker(base::WorkerId worker_id) {
  if (auto taken = take_groups(worker_id); !taken) return taken;
  ledger = std::make_unique<runner::ProcessLedger>(layout.processes());
  if (auto watched = start_watchdog(); !watched) return watched;
  command = std::make_unique<runner::CommandRunner>(
      runner::CommandSettings{.scratch_root = scratch_root,
                              .ledger = ledger.get(),
                              .groups = groups.get(),
                              .open_files = descriptors.before});
  const std::string name = config.name.empty() ? system::load_hostname() : config.name;
  worker = std::make_unique<worker::Worker>(
      worker::Parts{.writer = store->writer(),
                    .clock = clock,
                    .random = random,
                    .runners = {{model::JobType::command, command.get()}},
                    .log = log.of("worker"),
                    .traces = tracer.get(),
                    .hold_until = [this](auto until) { watchdog->hold_until(until); }},
      worker::Settings{.id = worker_id,
                       .name = name,
                       .slots = slots_of(config),
                       .labels = with_limits(config.labels, *groups),
                       .resources = resources_of(config.resources),
                       .version = kVersion,
                       .lease = config.lease,
                       .heartbeat = config.heartbeat,
                       .shipment = {}});
  worker->start();
  return {};
}

Result<void> Node::Parts::start_roles() {
  const auto worker_id = load_worker_id(layout, {clock, random});
  if (!worker_id) return base::fail(worker_id.error());
  instance_id = worker_id->text();
  tracer =
      std::make_unique<tracing::Tracer>(tracing::Parts{*store, clock, random, log.of("tracing")});
  tracer->configure(traces_of(config));
  const auto scratch = make_scratch_root(layout, *worker_id);
  if (!scratch) return base::fail(scratch.error());
  scratch_root = *scratch;
  clear_scratch(scratch_root);
  if (auto started = start_worker(*worker_id); !started) return started;
  scheduler = std::make_unique<scheduler::Scheduler>(
      scheduler::Parts{
          .store = *store, .clock = clock, .random = random, .log = log.of("scheduler")},
      scheduler::Settings{.horizon = config.plan_ahead});
  scheduler->start();
  upkeep = std::make_unique<upkeep::Upkeep>(
      upkeep::Parts{.store = *store, .clock = clock, .random = random, .log = log.of("upkeep")},
      retention_of(config.retention));
  upkeep->start();
  keeper = std::make_unique<backup::Keeper>(
      backup::KeeperParts{.writer = store->writer(),
                          .clock = clock,
                          .log = log.of("backup").lines(base::LogLevel::info)},
      backups_of(config));
  keeper->begin();
  const auto write_metrics = [this](metrics::Page& page) {
    store_metrics.write(page);
    tracer->write(page);
    write_process(page);
    write_database(page, layout.database());
  };
  api = std::make_unique<api::Api>(api::Services{.store = *store,
                                                 .clock = clock,
                                                 .random = random,
                                                 .backups = keeper.get(),
                                                 .write_metrics = write_metrics,
                                                 .traces = tracer.get(),
                                                 .log = log.of("api")},
                                   api::Settings{.version = kVersion,
                                                 .readers = config.readers,
                                                 .hosts = hosts_of(config),
                                                 .live_streams = live_streams_of(max_connections),
                                                 .shown = shown_settings});
  return {};
}

Result<void> Node::Parts::listen() {
  const auto address = check_listen(config);
  if (!address) return base::fail(address.error());
  net::ServerSettings settings;
  settings.report = log.of("http").lines(base::LogLevel::warn);
  settings.limits.connections = max_connections;
  server = std::make_unique<net::Server>(settings, api->application());
  const auto endpoint = server->listen(net::TcpAddress{address->host, address->port});
  if (!endpoint) return base::fail(endpoint.error());
  url = "http://" + endpoint->address;
  if (!is_loopback(address->host)) {
    log.warn(
        fmt::format("{} is open to other machines without encryption (insecure_listen): "
                    "whoever can read the network can take tokens",
                    url));
  }
  server->start();
  local = {url, layout.admin_token()};
  if (auto told = system::store_local_node(local); !told) {
    log.warn(fmt::format("jobctl will not find this node by itself: {}", told.error().message));
  }
  return {};
}

Result<std::unique_ptr<Node>> Node::start(const LoadedConfig& loaded, base::Log log) {
  if (auto listen = check_listen(loaded.config); !listen)
    return base::fail(std::move(listen.error()));
  auto parts = std::make_unique<Parts>();
  parts->config = loaded.config;
  parts->shown_settings = list_settings(loaded);
  parts->log = std::move(log);
  std::unique_ptr<Node> node(new Node(std::move(parts)));
  for (auto step : {&Parts::take_directory, &Parts::take_descriptors, &Parts::open_store,
                    &Parts::start_roles, &Parts::listen}) {
    if (auto done = (node->parts_.get()->*step)(); !done) {
      return base::fail(std::move(done.error()));
    }
  }
  return node;
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Node::~Node() { stop(Duration{0}); }

const std::string& Node::url() const { return parts_->url; }
const std::string& Node::token_file() const { return parts_->local.token_file; }

std::string Node::make_sign_in_link() { return parts_->url + parts_->api->make_sign_in_path(); }

Result<void> Node::apply_manifest(std::string_view text, std::string_view author) {
  auto manifest = model::parse_manifest(text, model::ManifestFormat::yaml);
  if (!manifest) return base::fail(std::move(manifest.error()));
  store::ApplyJobs command{
      std::string{api::kDefaultTenant}, {}, std::string{author}, parts_->clock.now()};
  command.queues = std::move(manifest->queues);
  command.calendars = std::move(manifest->calendars);
  const auto reads = parts_->store->open_reads();
  plan::FreshIds ids(parts_->clock, parts_->random);
  for (model::JobSpec& spec : manifest->jobs) {
    if (auto missing = model::unsupported_features(spec); !missing.empty()) {
      return base::fail({base::Code::unsupported,
                         fmt::format("{}: this build cannot do all of it.", spec.name),
                         std::move(missing)});
    }
    if (const auto stored = reads->jobs().find_by_name(command.tenant, spec.name))
      std::ranges::move(plan::settle(reads->schedules().of_job(stored->id), command.now, ids),
                        std::back_inserter(command.settle));
    command.jobs.push_back(api::make_draft(parts_->clock, parts_->random, std::move(spec)));
  }
  auto applied = store::apply(parts_->store->writer(), std::move(command));
  if (!applied) return base::fail(std::move(applied.error()));
  return {};
}

Result<void> Node::reload(const LoadedConfig& settings) {
  Parts& parts = *parts_;
  const Config& config = settings.config;
  parts.api->set_shown_settings(list_settings(settings));
  const Config before = std::exchange(parts.config, config);
  parts.api->set_hosts(hosts_of(config));
  const backup::KeeperSettings backups = backups_of(config);
  parts.keeper->configure(backups.every, backups.keep);
  parts.upkeep->configure(retention_of(config.retention));
  const auto traces = [](const Config& of) {
    return std::tie(of.otlp_endpoint, of.otlp_headers, of.otlp_sample_ratio, of.otlp_service_name);
  };
  if (traces(before) == traces(config)) return {};
  try {
    parts.tracer->configure(parts.traces_of(config));
  } catch (const std::exception& failure) {
    return base::fail(base::Code::unavailable, fmt::format("traces: {}", failure.what()));
  }
  return {};
}

void Node::stop(Duration drain) {
  if (!parts_) return;
  Parts& parts = *parts_;
  if (!parts.local.server.empty()) system::remove_local_node(parts.local);
  // Claims end first, so that nothing starts while the doors close; the API goes on answering
  // until running work has drained.
  if (parts.keeper) parts.keeper->stop();
  parts.upkeep.reset();
  parts.scheduler.reset();
  if (parts.worker) parts.worker->stop(drain);
  if (parts.api) parts.api->stop_waiting();
  if (parts.server) parts.server->stop(std::chrono::seconds{5});
  if (parts.tracer) parts.tracer->stop(kTracesPatience);
  parts.api.reset();
  parts.server.reset();
  if (::geteuid() == 0) ::rmdir(parts.scratch_root.c_str());  // made again at the next start
  parts_.reset();
}

}  // namespace mainspring::node
