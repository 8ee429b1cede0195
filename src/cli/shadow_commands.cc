// jobctl shadow: how jobs that shadow another scheduler compare with it, and taking over from it.
#include <unistd.h>

#include <iostream>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/crontab_line.h"
#include "model/manifest.h"
#include "system/real_clock.h"

namespace mainspring::cli {
namespace {

constexpr int kMostPages = 10'000;
constexpr int kShownFires = 3;

const View& report_view() {
  static const View view{{{"JOB", "job"},
                          {"PREDICTED", "predicted"},
                          {"REAL", "real"},
                          {"MATCHED", "matched"},
                          {"MISSING", "missing"},
                          {"EXTRA", "extra"},
                          {"FAILED", "failed"},
                          {"MEDIAN", "median_offset", true},
                          {"LARGEST", "largest_offset"},
                          {"VERDICT", "verdict"},
                          {"FROM", "from", true},
                          {"UNTIL", "until", true}},
                         "job"};
  return view;
}

base::Error usage(std::string message) {
  return {base::Code::invalid_argument, std::move(message), {}};
}

base::Result<ApiRequest> make_request(const ShadowReportOptions& options) {
  ApiRequest request{.path = "/api/v1/shadow/report"};
  const auto put = [&request](std::string name, const std::string& value) {
    if (!value.empty()) request.query.emplace_back(std::move(name), value);
  };
  if (!options.since.empty()) {
    const auto since = base::parse_duration(options.since);
    if (!since) return base::fail(usage("--since: " + since.error().message));
    put("from", base::format_instant(system::SystemClock{}.now() - *since));
  }
  put("tolerance", options.tolerance);
  put("job", options.job);
  put("label", options.label);
  return request;
}

base::Result<json::Value> load_report(Session& session, ApiRequest request) {
  json::Array items;
  for (int page = 0; page < kMostPages; ++page) {
    auto reply = session.call(request);
    if (!reply) return reply;
    json::Object& object = reply->as_object();
    if (const auto* more = object.if_contains("items"); more != nullptr) {
      for (const json::Value& item : more->as_array())
        items.push_back(item);
    }
    const std::string next = text_at(*reply, "next_cursor");
    object["items"] = items;
    if (next.empty()) return reply;
    std::erase_if(request.query, [](const auto& pair) { return pair.first == "cursor"; });
    request.query.emplace_back("cursor", next);
  }
  return base::fail(base::Code::internal, "the report does not end");
}

bool agrees(const json::Value& item) { return text_at(item, "agrees") == "true"; }

struct ExampleKind {
  std::string_view list;   // the member that has the examples
  std::string_view count;  // and the one that counts them all
  std::string_view words;
};

void print_examples(const Output& out, const json::Value& item, const ExampleKind& kind) {
  const auto* examples = item.as_object().if_contains(kind.list);
  if (examples == nullptr || examples->as_array().empty()) return;
  out.line(fmt::format("  {}:", kind.words));
  for (const json::Value& example : examples->as_array()) {
    const std::string count = text_at(example, "count");
    const std::string more =
        count.empty() || count == "1" ? "" : fmt::format("  ({} fires from then on)", count);
    out.line(fmt::format("    {}  {}{}", text_at(example, "at"), text_at(example, "local"), more));
  }
  const auto shown = std::to_string(examples->as_array().size());
  if (text_at(item, kind.count) != shown) {
    out.line(fmt::format("    the first {} of {}", shown, text_at(item, kind.count)));
  }
}

void print_details(const Output& out, const json::Value& report) {
  for (const json::Value& item : report.at("items").as_array()) {
    if (agrees(item)) continue;
    out.line("");
    out.line(fmt::format("{}: {}", text_at(item, "job"), text_at(item, "verdict")));
    print_examples(out, item, {"missing_examples", "missing", "predicted, and not really run"});
    print_examples(out, item, {"extra_examples", "extra", "really run, and not predicted"});
  }
}

// ---- promotion

// How the line may look that reports to the job: its user column and settings are not known here.
std::string remembered_line(const json::Value& job) {
  const auto spec = model::read_job({job.at("spec"), nullptr});
  const std::string name = text_at(job, "name");
  const std::string mark = fmt::format("jobctl ping {} --", name);
  if (!spec || spec->schedule.empty() || !spec->schedule.front().cron) return mark;
  CrontabLine line{.schedule = *spec->schedule.front().cron, .input = spec->stdin_text};
  if (!spec->command.shell.empty()) {
    line.command = spec->command.shell;
  } else if (spec->command.argv.size() == 3 && spec->command.argv[1] == "-c") {
    line.shell = spec->command.argv[0];
    line.command = spec->command.argv[2];
  }
  return line.command.empty() ? mark : write_crontab_line(line, {.job = name});
}

// Whether the person agrees. Errors: invalid_argument where nobody can be asked.
base::Result<bool> ask(const std::string& question) {
  if (::isatty(STDIN_FILENO) == 0)
    return base::fail(usage(question + " Nobody can be asked here; add --yes."));
  fmt::print(stderr, "{} [y/N] ", question);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

base::Result<void> show_what_comes(Session& session, const std::string& path,
                                   const json::Value& job) {
  const Output& out = session.out();
  const auto fires =
      session.call({.path = path + "/next", .query = {{"limit", std::to_string(kShownFires)}}});
  if (!fires) return base::fail(fires.error());
  const std::string name = text_at(job, "name");
  const auto& items = fires->at("items").as_array();
  out.note(items.empty() ? fmt::format("'{}' has no fire to come.", name)
                         : fmt::format("Promoted, '{}' really fires, next at:", name));
  for (const json::Value& fire : items)
    out.note(fmt::format("  {}  {}", text_at(fire, "at"), text_at(fire, "local")));
  out.note("Remove its line from the old crontab first, or it runs twice:");
  out.note("  " + remembered_line(job));
  return {};
}

}  // namespace

int report_shadows(Session& session, const ShadowReportOptions& options) {
  const auto request = make_request(options);
  if (!request) return session.out().fail(request.error());
  const auto report = load_report(session, *request);
  if (!report) return session.out().fail(report.error());
  const json::Array& items = report->at("items").as_array();
  session.out().print(*report, report_view());
  if (session.out().is_for_people()) print_details(session.out(), *report);
  return options.check && !std::ranges::all_of(items, agrees) ? kExitRunFailed : 0;
}

int promote_shadow(Session& session, const PromoteOptions& options) {
  const std::string path = "/api/v1/jobs/" + encode_segment(options.job);
  const auto job = session.call({.path = path});
  if (!job) return session.out().fail(job.error());
  if (text_at(*job, "spec.shadow") == "true") {  // else the node says why not
    const auto shown = show_what_comes(session, path, *job);
    if (!shown) return session.out().fail(shown.error());
    if (!options.yes) {
      const auto agreed = ask(fmt::format("promote '{}'?", text_at(*job, "name")));
      if (!agreed) return session.out().fail(agreed.error());
      if (!*agreed) return kExitRunFailed;
    }
  }
  const auto reply =
      session.call({.method = "POST",
                    .path = path + "/promote",
                    .headers = {{"If-Match", fmt::format("\"v{}\"", text_at(*job, "version"))}}});
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, job_view());
  return 0;
}

}  // namespace mainspring::cli
