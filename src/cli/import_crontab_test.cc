#include "cli/import_crontab.h"

#include <doctest/doctest.h>

#include "cli/command_name.h"
#include "model/interpolate.h"
#include "model/manifest.h"

namespace mainspring::cli {
namespace {

ImportMachine machine(std::string timezone = "UTC") {
  return {std::move(timezone), [](const std::string& user) -> std::optional<std::string> {
            if (user == "ghost") return std::nullopt;
            return user == "root" ? "/root" : "/home/" + (user.empty() ? "me" : user);
          }};
}

Import read(std::string text, cron::CrontabKind kind = cron::CrontabKind::user) {
  return import_crontabs({{"/x/crontab", std::move(text), kind}}, machine());
}

model::JobSpec only(const Import& import) {
  REQUIRE(import.problems.empty());
  REQUIRE_EQ(import.jobs.size(), 1);
  return import.jobs.front().spec;
}

TEST_CASE("a command is named after the program that does its work") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      // As Debian's packages write them.
      {"cd / && run-parts --report /etc/cron.hourly", "cron.hourly"},
      {"test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }",
       "cron.daily"},
      {"command -v debian-sa1 > /dev/null && debian-sa1 1 1", "debian-sa1"},
      {"[ -x /usr/lib/php/sessionclean ] && if [ ! -d /run/systemd/system ]; then "
       "/usr/lib/php/sessionclean; fi",
       "sessionclean"},
      {"if [ -x /usr/share/mdadm/checkarray ] && [ $(date +%d) -le 7 ]; then "
       "/usr/share/mdadm/checkarray --cron --all --idle --quiet; fi",
       "checkarray"},
      {"test -x /usr/bin/certbot -a \\! -d /run/systemd/system && perl -e 'sleep "
       "int(rand(43200))' && certbot -q renew --no-random-sleep-on-renew",
       "certbot"},
      {"[ -x /etc/init.d/anacron ] && if [ ! -d /run/systemd/system ]; then "
       "/usr/sbin/invoke-rc.d anacron start >/dev/null; fi",
       "invoke-rc.d"},
      {"test -e /run/systemd/system || SERVICE_MODE=1 /sbin/e2scrub_all -A -r", "e2scrub_all"},
      {"if [ -x /usr/sbin/logcheck ]; then nice -n10 /usr/sbin/logcheck; fi", "logcheck"},
      // As people write them.
      {"cd /srv/shop && FOO=1 nice -n 10 ionice -c 3 ./backup.sh --full >/dev/null 2>&1", "backup"},
      {"/usr/bin/php /srv/app/artisan schedule:run >> /dev/null 2>&1", "artisan"},
      {"python3.11 -m shop.sync --all", "shop.sync"},
      {"/usr/bin/env python3 -u /opt/x/Report-Daily.py", "report-daily"},
      {"flock -n /tmp/l -c 'sh /opt/x/sync.sh a'", "sync"},
      {"flock -w 10 /tmp/l timeout -k 5 1h /opt/pull", "pull"},
      {"bash -lc \"cd app; bundle exec rake\"", "bundle"},
      {"sudo -u www-data /usr/bin/wget -q -O - http://x/cron.php", "wget"},
      {"sleep 30; \"$HOME/bin/my job\"", "my-job"},
      {"2>/dev/null >&2 /bin/a<in|b", "a"},
      {"(cd /x && exec ./Run)", "run"},
      {"perl -e 'print 1'", "perl"},
      {"sh -c \"sh -c 'sh -c \\\"x\\\"'\"", "x"},
      {"echo hello", "echo"},
      {"'unclosed", "unclosed"},
      {"# nothing", "job"},
      {"/", "job"},
  };
  for (const auto& [command, name] : cases)
    CHECK_MESSAGE(name_command(command) == name, command);
  CHECK(name_command(std::string(1 << 16, '(')) == "job");
  CHECK(name_command(std::string(1 << 16, 'x')).size() <= 100);
}

TEST_CASE("a line becomes a job that does what cron did") {
  const model::JobSpec spec = only(read("# Back up\n30 2 * * * /usr/local/bin/backup --full\n"));
  CHECK_EQ(spec.name, "backup");
  CHECK_EQ(spec.description, "Back up");
  CHECK_EQ(spec.command.shell, "/usr/local/bin/backup --full");
  CHECK_EQ(spec.user, "");
  CHECK_EQ(spec.working_dir, "/home/me");
  CHECK_EQ(spec.environment.at("PATH").value, "/usr/bin:/bin");
  CHECK_EQ(spec.labels.at("source"), "crontab");
  REQUIRE_EQ(spec.schedule.size(), 1);
  CHECK_EQ(spec.schedule[0].cron, "30 2 * * *");
  CHECK_EQ(spec.schedule[0].timezone, "UTC");
  CHECK(spec.schedule[0].overlap == model::Overlap::allow);
  CHECK(spec.schedule[0].misfire == model::Misfire::skip);
}

