// The command tree; long because it is the only file that knows CLI11, which is slow to compile.
#include "cli/program.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "base/text.h"
#include "base/version.h"
#include "cli/commands.h"
#include "cli/usage_words.h"

namespace mainspring::cli {
namespace {

constexpr std::string_view kFormats = "table, wide, json, jsonl, yaml or name";

// What parsing leaves behind: the settings of every command, and the one command to run.
struct Parsed {
  TargetFlags target;
  std::string output = "table";
  bool no_colour = false;
  std::vector<std::string> behind;  // the words after "--", as they were given
  std::function<int(Session&)> action;
};

// An option struct that lives as long as the command, which fills it in and then runs `run`.
template <class Options>
Options& bind(CLI::App& command, Parsed& parsed, int (*run)(Session&, const Options&)) {
  auto options = std::make_shared<Options>();
  command.callback([options, &parsed, run] {
    parsed.action = [options, run](Session& session) { return run(session, *options); };
  });
  return *options;
}

CLI::App& add(CLI::App& parent, const std::string& name, const std::string& help,
              const std::string& examples = {}) {
  CLI::App& command = *parent.add_subcommand(name, help);
  if (!examples.empty()) command.footer("Examples:\n" + examples);
  return command;
}

constexpr const char* kEveryday = "Everyday";
constexpr const char* kNouns = "By noun";
constexpr const char* kFiles = "Manifests";
constexpr const char* kOther = "This program";

// ---- plain verbs, from the table ----

struct NounRow {
  const char* name;
  const char* alias;
  const char* help;
};
constexpr NounRow kNounRows[] = {
    {"job", "jobs", "Jobs: what to run and when."},
    {"runs", "", "Runs: executions of jobs. ('jobctl run JOB' starts one.)"},
    {"operation", "operations", "Operations: work on many runs, and backfills."},
    {"occurrence", "occurrences",
     "The ledger: every instant a schedule named, and what became of it."},
    {"schedule", "schedules", "Schedules: what fires when, and what a new one would do."},
    {"queue", "queues", "Queues: lanes with limits of their own, which runs wait in."},
    {"calendar", "calendars", "Calendars: days and times that schedules leave out or keep to."},
    {"connection", "connections", "Connections: databases and services that jobs reach by name."},
    {"shadow", "", "Shadows: jobs that fire in the ledger alone, beside another scheduler."},
    {"event", "events", "Events: what happened, in order."},
    {"node", "nodes", "Nodes: which there are, how well this one is, and its settings."},
    {"worker", "workers", "Workers: who executes runs, here and elsewhere."},
    {"join-token", "join-tokens", "Join tokens: with which workers from elsewhere join."},
    {"backup", "backups", "Backups: proven copies of the node's store."},
    {"token", "tokens", "Tokens: who may do what, and until when."},
    {"session", "sessions", "Who you are to the node, and signing a browser in."},
};

struct VerbState {
  VerbCall call;
  std::vector<std::string> values;  // sized once: options point into it
  std::vector<CLI::Option*> options;
};

void add_flags(CLI::App& command, VerbState& state, const std::vector<Flag>& flags) {
  for (const Flag& flag : flags) {
    std::string& value = state.values[state.options.size()];
    const std::string name{flag.name};
    const std::string help{flag.help};
    const std::string names = flag.brief.empty() ? name : fmt::format("{},{}", flag.brief, name);
    CLI::Option* option = flag.kind == FlagKind::on_off ? command.add_flag(names, value, help)
                                                        : command.add_option(names, value, help);
    if (flag.kind == FlagKind::number) option->check(CLI::PositiveNumber);
    state.options.push_back(option);
  }
}

void add_path_arguments(CLI::App& command, const Verb& verb, VerbState& state) {
  std::string_view rest = verb.path;
  state.call.arguments.resize(static_cast<std::size_t>(std::ranges::count(rest, '{')));
  for (std::string& argument : state.call.arguments) {
    rest.remove_prefix(rest.find('{') + 1);
    std::string name{rest.substr(0, rest.find('}'))};
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    const std::string help = name == "JOB"          ? "Its name or id."
                             : name == "WORKER"     ? "Its name or id."
                             : name == "CALENDAR"   ? "Its name."
                             : name == "CONNECTION" ? "Its name."
                             : name == "NODE"       ? "Its name or id."
                                                    : "Its id.";
    command.add_option(name, argument, help)->required();
  }
}

VerbCall finish_call(const VerbState& state) {
  VerbCall call = state.call;
  const std::vector<Flag>& query = call.verb->query;
  const auto q = std::ranges::find(query, "--q", &Flag::name);
  const bool has_query =
      q != query.end() && state.options[static_cast<std::size_t>(q - query.begin())]->count() > 0;
  for (std::size_t i = 0; i < state.options.size(); ++i) {
    const bool is_given = state.options[i]->count() > 0;
    if (!is_given && !has_query && i < query.size() && !query[i].usual.empty()) {
      call.query.emplace_back(&query[i], query[i].usual);
    }
    if (!is_given) continue;
    if (i < query.size()) {
      call.query.emplace_back(&query[i], state.values[i]);
    } else {
      call.body.emplace_back(&call.verb->body[i - query.size()], state.values[i]);
    }
  }
  return call;
}

void add_verb(CLI::App& noun, Parsed& parsed, const Verb& verb) {
  CLI::App& command = add(noun, std::string{verb.verb}, std::string{verb.help});
  auto state = std::make_shared<VerbState>();
  state->call.verb = &verb;
  state->values.resize(verb.query.size() + verb.body.size());
  add_path_arguments(command, verb, *state);
  add_flags(command, *state, verb.query);
  add_flags(command, *state, verb.body);
  if (verb.is_paged) {
    command.add_flag("--all", state->call.all_pages, "Every page, not just the first.");
  }
  command.callback([state, &parsed] {
    parsed.action = [state](Session& session) { return run_verb(session, finish_call(*state)); };
  });
}

void add_nouns(CLI::App& root, Parsed& parsed) {
  for (const NounRow& row : kNounRows) {
    CLI::App& noun = add(root, row.name, row.help);
    noun.group(kNouns)->require_subcommand(1);
    if (*row.alias != '\0') noun.alias(row.alias);
    for (const Verb& verb : verbs()) {
      if (verb.noun == row.name) add_verb(noun, parsed, verb);
    }
  }
}

// ---- commands of their own ----

void add_wait_flags(CLI::App& command, WaitOptions& options) {
  command.add_flag("-w,--wait", options.wait, "Wait until it has ended.");
  command.add_flag("-f,--follow", options.follow, "Show its output while waiting.");
  command.add_option("--timeout", options.timeout, "Wait no longer than this; the run goes on.");
}

void add_run(CLI::App& root, Parsed& parsed) {
  CLI::App& command =
      add(root, "run", "Start a run of a job.",
          "  jobctl run nightly-backup\n"
          "  jobctl run report -p region=eu --follow\n"
          "  jobctl run migrate --wait --timeout 10m && echo migrated\n"
          "With --wait or --follow the exit code is that of the run: 0 only when it "
          "succeeded,\nelse that of its process, else 1; 124 when --timeout ended "
          "the wait.");
  command.group(kEveryday);
  RunOptions& options = bind(command, parsed, run_job);
  command.add_option("JOB", options.job, "Its name or id.")->required();
  command
      .add_option("-p,--param", options.params, "name=value; JSON where it is JSON. Repeatable.")
      ->allow_extra_args(false);
  command.add_option("--at", options.at, "Not before this instant (RFC 3339).");
  command.add_option("--delay", options.delay, "Not before this time has passed, such as 10m.");
  command.add_option("--priority", options.priority, "-100 to 100 instead of the job's.");
  command.add_option("--idempotency-key", options.idempotency_key,
                     "The same key twice starts one run.");
  add_wait_flags(command, options.waiting);
}

void add_bulk_flags(CLI::App& command, BulkOptions& options) {
  SelectionOptions& selection = options.selection;
  command.add_option("-q,--q", selection.query, "As one text, such as 'state:failed since:2h'.")
      ->group("Which runs");
  command.add_option("--job", selection.job, "Runs of this job.")->group("Which runs");
  command.add_option("--state", selection.state, "In one of these states, separated by commas.")
      ->group("Which runs");
  command.add_option("--trigger", selection.trigger, "Started by this trigger.")
      ->group("Which runs");
  command.add_option("-l,--label", selection.label, "Of jobs with these labels.")
      ->group("Which runs");
  command.add_option("--queue", selection.queue, "In this queue.")->group("Which runs");
  command.add_option("--from", selection.from, "Created at or after this instant (RFC 3339).")
      ->group("Which runs");
  command.add_option("--until", selection.until, "Created before this instant (RFC 3339).")
      ->group("Which runs");
  command.add_flag("--all", options.all, "All of them.")->group("Which runs");
  command.add_option("--reason", options.reason, "Kept with each run.");
  command.add_flag("--dry-run", options.dry_run, "Say how many there are, and do nothing.");
  command.add_flag("-y,--yes", options.yes, "Do not ask.");
}

void add_run_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("runs");
  CLI::App& cancel = add(noun, "cancel", "End a run, or many: ask them, and kill who is deaf.",
                         "  jobctl runs cancel run_0190...\n"
                         "  jobctl runs cancel --job report --state queued --wait");
  CancelOptions& cancel_options = bind(cancel, parsed, cancel_runs);
  cancel.add_option("RUN", cancel_options.run, "Its id; else say which.");
  cancel.add_option("--mode", cancel_options.mode,
                    "How to end one: ask, or kill, which gives it no time to end by itself.");
  add_bulk_flags(cancel, cancel_options.bulk);
  cancel.add_flag("-w,--wait", cancel_options.bulk.wait, "Wait until many are dealt with.");

