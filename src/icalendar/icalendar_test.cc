#include "icalendar/icalendar.h"

#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;
using chr::local_days;
using chr::year;

Window window(const char* zone, local_days from, local_days until) {
  return {cron::TimeZone::load(zone).value(), from, until};
}

Window year_2026(const char* zone = "Europe/Berlin") {
  return window(zone, local_days{year{2026} / 1 / 1}, local_days{year{2026} / 12 / 31});
}

std::string read_file(const std::string& name) {
  std::ifstream file{"src/icalendar/testdata/" + name, std::ios::binary};
  REQUIRE_MESSAGE(file.good(), "run from the root of the project: cannot read " << name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string calendar(const std::string& body) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + body + "END:VCALENDAR\r\n";
}

std::string event(const std::string& body) {
  return calendar("BEGIN:VEVENT\r\n" + body + "\r\nEND:VEVENT\r\n");
}

std::string show(local_days day) { return cron::format_local(cron::LocalTime{day}).substr(0, 10); }

// One span a line: "2026-12-25 to 2026-12-26: Christmas".
std::string show(const Imported& imported) {
  std::string out;
  for (const DateSpan& span : imported.dates) {
    out += show(span.first) + (span.first == span.last ? "" : " to " + show(span.last));
    out += ": " + span.summary + "\n";
  }
  for (const TimeSpan& span : imported.times)
    out += cron::format_local(span.begin).substr(0, 16) + " to " +
           cron::format_local(span.end).substr(0, 16) + ": " + span.summary + "\n";
  for (const std::string& note : imported.notes)
    out += note + "\n";
  return out;
}

std::string spans(const std::string& text, const Window& in = year_2026()) {
  const auto imported = parse(text, in);
  return imported ? show(*imported) : base::to_text(imported.error());
}

std::string mistake(const std::string& text) {
  const auto imported = parse(text, year_2026());
  REQUIRE_MESSAGE(!imported, text);
  CHECK(imported.error().code == base::Code::invalid_argument);
  return imported.error().message;
}

TEST_CASE("the holidays of a country are the days of its rules and lists") {
  CHECK_EQ(parse(read_file("holidays_de.ics"), year_2026())->name, "Feiertage in Deutschland");
  CHECK_EQ(spans(read_file("holidays_de.ics")),
           "2026-01-01: Neujahr\n"
           "2026-04-03: Karfreitag\n"
           "2026-04-06: Ostermontag\n"
           "2026-05-01: Tag der Arbeit\n"
           "2026-05-14: Christi Himmelfahrt\n"
           "2026-05-25: Pfingstmontag\n"
           "2026-10-03: Tag der Deutschen Einheit\n"
           "2026-11-18: Buß- und Bettag (nur Sachsen), elf Tage vor dem ersten Advent; s\n"
           "2026-12-25 to 2026-12-26: 1. und 2. Weihnachtstag\n");
}

TEST_CASE("a weekly window keeps its wall clock, with its exceptions and overrides") {
  CHECK_EQ(
      spans(read_file("maintenance.ics")),
      "2026-03-03T22:00 to 2026-03-04T02:00: Database maintenance\n"
      "2026-03-10T22:00 to 2026-03-11T02:00: Database maintenance\n"
      "2026-03-25T20:00 to 2026-03-26T04:00: Database maintenance (moved to Wednesday, longer)\n"
      "2026-03-29T00:00 to 2026-03-29T05:00: Core switches\n"
      "2026-03-31T22:00 to 2026-04-01T02:00: Database maintenance\n"
      "2026-04-02T12:00 to 2026-04-02T18:00: Office closed\n"
      "2026-04-14T22:00 to 2026-04-15T02:00: Database maintenance\n"
      "2026-04-21T22:00 to 2026-04-22T02:00: Database maintenance\n"
      "2026-04-28T22:00 to 2026-04-29T02:00: Database maintenance\n");
}

TEST_CASE("times are shown by the clock of the calendar's zone, floating ones as they stand") {
  CHECK_EQ(
      spans(read_file("maintenance.ics"),
            window("America/New_York", local_days{year{2026} / 3 / 24},
                   local_days{year{2026} / 4 / 3})),
      "2026-03-25T15:00 to 2026-03-25T23:00: Database maintenance (moved to Wednesday, longer)\n"
      "2026-03-28T19:00 to 2026-03-28T23:00: Core switches\n"
      "2026-03-31T16:00 to 2026-03-31T20:00: Database maintenance\n"
      "2026-04-02T12:00 to 2026-04-02T18:00: Office closed\n");
}

TEST_CASE("a date without an end is one day, and an end is not included") {
  CHECK_EQ(spans(event("DTSTART;VALUE=DATE:20260105")), "2026-01-05: \n");
  CHECK_EQ(spans(event("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260105")),
           "2026-01-05: \n");
  CHECK_EQ(spans(event("DTSTART:20260105\nDTEND:20260108\nSUMMARY:Trip")),
           "2026-01-05 to 2026-01-07: Trip\n");
  CHECK_EQ(spans(event("DTSTART;VALUE=DATE:20260105\nDURATION:P1W")),
           "2026-01-05 to 2026-01-11: \n");
}

TEST_CASE("spans are cut to the window") {
  CHECK_EQ(spans(event("DTSTART:20251220\nDTEND:20260107")), "2026-01-01 to 2026-01-06: \n");
  CHECK_EQ(spans(event("DTSTART:20261231T200000\nDTEND:20270101T060000")),
           "2026-12-31T20:00 to 2027-01-01T00:00: \n");
  CHECK_EQ(spans(event("DTSTART:18000101\nDTEND:25000101")), "2026-01-01 to 2026-12-31: \n");
  CHECK_EQ(spans(event("DTSTART:18000101T000000Z\nDTEND:99991231T000000Z")),
           "2026-01-01T00:00 to 2027-01-01T00:00: \n");
  CHECK_EQ(spans(event("DTSTART:20270101\nRRULE:FREQ=YEARLY")), "");
  CHECK_EQ(spans(event("DTSTART:20251231T235959\nDURATION:PT1S")), "");
}

TEST_CASE("days of a length follow the calendar, an end follows real time") {
  // The night in which Berlin's clocks jump from 02:00 to 03:00.
  CHECK_EQ(spans(event("DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D")),
           "2026-03-28T12:00 to 2026-03-29T12:00: \n");
  CHECK_EQ(spans(event("DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:PT24H")),
           "2026-03-28T12:00 to 2026-03-29T13:00: \n");
  CHECK_EQ(spans(event("DTSTART;TZID=Europe/Berlin:20260321T220000\n"
                       "DTEND;TZID=Europe/Berlin:20260322T060000\nRRULE:FREQ=WEEKLY;COUNT=2")),
           "2026-03-21T22:00 to 2026-03-22T06:00: \n"
           "2026-03-28T22:00 to 2026-03-29T07:00: \n");
}

TEST_CASE("a local time that a clock change removed is read by the offset before it") {
  CHECK_EQ(spans(event("DTSTART;TZID=Europe/Berlin:20260329T023000\nDURATION:PT1H")),
           "2026-03-29T03:30 to 2026-03-29T04:30: \n");
}

TEST_CASE("a span over an hour that comes twice holds both passes") {
  // From 02:30 in the first pass to 02:10 in the second, 40 minutes later.
  CHECK_EQ(spans(event("DTSTART:20261025T003000Z\nDTEND:20261025T011000Z")),
           "2026-10-25T02:00 to 2026-10-25T03:00: \n");
  CHECK_EQ(spans(event("DTSTART:20261024T200000Z\nDTEND:20261025T040000Z")),
           "2026-10-24T22:00 to 2026-10-25T05:00: \n");
}

TEST_CASE("a VTIMEZONE counts where the tz database does not know its name") {
  const std::string zone =
      "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
      "TZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n";
  const std::string body =
      "BEGIN:VEVENT\nDTSTART;TZID=Office:20260105T120000\nDURATION:PT1H\nEND:VEVENT\n";
  CHECK_EQ(spans(calendar(zone + body), year_2026("UTC")),
           "2026-01-05T06:30 to 2026-01-05T07:30: \n");
  CHECK_EQ(mistake(calendar(body)),
           "the iCalendar file has a mistake in line 4: DTSTART: the time zone 'Office' cannot be "
           "used: 'Office' is not a time zone of the tz database; write a name such as "
           "Europe/Berlin or UTC");
}

TEST_CASE("an UNTIL in UTC is compared as an instant") {
  const std::string start = "DTSTART;TZID=America/New_York:20260105T200000\nDURATION:PT1H\n";
  CHECK_EQ(spans(event(start + "RRULE:FREQ=DAILY;UNTIL=20260107T010000Z"),
                 year_2026("America/New_York")),
           "2026-01-05T20:00 to 2026-01-05T21:00: \n"
           "2026-01-06T20:00 to 2026-01-06T21:00: \n");
  CHECK_EQ(spans(event(start + "RRULE:FREQ=DAILY;UNTIL=20260107T005959Z"),
                 year_2026("America/New_York")),
           "2026-01-05T20:00 to 2026-01-05T21:00: \n");
}

TEST_CASE("more times come by RDATE, with lengths of their own where they are periods") {
  CHECK_EQ(spans(event("DTSTART:20260105T100000\nDURATION:PT1H\n"
                       "RDATE:20260107T100000,20260108T120000\n"
                       "RDATE;VALUE=PERIOD:20260110T100000/PT3H,20260111T100000/20260111T120000"),
                 year_2026("UTC")),
           "2026-01-05T10:00 to 2026-01-05T11:00: \n"
           "2026-01-07T10:00 to 2026-01-07T11:00: \n"
           "2026-01-08T12:00 to 2026-01-08T13:00: \n"
           "2026-01-10T10:00 to 2026-01-10T13:00: \n"
           "2026-01-11T10:00 to 2026-01-11T12:00: \n");
}

TEST_CASE("exceptions match whether they are written as dates or as times") {
  const std::string dates = "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;COUNT=3\n";
  CHECK_EQ(spans(event(dates + "EXDATE;VALUE=DATE:20260106")), "2026-01-05: \n2026-01-07: \n");
  CHECK_EQ(spans(event(dates + "EXDATE:20260106T000000")), "2026-01-05: \n2026-01-07: \n");
  const std::string times = "DTSTART:20260105T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\n";
  CHECK_EQ(spans(event(times + "EXDATE;VALUE=DATE:20260105"), year_2026("UTC")),
           "2026-01-06T10:00 to 2026-01-06T11:00: \n");
  CHECK_EQ(spans(event(times + "EXDATE;TZID=Europe/Berlin:20260105T110000"), year_2026("UTC")),
           "2026-01-06T10:00 to 2026-01-06T11:00: \n");
}

TEST_CASE("a cancelled event covers nothing, and one without length is noted") {
  CHECK_EQ(spans(event("DTSTART:20260105\nSTATUS:CANCELLED")), "");
  CHECK_EQ(spans(event("DTSTART:20260105T100000Z\nSUMMARY:Ping")),
           "line 3: the event 'Ping' has no length, so it covers nothing\n");
}

TEST_CASE("doubles count once, and components other than events do not count") {
  const std::string todo = "BEGIN:VTODO\nDTSTART:20260105\nDUE:20260106\nEND:VTODO\n";
  const std::string one = "BEGIN:VEVENT\nDTSTART:20260105\nSUMMARY:A\nEND:VEVENT\n";
  CHECK_EQ(spans(calendar(todo + one + one)), "2026-01-05: A\n");
  CHECK_EQ(spans(calendar(one) + calendar(one)), "2026-01-05: A\n");
}

TEST_CASE("a summary is one line of text") {
  CHECK_EQ(spans(event("DTSTART:20260105\nSUMMARY;LANGUAGE=de:a\\, b\\nc\\\\d\te")),
           "2026-01-05: a, b c\\d e\n");
  CHECK_EQ(spans(event("DTSTART:20260105\nSUMMARY:one\r\n  folded\r\n \tline")),
           "2026-01-05: one folded line\n");
  const auto cut = parse(event("DTSTART:20260105\nSUMMARY:a" +
                               [] {
                                 std::string text;
                                 for (int i = 0; i < 200; ++i)
                                   text += "\u00e4";
                                 return text;
                               }()),
                         year_2026());
  REQUIRE(cut.has_value());
  CHECK_EQ(cut->dates.at(0).summary.size(), kLongestSummary - 1);
}

TEST_CASE("mistakes are sentences with line numbers, all at once") {
  CHECK_EQ(mistake("<!DOCTYPE html>\n<html>\n"),
           "the iCalendar file has a mistake in line 1: it does not begin with BEGIN:VCALENDAR, so "
           "it is no iCalendar file");
  CHECK_EQ(mistake(event("SUMMARY:x")),
           "the iCalendar file has a mistake in line 3: the event has no DTSTART");
  CHECK_EQ(mistake(event("DTSTART:20260230")),
           "the iCalendar file has a mistake in line 4: DTSTART: '20260230' is no date or time; "
           "write 20260329, 20260329T023000 or 20260329T023000Z");
  CHECK_EQ(mistake(event("DTSTART:20260105T100000Z\nDTEND:20260105T090000Z")),
           "the iCalendar file has a mistake in line 3: the event: the end is before the start");
  const auto all =
      parse(event("DTSTART:20260105\nRRULE:FREQ=HOURLY\nEXRULE:FREQ=DAILY\nrubbish"), year_2026());
  REQUIRE_FALSE(all.has_value());
  CHECK_EQ(
      base::to_text(all.error()),
      "the iCalendar file has 3 mistakes, the first in line 5: the rule 'FREQ=HOURLY': FREQ: a "
      "calendar has no rules by the hour, minute or second; use DAILY with BYHOUR\n"
      "5:0: the rule 'FREQ=HOURLY': FREQ: a calendar has no rules by the hour, minute or "
      "second; use DAILY with BYHOUR\n"
      "6:0: EXRULE is not read; list the dates with EXDATE\n"
      "7:0: 'rubbish' is not NAME:value");
}

TEST_CASE("what would change the dates and cannot be read is a mistake") {
  for (const char* body :
       {"DTSTART:20260105\nDTSTART:20260106", "DTSTART:20260105\nDTEND:20260107T100000",
        "DTSTART:20260105\nDURATION:PT5H", "DTSTART:20260105\nDURATION:-P1D",
        "DTSTART:20260105\nDTEND:20260106\nDURATION:P1D", "DTSTART:2026-01-05",
        "DTSTART:20260105T1000", "DTSTART:20260105T250000",
        "DTSTART;TZID=Mars/Base:20260105T100000",
        "DTSTART:20260105\nRRULE:FREQ=YEARLY;RSCALE=CHINESE",
        "DTSTART:20260105\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260105",
        "DTSTART:20260105\nRECURRENCE-ID:20260105\nRRULE:FREQ=DAILY", "DTSTART:20260105\nEXDATE:x",
        "DTSTART:20260105\nRDATE:20260106/P1D/P1D", "DTSTART:20260105\nEND:VTODO",
        "DTSTART:20260105\nBEGIN:VALARM", "DTSTART;TZID=\"Berlin:20260105T100000",
        "DTSTART:20260105\nSUMMARY:\xff\xfe"}) {
    CAPTURE(body);
    CHECK_FALSE(parse(event(body), year_2026()).has_value());
  }
}

TEST_CASE("size, events, spans and work are bounded, and say so") {
  const auto code = [](const std::string& text, const Window& in) {
    const auto imported = parse(text, in);
    return imported ? base::Code::internal : imported.error().code;
  };
  const Window half_century =
      window("UTC", local_days{year{2000} / 1 / 1}, local_days{year{2049} / 12 / 31});
  CHECK(code(std::string(kMostBytes + 1, 'x'), year_2026()) == base::Code::too_large);
  CHECK(code(calendar(std::string(kMostLines, '\n')), year_2026()) == base::Code::too_large);
  std::string many;
  for (std::size_t i = 0; i <= kMostEvents; ++i)
    many += "BEGIN:VEVENT\nDTSTART:20260105\nEND:VEVENT\n";
  CHECK(code(calendar(many), year_2026()) == base::Code::too_large);
  CHECK(code(event("DTSTART:20000101\nRRULE:FREQ=DAILY"), half_century) == base::Code::too_large);
  std::string slow;
  for (int i = 0; i < 1'000; ++i)
    slow +=
        "BEGIN:VEVENT\nDTSTART:20000101\nRRULE:FREQ=DAILY;BYMONTHDAY=31;BYDAY=MO;BYMONTH=2,3\n"
        "EXDATE:20000101\nEND:VEVENT\n";
  CHECK(code(calendar(slow), half_century) == base::Code::too_large);
  CHECK(code(event("DTSTART:20260105"),
             window("UTC", local_days{year{2000} / 1 / 1}, local_days{year{2099} / 12 / 31})) ==
        base::Code::invalid_argument);
  CHECK(code(event("DTSTART:20260105"),
             window("UTC", local_days{year{2001} / 1 / 1}, local_days{year{2000} / 1 / 1})) ==
        base::Code::invalid_argument);
}

}  // namespace
}  // namespace mainspring::icalendar
