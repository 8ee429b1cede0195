// Manifests on this machine: found, read and parsed, with every mistake reported; and written in
// their canonical form.
#pragma once

#include <string>
#include <vector>

#include "cli/session.h"
#include "model/manifest.h"

namespace mainspring::cli {

struct Source {
  std::string name;  // for messages
  std::string text;
};

// Files, directories (their manifests by name, not searched below) and "-" for standard input.
// Errors: not_found, too_large.
base::Result<std::vector<Source>> read_sources(const std::vector<std::string>& paths);

model::ManifestFormat format_of(const std::string& name);  // by its ending; YAML when in doubt

// Adds the documents of every source; says the mistakes of all of them. Returns the exit code, 0
// when there are none.
int parse_sources(Session& session, const std::vector<Source>& sources, model::Manifest& manifest);

// What jobs refer to comes first.
json::Array canonical_documents(const model::Manifest& manifest);
// The same as YAML, a document after the other.
std::string to_yaml(const json::Array& documents);

}  // namespace mainspring::cli