  CLI::App& command = add(noun, "rerun", "Run a finished run again, or many.",
                          "  jobctl runs rerun run_0190... -p region=us\n"
                          "  jobctl runs rerun run_0190... --latest --follow\n"
                          "  jobctl runs rerun --job report --state failed --from "
                          "2026-03-01T00:00:00Z");
  RerunOptions& options = bind(command, parsed, rerun_runs);
  command.add_option("RUN", options.run, "Its id; else say which.");
  command
      .add_option("-p,--param", options.params,
                  "name=value instead of the run's own; name=null takes one away. Repeatable.")
      ->allow_extra_args(false);
  command.add_flag("--latest", options.latest, "With the newest version of the job.");
  command.add_option("--priority", options.priority, "-100 to 100 instead of the run's.");
  add_wait_flags(command, options.waiting);
  add_bulk_flags(command, options.bulk);

  CLI::App& remove = add(noun, "delete", "Remove finished runs with their logs.",
                         "  jobctl runs delete --job report --until 2026-01-01T00:00:00Z --wait");
  BulkOptions& remove_options = bind(remove, parsed, delete_runs);
  add_bulk_flags(remove, remove_options);
  remove.add_flag("-w,--wait", remove_options.wait, "Wait until all are removed.");
}

void add_backfill(CLI::App& root, Parsed& parsed) {
  CLI::App& command =
      add(root, "backfill", "Run a job for the fires of a past range.",
          "  jobctl backfill nightly-report --from 2026-03-01T00:00:00Z "
          "--until 2026-03-08T00:00:00Z --dry-run\n"
          "  jobctl backfill nightly-report --from ... --until ... --overlap allow --wait");
  command.group(kEveryday);
  BackfillOptions& options = bind(command, parsed, backfill);
  command.add_option("JOB", options.job, "Its name or id.")->required();
  command.add_option("--from", options.from, "The first instant (RFC 3339).")->required();
  command.add_option("--until", options.until, "The end, itself not included.")->required();
  command.add_option("--overlap", options.overlap,
                     "skip, buffer_one, buffer_all (the usual), cancel_other, terminate_other or "
                     "allow.");
  command.add_option("--schedule", options.schedule, "Only this schedule, by its id.");
  command
      .add_option("-p,--param", options.params, "name=value; JSON where it is JSON. Repeatable.")
      ->allow_extra_args(false);
  command.add_option("--reason", options.reason, "Kept with the operation.");
  command.add_flag("--dry-run", options.dry_run, "Say how many fires there are, and do nothing.");
  command.add_flag("-w,--wait", options.wait, "Wait until every run has ended.");
}

// Which lines of a log: without any of these options it is shown as a whole.
void add_log_filter(CLI::App& command, LogOptions& options) {
  CLI::Option* search =
      command.add_option("--grep,--search", options.search, "Only lines that hold this, numbered.")
          ->excludes("--follow");
  command.add_flag("-E,--regex", options.regex, "It is a regular expression (syntax of RE2).")
      ->needs(search);
  command.add_flag("-i,--ignore-case", options.ignore_case, "Take A for a.")->needs(search);
  command.add_option("-C,--context", options.context, "So many lines around each too, 0 to 50.")
      ->check(CLI::Range(0, 50))
      ->needs(search);
  command.add_flag("--count", options.count, "Only how many such lines there are.")
      ->needs(search)
      ->excludes("--raw");
  command.add_option("--stream", options.stream, "Only lines of stdout, stderr or system.")
      ->excludes("--follow");
  CLI::Option* last = command.add_option("--last", options.last, "Only so many lines at the end.")
                          ->check(CLI::Range(1, 500))
                          ->excludes("--follow", "--raw", "--stream")
                          ->excludes(search);
  CLI::Option* line = command.add_option("--line", options.line, "Only this line, however long.")
                          ->check(CLI::PositiveNumber)
                          ->excludes("--follow", "--raw", "--timestamps", "--stream")
                          ->excludes(search)
                          ->excludes(last);
  command.add_flag("--attempts", options.attempts, "Only how many lines each attempt has.")
      ->excludes("--follow", "--raw", "--timestamps", "--stream", "--attempt")
      ->excludes(search)
      ->excludes(last)
      ->excludes(line);
}

void add_logs(CLI::App& root, Parsed& parsed) {
  CLI::App& command = add(root, "logs", "Show the log of a run.",
                          "  jobctl logs run_0190...\n"
                          "  jobctl logs -f run_0190...\n"
                          "  jobctl logs run_0190... --last 20\n"
                          "  jobctl logs run_0190... --grep 'disk full' -i -C 3\n"
                          "  jobctl logs run_0190... --grep 'took [0-9]{4,} ms' --regex --count\n"
                          "  jobctl logs --raw run_0190... > run.log");
  command.group(kEveryday);
  LogOptions& options = bind(command, parsed, show_log);
  command.add_option("RUN", options.run, "Its id.")->required();
  command.add_flag("-f,--follow", options.follow, "Until the run has ended.");
  command.add_flag("--raw", options.raw, "All streams to stdout, byte for byte.");
  command.add_flag("-t,--timestamps", options.timestamps, "Begin each line with its time.");
  command.add_option("--attempt", options.attempt, "Only this attempt.")
      ->check(CLI::PositiveNumber);
  add_log_filter(command, options);
}

void add_why(CLI::App& root, Parsed& parsed) {
  CLI::App& command = add(root, "why", "Say why something ran, did not run, or waits.",
                          "  jobctl why nightly-backup@2026-03-29T02:30\n"
                          "  jobctl why nightly-backup\n"
                          "  jobctl why run_0190...");
  command.group(kEveryday);
  std::string& subject = bind(command, parsed, why);
  command
      .add_option("SUBJECT", subject, "JOB@INSTANT (RFC 3339, or local time), JOB or a run's id.")
      ->required();
}

void add_next(CLI::App& root, Parsed& parsed) {
  CLI::App& command = add(root, "next", "Show when a job or a cron expression fires next.",
                          "  jobctl next nightly-backup\n"
                          "  jobctl next --cron \"30 2 * * *\" --tz Europe/Berlin -n 5\n"
                          "An expression needs no node.");
  command.group(kEveryday);
  NextOptions& options = bind(command, parsed, next);
  command.add_option("JOB", options.job, "Its name or id.");
  command.add_option("--cron", options.cron, "An expression instead of a job.");
  command.add_option("--tz", options.timezone, "Its time zone.")
      ->capture_default_str()
      ->needs("--cron");
  command.add_option("--from", options.from, "After this instant (RFC 3339) instead of now.");
  command.add_option("-n,--count", options.count, "How many.")->capture_default_str();
}

void add_apply(CLI::App& root, Parsed& parsed) {
  CLI::App& command =
      add(root, "apply", "Create or update everything that manifests define, all or none.",
          "  jobctl apply -f jobs.yaml\n"
          "  jobctl apply -f deploy/ --diff --dry-run\n"
          "  jobctl apply -f deploy/ --prune -l team=platform\n"
          "--diff shows what changes, the fires added and removed in the next 30 days, and what\n"
          "the next change of the clock does; then it applies, unless --dry-run is there too.");
  command.group(kFiles);
  ApplyOptions& options = bind(command, parsed, apply);
  command.add_option("-f,--file", options.files, "File or directory; - is standard input.")
      ->required();
  command.add_flag("--dry-run", options.dry_run, "Show the plan and change nothing.");
  command.add_flag("--diff", options.diff, "Show what changes, in detail.");
  command.add_flag("--prune", options.prune,
                   "Delete the jobs that -l selects and the files do not hold.");
  command.add_option("-l,--label", options.label, "Which jobs --prune may delete.");
}

void add_manifest_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& check =
      add(root, "validate", "Check manifests; needs no node.", "  jobctl validate jobs.yaml");
  check.group(kFiles);
  std::vector<std::string>& files = bind(check, parsed, validate);
  check.add_option("FILE,-f,--file", files, "Files or directories; - is standard input.")
      ->required();

