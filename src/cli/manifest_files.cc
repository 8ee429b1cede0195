#include "cli/manifest_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/core.h>

#include "cli/commands.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

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

}  // namespace

model::ManifestFormat format_of(const std::string& name) {
  return name.ends_with(".json") ? model::ManifestFormat::json : model::ManifestFormat::yaml;
}

base::Result<std::string> read_input(const std::string& path) {
  if (is_directory(path)) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("'{}' is a directory; name a file in it", path));
  }
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  std::string text(model::kManifestLimit + 1, '\0');
  in.read(text.data(), std::ssize(text));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || (path != "-" && !file.is_open())) {
    return base::fail(base::Code::not_found,
                      fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  if (text.size() > model::kManifestLimit) {
    return base::fail(base::Code::too_large, fmt::format("'{}' is over the limit of {} MiB", path,
                                                         model::kManifestLimit >> 20));
  }
  return text;
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
    std::ranges::move(parsed->connections, std::back_inserter(manifest.connections));
  }
  return worst;
}

json::Array canonical_documents(const model::Manifest& manifest) {
  json::Array list;
  for (const model::CalendarSpec& spec : manifest.calendars)
    list.push_back(model::canonical(spec));
  for (const model::QueueSpec& spec : manifest.queues)
    list.push_back(model::canonical(spec));
  for (const model::ConnectionSpec& spec : manifest.connections)
    list.push_back(model::canonical(spec));
  for (const model::JobSpec& spec : manifest.jobs)
    list.push_back(model::canonical(spec));
  return list;
}

std::string to_yaml(const json::Array& documents) {
  std::string text;
  for (const json::Value& document : documents) {
    text += text.empty() ? "" : "---\n";
    text += json::write_yaml(document);
  }
  return text;
}

}  // namespace mainspring::cli
