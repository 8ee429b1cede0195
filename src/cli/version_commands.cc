// Commands about the versions of a job: show one, compare two, go back to one.
#include <iostream>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/plan_text.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

std::string job_path(std::string_view job) { return "/api/v1/jobs/" + encode_segment(job); }

base::Result<json::Value> load_version(Session& session, const std::string& job,
                                       std::string_view version) {
  return session.call(
      {.path = fmt::format("{}/versions/{}", job_path(job), encode_segment(version))});
}

}  // namespace

int show_version(Session& session, const VersionOptions& options) {
  const auto version = load_version(session, options.job, options.version);
  if (!version) return session.out().fail(version.error());
  if (!session.out().is_for_people()) {
    session.out().print(*version, {.columns = {}, .name_path = "version"});
    return 0;
  }
  std::cout << json::write_yaml(version->at("spec")) << std::flush;
  session.out().note(fmt::format("version {}, stored by {} at {}", text_at(*version, "version"),
                                 text_at(*version, "author"), text_at(*version, "created_at")));
  return 0;
}

int diff_versions(Session& session, const DiffOptions& options) {
  ApiRequest request{.path = job_path(options.job) + "/diff"};
  if (!options.from.empty()) request.query.emplace_back("from", options.from);
  if (!options.to.empty()) request.query.emplace_back("to", options.to);
  const auto diff = session.call(request);
  if (!diff) return session.out().fail(diff.error());
  if (!session.out().is_for_people()) {
    session.out().print(*diff, {.columns = {}, .name_path = "job"});
    return 0;
  }
  const auto before = load_version(session, options.job, text_at(*diff, "from"));
  if (!before) return session.out().fail(before.error());
  const auto after = load_version(session, options.job, text_at(*diff, "to"));
  if (!after) return session.out().fail(after.error());
  const std::string old_text = json::write_yaml(before->at("spec"));
  const std::string new_text = json::write_yaml(after->at("spec"));
  const auto lines = diff_texts({old_text, new_text});
  if (lines.empty()) {
    session.out().note(
        fmt::format("Versions {} and {} are equal.", text_at(*diff, "from"), text_at(*diff, "to")));
    return 0;
  }
  for (const auto& [sign, version] : {std::pair{"---", &*before}, std::pair{"+++", &*after}}) {
    session.out().line(fmt::format("{} {} version {}, {}, {}", sign, text_at(*diff, "job"),
                                   text_at(*version, "version"), text_at(*version, "author"),
                                   text_at(*version, "created_at")));
  }
  print_diff(session.out(), lines);
  return 0;
}

int revert_job(Session& session, const RevertOptions& options) {
  ApiRequest request{.method = "POST",
                     .path = job_path(options.job) + "/revert",
                     .body = json::write(json::Object{{"version", options.version}})};
  if (options.if_version > 0)
    request.headers.emplace_back("If-Match", fmt::format("\"v{}\"", options.if_version));
  const auto reply = session.call(request);
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, job_view());
  return 0;
}

}  // namespace mainspring::cli