  CLI::App& format = add(root, "fmt", "Write manifests in their canonical form; needs no node.",
                         "  jobctl fmt jobs.yaml\n  jobctl fmt --check deploy/");
  format.group(kFiles);
  FormatOptions& format_options = bind(format, parsed, format_manifests);
  format.add_option("FILE", format_options.files, "Files or directories; - is standard input.")
      ->required();
  format.add_flag("-w,--write", format_options.write, "Into the files instead of to stdout.");
  format.add_flag("--check", format_options.check, "Name the files that would change; exit 1.");

  CLI::App& output = add(root, "export", "Print what is stored as a manifest.",
                         "  jobctl export > all.yaml\n"
                         "  jobctl export -l team=platform > jobs.yaml\n"
                         "Pauses are not part of a definition, and are left out.");
  output.group(kFiles);
  std::string& label = bind(output, parsed, export_definitions);
  output.add_option(
      "-l,--label", label,
      "Only jobs with these labels, and the queues, calendars and connections they use.");
}

void add_import(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = add(root, "import", "Turn what another scheduler runs into jobs.");
  noun.group(kFiles)->require_subcommand(1);
  CLI::App& command =
      add(noun, "crontab", "Print the jobs of a crontab as a manifest; needs no node.",
          "  jobctl import crontab > jobs.yaml < my-crontab\n"
          "  crontab -l | jobctl import crontab\n"
          "  sudo jobctl import crontab --system --apply");
  ImportOptions& options = bind(command, parsed, import_crontab);
  CLI::Option* file =
      command.add_option("FILE", options.file, "A user's crontab; standard input when absent.");
  CLI::Option* system =
      command.add_flag("--system", options.system, "/etc/crontab and /etc/cron.d/*.");
  command.add_option("--user", options.user, "This user's crontab.")
      ->excludes(file)
      ->excludes(system);
  file->excludes(system);
  command.add_flag("--with-user-column", options.system_format,
                   "The file names a user before each command, as /etc/crontab does.");
  command.add_option("--tz", options.timezone,
                     "The zone of its times; this machine's when absent.");
  command.add_flag("--apply", options.apply, "Store the jobs instead of printing them.");
  command.add_flag("--shadow", options.shadow,
                   "As jobs that only shadow the crontab; then show how its lines report to them.");
}

