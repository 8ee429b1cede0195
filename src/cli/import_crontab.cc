#include "cli/import_crontab.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "base/text.h"
#include "cli/command_name.h"
#include "cron/expression.h"
#include "json/write.h"
#include "model/interpolate.h"
#include "model/manifest.h"
#include "model/names.h"

namespace mainspring::cli {
namespace {

constexpr std::string_view kCronPath = "/usr/bin:/bin";  // of Debian's cron, for every user
constexpr std::string_view kCronShell = "/bin/sh";

// Settings that speak to the mailer of cron, and to nothing that the command runs.
constexpr std::array<std::string_view, 3> kMailSettings = {
    {"MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING"}};

struct Source {
  const CrontabFile& file;
  const cron::CrontabEntry& entry;
  const ImportMachine& machine;
  std::set<std::string>& told;  // what was said about the file's settings already
};

// `text` without what no manifest may hold in plain sight: '?' for each control character, line
// ends and tabs aside, and for each byte that is not UTF-8.
std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool is_control = (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
    out += length == 0 || is_control ? "?" : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

class Converter {
 public:
  explicit Converter(const Source& source) : source_(source), entry_(source.entry) {
    job_.path = source.file.path;
    job_.line = entry_.line;
    job_.written = entry_.written;
    for (const std::string& each : entry_.notes) {
      if (!each.contains("CRON_TZ")) note(each);  // apply_setting() says more
    }
  }

  ImportedJob run() {
    spec().description = printable(describe(entry_.description));
    spec().labels["source"] = "crontab";
    spec().stdin_text = model::literal_text(entry_.input);
    set_user();
    spec().environment["PATH"].value = kCronPath;
    for (const auto& [name, value] : entry_.environment)
      apply_setting(name, value);
    set_command();
    set_schedule();
    note_guard();
    job_.original = {entry_.written, entry_.user, shell_ == kCronShell ? "" : shell_,
                     entry_.command, entry_.input};
    return std::move(job_);
  }

 private:
  model::JobSpec& spec() { return job_.spec; }
  void note(std::string sentence) { job_.notes.push_back(std::move(sentence)); }
  // A setting holds for all lines below it: said once.
  void note_setting(std::string_view sentence) {
    std::string text = fmt::format("From here on, {}", sentence);
    if (source_.told.insert(text).second) note(std::move(text));
  }

  // The drawing above the fields in /etc/crontab describes no job.
  static std::string describe(const std::string& comment) {
    const bool is_drawing =
        comment.contains("*  *  *") || comment.contains(".----") || comment.contains("* * * * *");
    return is_drawing ? "" : comment;
  }

  void set_user() {
    const bool has_column = source_.file.kind == cron::CrontabKind::system;
    spec().user = has_column ? entry_.user : source_.file.owner;
    const auto home = source_.machine.home_of(spec().user);
    if (home) {
      spec().working_dir = *home;
    } else {
      note(
          fmt::format("There is no user '{}' on this machine; runs will fail to start until "
                      "there is, or `user` names another.",
                      spec().user));
    }
  }

  void apply_setting(const std::string& name, const std::string& value) {
    if (name == "MAILTO") return set_mail(value);
    if (name == "CRON_TZ") {
      timezone_ = value;
      return note_setting(
          fmt::format("times are in {}, as CRON_TZ says; Debian's cron ignores it "
                      "and uses the machine's zone.",
                      value));
    }
    if (name == "SHELL") shell_ = value;
    if (name == "HOME" && value.starts_with('/')) spec().working_dir = model::literal_text(value);
    if (name == "LOGNAME" || name == "USER") {
      return note_setting(
          fmt::format("{} is left out: it is the name of the user the job runs as.", name));
    }
    if (std::ranges::find(kMailSettings, name) != kMailSettings.end()) {
      return note_setting(fmt::format("{} is left out: no mail is sent.", name));
    }
    if (!model::kVariableRule.accepts(name) || name.starts_with("MAINSPRING_")) {
      return note_setting(fmt::format("the setting '{}' is left out: {}.", name,
                                      model::kVariableRule.accepts(name)
                                          ? "names that begin with MAINSPRING_ are Mainspring's own"
                                          : model::kVariableRule.sentence));
    }
    spec().environment[name].value = model::literal_text(value);
  }

  void set_mail(const std::string& address) {
    if (address.empty()) return;  // cron threw the output away; it is kept here
    if (model::is_label_value(address)) {
      spec().labels["mailto"] = address;
    } else {
      note_setting(fmt::format("cron mailed the output to {}.", address));
    }
  }

  void set_command() {
    // What looks like an expression can be said in an argument, and not in text for the shell.
    const std::string command = model::literal_text(entry_.command);
    if (shell_ == kCronShell) spec().environment.erase("SHELL");  // every job has it so
    if (shell_ == kCronShell && command == entry_.command) {
      spec().command.shell = command;
    } else {
      spec().command.argv = {model::literal_text(shell_), "-c", command};
    }
  }

  void set_schedule() {
    model::ScheduleSpec schedule;
    schedule.cron = entry_.schedule;
    schedule.timezone = timezone_.empty() ? source_.machine.timezone : timezone_;
    schedule.overlap = model::Overlap::allow;
    schedule.misfire = model::Misfire::skip;
    const auto expression = cron::Expression::parse(entry_.schedule);
    const bool can_meet_gap = schedule.timezone != "UTC" && expression &&
                              !expression->keeps_spacing() && !expression->is_reboot();
    if (can_meet_gap) schedule.dst.gap = cron::GapPolicy::next;
    spec().schedule.push_back(std::move(schedule));
  }

  // Debian's packages ship both a crontab and a timer, and the crontab steps aside.
  void note_guard() {
    if (!entry_.command.contains("/run/systemd/system")) return;
    note(
        "The command asks whether systemd runs. Where a timer does this work already, the job "
        "does nothing ('systemctl list-timers' shows timers).");
  }

  const Source& source_;
  const cron::CrontabEntry& entry_;
  ImportedJob job_;
  std::string shell_{kCronShell};
  std::string timezone_;
};

std::string pick_name(const Source& source, std::size_t entries) {
  const std::string title = model::correct_name(source.file.title);
  if (entries == 1 && !title.empty()) return title;
  return name_command(source.entry.command);
}

// "backup", "backup-2", "backup-3"
std::string make_unique_name(const std::string& wanted, std::set<std::string>& taken) {
  std::string name = wanted;
  for (int i = 2; !taken.insert(name).second; ++i)
    name = fmt::format("{}-{}", wanted, i);
  return name;
}

// The manifest's own rules; a job that breaks one is a problem at its line.
bool is_valid(const ImportedJob& job, Import& import) {
  const json::Value document = model::canonical(job.spec);
  if (!base::is_utf8(json::write(document))) {
    import.problems.push_back(
        {job.path, job.line, 1,
         "the command or a setting above it holds bytes that are not UTF-8, and a manifest "
         "cannot; convert the file first, for example: iconv -f latin1 -t utf-8"});
    return false;
  }
  const auto read = model::read_job({document, nullptr});
  if (read) return true;
  for (const base::Problem& problem : read.error().problems) {
    import.problems.push_back(
        {job.path, job.line, 1, fmt::format("{}: {}", problem.pointer, problem.message)});
  }
  return false;
}

// Where a line of at most `width` bytes ends: at a blank, or else not inside a character.
std::size_t line_end(std::string_view text, std::size_t width) {
  if (text.size() <= width) return text.size();
  const std::size_t blank = text.rfind(' ', width);
  if (blank != std::string_view::npos && blank != 0) return blank;
  while ((static_cast<unsigned char>(text[width]) & 0xC0) == 0x80)
    --width;
  return width;
}

void add_comment(std::string& out, std::string_view raw) {
  constexpr std::size_t kWidth = 96;
  std::string whole = printable(raw);
  std::ranges::replace(whole, '\n', ' ');
  std::string_view text = whole;
  std::string_view lead = "# ";
  while (!text.empty()) {
    const std::size_t end = line_end(text, kWidth);
    out += fmt::format("{}{}\n", lead, text.substr(0, end));
    text.remove_prefix(end);
    while (text.starts_with(' '))
      text.remove_prefix(1);
    lead = "#   ";
  }
}

void add_header(std::string& out, const Import& import) {
  std::string paths;
  for (const std::string& path : import.paths)
    paths += (paths.empty() ? "" : ", ") + path;
  add_comment(out, fmt::format("From {} by 'jobctl import crontab'.", paths));
  out += "#\n";
  add_comment(out, "As in cron:");
  add_comment(out,
              "- PATH is cron's /usr/bin:/bin unless the crontab sets it; a string goes to "
              "/bin/sh -c; runs start in the user's home directory.");
  add_comment(out, fmt::format("- Times are local times of this machine's zone, {}, unless a job "
                               "says otherwise.",
                               import.timezone));
  add_comment(out,
              "- overlap: allow starts a run while an earlier one still runs, and misfire: "
              "skip forgets fires that came due while no node was running. Better for most "
              "jobs: overlap: skip and misfire: run_once; leave both lines out to get them.");
  add_comment(out, "Not as in cron:");
  add_comment(out, "- No mail is sent. Output is kept in the log of each run ('jobctl logs RUN').");
  add_comment(out, "- A job without `user` runs as the user that the node runs as.");
  if (import.is_shadow) {
    add_comment(out,
                "- Each job only shadows its line (shadow: true): it fires in the ledger alone, to "
                "be compared with what cron does, until 'jobctl shadow promote JOB'.");
    return;
  }
  add_comment(out,
              "- The crontab still does its work: disable the lines there once the jobs are "
              "applied, or they run twice.");
}

}  // namespace

Import import_crontabs(const std::vector<CrontabFile>& files, const ImportMachine& machine) {
  Import import;
  import.timezone = machine.timezone;
  std::set<std::string> taken;
  for (const CrontabFile& file : files) {
    import.paths.push_back(file.path);
    const cron::Crontab crontab = cron::parse_crontab(file.text, file.kind);
    for (const base::Problem& problem : crontab.problems) {
      import.problems.push_back(
          {file.path, problem.line, problem.column, printable(problem.message)});
    }
    std::set<std::string> told;
    for (const cron::CrontabEntry& entry : crontab.entries) {
      const Source source{file, entry, machine, told};
      ImportedJob job = Converter{source}.run();
      job.spec.name = make_unique_name(pick_name(source, crontab.entries.size()), taken);
      if (is_valid(job, import)) import.jobs.push_back(std::move(job));
    }
  }
  return import;
}

void make_shadow(Import& import) {
  import.is_shadow = true;
  for (ImportedJob& job : import.jobs)
    job.spec.shadow = true;
}

std::string to_reporting_lines(const Import& import, const std::string& jobctl) {
  std::string out;
  for (const ImportedJob& job : import.jobs) {
    const std::string line = write_crontab_line(job.original, {jobctl, job.spec.name});
    const std::size_t command = line.size() - job.original.schedule.size() - 1;
    out += fmt::format("# {}:{}{}\n{}\n", job.path, job.line,
                       command > kMostCommandBytes
                           ? fmt::format(": too long for cron, which reads {} bytes of a command; "
                                         "put the command into a script",
                                         kMostCommandBytes)
                           : "",
                       printable(line));
  }
  return out;
}

std::string to_manifest(const Import& import) {
  std::string out;
  if (import.jobs.empty()) return out;
  add_header(out, import);
  std::string_view separator = "\n";
  for (const ImportedJob& job : import.jobs) {
    out += separator;
    add_comment(out, fmt::format("{}:{}: {}", job.path, job.line, job.written));
    for (const std::string& note : job.notes)
      add_comment(out, "Note: " + note);
    for (const base::Problem& problem : model::unsupported_features(job.spec)) {
      add_comment(out, fmt::format("Cannot run yet: {}: {}", problem.pointer, problem.message));
    }
    out += json::write_yaml(model::canonical(job.spec));
    separator = "---\n";
  }
  return out;
}

std::string to_text(const Remark& remark) {
  return fmt::format("{}:{}:{}: {}", remark.path, remark.line, remark.column, remark.message);
}

}  // namespace mainspring::cli
