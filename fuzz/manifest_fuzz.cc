// Manifests, as YAML and as JSON: every mistake says what and where, and a job that is accepted is
// the same after its canonical form was written and read.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "json/write.h"
#include "model/manifest.h"
#include "places.h"

namespace fuzz = mainspring::fuzz;
namespace json = mainspring::json;
namespace model = mainspring::model;

namespace {

model::Manifest read_again(const std::string& text, model::ManifestFormat format) {
  auto manifest = model::parse_manifest(text, format);
  CHECK(manifest.has_value());
  return std::move(*manifest);
}

// The canonical form of one document, written and read.
template <class Spec>
void check_spec(const Spec& spec, std::vector<Spec> model::Manifest::* list) {
  const json::Value canonical = model::canonical(spec);
  for (const auto& again : {read_again(json::write(canonical), model::ManifestFormat::json),
                            read_again(json::write_yaml(canonical), model::ManifestFormat::yaml)}) {
    CHECK(again.jobs.size() + again.queues.size() + again.calendars.size() +
              again.connections.size() ==
          1);
    CHECK((again.*list).size() == 1 && (again.*list).front() == spec);
    CHECK(model::canonical((again.*list).front()) == canonical);
  }
}

void check_job(const model::JobSpec& spec) {
  const json::Value canonical = model::canonical(spec);
  for (const auto& problem : model::unsupported_features(spec)) {
    boost::system::error_code absent;
    CHECK(!problem.message.empty() && canonical.find_pointer(problem.pointer, absent) != nullptr);
  }
  if (const auto bound = model::bind_params(spec, {}))
    CHECK(model::bind_params(spec, *bound) == *bound);
}

void check_text(std::string_view text, model::ManifestFormat format) {
  const auto manifest = model::parse_manifest(text, format);
  if (!manifest) return CHECK(fuzz::is_clear(text, manifest.error()));
  for (const model::JobSpec& spec : manifest->jobs) {
    check_spec(spec, &model::Manifest::jobs);
    check_job(spec);
  }
  for (const model::QueueSpec& spec : manifest->queues)
    check_spec(spec, &model::Manifest::queues);
  for (const model::CalendarSpec& spec : manifest->calendars)
    check_spec(spec, &model::Manifest::calendars);
  for (const model::ConnectionSpec& spec : manifest->connections)
    check_spec(spec, &model::Manifest::connections);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  check_text(text, model::ManifestFormat::yaml);
  check_text(text, model::ManifestFormat::json);
  return 0;
}