void add_ping(CLI::App& root, Parsed& parsed) {
  CLI::App& command =
      add(root, "ping", "Report a real run by another scheduler, around it or after it.",
          "  30 2 * * * jobctl ping backup -- /usr/local/bin/backup --full\n"
          "  jobctl ping backup -- sh -c 'cd /srv && ./backup | gzip > backup.gz'\n"
          "  jobctl ping backup --exit-code $?\n"
          "The command has jobctl's streams and signals, and jobctl its exit code, also when no\n"
          "node answers. No shell reads it: give one to a line that needs one.");
  command.group(kEveryday);
  auto shared = std::make_shared<PingOptions>();
  PingOptions& options = *shared;
  command.add_option("JOB", options.job, "Its name or id.")->required();
  CLI::Option* words = command.add_option("COMMAND", options.command,
                                          "What to run, behind --; absent: it has run already.");
  command.add_option("--started-at", options.started_at, "When (RFC 3339); now when absent.")
      ->excludes(words);
  command.add_option("--exit-code", options.exit_code, "How it ended, 0 to 255; 0 when absent.")
      ->check(CLI::Range(0, 255))
      ->excludes(words);
  command.add_option("--host", options.host, "Where it ran; this machine when absent.");
  command.add_flag("-q,--quiet", options.quiet, "Say nothing where the report does not arrive.");
  // CLI11 would read "[a,b]" among the words as a list: they are taken as they were given.
  command.callback([&parsed, shared, words] {
    if (words->count() > 0 && parsed.behind.empty())
      throw CLI::ValidationError("put -- in front of the command");
    shared->command = parsed.behind;
    parsed.action = [shared](Session& session) { return ping(session, *shared); };
  });
}

