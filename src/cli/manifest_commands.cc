// Commands about manifests: apply, validate, fmt, export, create, replace.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/core.h>

#include "cli/commands.h"
#include "json/write.h"
#include "model/manifest.h"

namespace mainspring::cli {
namespace {

struct Source {
  std::string name;  // for messages
  std::string text;
};

model::ManifestFormat format_of(const std::string& name) {
  return name.ends_with(".json") ? model::ManifestFormat::json : model::ManifestFormat::yaml;
}

bool is_directory(const std::string& path) {
  struct stat facts{};
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

bool is_manifest_name(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

// The manifests of a directory, by name; it is not searched below.
std::vector<std::string> list_manifests(const std::string& directory) {
  std::vector<std::string> found;
  DIR* opened = ::opendir(directory.c_str());
  if (opened == nullptr) return found;
  while (const dirent* entry = ::readdir(opened)) {
    if (is_manifest_name(entry->d_name)) found.push_back(directory + "/" + entry->d_name);
  }
  ::closedir(opened);
  std::ranges::sort(found);
  return found;
}

base::Result<std::vector<Source>> read_sources(const std::vector<std::string>& paths) {
  std::vector<Source> sources;
  for (const std::string& path : paths) {
    std::vector<std::string> files{path};
    if (is_directory(path)) files = list_manifests(path);
    if (files.empty()) {
      return base::fail(base::Code::not_found,
                        fmt::format("'{}' holds no .yaml, .yml or .json file.", path));
    }
    for (const std::string& file : files) {
      auto text = read_input(file);
      if (!text) return base::fail(std::move(text.error()));
      sources.push_back({file == "-" ? "standard input" : file, std::move(*text)});
    }
  }
  return sources;
}

// Parses every source and reports the mistakes of all of them; 0 when there are none.
int parse_sources(Session& session, const std::vector<Source>& sources, model::Manifest& manifest) {
  int worst = 0;
  for (const Source& source : sources) {
    auto parsed = model::parse_manifest(source.text, format_of(source.name));
    if (!parsed) {
      worst = std::max(worst, session.out().fail(parsed.error(), source.name));
      continue;
    }
    std::ranges::move(parsed->jobs, std::back_inserter(manifest.jobs));
    std::ranges::move(parsed->queues, std::back_inserter(manifest.queues));
    std::ranges::move(parsed->calendars, std::back_inserter(manifest.calendars));
  }
  return worst;
}

// What jobs refer to comes first.
json::Array canonical_documents(const model::Manifest& manifest) {
  json::Array list;
  for (const model::CalendarSpec& spec : manifest.calendars)
    list.push_back(model::canonical(spec));
  for (const model::QueueSpec& spec : manifest.queues)
    list.push_back(model::canonical(spec));
  for (const model::JobSpec& spec : manifest.jobs)
    list.push_back(model::canonical(spec));
  return list;
}

const View& applied_view() {
  static const View view{{{"NAME", "name"},
                          {"EFFECT", "effect"},
                          {"VERSION", "version"},
                          {"SCHEDULE", "schedules.words"},
                          {"NEXT", "schedules.next_at"}}};
  return view;
}

std::string canonical_text(const model::Manifest& manifest) {
  std::string text;
  for (const json::Value& document : canonical_documents(manifest)) {
    text += text.empty() ? "" : "---\n";
    text += json::write_yaml(document);
  }
  return text;
}

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

base::Result<std::string> read_input(const std::string& path) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      return base::fail(base::Code::not_found,
                        fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
    }
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (text.size() > model::kManifestLimit) {
    return base::fail(base::Code::too_large, fmt::format("'{}' is over the limit of {} MiB", path,
                                                         model::kManifestLimit >> 20));
  }
  return text;
}

int apply_documents(Session& session, const model::Manifest& manifest, std::string_view dry_run) {
  const ApiRequest request{.method = "POST",
                           .path = "/api/v1/manifests/apply",
                           .query = {{"dry_run", std::string{dry_run}}},
                           .body = json::write(canonical_documents(manifest))};
  const auto reply = session.call(request);
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, applied_view());
  if (dry_run == "true") session.out().note("This was a plan; nothing was changed.");
  return 0;
}

int apply(Session& session, const ApplyOptions& options) {
  const auto sources = read_sources(options.files);
  if (!sources) return session.out().fail(sources.error());
  model::Manifest manifest;
  if (const int code = parse_sources(session, *sources, manifest); code != 0) return code;
  return apply_documents(session, manifest, options.dry_run ? "true" : "false");
}

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
  const auto count = manifest.jobs.size() + manifest.queues.size() + manifest.calendars.size();
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
    const std::string text = canonical_text(manifest);
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

int export_jobs(Session& session, const std::string& label) {
  ApiRequest request{.path = "/api/v1/jobs", .query = {{"limit", "500"}}};
  if (!label.empty()) request.query.emplace_back("label", label);
  std::string_view separator;
  while (true) {
    const auto reply = session.call(request);
    if (!reply) return session.out().fail(reply.error());
    for (const json::Value& item : reply->at("items").as_array()) {
      std::cout << separator << json::write_yaml(item.at("spec"));
      separator = "---\n";
    }
    const auto* next = reply->as_object().if_contains("next_cursor");
    if (next == nullptr) break;
    std::erase_if(request.query, [](const auto& pair) { return pair.first == "cursor"; });
    request.query.emplace_back("cursor", std::string{next->as_string()});
  }
  std::cout << std::flush;
  return 0;
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
