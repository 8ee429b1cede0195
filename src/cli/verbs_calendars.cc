// The rows of the verb table about calendars.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kSummaries{{{"NAME", "name"},
                       {"MODE", "mode"},
                       {"TIMEZONE", "timezone"},
                       {"SPANS", "spans"},
                       {"WEEKLY", "weekly"},
                       {"DESCRIPTION", "description"}},
                      "name"};
const View kDays{{{"DAY", "day"}, {"WEEKDAY", "weekday"}, {"WHOLE", "whole"}, {"REASON", "reason"}},
                 "day"};

}  // namespace

const View& calendar_view() {
  static const View view{{{"NAME", "name"},
                          {"MODE", "mode"},
                          {"TIMEZONE", "timezone"},
                          {"SPANS", "spans"},
                          {"WEEKLY", "weekly"},
                          {"DESCRIPTION", "description"}},
                         "name"};
  return view;
}

std::vector<Verb> make_calendar_verbs() {
  return {
      {.noun = "calendar",
       .verb = "list",
       .operation = "list_calendars",
       .help = "List calendars by name.",
       .path = "/api/v1/calendars",
       .view = kSummaries},
      {.noun = "calendar",
       .verb = "show",
       .operation = "get_calendar",
       .help = "Show one calendar; -o yaml shows all of it.",
       .path = "/api/v1/calendars/{calendar}",
       .view = calendar_view()},
      {.noun = "calendar",
       .verb = "days",
       .operation = "list_calendar_days",
       .help = "Show what it leaves out, day by day.",
       .path = "/api/v1/calendars/{calendar}/days",
       .query = {{"--from", "The first day, such as 2026-12-01; today when absent."},
                 {"--until", "The last day; a year later when absent."}},
       .view = kDays},
      {.noun = "calendar",
       .verb = "delete",
       .operation = "delete_calendar",
       .help = "Delete a calendar that no schedule names.",
       .method = "DELETE",
       .path = "/api/v1/calendars/{calendar}",
       .done = "Deleted."},
  };
}

}  // namespace mainspring::cli
