// ProcessLedger: which processes this node has started and not yet reaped, as small files that
// outlive a kill -9 of the node, so that its next life can end what the last one left running
// before anything is tried again.
//
// The child writes its own line between clone and exec: there is no moment at which a program runs
// unrecorded. No fsync: what a crash of the machine would lose, it has also ended.
//
// A file serves one process after another: making and removing files costs more than starting some
// programs. Threads: open_record() and the end of a record from any thread; one ledger per
// directory, which outlives its records.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

class ProcessLedger;

// One record, until its end; then its file is free for the next.
class LedgerRecord {
 public:
  LedgerRecord() = default;
  LedgerRecord(LedgerRecord&& other) noexcept;
  LedgerRecord& operator=(LedgerRecord&& other) noexcept;
  ~LedgerRecord();

  int fd() const { return file_.get(); }  // at the place where the child writes; -1: no record

 private:
  friend class ProcessLedger;
  LedgerRecord(ProcessLedger& ledger, Fd file) : ledger_(&ledger), file_(std::move(file)) {}

  ProcessLedger* ledger_ = nullptr;
  Fd file_;
};

class ProcessLedger {
 public:
  // `directory` exists and belongs to this node alone.
  explicit ProcessLedger(std::string directory);
  ~ProcessLedger();  // removes the files
  ProcessLedger(const ProcessLedger&) = delete;
  ProcessLedger& operator=(const ProcessLedger&) = delete;

  // `label` is cut at kLabelLimit. Errors: unavailable, storage_full.
  base::Result<LedgerRecord> open_record(std::string_view label);

 private:
  friend class LedgerRecord;
  base::Result<Fd> make_file();
  void take_back(Fd file);

  const std::string directory_;
  const std::string boot_id_;
  std::mutex mutex_;
  std::vector<Fd> free_;            // guarded by mutex_
  std::vector<std::string> paths_;  // guarded by mutex_
};

inline constexpr std::size_t kLabelLimit = 200;  // an id or a name

// Ends the process groups that the records in `directory` name, waits until they are gone, and
// removes the records. To be called before the first process is started. Returns the labels of the
// groups that had to be ended.
//
// A process id may have been given to somebody else since. A group is ended only if its leader
// still has the recorded start time or, its leader being gone, if the environment of a member
// holds the label. Records of an earlier boot are only removed.
// Errors: unavailable (the directory cannot be read; a group did not die within kLeftoverWait).
base::Result<std::vector<std::string>> kill_leftovers(const std::string& directory);

// The same to a node that may live on: the records stay. False when something did not die in time,
// or the directory cannot be read.
bool end_recorded(const std::string& directory);

}  // namespace mainspring::runner
