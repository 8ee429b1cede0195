// iCalendar files: whatever they hold, the answer is spans within the window and in order, or
// sentences with the lines that are wrong.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "icalendar/icalendar.h"

namespace base = mainspring::base;
namespace cron = mainspring::cron;
namespace icalendar = mainspring::icalendar;

namespace {

using std::chrono::local_days;
using std::chrono::year;

void check_spans(const icalendar::Imported& imported, const icalendar::Window& window) {
  CHECK(imported.dates.size() + imported.times.size() <= icalendar::kMostSpans);
  for (const icalendar::DateSpan& span : imported.dates) {
    CHECK(window.from <= span.first && span.first <= span.last && span.last <= window.until);
    CHECK(base::is_utf8(span.summary) && span.summary.size() <= icalendar::kLongestSummary);
  }
  for (const icalendar::TimeSpan& span : imported.times) {
    CHECK(cron::LocalTime{window.from} <= span.begin && span.begin < span.end);
    CHECK(span.end <= cron::LocalTime{window.until + std::chrono::days{1}});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const icalendar::Window window{cron::TimeZone::load("Europe/Berlin").value(),
                                        local_days{year{2025} / 1 / 1},
                                        local_days{year{2028} / 12 / 31}};
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto imported = icalendar::parse(text, window);
  if (imported)
    check_spans(*imported, window);
  else
    CHECK(base::is_utf8(base::to_text(imported.error())) && !imported.error().message.empty());
  return 0;
}
