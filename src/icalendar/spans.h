// Internal: from the events of a file to the spans they cover.
#pragma once

#include <vector>

#include "icalendar/events.h"
#include "icalendar/icalendar.h"
#include "icalendar/rule.h"

namespace mainspring::icalendar {

// Adds what the events of one VCALENDAR cover in the window; stops early where the work is
// exhausted or there are more than kMostSpans.
void add_spans(const std::vector<Event>& events, const Window& window, Work& work, Imported& out);

}  // namespace mainspring::icalendar
