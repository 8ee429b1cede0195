#include "node/node.h"

#include <arpa/inet.h>

#include <algorithm>
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
#include "model/names.h"
#include "net/server.h"
#include "node/certificate_watch.h"
#include "node/connection_trial.h"
#include "node/identity.h"
#include "node/membership.h"
#include "node/metrics_page.h"
#include "node/version.h"
#include "node/workshop.h"
#include "plan/fresh_ids.h"
#include "plan/settle.h"
#include "postgres/store.h"
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
  if (config.roles.empty()) {
    return base::fail(base::Code::invalid_argument,
                      "roles: a node without any does nothing. Name api, scheduler or worker.");
  }
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return base::fail(base::Code::invalid_argument,
                      "tls_certificate and tls_key: one is set, and the other is not. Set both, or "
                      "neither.");
  }
  if (address && !is_loopback(address->host) && !config.has_tls() && !config.insecure_listen) {
    return base::fail(
        base::Code::invalid_argument,
        fmt::format("listen: '{}' is not a loopback address, and there is no TLS: whoever can read "
                    "the network could take tokens. Set tls_certificate and tls_key ('mainspring "
                    "certificate' makes them); or put a proxy that has TLS in front of 127.0.0.1; "
                    "or, on a network that you trust, set insecure_listen to true.",
                    config.listen));
  }
  return address;
}

net::TlsFiles tls_files_of(const Config& config) {
  return {config.tls_certificate, config.tls_key};
}

bool is_any(std::string_view host) { return host == "0.0.0.0" || host == "::"; }

// For a link: where the node listens on every address, a name of its certificate says more.
std::string link_address(const ListenAddress& listen, const net::Endpoint& endpoint,
                         const net::Tls* tls) {
  if (!is_any(listen.host) || tls == nullptr) return endpoint.address;
  const auto names = tls->certificate().names;
  const auto is_host = [](std::string_view name) {
    return !name.starts_with('*') && !name.contains(':');
  };
  const auto name = std::ranges::find_if(names, is_host);
  return name == names.end() ? endpoint.address : fmt::format("{}:{}", *name, endpoint.port);
}

// For other machines.
std::string far_address(const ListenAddress& listen, const net::Endpoint& endpoint,
                        const net::Tls* tls) {
  std::string address = link_address(listen, endpoint, tls);
  const bool says_nothing = is_any(listen.host) && address == endpoint.address;
  return says_nothing ? fmt::format("{}:{}", system::load_hostname(), endpoint.port) : address;
}

// For programs on this machine.
std::string near_address(const ListenAddress& listen, const net::Endpoint& endpoint) {
  if (!is_any(listen.host)) return endpoint.address;
  return fmt::format("{}:{}", listen.host == "::" ? "[::1]" : "127.0.0.1", endpoint.port);
}

std::string name_of(const Config& config) {
  return config.name.empty() ? system::load_hostname() : config.name;
}

int slots_of(const Config& config) {
  if (config.slots > 0) return config.slots;
  return std::max(4, 2 * static_cast<int>(std::thread::hardware_concurrency()));
}

// Streams stay open: were they to take every connection, nobody could ask anything any more.
std::int64_t live_streams_of(std::size_t connections) {
  const std::size_t kept = connections / 8;
  return std::min(api::Settings{}.live_streams, static_cast<std::int64_t>(connections - kept));
}

// Whom the certificate names is the node as well.
std::vector<std::string> hosts_of(const Config& config, const net::Tls* tls) {
  std::vector<std::string> hosts = config.hosts;
  hosts.push_back(system::load_hostname());
  if (tls != nullptr) std::ranges::move(tls->certificate().names, std::back_inserter(hosts));
  return hosts;
}

// A thousand sessions are some 400 KiB.
constexpr std::size_t kSessionsFile = 4U << 20;