void add_shadow_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("shadow");
  CLI::App& report = add(noun, "report", "Compare what shadows would have run with what was run.",
                         "  jobctl shadow report\n"
                         "  jobctl shadow report backup --since 30d --tolerance 5m --check");
  ShadowReportOptions& options = bind(report, parsed, report_shadows);
  report.add_option("JOB", options.job, "Its name or id; all that shadow when absent.");
  report.add_option("--since", options.since, "How far back, such as 12h; 7d when absent.");
  report.add_option("--tolerance", options.tolerance,
                    "How far a fire and its run may lie apart; 60s when absent.");
  report.add_option("-l,--label", options.label, "Of jobs with these labels.");
  report.add_flag("--check", options.check, "Exit with 1 where they differ.");

  CLI::App& promote = add(noun, "promote", "Let a shadow really fire, in place of the old line.",
                          "  jobctl shadow promote backup");
  PromoteOptions& promote_options = bind(promote, parsed, promote_shadow);
  promote.add_option("JOB", promote_options.job, "Its name or id.")->required();
  promote.add_flag("-y,--yes", promote_options.yes, "Do not ask.");
}

void add_worker_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("worker");
  CLI::App& drain =
      add(noun, "drain", "Give it nothing new, and end what it still runs at the deadline.",
          "  jobctl worker drain gpu1 --deadline 30m --wait");
  DrainOptions& options = bind(drain, parsed, drain_worker);
  drain.add_option("WORKER", options.worker, "Its name or id.")->required();
  drain.add_option("--deadline", options.deadline,
                   "How long what runs may go on; 10m when absent. It is tried again elsewhere.");
  drain.add_flag("--wait", options.wait, "Until nothing is left on it.");
}

void add_job_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("job");
  CLI::App& create = add(noun, "create", "Create one job whose name is not taken.",
                         "  jobctl job create hello --command 'echo hello' --cron '*/5 * * * *'\n"
                         "  jobctl job create -f job.yaml");
  CreateOptions& options = bind(create, parsed, create_job);
  CLI::Option* name = create.add_option("NAME", options.name, "Its name.");
  create.add_option("--command", options.command, "What /bin/sh runs.");
  create.add_option("--cron", options.cron, "When, in UTC.");
  create.add_option("--type", options.type, "Its type.")->capture_default_str();
  create.add_option("-f,--file", options.file, "A manifest instead.")->excludes(name);

  CLI::App& replace = add(noun, "replace", "Store a new definition of a job.",
                          "  jobctl job replace hello -f job.yaml --if-version 3");
  ReplaceOptions& replace_options = bind(replace, parsed, replace_job);
  replace.add_option("JOB", replace_options.job, "Its name or id.")->required();
  replace.add_option("-f,--file", replace_options.file, "Its manifest.")->required();
  replace.add_option("--if-version", replace_options.if_version, "Only if this one is stored.");
}

