#include "icalendar/icalendar.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "icalendar/events.h"
#include "icalendar/lines.h"
#include "icalendar/spans.h"
#include "icalendar/values.h"

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

base::Result<void> check_window(const Window& window) {
  if (window.from > window.until)
    return base::fail(base::Code::invalid_argument,
                      "the first date of an import is after the last one");
  if (window.until - window.from > chr::days{366} * kMostYears)
    return base::fail(base::Code::invalid_argument,
                      fmt::format("an import spans at most {} years", kMostYears));
  return {};
}

base::Result<void> check_event_count(const Component& file) {
  std::size_t events = 0;
  for (const Component& calendar : file.parts)
    events +=
        static_cast<std::size_t>(std::ranges::count(calendar.parts, "VEVENT", &Component::name));
  if (events <= kMostEvents) return {};
  return base::fail(
      base::Code::too_large,
      fmt::format("the iCalendar file has {} events; {} is the most", events, kMostEvents));
}

void read_name(const Component& calendar, Imported& out) {
  for (const std::string_view name : {"X-WR-CALNAME", "NAME"}) {
    const auto line = std::ranges::find(calendar.lines, name, &Line::name);
    if (out.name.empty() && line != calendar.lines.end()) out.name = to_one_line(line->value);
  }
}

void add_calendar(const Component& calendar, const Window& window, Work& work, Mistakes& mistakes,
                  Imported& out) {
  read_name(calendar, out);
  Zones zones{calendar, window.until + chr::days{3}, work};
  const Zone utc{cron::TimeZone{}};
  const Zone floating{window.zone};
  const auto events = read_events(calendar, {zones, utc, floating}, mistakes);
  if (mistakes.empty()) add_spans(events, window, work, out);
}

base::Result<void> check_limits(const Imported& imported, const Work& work) {
  if (work.exhausted())
    return base::fail(base::Code::too_large,
                      fmt::format("the rules of the iCalendar file take too long to unfold (more "
                                  "than {} days looked at); ask for fewer years",
                                  kMostSteps));
  if (imported.dates.size() + imported.times.size() > kMostSpans)
    return base::fail(base::Code::too_large,
                      fmt::format("the iCalendar file covers more than {} spans of time; ask for "
                                  "fewer years",
                                  kMostSpans));
  return {};
}

template <class Span, class Key>
void sort_and_drop_doubles(std::vector<Span>& spans, Key key) {
  std::ranges::sort(spans, {}, key);
  const auto doubles = std::ranges::unique(spans);
  spans.erase(doubles.begin(), doubles.end());
}

}  // namespace

base::Result<Imported> parse(std::string_view text, const Window& window) {
  if (auto fine = check_window(window); !fine) return base::fail(std::move(fine.error()));
  Mistakes mistakes;
  const auto file = read_components(text, mistakes);
  if (!file) return base::fail(file.error());
  if (auto fine = check_event_count(*file); !fine) return base::fail(std::move(fine.error()));
  Imported imported;
  Work work{kMostSteps};
  for (const Component& part : file->parts)
    if (part.name == "VCALENDAR") add_calendar(part, window, work, mistakes, imported);
  if (!mistakes.empty()) return base::fail(std::move(mistakes).error());
  if (auto fine = check_limits(imported, work); !fine) return base::fail(std::move(fine.error()));
  sort_and_drop_doubles(imported.dates, [](const DateSpan& span) {
    return std::tie(span.first, span.last, span.summary);
  });
  sort_and_drop_doubles(imported.times, [](const TimeSpan& span) {
    return std::tie(span.begin, span.end, span.summary);
  });
  return imported;
}

}  // namespace mainspring::icalendar
