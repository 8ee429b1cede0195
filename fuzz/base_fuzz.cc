// The texts that base reads: whatever they hold, a parser answers, and what it accepts survives a
// round trip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/check.h"
#include "base/id.h"
#include "base/text.h"
#include "base/time.h"

namespace base = mainspring::base;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  if (const auto instant = base::parse_instant(text))
    CHECK(base::parse_instant(base::format_instant(*instant)) == *instant);
  if (const auto duration = base::parse_duration(text))
    CHECK(base::parse_duration(base::format_duration(*duration)) == *duration);
  if (const auto id = base::RunId::parse(text)) CHECK(id->text() == text);
  const std::string_view words[] = {"retry", "timeout", "schedule"};
  base::find_closest(text, words);
  return 0;
}
