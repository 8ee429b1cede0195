// Commands about manifests that change nothing or one job: validate, fmt, create, replace.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/manifest_files.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

base::Result<void> write_file(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return base::fail(base::Code::unavailable,
                    fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
}

base::Result<model::JobSpec> read_one_job(const std::string& file) {
  auto text = read_input(file);
  if (!text) return base::fail(std::move(text.error()));
  auto manifest = model::parse_manifest(*text, format_of(file));
  if (!manifest) return base::fail(std::move(manifest.error()));
  if (manifest->jobs.size() != 1) {
    return base::fail(
        base::Code::invalid_argument,
        fmt::format("'{}' holds {} jobs; this command takes one", file, manifest->jobs.size()));
  }
  return std::move(manifest->jobs.front());
}

}  // namespace

int validate(Session& session, const std::vector<std::string>& files) {
  const auto sources = read_sources(files);
  if (!sources) return session.out().fail(sources.error());
  model::Manifest manifest;
  if (const int code = parse_sources(session, *sources, manifest); code != 0) return code;
  for (const model::JobSpec& spec : manifest.jobs) {
    for (const base::Problem& problem : model::unsupported_features(spec)) {
      session.out().note(
          fmt::format("warning: {}: {}: {}", spec.name, problem.pointer, problem.message));
    }
  }
  const auto count = manifest.jobs.size() + manifest.queues.size() + manifest.calendars.size() +
                     manifest.connections.size();
  session.out().note(
      fmt::format("{} {} valid.", count, count == 1 ? "document is" : "documents are"));
  return 0;
}

int format_manifests(Session& session, const FormatOptions& options) {
  const auto sources = read_sources(options.files);
  if (!sources) return session.out().fail(sources.error());
  int worst = 0;
  for (const Source& source : *sources) {
    model::Manifest manifest;
    if (const int code = parse_sources(session, {source}, manifest); code != 0) {
      worst = std::max(worst, code);
      continue;
    }
    const std::string text = to_yaml(canonical_documents(manifest));
    if (options.check && text != source.text) {
      session.out().line(source.name);
      worst = std::max(worst, kExitRunFailed);
    } else if (options.write && text != source.text) {
      if (auto written = write_file(source.name, text); !written) {
        worst = session.out().fail(written.error());
      }
    } else if (!options.check && !options.write) {
      std::cout << text << std::flush;
    }
  }
  return worst;
}

int create_job(Session& session, const CreateOptions& options) {
  json::Object manifest{{"name", options.name}, {"type", options.type}};
  if (!options.command.empty()) manifest["command"] = options.command;
  if (!options.cron.empty()) manifest["schedule"] = options.cron;
  std::string body = json::write(manifest);
  if (!options.file.empty()) {
    const auto spec = read_one_job(options.file);
    if (!spec) return session.out().fail(spec.error(), options.file);
    body = json::write(model::canonical(*spec));
  }
  const auto reply =
      session.call({.method = "POST", .path = "/api/v1/jobs", .body = std::move(body)});
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, job_view());
  return 0;
}

int replace_job(Session& session, const ReplaceOptions& options) {
  const auto spec = read_one_job(options.file);
  if (!spec) return session.out().fail(spec.error(), options.file);
  ApiRequest request{.method = "PUT",
                     .path = "/api/v1/jobs/" + encode_segment(options.job),
                     .body = json::write(model::canonical(*spec))};
  if (options.if_version > 0) {
    request.headers.emplace_back("If-Match", fmt::format("\"v{}\"", options.if_version));
  }
  const auto reply = session.call(request);
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, job_view());
  return 0;
}

}  // namespace mainspring::cli
