#include "json/codec.h"
#include "model/calendar.h"
#include "model/names.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(CalendarMode) {
  static const auto table = json::enumeration<CalendarMode>(
      "CalendarMode", "What a calendar does to the fires within it.",
      {{CalendarMode::exclude, "exclude", "They are left out."},
       {CalendarMode::only, "only", "They alone are kept."}});
  return table;
}

const json::EnumTable& described(Weekday) {
  static const auto table = json::enumeration<Weekday>("Weekday", "A day of the week.",
                                                       {{Weekday::mon, "mon", "Monday."},
                                                        {Weekday::tue, "tue", "Tuesday."},
                                                        {Weekday::wed, "wed", "Wednesday."},
                                                        {Weekday::thu, "thu", "Thursday."},
                                                        {Weekday::fri, "fri", "Friday."},
                                                        {Weekday::sat, "sat", "Saturday."},
                                                        {Weekday::sun, "sun", "Sunday."}});
  return table;
}

const json::StructTable& CalendarSpan::described() {
  static const auto table = json::describe<CalendarSpan>(
      "CalendarSpan", "Days or times, once.",
      field<&CalendarSpan::from>("from", "A day, or a local time.")
          .required()
          .example("\"2026-12-25\""),
      field<&CalendarSpan::to>("to", "The last day, or the end; left out: one day."),
      field<&CalendarSpan::note>("note", "What is then.").max_length(200));
  return table;
}

const json::StructTable& CalendarWindow::described() {
  static const auto table = json::describe<CalendarWindow>(
      "CalendarWindow", "Days or times of every week.",
      field<&CalendarWindow::weekdays>("weekdays", "The days; none given: all.").max_items(7),
      field<&CalendarWindow::times>("times", "Times of day; none given: the whole day.")
          .max_items(100)
          .example(R"(["22:00-06:00"])"),
      field<&CalendarWindow::note>("note", "What is then.").max_length(200));
  return table;
}

const json::StructTable& CalendarSpec::described() {
  static const auto table = json::describe<CalendarSpec>(
      "CalendarSpec", "A named set of local times, for schedules to avoid or to keep to.",
      field<&CalendarSpec::name>("name", "The calendar's name, unique within its tenant.")
          .required()
          .matches(kNameRule.accepts, kNameRule.pattern, kNameRule.sentence),
      field<&CalendarSpec::description>("description", "What the calendar is for, for people.")
          .max_length(4096),
      field<&CalendarSpec::mode>("mode", "What it does to the fires within it."),
      field<&CalendarSpec::timezone>("timezone",
                                     "The time zone of its times; left out: each schedule's."),
      field<&CalendarSpec::spans>("spans", "Days or times, once.").max_items(kCalendarSpans),
      field<&CalendarSpec::weekly>("weekly", "Days or times of every week.").max_items(100));
  return table;
}

}  // namespace mainspring::model
