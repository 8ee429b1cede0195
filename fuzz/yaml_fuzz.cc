// YAML texts: a mistake has its place, every value has one in the text, and what is accepted is
// written and read back as it was, as YAML and as JSON.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "json/write.h"
#include "places.h"

namespace fuzz = mainspring::fuzz;
namespace json = mainspring::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  json::ParseLimits limits;
  limits.max_nodes = 2'000;
  const auto documents = json::parse_yaml(text, limits);
  if (!documents) {
    CHECK(fuzz::is_clear(text, documents.error()));
    return 0;
  }
  for (const json::Document& document : *documents) {
    const auto again = json::parse_yaml(json::write_yaml(document.value));
    CHECK(again.has_value() && again->size() == 1 && again->front().value == document.value);
    CHECK(json::parse_json(json::write(document.value))->value == document.value);
    fuzz::walk(document.value, "", [&](const std::string& pointer, const json::Value&) {
      CHECK(fuzz::find_place(text, document.locate(pointer)));
      CHECK(fuzz::find_place(text, document.locate(pointer, json::Part::key)));
    });
  }
  return 0;
}
