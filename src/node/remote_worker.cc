#include "node/remote_worker.h"

#include <algorithm>
#include <thread>

#include <fmt/core.h>

#include "node/version.h"
#include "node/workshop.h"
#include "remote/writer.h"
#include "system/files.h"
#include "system/host.h"
#include "system/real_clock.h"
#include "system/real_random.h"
#include "trace/span.h"
#include "worker/worker.h"

namespace mainspring::node {
namespace {

using base::Result;

// For the last reports to reach the node; what does not stays in the spool.
constexpr base::Duration kLastReports{5'000};
// Clocks that differ by more make times of logs look odd to whoever reads them beside others.
constexpr base::Duration kClockTolerance{1'000};

// Spans of runs are the node's business; its worker only passes on which traces they belong to.
class PassedPolicy final : public trace::Recorder {
 public:
  explicit PassedPolicy(trace::Policy policy) : policy_(policy) {}
  void record(trace::Span) override {}
  trace::Policy policy() const override { return policy_; }

 private:
  const trace::Policy policy_;
};

int usual_slots() { return std::max(4, 2 * static_cast<int>(std::thread::hardware_concurrency())); }

}  // namespace

// In the order of construction; destroyed from the end.
struct RemoteWorker::Parts {
  RemoteWorkerSettings settings;
  base::Log log;
  Layout layout{""};
  system::SystemClock clock;
  system::SystemRandom random;
  std::unique_ptr<system::FileLock> lock;
  remote::Identity identity;
  int slots = 1;
  system::DescriptorLimit descriptors;
  std::unique_ptr<Workshop> workshop;
  std::unique_ptr<PassedPolicy> traces;
  std::unique_ptr<remote::Writer> writer;
  std::unique_ptr<worker::Worker> worker;

  std::string identity_path() const { return layout.root + "/identity"; }
  std::string spool_path() const { return layout.root + "/spool"; }
  Result<void> take_directory();
  Result<void> take_identity();
  Result<void> prepare();
  Result<void> open_writer(const remote::Greeting& greeting);
  void start_worker(const remote::Greeting& greeting);
};

Result<void> RemoteWorker::Parts::take_directory() {
  layout = Layout{settings.data_dir};
  auto taken = take_data_directory(layout, log);
  if (!taken) return base::fail(std::move(taken.error()));
  lock = std::move(*taken);
  return system::make_private_directory(spool_path());
}

Result<void> RemoteWorker::Parts::take_identity() {
  auto loaded = remote::load_identity(identity_path());
  if (!loaded) return base::fail(std::move(loaded.error()));
  const std::string name = settings.name.empty() ? system::load_hostname() : settings.name;
  if (*loaded) {
    identity = std::move(**loaded);
    if (identity.has_joined && !settings.join_token.empty()) {
      log.say(base::LogLevel::info, "this worker has joined before; the join token is not used",
              {{"worker_id", identity.worker_id.text()}});
    }
  } else {
    if (settings.servers.empty() || settings.join_token.empty()) {
      return base::fail(
          base::Code::invalid_argument,
          fmt::format("'{}' has no identity yet: say where to join (--join) and with which token "
                      "(--token-file). 'jobctl join-token create' makes one.",
                      settings.data_dir));
    }
    identity = remote::make_identity({settings.servers, name}, clock, random);
  }
  if (!identity.has_joined && settings.join_token.empty()) {
    return base::fail(base::Code::invalid_argument,
                      "This worker has not joined yet: give it a join token (--token-file).");
  }
  if (!settings.servers.empty()) identity.servers = settings.servers;
  if (!settings.name.empty()) identity.name = settings.name;
  return remote::store_identity(identity_path(), identity);
}

Result<void> RemoteWorker::Parts::prepare() {
  slots = settings.slots > 0 ? settings.slots : usual_slots();
  if (identity.slots_limit) slots = std::min(slots, *identity.slots_limit);
  descriptors = system::raise_descriptor_limit(descriptors_for(slots));
  if (workshop) return {};
  auto opened = Workshop::open({.layout = layout,
                                .worker_id = identity.worker_id,
                                .log = log,
                                .lock = lock->descriptor(),
                                .open_files = descriptors.before});
  if (!opened) return base::fail(std::move(opened.error()));
  workshop = std::move(*opened);
  return {};
}

Result<void> RemoteWorker::Parts::open_writer(const remote::Greeting& greeting) {
  auto opened = remote::Writer::open(
      remote::WriterParts{.clock = clock,
                          .random = random,
                          .log = log.of("remote"),
                          .on_rejected = settings.on_rejected},
      remote::WriterSettings{
          .target = {identity.servers, identity.credential, settings.approach.ca_file},
          .worker_id = identity.worker_id,
          .versions = settings.approach.versions,
          .version = greeting.version,
          .lease = greeting.lease,
          .spool = {spool_path(), settings.spool_bytes}});
  if (!opened) return base::fail(std::move(opened.error()));
  writer = std::move(*opened);
  return {};
}

void RemoteWorker::Parts::start_worker(const remote::Greeting& greeting) {
  traces = std::make_unique<PassedPolicy>(trace::Policy{greeting.has_traces, greeting.trace_ratio});
  worker = std::make_unique<worker::Worker>(
      worker::Parts{.writer = *writer,
                    .clock = clock,
                    .random = random,
                    .runners = workshop->runners(),
                    .log = log.of("worker"),
                    .traces = traces.get(),
                    .hold_until = [this](auto until) { workshop->watchdog().hold_until(until); }},
      worker::Settings{.id = identity.worker_id,
                       .name = identity.name,
                       .slots = slots,
                       .labels = workshop->with_limits(settings.labels),
                       .version = kVersion,
                       .resources = load_resources(settings.resources),
                       .lease = greeting.lease,
                       .heartbeat = greeting.heartbeat,
                       .shipment = {}});
  worker->start();
}

Result<std::unique_ptr<RemoteWorker>> RemoteWorker::open(RemoteWorkerSettings settings,
                                                         base::Log log) {
  auto parts = std::make_unique<Parts>();
  parts->settings = std::move(settings);
  parts->log = std::move(log);
  for (auto step : {&Parts::take_directory, &Parts::take_identity}) {
    if (auto done = (parts.get()->*step)(); !done) return base::fail(std::move(done.error()));
  }
  return std::unique_ptr<RemoteWorker>(new RemoteWorker(std::move(parts)));
}

RemoteWorker::RemoteWorker(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

RemoteWorker::~RemoteWorker() { stop(base::Duration{0}); }

const std::string& RemoteWorker::name() const { return parts_->identity.name; }
base::WorkerId RemoteWorker::id() const { return parts_->identity.worker_id; }
int RemoteWorker::slots() const { return parts_->slots; }
const std::vector<std::string>& RemoteWorker::servers() const { return parts_->identity.servers; }

Result<void> RemoteWorker::start() {
  Parts& parts = *parts_;
  const remote::Approach& approach = parts.settings.approach;
  if (!parts.identity.has_joined) {
    auto joined = remote::join(parts.identity, parts.settings.join_token, approach);
    if (!joined) return base::fail(std::move(joined.error()));
    parts.identity = std::move(*joined);
    if (auto kept = remote::store_identity(parts.identity_path(), parts.identity); !kept) {
      return kept;
    }
  }
  const auto greeting = remote::greet(parts.identity, approach);
  if (!greeting) return base::fail(greeting.error());
  const base::Duration skew = greeting->now - parts.clock.now();
  if (skew > kClockTolerance || skew < -kClockTolerance) {
    parts.log.say(base::LogLevel::warn,
                  "this machine's clock differs from the node's; the node corrects times of logs",
                  {{"node_is_ahead_ms", skew.count()}});
  }
  if (auto prepared = parts.prepare(); !prepared) return prepared;
  if (auto opened = parts.open_writer(*greeting); !opened) return opened;
  parts.start_worker(*greeting);
  return {};
}

void RemoteWorker::stop(base::Duration drain) {
  if (!parts_) return;
  Parts& parts = *parts_;
  if (parts.worker) parts.worker->stop(drain);
  if (parts.writer && !parts.writer->flush(kLastReports)) {
    parts.log.warn("not everything reached the node; the rest follows at the next start");
  }
  parts.writer.reset();  // before the worker, whose completions it may still call
  parts_.reset();
}

}  // namespace mainspring::node
