// The line of a crontab that does what it did and reports each of its runs with 'jobctl ping'.
//
// Pure. The line is for Debian's cron: % and, before it, \ are escaped as it wants them. A command
// that more than one program makes (pipes, &&, builtins, settings) goes through its shell as one
// word, so that the exit code reported is the one that cron saw.
#pragma once

#include <string>

namespace mainspring::cli {

struct CrontabLine {
  std::string schedule;      // as it stands in the file
  std::string user = {};     // of a system crontab; empty in a user's own
  std::string shell = {};    // SHELL where the crontab sets it; empty is /bin/sh
  std::string command = {};  // for the shell: what cron makes of its text
  std::string input = {};    // for standard input; empty is none
};

// `jobctl` is the program's name or path, `job` a name that model::kNameRule accepts.
struct Reporter {
  std::string jobctl = "jobctl";
  std::string job;
};

std::string write_crontab_line(const CrontabLine& line, const Reporter& reporter);

// 'text', for any POSIX shell.
std::string quote_for_shell(const std::string& text);

// Cron reads no more than this of a command, and leaves the line out.
inline constexpr std::size_t kMostCommandBytes = 998;

}  // namespace mainspring::cli
