// LogPrinter: pieces of a run's log, as the API gives them, to files, byte for byte.
//
// Threads: one. The files stay the caller's and are flushed after each page.
#pragma once

#include <array>
#include <cstdio>
#include <string>

#include "base/error.h"
#include "json/value.h"

namespace mainspring::cli {

// Where a program's output goes; what the node says about the run goes to `err`.
struct LogFiles {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
};

enum class LogLook { plain, timestamps };

class LogPrinter {
 public:
  LogPrinter(LogFiles files, LogLook look) : files_(files), look_(look) {}

  // A page of GET /runs/{run}/log. Errors: unavailable, when it is not one.
  base::Result<void> print(const json::Value& page);

 private:
  void put_with_times(std::FILE* file, std::string_view bytes, std::string_view at);

  LogFiles files_;
  LogLook look_;
  std::array<bool, 2> inside_line_{};  // of out, of err
};

// The bytes of one piece, whichever of its two forms it has. Errors: unavailable.
base::Result<std::string> piece_bytes(const json::Value& piece);

}  // namespace mainspring::cli
