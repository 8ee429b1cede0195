#include "cli/crontab_line.h"

#include <doctest/doctest.h>

#include "cron/crontab.h"

namespace mainspring::cli {
namespace {

std::string reported(std::string command) {
  return write_crontab_line({.schedule = "@daily", .command = std::move(command)},
                            {.job = "backup"});
}

TEST_CASE("one program with its words stays as it is") {
  for (const char* command :
       {"/usr/local/bin/backup --full", "backup >> /var/log/backup.log 2>&1",
        "perl -e 'print 1; print 2'", "find /tmp -name '*.tmp' -exec rm {} \\;", "a \"b | c\" d",
        "backup $HOME ~/x *.txt", "./run.sh # every night", "run-parts --report /etc/cron.hourly"})
    CHECK_EQ(reported(command), std::string{"@daily jobctl ping backup -- "} + command);
}

TEST_CASE("what only a shell understands goes through one, as a whole") {
  for (const char* command : {"df -P / | tail -n 1",
                              "cd / && run-parts /x",
                              "a; b",
                              "a & b",
                              "a &> b",
                              "A=1 backup",
                              "(a)",
                              "{ a; }",
                              "a `b`",
                              "a \"$(b)\"",
                              "a $(b)",
                              "cd /srv",
                              "echo -e x",
                              "if a; then b; fi",
                              "a << E",
                              "[ -x /bin/a ] && /bin/a",
                              "! a",
                              "$PROGRAM x",
                              "a \\",
                              "\"my program\" x"})
    CHECK_EQ(reported(command),
             fmt::format("@daily jobctl ping backup -- /bin/sh -c '{}'", command));
}

TEST_CASE("quotes in what goes through a shell are kept") {
  CHECK_EQ(reported("echo 'it''s' | cat"),
           R"(@daily jobctl ping backup -- /bin/sh -c 'echo '\''it'\'''\''s'\'' | cat')");
}

TEST_CASE("the shell is the crontab's, and a system crontab's user comes first") {
  CHECK_EQ(write_crontab_line({"*/5 * * * *", "www-data", "/bin/bash", "a | b", ""},
                              {"/opt/bin/jobctl", "sync"}),
           "*/5 * * * * www-data /opt/bin/jobctl ping sync -- /bin/bash -c 'a | b'");
}

// Cron's reading of the new line gives the new command, and text for its standard input that is
// the old line's.
TEST_CASE("percent signs and backslashes come through cron as they were") {
  for (const char* text :
       {"date +\\%F", "mail -s x root%one%two\\%three%", "printf 'a\\\\b\\n' | cat", "cat%",
        "a 'x\\\\\\%y'", "tar cf /b/\\%d.tar . && echo \\%\\%", "sed s/a/\\\\\\\\/ f", "cat%\\a"}) {
    INFO(text);
    const auto read = [](const std::string& line) {
      const auto crontab = cron::parse_crontab(line + "\n", cron::CrontabKind::user);
      REQUIRE(crontab.problems.empty());
      REQUIRE_EQ(crontab.entries.size(), 1);
      return crontab.entries.front();
    };
    const auto before = read(fmt::format("30 2 * * * {}", text));
    const std::string line = write_crontab_line(
        {.schedule = before.written, .command = before.command, .input = before.input},
        {.job = "backup"});
    const auto after = read(line);
    CHECK_EQ(after.input, before.input);
    const std::string lead = "jobctl ping backup -- ";
    REQUIRE(after.command.starts_with(lead));
    const std::string rest = after.command.substr(lead.size());
    const std::string wrapped = "/bin/sh -c " + quote_for_shell(before.command);
    CHECK((rest == before.command || rest == wrapped));
  }
}

}  // namespace
}  // namespace mainspring::cli