api::Shelf sessions_of(const Layout& layout) {
  return {
      .load = [path = layout.sessions()] { return system::read_small_file(path, kSessionsFile); },
      .store = [path = layout.sessions()](
                   std::string_view text) { return system::write_private_file(path, text); }};
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

// The name of this node's own token. Nodes that share a store have one each.
std::string own_token_name(const Config& config, std::string_view instance_id) {
  if (config.has_own_store()) return "admin";
  return fmt::format("admin-{:.40}-{}", model::correct_name(name_of(config)),
                     instance_id.substr(instance_id.size() - 8));
}

const char* const kBackupsElsewhere =
    "The store is in PostgreSQL, whose own backups count: the archive of the server or its "
    "snapshots, or pg_dump --schema=mainspring.";

// What nodes of this version say to each other through the store.
constexpr int kProtocol = 1;

// For a collector to take the last spans.
constexpr Duration kTracesPatience = std::chrono::seconds{5};

}  // namespace

// In the order of construction; destroyed from the end.
struct Node::Parts {
  Config config;
  std::vector<api::SettingView> shown_settings;
  base::Log log;
  Layout layout{""};
  std::shared_ptr<net::Tls> tls;  // nullptr: none
  ReferenceClock clock;
  system::SystemRandom random;
  std::unique_ptr<system::FileLock> lock;
  std::string instance_id;
  system::DescriptorLimit descriptors;
  std::size_t max_connections = 0;
  std::unique_ptr<Workshop> workshop;
  metrics::StoreMetrics store_metrics;  // before the store, whose writer counts
  std::unique_ptr<store::Store> store;  // in a file of its own, or one that others use as well
  std::unique_ptr<Membership> membership;
  std::unique_ptr<tracing::Tracer> tracer;
  // Each of these where the node has the role.
  std::unique_ptr<worker::Worker> worker;
  std::unique_ptr<scheduler::Scheduler> scheduler;
  std::unique_ptr<upkeep::Upkeep> upkeep;
  std::unique_ptr<backup::Keeper> keeper;
  std::unique_ptr<CertificateWatch> certificate_watch;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<net::Server> server;
  std::string url;
  system::LocalNode local;

  Result<void> load_certificate();
  Result<void> take_directory();
  Result<void> open_store();
  Result<void> grant_admin();
  Result<void> take_descriptors();
  tracing::Settings traces_of(const Config& wanted) const;
  Result<void> join_fleet(base::WorkerId worker_id);
  Result<void> start_worker(base::WorkerId worker_id);
  void start_scheduler();
  Result<void> start_roles();
  void make_api();
  void write_metrics(metrics::Page& page);
  Result<void> listen();
  void tell_local();
  Result<void> reload_certificate();
  std::vector<std::string> find_troubles() const;
};

Result<void> Node::Parts::load_certificate() {
  if (!config.has_tls()) return {};
  auto loaded = net::Tls::load(tls_files_of(config));
  if (!loaded) return base::fail(std::move(loaded.error()));
  tls = std::move(*loaded);
  return {};
}

Result<void> Node::Parts::take_directory() {
  layout = Layout{config.data_dir};
  auto taken = take_data_directory(layout, log);
  if (!taken) return base::fail(std::move(taken.error()));
  lock = std::move(*taken);
  for (const std::string& path : backup::clear_restore_leftovers(layout.database()))
    log.info(fmt::format("removed what a restore left that was killed: {}", path));
  return {};
}

Result<void> Node::Parts::open_store() {
  const auto count = [this](const store::Tally& tally) { store_metrics.count(tally); };
  if (config.has_own_store()) {
    auto opened =
        sqlite::open({.path = layout.database(), .log = log.of("store"), .observe = count});
    if (!opened) return base::fail(std::move(opened.error()));
    store = std::move(*opened);
    return {};
  }
  auto opened = postgres::open({.url = config.store,
                                .password_file = config.store_password_file,
                                .log = log.of("store"),
                                .observe = count,
                                .correction = [this] { return clock.correction(); }});
  if (!opened) return base::fail(std::move(opened.error()));
  log.info(fmt::format("the store is PostgreSQL, {}", (*opened)->shown()));
  // Before the first command; Membership keeps it true from then on.
  if (const auto measured = (*opened)->clock_offset()) clock.correct(correction_for(*measured));
  store = std::move(*opened);
  return {};
}

