#include "node/workshop.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include <fmt/core.h>

#include "runner/command/command_runner.h"
#include "runner/container/container_runner.h"
#include "runner/http/http_runner.h"
#include "runner/script/script_runner.h"
#include "runner/sql/sql_runner.h"
#include "system/files.h"

namespace mainspring::node {
namespace {

using base::Result;

Result<void> make_directories(const Layout& layout) {
  for (const std::string& path :
       {layout.root, layout.processes(), layout.containers(), layout.scratch()}) {
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

// What a killed life of this node left behind; we hold the lock, so nobody uses it.
void clear_scratch(const std::string& root) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(root, ignored)) {
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

// Descriptors for everything but connections: the store, and some for each slot.
constexpr std::uint64_t kOtherDescriptors = 256;
constexpr std::uint64_t kDescriptorsPerSlot = 16;

}  // namespace

std::uint64_t descriptors_for(int slots) {
  return kOtherDescriptors + kDescriptorsPerSlot * static_cast<std::uint64_t>(slots);
}

Result<std::unique_ptr<system::FileLock>> take_data_directory(const Layout& layout,
                                                              const base::Log& log) {
  if (auto made = make_directories(layout); !made) return base::fail(std::move(made.error()));
  auto taken = take_lock(layout.lock());
  if (!taken) return base::fail(std::move(taken.error()));
  const auto ended = runner::kill_leftovers(layout.processes());
  if (!ended) return base::fail(ended.error());
  for (const std::string& label : *ended) {
    log.info(fmt::format("ended what an earlier life of this node left running: {}", label));
  }
  return std::make_unique<system::FileLock>(std::move(*taken));
}

Result<std::unique_ptr<Workshop>> Workshop::open(WorkshopSettings settings) {
  std::unique_ptr<Workshop> shop{new Workshop(std::move(settings))};
  for (auto step :
       {&Workshop::make_scratch_root, &Workshop::take_groups, &Workshop::start_watchdog}) {
    if (auto done = (shop.get()->*step)(); !done) return base::fail(std::move(done.error()));
  }
  shop->make_runners();
  return shop;
}

void Workshop::make_runners() {
  secrets_ = std::make_unique<runner::SecretFiles>(settings_.layout.secrets());
  programs_ = std::make_unique<runner::ProgramRunner>(
      runner::ProgramSettings{.scratch_root = scratch_root_,
                              .ledger = ledger_.get(),
                              .groups = groups_.get(),
                              .open_files = settings_.open_files,
                              .secrets = secrets_.get(),
                              .private_places = {settings_.layout.root}});
  runners_[model::JobType::command] = std::make_unique<runner::CommandRunner>(*programs_);
  runners_[model::JobType::http] =
      std::make_unique<runner::HttpRunner>(runner::HttpSettings{secrets_.get()});
  runners_[model::JobType::sql] = std::make_unique<runner::SqlRunner>(secrets_.get());
  packages_ = std::make_unique<runner::PackageCache>(settings_.layout.packages());
  warm_ = std::make_unique<runner::WarmPool>(*programs_);
  const runner::ScriptRunner::Parts parts{*programs_, *packages_, *warm_};
  for (const auto& [type, language] :
       {std::pair{model::JobType::python, runner::ScriptLanguage::python},
        std::pair{model::JobType::node, runner::ScriptLanguage::node}})
    runners_[type] = std::make_unique<runner::ScriptRunner>(language, parts);
  runners_[model::JobType::container] = std::make_unique<runner::ContainerRunner>(
      runner::ContainerSettings{.scratch_root = scratch_root_,
                                .records = settings_.layout.containers(),
                                .node = settings_.worker_id.text(),
                                .own = runner::find_own_endpoint(),
                                .secrets = secrets_.get(),
                                .log = settings_.log});
}

std::map<model::JobType, execution::Runner*> Workshop::runners() const {
  std::map<model::JobType, execution::Runner*> out;
  for (const auto& [type, runner] : runners_)
    out[type] = runner.get();
  return out;
}

Workshop::~Workshop() {
  if (warm_) warm_->stop();  // before the runners, which prepare its programs
  if (::geteuid() == 0) ::rmdir(scratch_root_.c_str());  // made again at the next start
}

// Jobs with `user` must pass through the scratch root, and the data directory lets nobody through:
// root's lies in /run, which is memory besides. One per node, told apart by the worker's id.
Result<void> Workshop::make_scratch_root() {
  scratch_root_ = settings_.layout.scratch();
  if (::geteuid() == 0) {
    const std::string shared = "/run/mainspring";
    scratch_root_ = shared + "/" + settings_.worker_id.text();
    for (const std::string& path : {shared, scratch_root_}) {
      if (auto made = system::make_private_directory(path); !made) return made;
      if (::chmod(path.c_str(), 0711) != 0) {
        return base::fail(base::Code::unavailable, fmt::format("cannot open {} to users", path));
      }
    }
  }
  clear_scratch(scratch_root_);
  return {};
}

Result<void> Workshop::take_groups() {
  groups_ = runner::CgroupRoot::open(settings_.worker_id.text());
  const auto ended = groups_->kill_leftovers();
  if (!ended) return base::fail(ended.error());
  for (const std::string& label : *ended) {
    settings_.log.info(
        fmt::format("ended what an earlier life of this node left running in a group: {}", label));
  }
  for (const runner::Limit limit : runner::kAllLimits) {
    const std::string& why = groups_->why_not(limit);
    if (why.empty()) continue;
    settings_.log.info(
        fmt::format("resources.{} cannot be enforced: {}", runner::controller_of(limit), why));
  }
  ledger_ = std::make_unique<runner::ProcessLedger>(settings_.layout.processes());
  return {};
}

Result<void> Workshop::start_watchdog() {
  auto started = runner::Watchdog::start({.places = {.ledger = settings_.layout.processes(),
                                                     .containers = settings_.layout.containers(),
                                                     .groups = groups_->directories()},
                                          .held = settings_.lock});
  if (!started) return base::fail(std::move(started.error()));
  watchdog_ = std::move(*started);
  return {};
}

std::map<std::string, std::string> Workshop::with_limits(
    std::map<std::string, std::string> labels) const {
  std::string enforced;
  for (const runner::Limit limit : runner::kAllLimits) {
    if (!groups_->why_not(limit).empty()) continue;
    enforced += fmt::format("{}{}", enforced.empty() ? "" : ".", runner::controller_of(limit));
  }
  labels["mainspring/cgroup"] = groups_->version();
  labels["mainspring/limits"] = enforced.empty() ? "none" : enforced;
  return labels;
}

}  // namespace mainspring::node