void add_calendar_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("calendar");
  CLI::App& put = add(noun, "put", "Store a calendar from a manifest of its own.",
                      "  jobctl calendar put office-hours.yaml");
  PutCalendarOptions& options = bind(put, parsed, put_calendar);
  put.add_option("FILE", options.file, "Its manifest; - is standard input.")->required();

  CLI::App& import =
      add(noun, "import", "Make the events of an iCalendar file the days of a calendar.",
          "  jobctl calendar import german-holidays feiertage.ics --until 2030-12-31\n"
          "  jobctl calendar import maintenance outlook.ics --timezone Europe/Berlin --keep");
  ImportCalendarOptions& import_options = bind(import, parsed, import_calendar);
  import.add_option("CALENDAR", import_options.calendar, "Its name.")->required();
  import.add_option("FILE", import_options.file, "The .ics file; - is standard input.")->required();
  import.add_option("--mode", import_options.mode, "exclude (the usual) or only.");
  import.add_option("--from", import_options.from, "The first day; this year's when absent.");
  import.add_option("--until", import_options.until, "The last day; five years' last when absent.");
  import.add_option("--timezone", import_options.timezone, "By whose clock the calendar goes.");
  import.add_flag("--keep", import_options.keep, "Add to the days and times that are there.");
}

void add_connection_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("connection");
  CLI::App& put = add(noun, "put", "Store a connection from a manifest of its own.",
                      "  jobctl connection put warehouse.yaml");
  put.add_option("FILE", bind(put, parsed, put_connection), "Its manifest; - is standard input.")
      ->required();
  CLI::App& test =
      add(noun, "test", "Try it out from the node: reach the other side, and sign in.",
          "  jobctl connection test warehouse\n"
          "The node that answers tries it, with its own secrets; nothing is changed there.");
  test.add_option("CONNECTION", bind(test, parsed, test_connection), "Its name.")->required();
}

void add_version_commands(CLI::App& root, Parsed& parsed) {
  CLI::App& noun = *root.get_subcommand("job");
  CLI::App& show = add(noun, "version", "Print the manifest of one version.",
                       "  jobctl job version hello 3 > hello.yaml");
  VersionOptions& options = bind(show, parsed, show_version);
  show.add_option("JOB", options.job, "Its name or id.")->required();
  show.add_option("VERSION", options.version, "Its number.")->required();

  CLI::App& compare = add(noun, "diff", "Show how two versions differ.",
                          "  jobctl job diff hello\n  jobctl job diff hello --from 3 --to 5");
  DiffOptions& diff_options = bind(compare, parsed, diff_versions);
  compare.add_option("JOB", diff_options.job, "Its name or id.")->required();
  compare.add_option("--from", diff_options.from, "A version; the one before --to when absent.");
  compare.add_option("--to", diff_options.to, "A version; the newest one when absent.");

  CLI::App& revert = add(noun, "revert", "Store an old version again, as the newest.",
                         "  jobctl job revert hello 3");
  RevertOptions& revert_options = bind(revert, parsed, revert_job);
  revert.add_option("JOB", revert_options.job, "Its name or id.")->required();
  revert.add_option("VERSION", revert_options.version, "Its number.")
      ->required()
      ->check(CLI::PositiveNumber);
  revert.add_option("--if-version", revert_options.if_version, "Only if this one is stored.");
}

void add_question_commands(CLI::App& root, Parsed& parsed) {
  const auto plain = [&parsed](CLI::App& command, int (*run)(Session&)) {
    command.callback([&parsed, run] { parsed.action = run; });
  };
  CLI::App& state = add(root, "status", "Show how the node is.");
  state.group(kEveryday);
  plain(state, status);
  CLI::App& checks = add(root, "doctor", "Check the set-up and say what to mend.");
  checks.group(kEveryday);
  plain(checks, doctor);
  plain(add(*root.get_subcommand("session"), "link", "Make a link that signs a browser in, once."),
        session_link);

  CLI::App& watch =
      add(*root.get_subcommand("event"), "watch", "Show events as they happen.",
          "  jobctl event watch\n  jobctl event watch --topics runs,workers -o jsonl");
  std::string& topics = bind(watch, parsed, watch_events);
  topics = "events";
  watch.add_option("--topics", topics, "runs, jobs, workers, events, run:ID, log:ID; commas.")
      ->capture_default_str();
}

