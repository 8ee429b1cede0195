#include "node/maintenance.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fmt/core.h>

#include "backup/make.h"
#include "backup/proof.h"
#include "backup/restore.h"
#include "backup/transfer.h"
#include "json/codec.h"
#include "node/identity.h"
#include "system/real_clock.h"
#include "system/stop_signals.h"

namespace mainspring::node {
namespace {

constexpr int kExitInterrupted = 130;
constexpr int kExitUnexplained = 1;
constexpr double kMiB = 1 << 20;

int report(const base::Error& error) {
  fmt::print(stderr, "mainspring: {}\n", base::to_text(error));
  return base::code_row(error.code).exit_code;
}

// Turns Ctrl-C into an answer to whoever asks now and then.
class Interruption {
 public:
  Interruption()
      : waiter_([this] {
          while (true) {
            const system::StopAsk ask = signals_.wait();
            if (ask == system::StopAsk::interrupted) return;
            if (ask == system::StopAsk::at_once) std::_Exit(kExitInterrupted);
            is_asked_ = true;
          }
        }) {}
  ~Interruption() {
    signals_.interrupt();
    waiter_.join();
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool is_asked() const { return is_asked_; }

 private:
  system::StopSignals signals_;
  std::atomic<bool> is_asked_ = false;
  std::thread waiter_;  // last
};

// How far a copy is, on one line of a terminal; silent elsewhere.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (percent_ >= 0) std::fputs("\n", stderr);
  }
  void show(const sqlite::CopyProgress& progress) {
    show(progress.done, progress.all,
         fmt::format("of {:.1f} MiB", static_cast<double>(progress.all) / kMiB));
  }
  void show(const backup::TransferProgress& progress) {
    show(progress.done, progress.all,
         fmt::format("{} {:<20}", progress.is_proving ? "proving" : "copying", progress.table));
  }

 private:
  void show(std::int64_t done, std::int64_t all, const std::string& what) {
    if (!is_terminal_ || all == 0) return;
    const auto percent = static_cast<int>(100 * done / all);
    if (percent == percent_) return;
    percent_ = percent;
    fmt::print(stderr, "\r{:3} % {}", percent, what);
    std::fflush(stderr);
  }

  const bool is_terminal_ = ::isatty(STDERR_FILENO) != 0;
  int percent_ = -1;
};

sqlite::CopyWatch make_watch(const Interruption& interruption, ProgressLine& line) {
  return [&](const sqlite::CopyProgress& progress) {
    line.show(progress);
    return !interruption.is_asked();
  };
}

int report_unless_asked(const Interruption& interruption, const base::Error& error) {
  if (!interruption.is_asked()) return report(error);
  fmt::print(stderr, "mainspring: stopped; nothing is left of it\n");
  return kExitInterrupted;
}

std::string describe(const store::BackupContents& contents) {
  return fmt::format(
      "{} jobs, {} schedules, {} open runs, {} ended runs, {} occurrences, {} events (last {})",
      contents.jobs, contents.schedules, contents.runs_open, contents.runs_ended,
      contents.occurrences, contents.events, contents.last_event);
}

void print_findings(const backup::Proof& proof) {
  for (const bool is_explained : {true, false}) {
    for (const backup::Finding& finding : proof.findings) {
      if (finding.is_explained != is_explained) continue;
      fmt::print("{:<13} {} {}\n", is_explained ? "explained" : "NOT EXPLAINED", finding.count,
                 finding.what);
    }
  }
  if (proof.findings.empty()) fmt::print("{:<13} the live store is the same\n", "compared");
}

void print_proof(const backup::Proof& proof) {
  fmt::print("{:<13} {}, {} bytes\n", "file", proof.file, proof.bytes);
  fmt::print("{:<13} ok\n", "integrity");
  fmt::print("{:<13} {}{}\n", "schema", proof.schema,
             proof.schema == proof.opened_as
                 ? ", this program's"
                 : fmt::format(", brought to {} without a loss", proof.opened_as));
  fmt::print("{:<13} {}\n", "contents", describe(proof.contents));
  fmt::print("{:<13} sha256 {}\n", "definitions", proof.contents.definitions);
  for (const backup::NextFire& fire : proof.next) {
    fmt::print("{:<13} {}  {}  {}\n", "next fire", base::format_instant(fire.at), fire.job,
               fire.schedule);
  }
}

int verify(const RestoreOptions& options) {
  Interruption interruption;
  ProgressLine line;
  backup::ProofRequest request{.file = options.file, .now = system::SystemClock{}.now()};
  if (!options.against.empty()) request.against = Layout{options.against}.database();
  request.watch = make_watch(interruption, line);
  const auto proof = backup::prove(request);
  if (!proof) return report_unless_asked(interruption, proof.error());
  if (options.json) {
    fmt::print("{}\n", json::encode_text(*proof));
  } else {
    print_proof(*proof);
    if (!options.against.empty()) print_findings(*proof);
  }
  return proof->is_explained() ? 0 : kExitUnexplained;
}

}  // namespace

int run_backup(const BackupOptions& options) {
  Interruption interruption;
  base::Result<void> made;
  {
    ProgressLine line;
    made = backup::make(
        {.database = Layout{options.data_dir}.database(),
         .file = options.file,
         .existing = options.force ? system::Existing::replace : system::Existing::refuse,
         .watch = make_watch(interruption, line)});
  }
  if (!made) return report_unless_asked(interruption, made.error());
  std::error_code ignored;
  fmt::print(stderr, "{}: {:.1f} MiB. Prove it: mainspring restore {} --verify\n", options.file,
             static_cast<double>(std::filesystem::file_size(options.file, ignored)) / kMiB,
             options.file);
  return 0;
}

int run_restore(const RestoreOptions& options) {
  if (options.verify) return verify(options);
  Interruption interruption;
  const Layout layout{options.data_dir};
  using Over = backup::RestoreRequest::Over;
  base::Result<backup::Restored> restored;
  {
    ProgressLine line;
    restored = backup::restore({.file = options.file,
                                .directory = layout.root,
                                .lock = layout.lock(),
                                .database = layout.database(),
                                .over = options.force ? Over::old_database : Over::nothing,
                                .now = system::SystemClock{}.now(),
                                .watch = make_watch(interruption, line)});
  }
  if (!restored) return report_unless_asked(interruption, restored.error());
  if (!restored->moved_aside.empty())
    fmt::print(stderr, "The old database is kept as {}\n", restored->moved_aside);
  fmt::print(stderr,
             "{} is restored. Start the node: what was running when the backup was made ends as "
             "lost and is retried by its policy; fires since then follow their misfire policy.\n",
             layout.database());
  return 0;
}

int run_migrate_store(const MigrateStoreOptions& options) {
  Interruption interruption;
  base::Result<backup::Transferred> done;
  {
    ProgressLine line;
    done = backup::transfer({.from = options.from,
                             .to = options.to,
                             .password_file = options.password_file,
                             .now = system::SystemClock{}.now(),
                             .watch = [&](const backup::TransferProgress& progress) {
                               line.show(progress);
                               return !interruption.is_asked();
                             }});
  }
  if (!done) return report_unless_asked(interruption, done.error());
  for (const backup::TransferredTable& table : done->tables)
    fmt::print("{:<17} {:>10}  sha256 {:.16}\n", table.name, table.rows, table.digest);
  fmt::print(stderr,
             "{} rows copied and read again; both stores are the same, and so are their next {} "
             "fires. Now set `store` for every node, and start them.\n",
             done->rows, done->next_fires);
  return 0;
}

}  // namespace mainspring::node
