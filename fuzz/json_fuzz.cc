// JSON documents: a mistake has its place, a value is found where it stands in the text, and what
// is accepted is written and read back as it was.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "json/base64.h"
#include "json/write.h"
#include "places.h"

namespace fuzz = mainspring::fuzz;
namespace json = mainspring::json;

namespace {

// What the text of a value may begin with.
std::string_view first_characters(const json::Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "n";
    case boost::json::kind::bool_:
      return "tf";
    case boost::json::kind::string:
      return "\"";
    case boost::json::kind::array:
      return "[";
    case boost::json::kind::object:
      return "{";
    default:
      return "-0123456789";
  }
}

void check_places(std::string_view text, const json::Document& document) {
  fuzz::walk(document.value, "", [&](const std::string& pointer, const json::Value& value) {
    const auto at = fuzz::find_place(text, document.locate(pointer));
    CHECK(at && !at->empty() && first_characters(value).contains(at->front()));
    const auto key = fuzz::find_place(text, document.locate(pointer, json::Part::key));
    CHECK(key && key->size() >= at->size());
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  if (const auto document = json::parse_json(text)) {
    CHECK(json::parse_json(json::write(document->value))->value == document->value);
    CHECK(json::parse_json(json::write_pretty(document->value))->value == document->value);
    if (size <= 512) check_places(text, *document);  // quadratic: each place is a scan
  } else {
    CHECK(fuzz::is_clear(text, document.error()));
  }
  if (const auto decoded = json::decode_base64(text)) CHECK(json::encode_base64(*decoded) == text);
  CHECK(json::decode_base64(json::encode_base64(text)) == text);
  return 0;
}
