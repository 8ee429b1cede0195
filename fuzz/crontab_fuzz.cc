// Crontab files and their way into jobs: whatever a file holds, every line is an entry or a problem
// with its place, and the manifest that the import prints is one that `jobctl apply` accepts.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "cli/import_crontab.h"
#include "cron/expression.h"
#include "model/manifest.h"

namespace cli = mainspring::cli;
namespace cron = mainspring::cron;
namespace model = mainspring::model;

namespace {

int count_lines(std::string_view text) {
  return static_cast<int>(std::ranges::count(text, '\n')) + 1;
}

void check_problem(const cli::Remark& problem, int lines) {
  CHECK(problem.line >= 1 && problem.line <= lines && problem.column >= 1);
  CHECK(!problem.message.empty());
}

void check_entries(std::string_view text, cron::CrontabKind kind) {
  int last = 0;
  for (const cron::CrontabEntry& entry : cron::parse_crontab(text, kind).entries) {
    CHECK(cron::Expression::parse(entry.schedule).has_value());
    CHECK(entry.line > last && !entry.command.empty());
    last = entry.line;
  }
}

void check_import(const cli::Import& import, int lines) {
  for (const cli::Remark& problem : import.problems)
    check_problem(problem, lines);
  if (import.jobs.empty()) return;
  const auto manifest = model::parse_manifest(to_manifest(import), model::ManifestFormat::yaml);
  CHECK(manifest.has_value() && manifest->jobs.size() == import.jobs.size());
  for (std::size_t i = 0; i < manifest->jobs.size(); ++i)
    CHECK(manifest->jobs[i] == import.jobs[i].spec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const cli::ImportMachine machine{
      .timezone = "Europe/Berlin",
      .home_of = [](const std::string& user) -> std::optional<std::string> {
        if (user.empty() || user == "root") return "/root";
        return std::nullopt;
      }};
  for (const auto kind : {cron::CrontabKind::user, cron::CrontabKind::system}) {
    check_entries(text, kind);
    const cli::CrontabFile file{.path = "crontab", .text = std::string{text}, .kind = kind};
    check_import(cli::import_crontabs({file}, machine), count_lines(text));
  }
  return 0;
}
