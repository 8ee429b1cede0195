// WaitingProgram: a program that was started before its work is there, with all that belongs to an
// attempt: its scratch directory, its control group with its limits, its record in the ledger. Made
// and used by ProgramRunner (program.h).
//
// It gets its setup, and later its order, through its stdin, and says two lines there. One when it
// has prepared itself: {"ready": true, "files": ["/a/file/that/it/loaded"]}; with `ready: false` it
// could not. The other, of any text, before it begins to do what its order says: one that has ended
// without has done nothing of it.
//
// What it prints meanwhile stays in its pipe until there is a log: at most what that holds, 64 KiB
// of each stream, then it stands still.
//
// Threads: one after the other; the one that started it outlives it, because the kernel ends the
// program with that. Ownership: ends the program, with SIGKILL, when it goes.
#pragma once

#include <memory>

namespace mainspring::runner {

enum class WaitingState {
  starting,  // or stuck
  ready,
  unfit,  // it said so, or has ended
};

class WaitingProgram {
 public:
  WaitingProgram(WaitingProgram&&) noexcept;
  WaitingProgram& operator=(WaitingProgram&&) noexcept;
  ~WaitingProgram();

  // Takes what it has said. Never blocks.
  WaitingState look();
  // Whether what it has loaded is still what it would load now.
  bool is_current() const;

  // Both become readable when look() may have something new.
  int line_fd() const;  // -1: it has said what it has to say
  int exit_fd() const;

 private:
  friend class ProgramRunner;
  struct Parts;
  explicit WaitingProgram(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// Why a program that waited did not do the work. It has not begun then: another may.
enum class NotRun {
  ended,  // it has gone, or does not read
  stale,  // it was started with other values, or other code
};

}  // namespace mainspring::runner