void add_api(CLI::App& root, Parsed& parsed) {
  CLI::App& command = add(root, "api", "Send any request to the API and print the reply.",
                          "  jobctl api GET jobs\n"
                          "  jobctl api POST jobs/hello/pause --data '{\"note\":\"holiday\"}'");
  command.group(kOther);
  ApiOptions& options = bind(command, parsed, call_api);
  command.add_option("METHOD", options.method, "GET, POST, PUT, DELETE.")->required();
  command.add_option("PATH", options.path, "/api/v1/jobs, or jobs for short.")->required();
  command.add_option("--data", options.body, "The body; @file, or - for standard input.");
  command.add_option("-H,--header", options.headers, "Name: value. Repeatable.")
      ->allow_extra_args(false);
  command.add_flag("-i,--include", options.show_status, "The status, on stderr.");
}

void add_completion(CLI::App& root, Parsed& parsed) {
  CLI::App& command = add(root, "completion", "Print a script that completes commands in a shell.",
                          "  source <(jobctl completion bash)\n"
                          "  jobctl completion fish | source");
  command.group(kOther)->require_subcommand(1);
  for (const auto& [name, shell] : {std::pair{"bash", Shell::bash}, std::pair{"zsh", Shell::zsh},
                                    std::pair{"fish", Shell::fish}}) {
    add(command, name, fmt::format("For {}.", name)).callback([&parsed, wanted = shell] {
      parsed.action = [wanted](Session&) {
        const std::string script = make_completion(command_tree(), wanted);
        std::fwrite(script.data(), 1, script.size(), stdout);
        return 0;
      };
    });
  }
}

void add_global_flags(CLI::App& root, Parsed& parsed) {
  root.add_option("--server", parsed.target.server,
                  "The node, such as http://127.0.0.1:7070; else MAINSPRING_SERVER, else the one "
                  "started here.");
  root.add_option("--ca", parsed.target.ca,
                  "PEM file of the authority by which an https node is known; else MAINSPRING_CA, "
                  "else those that the system trusts.");
  root.add_option("--token-file", parsed.target.token_file,
                  "Holds the token; else MAINSPRING_TOKEN or MAINSPRING_TOKEN_FILE.");
  root.add_option("-o,--output", parsed.output, fmt::format("{}.", kFormats))
      ->capture_default_str();
  root.add_flag("--no-color", parsed.no_colour, "No colours; NO_COLOR does the same.");
  root.set_version_flag("--version", fmt::format("jobctl {}", base::kVersion));
}

std::unique_ptr<CLI::App> make_tree(Parsed& parsed) {
  auto root = std::make_unique<CLI::App>("jobctl: jobs, runs and schedules of a Mainspring node.",
                                         "jobctl");
  root->require_subcommand(1)->fallthrough();
  root->get_formatter()->column_width(34);
  add_global_flags(*root, parsed);
  for (auto add_command : {add_run,
                           add_logs,
                           add_why,
                           add_next,
                           add_nouns,
                           add_ping,
                           add_apply,
                           add_manifest_commands,
                           add_import,
                           add_shadow_commands,
                           add_run_commands,
                           add_backfill,
                           add_worker_commands,
                           add_job_commands,
                           add_calendar_commands,
                           add_connection_commands,
                           add_version_commands,
                           add_question_commands,
                           add_api,
                           add_completion}) {
    add_command(*root, parsed);
  }
  root->footer(
      "'jobctl COMMAND --help' shows examples. Exit codes: 0 ok, 1 run failed, 2 usage, "
      "3 not found,\n4 conflict, 5 denied, 6 unavailable, 124 timed out waiting, "
      "130 interrupted.");
  return root;
}

// ---- unknown words ----

struct Mistake {
  std::string message;
  std::string command;  // whose --help to read
};

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const std::string near = base::find_closest(word, candidates);
  return near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near);
}

std::string path_of(const CLI::App* app) {
  std::string path = app->get_name();
  while ((app = app->get_parent()) != nullptr)
    path = app->get_name() + " " + path;
  return path;
}

const CLI::Option* find_option(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

Mistake unknown_option(const CLI::App* app, const std::string& name) {
  std::vector<std::string> known;
  for (const CLI::App* at = app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& each : option->get_lnames())
        known.push_back("--" + each);
    }
  }
  return {fmt::format("unknown option '{}'{}", name, did_you_mean(name, known)), path_of(app)};
}

const CLI::App* find_command(const CLI::App* app, const std::string& word) {
  for (const CLI::App* each : app->get_subcommands({})) {
    if (each->check_name(word)) return each;
  }
  return nullptr;
}

// Where below the nouns the verb is known: who forgets the noun is told it.
std::string known_below(const CLI::App* app, const std::string& word) {
  std::string paths;
  for (const CLI::App* noun : app->get_subcommands({})) {
    const CLI::App* verb = find_command(noun, word);
    if (verb == nullptr) continue;
    if (!paths.empty()) paths += ", ";
    paths += fmt::format("'{}'", path_of(verb));
  }
  return paths.empty() ? "" : fmt::format("; there is {}", paths);
}

