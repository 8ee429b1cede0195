// The manifest format: YAML (JSON is the same document), one job, queue, calendar or connection per
// document.
// The key `kind` (job, queue, calendar, connection) says which; a document without it is a job.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/document.h"
#include "json/schema.h"
#include "model/calendar.h"
#include "model/job.h"
#include "model/queue.h"

namespace mainspring::model {

inline constexpr std::size_t kManifestLimit = 4 << 20;  // bytes of one text, all documents
inline constexpr std::size_t kManifestDocuments = 10'000;

enum class ManifestFormat { yaml, json };

struct Manifest {
  std::vector<JobSpec> jobs;
  std::vector<QueueSpec> queues;
  std::vector<CalendarSpec> calendars;
  std::vector<ConnectionSpec> connections;
};

// Reads every document of the text: resolves aliases, fills in defaults, validates. All mistakes of
// all documents are reported at once (invalid_argument), pointers prefixed "/0", "/1" ... only when
// there is more than one document. Names must be unique within a kind. JSON may be one object, an
// array of objects, or {"items": [...]}.
base::Result<Manifest> parse_manifest(std::string_view text, ManifestFormat format);

// The same for one document already parsed (an API body).
base::Result<JobSpec> read_job(const json::Document& document);

base::Result<CalendarSpec> read_calendar(const json::Document& document);
base::Result<ConnectionSpec> read_connection(const json::Document& document);

// The canonical document: defaults and empty values left out, keys in the documented order.
json::Value canonical(const JobSpec& spec);
json::Value canonical(const QueueSpec& spec);       // with its `kind`
json::Value canonical(const CalendarSpec& spec);    // with its `kind`
json::Value canonical(const ConnectionSpec& spec);  // with its `kind`

// What this build understands but cannot do yet, as problems with pointers into canonical(spec);
// empty when it can run the job. Every one names the key and what to do instead.
std::vector<base::Problem> unsupported_features(const JobSpec& spec);

// Checks submitted params against the spec and adds defaults. Errors: invalid_argument with one
// problem per param.
base::Result<std::map<std::string, json::Value>> bind_params(
    const JobSpec& spec, const std::map<std::string, json::Value>& given);

// The JSON Schema of one manifest document (2020-12), aliases included.
json::Value manifest_schema();
// The same as a reference into the schemas of a larger document.
json::Value manifest_schema(json::Definitions& definitions);

}  // namespace mainspring::model
