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

void check_job(const model::JobSpec& spec) {
  const json::Value canonical = model::canonical(spec);
  const auto from_json = model::parse_manifest(json::write(canonical), model::ManifestFormat::json);
  CHECK(from_json.has_value() && from_json->size() == 1 && from_json->front() == spec);
  const auto from_yaml =
      model::parse_manifest(json::write_yaml(canonical), model::ManifestFormat::yaml);
  CHECK(from_yaml.has_value() && from_yaml->size() == 1 && from_yaml->front() == spec);
  CHECK(model::canonical(from_yaml->front()) == canonical);
  for (const auto& problem : model::unsupported_features(spec)) {
    boost::system::error_code absent;
    CHECK(!problem.message.empty() && canonical.find_pointer(problem.pointer, absent) != nullptr);
  }
  if (const auto bound = model::bind_params(spec, {}))
    CHECK(model::bind_params(spec, *bound) == *bound);
}

void check_text(std::string_view text, model::ManifestFormat format) {
  const auto specs = model::parse_manifest(text, format);
  if (!specs) return CHECK(fuzz::is_clear(text, specs.error()));
  CHECK(!specs->empty());
  for (const model::JobSpec& spec : *specs)
    check_job(spec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  check_text(text, model::ManifestFormat::yaml);
  check_text(text, model::ManifestFormat::json);
  return 0;
}