TEST_CASE("settings become environment, shell, directory, label and zone") {
  const Import import = read(
      "SHELL=/bin/bash\nPATH=/opt/bin:/bin\nHOME=/srv\nMAILTO=root\nCRON_TZ=Europe/Berlin\n"
      "LOGNAME=x\nMAILFROM=a\nLANG=C\n0 1 * * * cat%dear\\% bob%bye\n0 2 * * * true\n");
  REQUIRE_EQ(import.jobs.size(), 2);
  const model::JobSpec& spec = import.jobs[0].spec;
  CHECK(spec.command.argv == std::vector<std::string>{"/bin/bash", "-c", "cat"});
  CHECK_EQ(spec.stdin_text, "dear% bob\nbye\n");
  CHECK_EQ(spec.environment.at("PATH").value, "/opt/bin:/bin");
  CHECK_EQ(spec.environment.at("LANG").value, "C");
  CHECK_FALSE(spec.environment.contains("LOGNAME"));
  CHECK_FALSE(spec.environment.contains("MAILFROM"));
  CHECK_EQ(spec.working_dir, "/srv");
  CHECK_EQ(spec.labels.at("mailto"), "root");
  CHECK_EQ(spec.schedule[0].timezone, "Europe/Berlin");
  CHECK_EQ(import.jobs[0].notes.size(), 3);
  CHECK(import.jobs[1].notes.empty());  // each setting is spoken of once
}

TEST_CASE("what looks like an expression stays the text that cron had") {
  const Import import = read("A=${{ a }}\n0 1 * * * say '${{ b }}'%${{ c }}\n0 2 * * * true\n");
  REQUIRE_EQ(import.jobs.size(), 2);
  CHECK(import.problems.empty());
  const auto resolved = model::resolve(import.jobs[0].spec, {});
  REQUIRE(resolved);
  CHECK(resolved->command.argv == std::vector<std::string>{"/bin/sh", "-c", "say '${{ b }}'"});
  CHECK_EQ(resolved->stdin_text, "${{ c }}\n");
  CHECK_EQ(resolved->environment.at("A").value, "${{ a }}");
  CHECK_EQ(import.jobs[1].spec.command.shell, "true");
}

TEST_CASE("an address that is no label stands in a note") {
  const Import import = read("MAILTO=ops@example.org\n0 1 * * * x\nMAILTO=\"\"\n0 2 * * * y\n");
  REQUIRE_EQ(import.jobs.size(), 2);
  CHECK_FALSE(import.jobs[0].spec.labels.contains("mailto"));
  REQUIRE_EQ(import.jobs[0].notes.size(), 1);
  CHECK(import.jobs[0].notes[0].contains("ops@example.org"));
  CHECK(import.jobs[1].notes.empty());
}

TEST_CASE("local times that a clock change leaves out run right after it, as Debian's cron does") {
  const Import import = import_crontabs({{"f", "30 2 * * * a\n*/5 * * * * b\n@reboot c\n"}},
                                        machine("Europe/Berlin"));
  REQUIRE_EQ(import.jobs.size(), 3);
  CHECK(import.jobs[0].spec.schedule[0].dst.gap == cron::GapPolicy::next);
  CHECK(import.jobs[1].spec.schedule[0].dst.gap == cron::GapPolicy::skip);
  CHECK_EQ(import.jobs[2].spec.schedule[0].cron, "@reboot");
}

TEST_CASE("a system crontab's users keep their names and homes") {
  const Import import = read("0 1 * * * root a\n0 2 * * * ghost b\n", cron::CrontabKind::system);
  REQUIRE_EQ(import.jobs.size(), 2);
  CHECK_EQ(import.jobs[0].spec.user, "root");
  CHECK_EQ(import.jobs[0].spec.working_dir, "/root");
  CHECK_EQ(import.jobs[1].spec.working_dir, "");
  REQUIRE_EQ(import.jobs[1].notes.size(), 1);
  CHECK(import.jobs[1].notes[0].contains("no user 'ghost'"));
}

TEST_CASE("names are unique over all files, and a file's only job has the file's name") {
  using Kind = cron::CrontabKind;
  const Import import = import_crontabs(
      {{"/etc/crontab", "17 * * * * root x\n", Kind::system},
       {"/etc/cron.d/PHP", "9 * * * * root [ -x /y ] && /y\n", Kind::system, "", "PHP"},
       {"/etc/cron.d/two", "1 * * * * root x\n2 * * * * root x\n", Kind::system, "", "two"}},
      machine());
  std::string names;
  for (const ImportedJob& job : import.jobs)
    names += job.spec.name + " ";
  CHECK_EQ(names, "x php x-2 x-3 ");
}

TEST_CASE("the drawing of the fields in /etc/crontab describes no job") {
  const Import import = read(
      "# Example of job definition:\n# .---------------- minute (0 - 59)\n# |  .------- hour\n"
      "# *  *  *  *  * user-name command to be executed\n17 *\t* * *\troot\tx\n",
      cron::CrontabKind::system);
  CHECK_EQ(only(import).description, "");
}

