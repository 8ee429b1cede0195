#include "cron/crontab.h"

#include <string>

#include <doctest/doctest.h>

#include "cron/expression.h"

namespace mainspring::cron {
namespace {

// The one entry of a user's crontab that has no problem.
CrontabEntry only(const std::string& text) {
  const Crontab crontab = parse_crontab(text, CrontabKind::user);
  REQUIRE_MESSAGE(crontab.problems.empty(), text);
  REQUIRE_MESSAGE(crontab.entries.size() == 1, text);
  CHECK_MESSAGE(Expression::parse(crontab.entries[0].schedule), crontab.entries[0].schedule);
  return crontab.entries[0];
}

// "line:column: message" of the one problem of a crontab without entries.
std::string only_problem(const std::string& text, CrontabKind kind = CrontabKind::user) {
  const Crontab crontab = parse_crontab(text, kind);
  CHECK_MESSAGE(crontab.entries.empty(), text);
  REQUIRE_MESSAGE(crontab.problems.size() == 1, text);
  const base::Problem& problem = crontab.problems[0];
  return std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
         problem.message;
}

TEST_CASE("a line is a schedule and a command") {
  const CrontabEntry entry = only("  5 0\t*  *   *   $HOME/bin/daily >> out 2>&1 \n");
  CHECK_EQ(entry.line, 1);
  CHECK_EQ(entry.written, "5 0\t*  *   *");
  CHECK_EQ(entry.schedule, "5 0 * * *");
  CHECK_EQ(entry.command, "$HOME/bin/daily >> out 2>&1 ");
  CHECK_EQ(entry.input, "");
  CHECK(entry.notes.empty());
}

TEST_CASE("a system crontab names a user before the command") {
  const Crontab crontab = parse_crontab(
      "SHELL=/bin/sh\n17 * * * *  root\tcd / && run-parts /etc/cron.hourly\n", CrontabKind::system);
  REQUIRE_EQ(crontab.entries.size(), 1);
  CHECK_EQ(crontab.entries[0].user, "root");
  CHECK_EQ(crontab.entries[0].command, "cd / && run-parts /etc/cron.hourly");
}

TEST_CASE("an unescaped percent sign ends the command and begins its input") {
  const CrontabEntry mail = only("0 22 * * 1-5 mail -s \"10pm\" joe%Joe,%%Where are they?%\n");
  CHECK_EQ(mail.command, "mail -s \"10pm\" joe");
  CHECK_EQ(mail.input, "Joe,\n\nWhere are they?\n");
  CHECK_EQ(only("0 0 * * * date +\\%F\n").command, "date +%F");
  CHECK_EQ(only("0 0 * * * date +\\%F\n").input, "");
  CHECK_EQ(only("0 0 * * * cat%a\\%b%c\n").input, "a%b\nc\n");
  CHECK_EQ(only("0 0 * * * cat%a\\nb\n").input, "a\\nb\n");
  CHECK_EQ(only("0 0 * * * printf a\\\\nb\\t\n").command, "printf a\\nb\\t");
  CHECK_EQ(only("0 0 * * * true%\n").input, "");
}

TEST_CASE("settings hold for the lines below them, in the order of their first appearance") {
  const Crontab crontab = parse_crontab(
      "MAILTO=\"\"\nPATH = /usr/bin:/bin  \n0 1 * * * first\n'MY VAR' = ' x  '\nMAILTO=paul\n"
      "TEXT=it's $HOME # no comment\nNESTED=\"'a b'\"\n0 2 * * * second\n",
      CrontabKind::user);
  CHECK(crontab.problems.empty());
  REQUIRE_EQ(crontab.entries.size(), 2);
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(crontab.entries[0].environment == Pairs{{"MAILTO", ""}, {"PATH", "/usr/bin:/bin"}});
  const Pairs later{{"MAILTO", "paul"},
                    {"PATH", "/usr/bin:/bin"},
                    {"MY VAR", " x"},
                    {"TEXT", "it's $HOME # no comment"},
                    {"NESTED", "a b"}};
  CHECK(crontab.entries[1].environment == later);
  CHECK(crontab.environment == later);
}

TEST_CASE("a command with an equals sign is no setting") {
  CHECK_EQ(only("@daily A=b env\n").command, "A=b env");
  CHECK_EQ(only("* * * * * A=b\n").command, "A=b");
}

TEST_CASE("comments directly above a line describe it") {
  const Crontab crontab = parse_crontab(
      "# lost\n\n## Back up\n#  every night\n#\n0 1 * * * a\n0 2 * * * b\n# mail\nX=1\n0 3 * * * "
      "c\n",
      CrontabKind::user);
  REQUIRE_EQ(crontab.entries.size(), 3);
  CHECK_EQ(crontab.entries[0].description, "Back up\nevery night");
  CHECK_EQ(crontab.entries[0].line, 6);
  CHECK_EQ(crontab.entries[1].description, "");
  CHECK_EQ(crontab.entries[2].description, "");
}

TEST_CASE("nicknames are read, in capitals with a note") {
  CHECK_EQ(only("@reboot /bin/true\n").schedule, "@reboot");
  CHECK_EQ(only("@midnight\t/bin/true\n").schedule, "@midnight");
  const CrontabEntry loud = only("@Weekly /bin/true\n");
  CHECK_EQ(loud.schedule, "@weekly");
  CHECK_EQ(loud.written, "@Weekly");
  CHECK_EQ(loud.notes.size(), 1);
  CHECK_EQ(only_problem("  @every 5m x\n"),
           "1:3: expression: Debian's cron has no @every; write its five fields");
  CHECK(only_problem("@dayly x\n").starts_with("1:1: expression: '@dayly' is not a nickname"));
}

TEST_CASE("a day field that begins with a star means AND, and is written with a plus sign") {
  const CrontabEntry stepped = only("0 0 */2 * 1 x\n");
  CHECK_EQ(stepped.schedule, "0 0 */2 * +1");
  REQUIRE_EQ(stepped.notes.size(), 1);
  CHECK_EQ(stepped.notes[0],
           "'*/2' begins with a star, so Debian's cron wants both day fields to match; "
           "day-of-week is written as +1");
  CHECK_EQ(only("0 0 1 * */2 x\n").schedule, "0 0 1 * +*/2");
  CHECK_EQ(only("0 0 */2 * */2 x\n").schedule, "0 0 */2 * +*/2");
  for (const char* same : {"0 0 * * 1", "0 0 1 * *", "0 0 */2 * *", "0 0 * * */2", "0 0 1 * 1",
                           "0 0 *,3 * 1", "0 0 1,*/2 * 1", "*/5 * * * *"}) {
    const CrontabEntry entry = only(std::string{same} + " x\n");
    CHECK_EQ(entry.schedule, same);
    CHECK(entry.notes.empty());
  }
}

TEST_CASE("names, ranges and steps are those of Debian's cron") {
  for (const char* same :
       {"0 0 * jan-mar mon-FRI", "0 0 * dec,1 sun", "1-9/2 0-23/5 * * 0-7", "*/7 0 01-09 * 5-7",
        "0 0 * * sun-tue/2", "*/90 * * * *", "0 0 * 1-MAR 7"}) {
    CHECK_EQ(only(std::string{same} + " x\n").schedule, same);
  }
}

TEST_CASE("what Debian's cron accepts by accident is a problem") {
  CHECK_EQ(only_problem("0 0 * * fri-sun x\n"),
           "1:9: day-of-week: Debian's cron reads SUN as 0, so fri-sun never matched; write 7 for "
           "a Sunday at the end");
  CHECK_EQ(only_problem("0 0 * * 5-1 x\n"),
           "1:9: day-of-week: the range 5-1 runs backwards; write 5-6,0-1 to go past the end");
  CHECK_EQ(only_problem("5;7 0 * * * x\n"),
           "1:2: minute: Debian's cron skips ';7' here without a word; remove it");
  CHECK_EQ(only_problem("** 0 * * * x\n"),
           "1:2: minute: Debian's cron skips '*' here without a word; remove it");
  CHECK_EQ(only_problem("0 1-2-3,4 * * * x\n"),
           "1:6: hour: Debian's cron skips '-3,4' here without a word; remove it");
  CHECK_EQ(only_problem("0 0 * * 5#2 x\n"),
           "1:10: day-of-week: Debian's cron skips '#2' here without a word; remove it");
}

TEST_CASE("our extensions are no part of a crontab") {
  for (const char* line : {"H 0 * * * x\n", "0 0 L * * x\n", "0 0 15W * * x\n", "0 0 * * 5L x\n",
                           "0 0 ? * 1 x\n", "0 0 1 * +1 x\n", "~ 0 * * * x\n", "5~9 0 * * * x\n"}) {
    CHECK_FALSE(only_problem(line).empty());
  }
}

TEST_CASE("every bad line is reported with its place, and the good ones are kept") {
  const Crontab crontab = parse_crontab(
      "0 0 * * * good\n61 0 * * * bad\n\n  0 0/5 * * * bad\n0 0 * *\nMAILTO=\n0 0 * * *\n"
      "0 0 * * * * six\n0 1, * * * bad\n0 0 * foo * bad\n@daily fine\n",
      CrontabKind::user);
  REQUIRE_EQ(crontab.entries.size(), 2);
  CHECK_EQ(crontab.entries[1].command, "fine");
  std::string all;
  for (const base::Problem& problem : crontab.problems)
    all += std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
           problem.message + "\n";
  CHECK_EQ(all,
           "2:1: minute: 61 is out of range; write 0-59\n"
           "4:6: hour: a step needs * or a range before it; write */5 or 0-23/5\n"
           "5:8: expression: 4 of the five fields of a schedule; write minute hour day-of-month "
           "month day-of-week\n"
           "6:1: Debian's cron takes MAILTO= for a schedule; write MAILTO=\"\" for an empty "
           "value\n"
           "7:10: no command after the schedule\n"
           "8:11: a sixth field where the command should be; write five fields, then the command\n"
           "9:5: hour: a value is missing beside a comma\n"
           "10:7: month: 'foo' is not a value for Debian's cron; write 1-12 or JAN-DEC\n");
}

TEST_CASE("a system line without a command is a problem") {
  CHECK_EQ(only_problem("0 0 * * * root\n", CrontabKind::system),
           "1:15: no command; a system crontab has a user, then a command");
}

TEST_CASE("notes tell what Debian's cron would have made of the file") {
  const CrontabEntry last = only("0 0 * * * x");
  REQUIRE_EQ(last.notes.size(), 1);
  CHECK(last.notes[0].contains("newline"));
  const CrontabEntry zoned = only("CRON_TZ=Europe/Berlin\n0 0 * * * x\n");
  REQUIRE_EQ(zoned.notes.size(), 1);
  CHECK(zoned.notes[0].contains("CRON_TZ"));
  const CrontabEntry windows = only("0 0 * * * x\r\n");
  CHECK_EQ(windows.command, "x");
  CHECK_EQ(windows.notes.size(), 1);
}

TEST_CASE("a crontab has a largest size") {
  CHECK_EQ(only_problem(std::string(kMostCrontabBytes + 1, '#')),
           "1:1: a crontab has at most 1048576 bytes; split the file");
  CHECK_EQ(only_problem(std::string(kMostCrontabLines + 1, '\n')),
           "10001:1: a crontab has at most 10000 lines; split the file");
}

}  // namespace
}  // namespace mainspring::cron
