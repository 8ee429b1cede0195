#include "api/calendar_views.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& CalendarSummary::described() {
  static const auto table = describe<CalendarSummary>(
      "CalendarSummary", "A calendar without its days.",
      field<&CalendarSummary::name>("name", "Its name."),
      field<&CalendarSummary::description>("description", "What it is for."),
      field<&CalendarSummary::mode>("mode", "What it does to the fires within it."),
      field<&CalendarSummary::timezone>("timezone", "Of its times; empty: each schedule's."),
      field<&CalendarSummary::spans>("spans", "How many days or times it names once."),
      field<&CalendarSummary::weekly>("weekly", "How many weekly windows it has."));
  return table;
}

const json::StructTable& CalendarList::described() {
  static const auto table =
      describe<CalendarList>("CalendarList", "The calendars of a tenant.",
                             field<&CalendarList::items>("items", "By name."));
  return table;
}

const json::StructTable& ImportedCalendar::described() {
  static const auto table = describe<ImportedCalendar>(
      "ImportedCalendar", "What an iCalendar file gave.",
      field<&ImportedCalendar::from>("from", "The first day that was looked at."),
      field<&ImportedCalendar::until>("until",
                                      "The last day that was looked at: later ones are "
                                      "not in the calendar."),
      field<&ImportedCalendar::dates>("dates", "Spans of whole days that the file gave."),
      field<&ImportedCalendar::times>("times", "Spans of times that the file gave."),
      field<&ImportedCalendar::notes>("notes", "What the file says and the calendar cannot hold."),
      field<&ImportedCalendar::calendar>("calendar", "The calendar as it is stored now."));
  return table;
}

const json::StructTable& CalendarDay::described() {
  static const auto table =
      describe<CalendarDay>("CalendarDay", "A day of which a calendar leaves something out.",
                            field<&CalendarDay::day>("day", "The day.").example("\"2026-12-25\""),
                            field<&CalendarDay::weekday>("weekday", "Its day of the week."),
                            field<&CalendarDay::whole>("whole", "Nothing of the day is left."),
                            field<&CalendarDay::times>("times", "The times that are left out.")
                                .example(R"(["14:00-20:00"])"),
                            field<&CalendarDay::reason>("reason", "Why, in words."));
  return table;
}

const json::StructTable& CalendarDayList::described() {
  static const auto table = describe<CalendarDayList>(
      "CalendarDayList", "What a calendar leaves out, day by day.",
      field<&CalendarDayList::items>("items", "In order; other days are not touched."));
  return table;
}

}  // namespace mainspring::api