TEST_CASE("a line that cannot be read is a problem with its place; the others are jobs") {
  const Import import = read("0 1 * * * a\n61 * * * * b\n0 0 1 * 2,x c\n\n0 2 * * * d\n");
  CHECK_EQ(import.jobs.size(), 2);
  REQUIRE_EQ(import.problems.size(), 2);
  CHECK_EQ(to_text(import.problems[0]), "/x/crontab:2:1: minute: 61 is out of range; write 0-59");
  CHECK(to_text(import.problems[1]).starts_with("/x/crontab:3:11: day-of-week: "));
}

TEST_CASE("what the manifest's rules refuse is a problem at the line it comes from") {
  const Import import = read("CRON_TZ=Mars/Base\n0 1 * * * a\n");
  CHECK(import.jobs.empty());
  REQUIRE_EQ(import.problems.size(), 1);
  CHECK(to_text(import.problems[0]).starts_with("/x/crontab:2:1: /schedule/timezone: "));
}

TEST_CASE("the manifest with its comments reads back to the same jobs") {
  const Import import = import_crontabs(
      {{"/etc/cron.d/odd",
        "MAILTO=a@b\n# It's \"odd\": yes\n# 2nd line\n*/7 1-5/2 */2 * mon root [ -d / ] && echo "
        "'a: b' # c%in\\%put%%\n@reboot root true\n0 0 * * 7 ghost x\n",
        cron::CrontabKind::system}},
      machine("America/New_York"));
  REQUIRE_EQ(import.jobs.size(), 3);
  const std::string text = to_manifest(import);
  const auto specs = model::parse_manifest(text, model::ManifestFormat::yaml);
  REQUIRE_MESSAGE(specs.has_value(), base::to_text(specs.error()));
  REQUIRE_EQ(specs->jobs.size(), 3);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(specs->jobs[i] == import.jobs[i].spec);
  CHECK(text.starts_with("# From /etc/cron.d/odd by 'jobctl import crontab'."));
  CHECK(text.contains("# /etc/cron.d/odd:4: */7 1-5/2 */2 * mon\n"));
  CHECK(to_manifest(read("# empty\n")).empty());
}

TEST_CASE("a job whose bytes are not UTF-8 is a problem; in a comment they are a question mark") {
  const Import import = read("# caf\xE9\n0 1 * * * a\n0 2 * * * echo caf\xE9\n0 3 * * * c\n");
  REQUIRE_EQ(import.jobs.size(), 2);
  CHECK_EQ(import.jobs[0].spec.description, "caf?");
  REQUIRE_EQ(import.problems.size(), 1);
  CHECK(to_text(import.problems[0]).starts_with("/x/crontab:3:1: the command or a setting above"));
}

TEST_CASE("the manifest holds no raw control character and cuts no character in two") {
  std::string euros;
  for (int i = 0; i < 90; ++i)
    euros += "\xE2\x82\xAC";
  const Import import = read("A\x0F=1\n" + euros + "=2\n0 1 * * * printf '\x1B[0m'\n");
  REQUIRE_EQ(import.jobs.size(), 1);
  CHECK_EQ(import.jobs[0].spec.command.shell, "printf '\x1B[0m'");
  const auto specs = model::parse_manifest(to_manifest(import), model::ManifestFormat::yaml);
  REQUIRE_MESSAGE(specs.has_value(), base::to_text(specs.error()));
  CHECK(specs->jobs.at(0) == import.jobs[0].spec);
}

TEST_CASE("a shadow fires in the ledger alone, and the manifest says how it goes on") {
  Import import = read("* * * * * backup\n");
  CHECK(to_manifest(import).contains("The crontab still does its work"));
  make_shadow(import);
  CHECK(only(import).shadow);
  const std::string manifest = to_manifest(import);
  CHECK(manifest.contains("\nshadow: true\n"));
  CHECK(manifest.contains("jobctl shadow promote"));
  CHECK_FALSE(manifest.contains("run twice"));
}

TEST_CASE("each line is shown as it reports to its job") {
  const Import import =
      read("SHELL=/bin/bash\n@daily  root  a | b%c\n*/5 1-3 * * 1 www-data /opt/a --x \\%F\n",
           cron::CrontabKind::system);
  CHECK_EQ(to_reporting_lines(import, "jobctl"),
           "# /x/crontab:2\n"
           "@daily root jobctl ping a -- /bin/bash -c 'a | b'%c\n"
           "# /x/crontab:3\n"
           "*/5 1-3 * * 1 www-data jobctl ping a-2 -- /opt/a --x \\%F\n");
}

TEST_CASE("a line that becomes too long for cron says so") {
  const Import import = read("@daily backup " + std::string(960, 'x') + "\n");
  CHECK_FALSE(to_reporting_lines(import, "jobctl").contains("too long"));
  CHECK(to_reporting_lines(import, "/opt/mainspring/bin/jobctl").contains("too long for cron"));
}

}  // namespace
}  // namespace mainspring::cli
