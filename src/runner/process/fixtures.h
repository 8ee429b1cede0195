// For the tests of this module: runs a program to its end and keeps what it wrote.
#pragma once

#include <functional>
#include <string>

#include "runner/process/process.h"

namespace mainspring::runner {

// No test waits longer; a slow machine under a sanitizer needs a small part of it.
inline constexpr std::chrono::seconds kTestDeadline{60};

class Captured final : public OutputSink {
 public:
  void output(OutputStream stream, std::string_view bytes) override {
    (stream == OutputStream::out ? out : err) += bytes;
    if (on_output) on_output();
  }

  std::string out;
  std::string err;
  std::function<void()> on_output;
};

// Pumps until the process has finished; false when the deadline came first.
bool run_to_end(Process& process, OutputSink& sink);

// Waits until that process is dead, reaped or not; false when the deadline came first.
bool wait_for_death(pid_t pid);

// A fresh empty directory, removed with the object.
class TestDirectory {
 public:
  TestDirectory();
  ~TestDirectory();
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::size_t count_entries() const;

 private:
  std::string path_;
};

}  // namespace mainspring::runner
