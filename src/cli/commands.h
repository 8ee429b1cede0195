// The commands of jobctl that are more than one request and one print. Each takes its options as a
// struct, prints, and returns the exit code; program.cc fills the structs from the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/session.h"
#include "cli/verbs.h"
#include "model/manifest.h"

namespace mainspring::cli {

inline constexpr int kExitRunFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitTimedOut = 124;
inline constexpr int kExitInterrupted = 130;

// A plain verb: values of its path arguments and of the flags that were given.
struct VerbCall {
  const Verb* verb = nullptr;
  std::vector<std::string> arguments;
  std::vector<std::pair<const Flag*, std::string>> query;
  std::vector<std::pair<const Flag*, std::string>> body;
  bool all_pages = false;
};
int run_verb(Session& session, const VerbCall& call);

// ---- many definitions: apply_commands.cc ----
struct ApplyOptions {
  std::vector<std::string> files;  // files or directories; "-" is standard input
  bool dry_run = false;
  bool diff = false;   // show the plan first
  bool prune = false;  // delete the jobs that `label` selects and the files do not hold
  std::string label;
};
int apply(Session& session, const ApplyOptions& options);
// Documents that are at hand already.
int apply_documents(Session& session, const model::Manifest& manifest, const ApplyOptions& options);
int export_definitions(Session& session, const std::string& label);

// ---- versions of a job: version_commands.cc ----
struct VersionOptions {
  std::string job;
  std::string version;
};
int show_version(Session& session, const VersionOptions& options);
struct DiffOptions {
  std::string job;
  std::string from;  // "": the one before `to`
  std::string to;    // "": the newest
};
int diff_versions(Session& session, const DiffOptions& options);
struct RevertOptions {
  std::string job;
  std::int64_t version = 0;
  std::int64_t if_version = 0;  // 0: whatever is stored
};
int revert_job(Session& session, const RevertOptions& options);

// ---- manifests: manifest_commands.cc ----
int validate(Session& session, const std::vector<std::string>& files);
struct FormatOptions {
  std::vector<std::string> files;
  bool write = false;
  bool check = false;
};
int format_manifests(Session& session, const FormatOptions& options);
struct CreateOptions {
  std::string name;
  std::string type = "command";
  std::string command;  // for /bin/sh -c
  std::string cron;
  std::string file;
};
int create_job(Session& session, const CreateOptions& options);
struct ReplaceOptions {
  std::string job;
  std::string file;
  std::int64_t if_version = 0;  // 0: whatever is stored
};
int replace_job(Session& session, const ReplaceOptions& options);

// ---- calendars: calendar_commands.cc ----
struct PutCalendarOptions {
  std::string file;
};
int put_calendar(Session& session, const PutCalendarOptions& options);
struct ImportCalendarOptions {
  std::string calendar;
  std::string file;  // iCalendar
  std::string mode;
  std::string from;
  std::string until;
  std::string timezone;
  bool keep = false;
};
int import_calendar(Session& session, const ImportCalendarOptions& options);

// ---- connections: connection_commands.cc ----
int put_connection(Session& session, const std::string& file);
// Exit code 0 only where the other side was reached and took the credentials.
int test_connection(Session& session, const std::string& connection);

// ---- runs: run_commands.cc ----
struct WaitOptions {
  bool wait = false;
  bool follow = false;
  std::string timeout;  // of both
};
struct RunOptions {
  std::string job;
  std::vector<std::string> params;  // "name=value"; JSON where it parses as JSON
  std::string at;
  std::string delay;
  std::string idempotency_key;
  std::optional<int> priority;
  WaitOptions waiting;
};
int run_job(Session& session, const RunOptions& options);
// Which runs, for those that deal with many.
struct SelectionOptions {
  std::string query;  // instead of the rest
  std::string job;
  std::string state;  // with commas
  std::string trigger;
  std::string label;
  std::string queue;
  std::string from;
  std::string until;
};
struct BulkOptions {
  SelectionOptions selection;
  std::string reason;
  bool all = false;
  bool dry_run = false;
  bool yes = false;
  bool wait = false;
};
struct RerunOptions {
  std::string run;                  // "": those that `bulk` selects
  std::vector<std::string> params;  // instead of the run's; "name=null" takes one away
  bool latest = false;
  std::optional<int> priority;
  WaitOptions waiting;
  BulkOptions bulk;
};
int rerun_run(Session& session, const RerunOptions& options);
// 0 only for a run that succeeded; else its process's exit code, else kExitRunFailed.
int run_exit_code(const json::Value& run);
struct LogOptions {
  std::string run;
  bool follow = false;
  bool raw = false;
  bool timestamps = false;
  std::optional<int> attempt;
  std::optional<std::int64_t> last;  // only so many lines at the end
  std::optional<std::int64_t> line;  // only this one, however long
  bool attempts = false;             // only how many lines each attempt has
  std::string search;                // only lines that hold this text
  bool regex = false;
  bool ignore_case = false;
  std::int64_t context = 0;  // lines before and after each
  std::string stream;        // only lines of this one
  bool count = false;        // only how many
};
// The query parameters of the API that say which lines are wanted.
std::vector<std::pair<std::string, std::string>> filter_query(const LogOptions& options);
// What is asked of single lines. In log_lines_command.cc.
bool is_about_lines(const LogOptions& options);
int show_log_lines(Session& session, const LogOptions& options);
int show_log(Session& session, const LogOptions& options);

// The params of "name=value" words; JSON where they parse as JSON. Errors: invalid_argument.
base::Result<json::Object> read_params(const std::vector<std::string>& words);

// ---- operations: operation_commands.cc ----
struct CancelOptions {
  std::string run;   // "": those that `bulk` selects
  std::string mode;  // of one run
  BulkOptions bulk;
};
int cancel_runs(Session& session, const CancelOptions& options);
int rerun_runs(Session& session, const RerunOptions& options);
int delete_runs(Session& session, const BulkOptions& options);
struct BackfillOptions {
  std::string job;
  std::string schedule;
  std::string from;
  std::string until;
  std::string overlap;
  std::string reason;
  std::vector<std::string> params;
  bool dry_run = false;
  bool wait = false;
};
int backfill(Session& session, const BackfillOptions& options);

// ---- shadows: ping_command.cc, shadow_commands.cc ----
// A real run by another scheduler. With `command` it is the child's; else it has just ended.
struct PingOptions {
  std::string job;
  std::vector<std::string> command;
  std::string started_at;  // "": now
  int exit_code = 0;
  std::string host;  // "": this machine's
  bool quiet = false;
};
// The child's exit code, whatever becomes of the report.
int ping(Session& session, const PingOptions& options);
struct ShadowReportOptions {
  std::string job;    // "": all that shadow
  std::string since;  // a duration
  std::string tolerance;
  std::string label;
  bool check = false;  // exit with 1 where they differ
};
int report_shadows(Session& session, const ShadowReportOptions& options);
struct PromoteOptions {
  std::string job;
  bool yes = false;
};
int promote_shadow(Session& session, const PromoteOptions& options);

// ---- workers: worker_commands.cc ----
struct DrainOptions {
  std::string worker;
  std::string deadline;  // "": 10m
  bool wait = false;
};
int drain_worker(Session& session, const DrainOptions& options);

// ---- questions: question_commands.cc ----
int why(Session& session, const std::string& subject);  // JOB@INSTANT, JOB, or a run's id
struct NextOptions {
  std::string job;
  std::string cron;
  std::string timezone = "UTC";
  std::string from;
  int count = 10;
};
int next(Session& session, const NextOptions& options);
int status(Session& session);
int doctor(Session& session);
int session_link(Session& session);
struct ApiOptions {
  std::string method;
  std::string path;
  std::string body;  // text, or "@file", or "-" for standard input
  std::vector<std::string> headers;
  bool show_status = false;
};
int call_api(Session& session, const ApiOptions& options);
int watch_events(Session& session, const std::string& topics);

// ---- adoption: import_commands.cc ----
struct ImportOptions {
  std::string file;     // a user's crontab unless system_format
  bool system = false;  // /etc/crontab and /etc/cron.d/*
  bool system_format = false;
  std::string user;  // that user's crontab, as crontab -l -u prints it
  std::string timezone;
  bool apply = false;
  bool shadow = false;
};
int import_crontab(Session& session, const ImportOptions& options);

// The bytes of a file, or of standard input for "-". Errors: not_found, too_large, unavailable.
base::Result<std::string> read_input(const std::string& path);

}  // namespace mainspring::cli
