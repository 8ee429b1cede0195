// ProcessLedger: which processes this node has started and not yet reaped, as small files that
// outlive a kill -9 of the node, so that its next life can end what the last one left running
// before anything is tried again.
//
// The child writes its own line between clone and exec: there is no moment at which a program runs
// unrecorded. No fsync: what a crash of the machine would lose, it has also ended.
//
// Threads: open_record() from any thread; one ledger per directory.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

// One record; its file is removed with it.
class LedgerRecord {
 public:
  LedgerRecord() = default;
  LedgerRecord(std::string path, Fd file) : path_(std::move(path)), file_(std::move(file)) {}
  LedgerRecord(LedgerRecord&& other) noexcept;
  LedgerRecord& operator=(LedgerRecord&& other) noexcept;
  ~LedgerRecord();

  int fd() const { return file_.get(); }
  void close_file() { file_.close(); }  // the child has written; the file stays

 private:
  std::string path_;  // "": no record
  Fd file_;
};

class ProcessLedger {
 public:
  // `directory` exists and belongs to this node alone.
  explicit ProcessLedger(std::string directory);

  // Errors: unavailable, storage_full.
  base::Result<LedgerRecord> open_record(std::string_view label);

 private:
  std::string directory_;
  std::string boot_id_;
  std::atomic<unsigned> next_{1};
};

// Ends the process groups that the records in `directory` name, waits until they are gone, and
// removes the records. To be called before the first process is started. Returns the labels of the
// groups that had to be ended.
//
// A process id may have been given to somebody else since. A group is ended only if its leader
// still has the recorded start time or, its leader being gone, if the environment of a member
// holds the label. Records of an earlier boot are only removed.
// Errors: unavailable (the directory cannot be read; a group did not die within kLeftoverWait).
base::Result<std::vector<std::string>> kill_leftovers(const std::string& directory);

}  // namespace mainspring::runner