Mistake unknown_command(const CLI::App* app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* each : app->get_subcommands({})) {
    known.push_back(each->get_name());
    for (const std::string& alias : each->get_aliases())
      known.push_back(alias);
  }
  std::string hint = did_you_mean(word, known);
  if (hint.empty()) hint = known_below(app, word);
  return {fmt::format("unknown command '{}'{}", word, hint), path_of(app)};
}

// CLI11 would take `--delay --wait` for a delay of "--wait", and wait for nothing.
bool is_option_at(const CLI::App* app, const std::vector<std::string>& words, std::size_t place) {
  return place < words.size() && words[place].starts_with("--") &&
         find_option(app, words[place].substr(0, words[place].find('='))) != nullptr;
}

Mistake missing_value(const CLI::App* app, const std::string& name, const std::string& next) {
  const std::string with_value = name.starts_with("--") ? name + "=" : name;
  return {fmt::format("{} needs a value; if '{}' is meant to be it, write {}{}", name, next,
                      with_value, next),
          path_of(app)};
}

// CLI11 only says that a word is left over; this says which, and what was meant.
std::optional<Mistake> find_mistake(const CLI::App* app, const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const std::string& word = words[i];
    if (word.starts_with('-') && word.size() > 1) {
      const bool is_long = word.starts_with("--");
      const std::string name = is_long ? word.substr(0, word.find('=')) : word.substr(0, 2);
      const CLI::Option* option = find_option(app, name);
      if (option == nullptr) return unknown_option(app, name);
      const bool is_whole = name.size() == word.size();
      if (!is_whole || option->get_items_expected_max() == 0) continue;
      if (is_option_at(app, words, ++i)) return missing_value(app, name, words[i]);
    } else if (!app->get_subcommands({}).empty()) {
      const CLI::App* next_app = find_command(app, word);
      if (next_app == nullptr) return unknown_command(app, word);
      app = next_app;
    }
  }
  return std::nullopt;
}

int fail_usage(const Mistake& mistake) {
  fmt::print(stderr, "jobctl: {}\nTry '{} --help'.\n", mistake.message, mistake.command);
  return kExitUsage;
}

// The command that the words got to.
const CLI::App& deepest_command(const CLI::App& root) {
  const CLI::App* at = &root;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().front();
  return *at;
}

int fail_parse(const CLI::App& root, std::string_view complaint) {
  const CLI::App& command = deepest_command(root);
  Usable usable;
  for (const CLI::App* each : command.get_subcommands({}))
    usable.commands.push_back(each->get_name());
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent())
    for (const CLI::Option* option : at->get_options())
      if (option->get_items_expected_max() == 0) usable.flags.push_back(option->get_name());
  return fail_usage({reword_usage(complaint, usable), path_of(&command)});
}

// ---- the tree as plain values ----

Argument argument_of(const std::string& name) {
  if (name == "JOB") return Argument::job;
  if (name == "RUN") return Argument::run;
  if (name.starts_with("FILE")) return Argument::file;
  return Argument::word;
}

OptionNode describe_option(const CLI::Option& option) {
  OptionNode node{{}, option.get_description(), option.get_items_expected_max() > 0, {}};
  for (const std::string& name : option.get_snames())
    node.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames())
    node.names.push_back("--" + name);
  const bool is_format = option.get_lnames() == std::vector<std::string>{"output"};
  if (is_format) node.choices = {"table", "wide", "json", "jsonl", "yaml", "name"};
  return node;
}

CommandNode describe(const CLI::App& app) {
  CommandNode node{
      app.get_name(), app.get_aliases(), app.get_description(), Argument::none, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    const bool is_positional = option->get_positional();
    if (is_positional && node.argument == Argument::none) {
      node.argument = argument_of(option->get_name(true));
    }
    OptionNode described = describe_option(*option);
    if (!described.names.empty()) node.options.push_back(std::move(described));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    node.commands.push_back(describe(*command));
  }
  return node;
}

int run_parsed(const Parsed& parsed) {
  if (parsed.no_colour) ::setenv("NO_COLOR", "1", 1);
  const auto format = parse_format(parsed.output);
  if (!format) return Output{Format::table}.fail(format.error());
  Session session{parsed.target, Output{*format}};
  return parsed.action(session);
}

}  // namespace

CommandNode command_tree() {
  Parsed parsed;
  return describe(*make_tree(parsed));
}

int run_program(const std::vector<std::string>& arguments) {
  Parsed parsed;
  const auto root = make_tree(parsed);
  if (const auto mark = std::ranges::find(arguments, "--"); mark != arguments.end())
    parsed.behind.assign(mark + 1, arguments.end());
  if (arguments.empty()) {
    fmt::print(stderr, "{}", root->help());
    return kExitUsage;
  }
  if (const auto mistake = find_mistake(root.get(), arguments)) return fail_usage(*mistake);
  try {
    root->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& asked) {  // --help, --version
    return root->exit(asked);
  } catch (const CLI::ParseError& error) {
    return fail_parse(*root, error.what());
  }
  return run_parsed(parsed);
}

}  // namespace mainspring::cli
