// StopSignals: SIGINT, SIGTERM and SIGHUP as values that one thread waits for.
//
// Threads: construct it in main before any other thread exists, so that all threads inherit the
// blocked mask. wait() on one thread; interrupt() from any.
#pragma once

#include <csignal>

#include "system/descriptor.h"

namespace mainspring::system {

enum class StopAsk {
  graceful,     // the first signal: finish what runs
  at_once,      // every later one: the person does not want to wait
  reload,       // SIGHUP, where it asks for that
  interrupted,  // no signal, but interrupt(): the program ends by itself
};

// What SIGHUP means: to a service that it shall read its settings again; to a program of a terminal
// that this one is gone.
enum class Hangup { reloads, stops };

class StopSignals {
 public:
  explicit StopSignals(
      Hangup hangup = Hangup::stops);  // throws std::system_error when there is no descriptor left
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  StopAsk wait();
  void interrupt();

 private:
  sigset_t before_{};
  Descriptor signals_;
  Descriptor interrupted_;
  const Hangup hangup_;
  bool asked_ = false;
};

}  // namespace mainspring::system