Result<void> Node::Parts::grant_admin() {
  const auto own = load_admin_token(layout, random);
  if (!own) return base::fail(own.error());
  auto stored = store::apply(store->writer(),
                             store::PutToken{.id = env::make_id<base::TokenId>(clock, random),
                                             .tenant = std::string{api::kDefaultTenant},
                                             .name = own_token_name(config, instance_id),
                                             .sha256 = crypto::sha256(own->token),
                                             .permissions = {"admin"},
                                             .now = clock.now()});
  if (!stored) return base::fail(std::move(stored.error()));
  return {};
}

// Connections that use up the descriptors would leave none to start programs with.
Result<void> Node::Parts::take_descriptors() {
  const auto wanted = static_cast<std::uint64_t>(config.connections);
  const std::uint64_t others = descriptors_for(slots_of(config));
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

Result<void> Node::Parts::join_fleet(base::WorkerId worker_id) {
  model::Node self;
  self.id = node_id_of(worker_id);
  self.name = name_of(config);
  self.roles = config.roles;
  self.version = kVersion;
  self.protocol = kProtocol;
  self.started_at = clock.now();
  membership = std::make_unique<Membership>(
      Membership::Parts{.store = *store, .clock = clock, .log = log.of("fleet")},
      Membership::Settings{.self = std::move(self), .liveness = config.liveness});
  return membership->join();
}

Result<void> Node::Parts::start_worker(base::WorkerId worker_id) {
  auto opened = Workshop::open({.layout = layout,
                                .worker_id = worker_id,
                                .log = log,
                                .lock = lock->descriptor(),
                                .open_files = descriptors.before});
  if (!opened) return base::fail(std::move(opened.error()));
  workshop = std::move(*opened);
  worker = std::make_unique<worker::Worker>(
      worker::Parts{.writer = store->writer(),
                    .clock = clock,
                    .random = random,
                    .runners = workshop->runners(),
                    .log = log.of("worker"),
                    .traces = tracer.get(),
                    .hold_until = [this](auto until) { workshop->watchdog().hold_until(until); }},
      worker::Settings{.id = worker_id,
                       .name = name_of(config),
                       .slots = slots_of(config),
                       .labels = workshop->with_limits(config.labels),
                       .version = kVersion,
                       .resources = load_resources(config.resources),
                       .lease = config.lease,
                       .heartbeat = config.heartbeat,
                       .shipment = {}});
  worker->start();
  return {};
}

void Node::Parts::start_scheduler() {
  const plan::Share share = membership->fleet().share;
  scheduler = std::make_unique<scheduler::Scheduler>(
      scheduler::Parts{
          .store = *store, .clock = clock, .random = random, .log = log.of("scheduler")},
      scheduler::Settings{.horizon = config.plan_ahead, .lease = config.lease, .share = share});
  scheduler->start();
  upkeep = std::make_unique<upkeep::Upkeep>(
      upkeep::Parts{.store = *store, .clock = clock, .random = random, .log = log.of("upkeep")},
      retention_of(config.retention), share);
  upkeep->start();
}

Result<void> Node::Parts::start_roles() {
  const auto worker_id = load_worker_id(layout, {clock, random});
  if (!worker_id) return base::fail(worker_id.error());
  instance_id = worker_id->text();
  if (auto granted = grant_admin(); !granted) return granted;
  tracer =
      std::make_unique<tracing::Tracer>(tracing::Parts{*store, clock, random, log.of("tracing")});
  tracer->configure(traces_of(config));
  if (auto joined = join_fleet(*worker_id); !joined) return joined;
  if (config.has_role(model::NodeRole::worker)) {
    if (auto started = start_worker(*worker_id); !started) return started;
  }
  if (config.has_role(model::NodeRole::scheduler)) start_scheduler();
  membership->start([this](const plan::Share& share) {
    if (!scheduler) return;
    scheduler->set_share(share);
    upkeep->set_share(share);
  });
  if (config.has_own_store()) {
    keeper = std::make_unique<backup::Keeper>(
        backup::KeeperParts{.writer = store->writer(),
                            .clock = clock,
                            .log = log.of("backup").lines(base::LogLevel::info)},
        backups_of(config));
    keeper->begin();
  }
  make_api();
  return {};
}

void Node::Parts::write_metrics(metrics::Page& page) {
  store_metrics.write(page);
  tracer->write(page);
  write_process(page);
  write_tls(page, tls.get());
  write_clock(page, *store);
  if (config.has_own_store()) write_database(page, layout.database());
}

void Node::Parts::make_api() {
  using Reach = api::Settings::Reach;
  const bool has_api = config.has_role(model::NodeRole::api);
  api = std::make_unique<api::Api>(
      api::Services{.store = *store,
                    .clock = clock,
                    .random = random,
                    .backups = keeper.get(),
                    .no_backups = kBackupsElsewhere,
                    .write_metrics = [this](metrics::Page& page) { write_metrics(page); },
                    .find_troubles = [this] { return find_troubles(); },
                    .traces = tracer.get(),
                    .test_connection = make_connection_trial(layout),
                    .sessions = sessions_of(layout),
                    .log = log.of("api")},
      api::Settings{.version = kVersion,
                    .own_token = own_token_name(config, instance_id),
                    .readers = config.readers,
                    .hosts = hosts_of(config, tls.get()),
                    .live_streams = live_streams_of(max_connections),
                    .lease = config.lease,
                    .worker_heartbeat = config.heartbeat,
                    .hsts = config.tls_hsts,
                    .reach = has_api ? Reach::everything : Reach::health,
                    .shown = shown_settings});
}

std::vector<std::string> Node::Parts::find_troubles() const {
  std::vector<std::string> out = troubles_of(membership->fleet());
  if (!tls) return out;
  if (auto trouble = trouble_of(tls->certificate(), clock.now()))
    out.push_back(std::move(*trouble));
  return out;
}

Result<void> Node::Parts::listen() {
  const auto address = check_listen(config);
  if (!address) return base::fail(address.error());
  net::ServerSettings settings;
  settings.report = log.of("http").lines(base::LogLevel::warn);
  settings.limits.connections = max_connections;
  server = std::make_unique<net::Server>(settings, api->application());
  const auto endpoint = server->listen(net::TcpAddress{address->host, address->port, tls});
  if (!endpoint) return base::fail(endpoint.error());
  const std::string_view scheme = tls ? "https" : "http";
  url = fmt::format("{}://{}", scheme, link_address(*address, *endpoint, tls.get()));
  if (tls) {
    certificate_watch = std::make_unique<CertificateWatch>(
        CertificateWatch::Parts{.tls = *tls, .clock = clock, .log = log.of("http")});
  } else if (!is_loopback(address->host)) {
    log.warn(
        fmt::format("{} is open to other machines without encryption (insecure_listen): "
                    "whoever can read the network can take tokens",
                    url));
  }
  server->start();
  if (!config.has_role(model::NodeRole::api)) return {};
  membership->set_address(
      fmt::format("{}://{}", scheme, far_address(*address, *endpoint, tls.get())));
  local = {fmt::format("{}://{}", scheme, near_address(*address, *endpoint)), layout.admin_token()};
  tell_local();
  return {};
}

// To jobctl of the same user, also which key to expect: the certificate may name no address by
// which it comes, and be by an authority that this machine does not know.
void Node::Parts::tell_local() {
  if (tls) local.pin = tls->certificate().pin;
  if (auto told = system::store_local_node(local); !told) {
    log.warn(fmt::format("jobctl will not find this node by itself: {}", told.error().message));
  }
}

Result<std::unique_ptr<Node>> Node::start(const LoadedConfig& loaded, base::Log log) {
  if (auto listen = check_listen(loaded.config); !listen)
    return base::fail(std::move(listen.error()));
  auto parts = std::make_unique<Parts>();
  parts->config = loaded.config;
  parts->shown_settings = list_settings(loaded);
  parts->log = std::move(log);
  std::unique_ptr<Node> node(new Node(std::move(parts)));
  for (auto step : {&Parts::load_certificate, &Parts::take_directory, &Parts::take_descriptors,
                    &Parts::open_store, &Parts::start_roles, &Parts::listen}) {
    if (auto done = (node->parts_.get()->*step)(); !done) {
      return base::fail(std::move(done.error()));
    }
  }
  return node;
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Node::~Node() { stop(Duration{0}); }

const std::string& Node::url() const { return parts_->url; }
bool Node::serves_api() const { return parts_->config.has_role(model::NodeRole::api); }
const std::string& Node::token_file() const { return parts_->local.token_file; }

std::string Node::make_sign_in_link() { return parts_->url + parts_->api->make_sign_in_path(); }

Result<void> Node::apply_manifest(std::string_view text, std::string_view author) {
  auto manifest = model::parse_manifest(text, model::ManifestFormat::yaml);
  if (!manifest) return base::fail(std::move(manifest.error()));
  store::ApplyJobs command{
      std::string{api::kDefaultTenant}, {}, std::string{author}, parts_->clock.now()};
  command.queues = std::move(manifest->queues);
  command.calendars = std::move(manifest->calendars);
  command.connections = std::move(manifest->connections);
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
  auto certified = parts.reload_certificate();
  parts.api->set_hosts(hosts_of(config, parts.tls.get()));
  const backup::KeeperSettings backups = backups_of(config);
  if (parts.keeper) parts.keeper->configure(backups.every, backups.keep);
  if (parts.upkeep) parts.upkeep->configure(retention_of(config.retention));
  const auto traces = [](const Config& of) {
    return std::tie(of.otlp_endpoint, of.otlp_headers, of.otlp_sample_ratio, of.otlp_service_name);
  };
  if (traces(before) == traces(config)) return certified;
  try {
    parts.tracer->configure(parts.traces_of(config));
  } catch (const std::exception& failure) {
    return base::fail(base::Code::unavailable, fmt::format("traces: {}", failure.what()));
  }
  return certified;
}

// Also where the settings are as they were: the files may not be.
Result<void> Node::Parts::reload_certificate() {
  if (!tls) return {};
  const std::string before = tls->certificate().pin;
  auto loaded = tls->reload(tls_files_of(config));
  if (!loaded) {
    loaded.error().message =
        fmt::format("the certificate stays the one that it was: {}", loaded.error().message);
    return loaded;
  }
  certificate_watch->look_again();
  if (tls->certificate().pin != before) tell_local();
  return {};
}

void Node::stop(Duration drain) {
  if (!parts_) return;
  Parts& parts = *parts_;
  if (!parts.local.server.empty()) system::remove_local_node(parts.local);
  // Claims end first, so that nothing starts while the doors close; the API goes on answering
  // until running work has drained.
  if (parts.membership) parts.membership->drain();
  if (parts.keeper) parts.keeper->stop();
  parts.upkeep.reset();
  parts.scheduler.reset();
  if (parts.worker) parts.worker->stop(drain);
  if (parts.api) parts.api->stop_waiting();
  if (parts.server) parts.server->stop(std::chrono::seconds{5});
  if (parts.tracer) parts.tracer->stop(kTracesPatience);
  parts.api.reset();
  parts.server.reset();
  if (parts.membership) parts.membership->leave();
  parts_.reset();
}

}  // namespace mainspring::node
