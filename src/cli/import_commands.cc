// jobctl import crontab: reads the machine's crontabs; import_crontab.h does the rest.
#include <dirent.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/import_crontab.h"
#include "cron/zone.h"
#include "model/manifest.h"
#include "system/files.h"

namespace mainspring::cli {
namespace {

constexpr std::string_view kSystemCrontab = "/etc/crontab";
constexpr std::string_view kCronDirectory = "/etc/cron.d";
constexpr std::string_view kSpool = "/var/spool/cron/crontabs";
constexpr std::size_t kZoneFileLimit = 256;  // holds one name

std::optional<std::string> find_home(const std::string& user) {
  const passwd* known = user.empty() ? ::getpwuid(::geteuid()) : ::getpwnam(user.c_str());
  if (known == nullptr || known->pw_dir == nullptr || *known->pw_dir != '/') return std::nullopt;
  return known->pw_dir;
}

std::string linked_timezone() {
  std::string target(4096, '\0');
  const ssize_t length = ::readlink("/etc/localtime", target.data(), target.size());
  if (length <= 0) return {};
  target.resize(static_cast<std::size_t>(length));
  constexpr std::string_view kZones = "zoneinfo/";
  const std::size_t at = target.find(kZones);
  return at == std::string::npos ? std::string{} : target.substr(at + kZones.size());
}

std::string named_timezone() {
  auto text = system::read_small_file("/etc/timezone", kZoneFileLimit);
  if (!text) return {};
  while (!text->empty() && (text->back() == '\n' || text->back() == ' '))
    text->pop_back();
  return *text;
}

// The zone that this machine's cron uses: what libc reads first, then what names it.
std::string find_timezone() {
  for (const std::string& name : {linked_timezone(), named_timezone()}) {
    if (!name.empty() && cron::TimeZone::load(name)) return name == "Etc/UTC" ? "UTC" : name;
  }
  return "UTC";
}

// Cron, as run-parts, passes over names such as "job.dpkg-old".
bool is_crontab_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

base::Result<CrontabFile> read_crontab(const std::string& path, cron::CrontabKind kind) {
  auto text = read_input(path);
  if (!text) return base::fail(std::move(text.error()));
  return CrontabFile{path == "-" ? "standard input" : path, std::move(*text), kind};
}

// /etc/crontab and the files of /etc/cron.d, by name.
base::Result<std::vector<CrontabFile>> read_system_crontabs() {
  std::vector<CrontabFile> files;
  if (::access(kSystemCrontab.data(), F_OK) == 0) {
    auto file = read_crontab(std::string{kSystemCrontab}, cron::CrontabKind::system);
    if (!file) return base::fail(std::move(file.error()));
    files.push_back(std::move(*file));
  }
  std::vector<std::string> names;
  if (DIR* directory = ::opendir(kCronDirectory.data())) {
    while (const dirent* entry = ::readdir(directory)) {
      if (is_crontab_name(entry->d_name)) names.emplace_back(entry->d_name);
    }
    ::closedir(directory);
  }
  std::ranges::sort(names);
  for (const std::string& name : names) {
    auto file = read_crontab(fmt::format("{}/{}", kCronDirectory, name), cron::CrontabKind::system);
    if (!file) return base::fail(std::move(file.error()));
    file->title = name;
    files.push_back(std::move(*file));
  }
  if (!files.empty()) return files;
  return base::fail(base::Code::not_found, "There is no /etc/crontab and nothing in /etc/cron.d.");
}

base::Result<std::vector<CrontabFile>> read_user_crontab(const std::string& user) {
  if (user.contains('/') || user.starts_with('.')) {
    return base::fail(base::Code::invalid_argument, fmt::format("--user: no user is '{}'", user));
  }
  const std::string path = fmt::format("{}/{}", kSpool, user);
  if (::access(path.c_str(), R_OK) != 0) {
    return base::fail(base::Code::not_found,
                      fmt::format("cannot read '{}': either {} has no crontab, or only root may "
                                  "read it (then: sudo jobctl import crontab --user {})",
                                  path, user, user));
  }
  auto file = read_crontab(path, cron::CrontabKind::user);
  if (!file) return base::fail(std::move(file.error()));
  file->owner = user;
  return std::vector{std::move(*file)};
}

base::Result<std::vector<CrontabFile>> read_crontabs(const ImportOptions& options) {
  if (options.system) return read_system_crontabs();
  if (!options.user.empty()) return read_user_crontab(options.user);
  const std::string path = options.file.empty() ? "-" : options.file;
  const bool in_directory = path.starts_with("/etc/cron.d/");
  const bool is_system = options.system_format || in_directory || path == kSystemCrontab;
  auto file = read_crontab(path, is_system ? cron::CrontabKind::system : cron::CrontabKind::user);
  if (!file) return base::fail(std::move(file.error()));
  if (in_directory) file->title = path.substr(path.rfind('/') + 1);
  return std::vector{std::move(*file)};
}

void print_remarks(const Output& out, const Import& import) {
  for (const ImportedJob& job : import.jobs) {
    for (const std::string& note : job.notes) {
      out.note(to_text({job.path, job.line, 1, fmt::format("{}: {}", job.spec.name, note)}));
    }
  }
  for (const Remark& problem : import.problems)
    out.note("error: " + to_text(problem));
}

int apply_import(Session& session, const Import& import) {
  model::Manifest manifest;
  int worst = 0;
  for (const ImportedJob& job : import.jobs) {
    const auto missing = model::unsupported_features(job.spec);
    for (const base::Problem& problem : missing) {
      worst = kExitUsage;
      session.out().note("error: " +
                         to_text({job.path, job.line, 1,
                                  fmt::format("{} is not applied: {}: {}", job.spec.name,
                                              problem.pointer, problem.message)}));
    }
    if (missing.empty()) manifest.jobs.push_back(job.spec);
  }
  if (manifest.jobs.empty()) return worst;
  if (const int code = apply_documents(session, manifest, {}); code != 0) return code;
  if (!import.is_shadow) {
    session.out().note(
        "The crontab itself was not touched. Disable these lines there now, or the jobs run "
        "twice.");
  }
  return worst;
}

// As a crontab can call this program: cron's PATH is short.
std::string find_jobctl() {
  std::string path(4096, '\0');
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return "jobctl";
  path.resize(static_cast<std::size_t>(length));
  const std::string directory = path.substr(0, path.rfind('/'));
  if (directory == "/usr/bin" || directory == "/bin") return "jobctl";
  const bool is_plain = path.find_first_not_of(
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789/._+-") == std::string::npos;
  return is_plain ? path : quote_for_shell(path);
}

void print_reporting_lines(const Output& out, const Import& import) {
  if (import.jobs.empty()) return;
  out.note(
      "\nThe crontab itself was not touched and goes on doing the work. Let its lines report each "
      "run,\nthen compare with 'jobctl shadow report':\n");
  out.note(to_reporting_lines(import, find_jobctl()));
}

}  // namespace

int import_crontab(Session& session, const ImportOptions& options) {
  const auto files = read_crontabs(options);
  if (!files) return session.out().fail(files.error());
  ImportMachine machine{options.timezone, find_home};
  if (machine.timezone.empty()) machine.timezone = find_timezone();
  if (auto zone = cron::TimeZone::load(machine.timezone); !zone) {
    return session.out().fail(zone.error());
  }
  Import import = import_crontabs(*files, machine);
  if (options.shadow) make_shadow(import);
  print_remarks(session.out(), import);
  int code = 0;
  if (options.apply) {
    code = apply_import(session, import);
  } else {
    std::cout << to_manifest(import) << std::flush;
    session.out().note(fmt::format("{} {}, {} {} not read.", import.jobs.size(),
                                   import.jobs.size() == 1 ? "job" : "jobs", import.problems.size(),
                                   import.problems.size() == 1 ? "line" : "lines"));
  }
  if (options.shadow) print_reporting_lines(session.out(), import);
  return code != 0 || import.problems.empty() ? code : kExitUsage;
}

}  // namespace mainspring::cli
