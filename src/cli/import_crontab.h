// Crontabs of Debian's cron turned into jobs that do the same here, with words on every difference.
//
// Pure: texts in, jobs and remarks out; nothing is read from the machine but through ImportMachine.
// A line that cannot be read is a problem and the others are still turned into jobs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/crontab_line.h"
#include "cron/crontab.h"
#include "model/job.h"

namespace mainspring::cli {

struct CrontabFile {
  std::string path;  // for remarks; "standard input"
  std::string text;
  cron::CrontabKind kind = cron::CrontabKind::user;
  std::string owner = {};  // whose crontab it is; empty: jobs run as the node's own user
  std::string title = {};  // a name for its only job, as files of /etc/cron.d have; else empty
};

// What the machine that the crontabs come from knows.
struct ImportMachine {
  std::string timezone = "UTC";
  // The home directory of a user ("" is whoever asks); nothing for an unknown user.
  std::function<std::optional<std::string>(const std::string& user)> home_of;
};

struct Remark {
  std::string path;
  int line = 0;
  int column = 0;
  std::string message;
};

struct ImportedJob {
  model::JobSpec spec;
  std::string path;
  int line = 0;
  std::string written;             // the schedule as it stands in the file
  std::vector<std::string> notes;  // what differs from cron for this job, a sentence each
  CrontabLine original;            // for write_crontab_line()
};

struct Import {
  std::vector<ImportedJob> jobs;  // with names of their own
  std::vector<Remark> problems;   // lines without a job
  std::vector<std::string> paths;
  std::string timezone;
  bool is_shadow = false;  // the crontab goes on doing the work
};

Import import_crontabs(const std::vector<CrontabFile>& files, const ImportMachine& machine);

// The jobs will fire in the ledger alone.
void make_shadow(Import& import);

// The lines of the crontabs with 'jobctl ping' in front of each command, each under a comment that
// says where it belongs.
std::string to_reporting_lines(const Import& import, const std::string& jobctl);

// A manifest with comments: where each job comes from and what differs from cron.
std::string to_manifest(const Import& import);

// "path:line:column: message"
std::string to_text(const Remark& remark);

}  // namespace mainspring::cli
