"""Writes docs/guide/from-crontab.md: a real crontab taken over by a real node, as a transcript.

Usage: tools/crontab_tour.py [--minutes 3] [--check]. Needs ./dev build and Debian's cron files. It
imports what Debian's packages put into /etc/crontab and /etc/cron.d, then a system crontab with a
job for every minute, waits for its fires, and asks for the log and the reason of each. Meanwhile a
second crontab is shadowed: this script plays the cron that still runs it. --check prints instead of
writing, for tests.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from node import Node, program  # noqa: E402

TARGET = ROOT / "docs" / "guide" / "from-crontab.md"
CRONTAB = """# How full the disks are, for the daily report.
SHELL=/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
MAILTO=ops
* * * * * root df -P / | tail -n 1
# Read from standard input, as cron does with text behind a percent sign.
@daily root cat > /dev/null%one%two
"""
SHADOWED = """* * * * * date +\\%H:\\%M >> ticks
30 2 * * * cd /srv && ./backup.sh --full
"""
INTRO = """# From a crontab to recorded runs

This page is the output of `tools/crontab_tour.py` on a Debian 12 machine: nothing in it is made up,
and running the script again writes it anew. A `$` begins what was typed.

"""


class Tour:
    def __init__(self, node):
        self.node, self.text = node, INTRO

    def say(self, words):
        self.text += words + "\n\n"

    def run(self, *words, limit=40):
        done = self.node.jobctl(*words)
        out = (done.stdout + done.stderr).rstrip("\n").replace(program("jobctl"), "jobctl")
        if done.returncode != 0:
            sys.exit(f"jobctl {shlex.join(words)} failed:\n{out}\n{self.node.log_text()}")
        lines = [line.replace(str(self.node.directory), "/tmp/demo") for line in out.split("\n")]
        if len(lines) > limit:
            lines = lines[:limit] + [f"... {len(lines) - limit} more lines"]
        shown = shlex.join(word.replace(str(self.node.directory), "/tmp/demo") for word in words)
        self.text += f"```console\n$ jobctl {shown}\n" + "\n".join(lines) + "\n```\n\n"
        return done.stdout + done.stderr


class OldCron(threading.Thread):
    """Runs the command of a crontab line at the full minute, a little late, as cron does."""

    def __init__(self, node, line, minutes):
        super().__init__(daemon=True)
        self.node, self.minutes = node, minutes
        self.command = line.split(" ", 5)[5].replace("\\%", "%")

    def run(self):
        environment = {**self.node.environment(),
                       "MAINSPRING_SERVER": f"http://{self.node.address}",
                       "MAINSPRING_TOKEN_FILE": str(self.node.data / "admin-token")}
        for _ in range(self.minutes):
            time.sleep(60 - time.time() % 60 + 0.3)
            subprocess.run(["/bin/sh", "-c", self.command], env=environment, check=True,
                           cwd=self.node.directory)


def begin_shadow(node, minutes):
    """What the second crontab's import says, and the cron that goes on with it."""
    page = Tour(node)
    page.text = ""
    crontab = node.directory / "my-crontab"
    crontab.write_text(SHADOWED)
    page.say("## Without a leap of faith\n\nA crontab that must not miss a night is better watched "
             "first. This one is of a user:\n\n```crontab\n" + SHADOWED + "```\n\n"
             "With `--shadow` its jobs fire in the ledger alone, and cron goes on doing the work:")
    said = page.run("import", "crontab", "--shadow", "--apply", str(crontab))
    line = next(each for each in said.split("\n") if " ping date " in each)
    cron = OldCron(node, line, minutes)
    cron.start()
    return page, cron


def end_shadow(page, cron):
    cron.join()
    wait_for_comparison(page.node, cron.minutes)
    page.say(f"The lines of the crontab are changed as it says, and cron runs them for "
             f"{cron.minutes} minutes (this page's script plays cron). Each run reports itself; "
             "everything else about it is as before, also when no node answers.")
    page.run("job", "pings", "date")
    page.say("The report lays them beside what Mainspring would have run:")
    page.run("shadow", "report")
    page.say("It agrees, so the job takes over. Only now does it fire; without `--yes` the command "
             "asks first.")
    page.run("shadow", "promote", "date", "--yes")
    return page.text


def wait_for_comparison(node, minutes):
    while True:
        items = node.request("GET", "/api/v1/shadow/report?job=date").json()["items"]
        if items[0]["matched"] >= minutes:
            return
        time.sleep(1)


def packages_with_cron_files():
    files = sorted(str(path) for path in pathlib.Path("/etc/cron.d").iterdir())
    if pathlib.Path("/etc/crontab").exists():
        files.insert(0, "/etc/crontab")
    answer = subprocess.run(["dpkg-query", "-S", *files], capture_output=True, text=True)
    return re.findall(r"^(\S+): (\S+)$", answer.stdout, re.M)


def tour(node, minutes):
    page = Tour(node)
    owners = packages_with_cron_files()
    page.say("## What the machine has\n\nThese files were put there by Debian's packages: " +
             ", ".join(f"`{path}` ({package})" for package, path in owners) + ".")
    page.say("Reading them changes nothing; it prints the manifest that would be applied and what "
             "differs from cron:")
    page.run("import", "crontab", "--system", limit=60)
    crontab = node.directory / "crontab"
    crontab.write_text(CRONTAB)
    page.say("## A job for every minute\n\nA small system crontab of our own:\n\n```crontab\n" +
             CRONTAB + "```")
    page.run("import", "crontab", "--with-user-column", "--apply", str(crontab))
    page.run("job", "list")
    job = json.loads(node.jobctl("job", "list", "-o", "json").stdout)["items"]
    name = next(each["name"] for each in job if "minute" in each["schedules"][0]["words"])
    shadow = begin_shadow(node, minutes)
    occurrences = wait_for_fires(node, name, minutes)
    page.say(f"## {minutes} minutes later\n\nEvery fire of `{name}` ran, on time:")
    page.run("runs", "list", "--job", name, "-o", "wide")
    run = occurrences[0]["run_id"]
    page.say("Its output was kept:")
    page.run("logs", run)
    page.say("And each occurrence can be asked about:")
    for each in reversed(occurrences):
        page.run("why", f"{name}@{each['at']}")
    check_punctual(node, occurrences)
    return page.text + end_shadow(*shadow)


def wait_for_fires(node, name, minutes):
    """The newest `minutes` occurrences that ran: waits on each run as it appears."""
    ran = []
    while len(ran) < minutes:
        listed = node.request("GET", f"/api/v1/jobs/{name}/occurrences?limit=20").json()["items"]
        ran = [each for each in listed if each.get("ending") == "ran"]
        waiting = [each for each in listed if each.get("run_id") and "ending" not in each]
        if len(ran) < minutes and waiting:
            node.wait(waiting[-1]["run_id"], seconds=90)
    return ran[:minutes]


def check_punctual(node, occurrences):
    for each in occurrences:
        run = node.wait(each["run_id"])
        assert run["state"] == "succeeded", run
        late = seconds(run["started_at"]) - seconds(each["at"])
        assert -0.001 <= late < 1.0, f"{each['at']} started {late:.3f} s late"


def seconds(instant):
    hours, minutes, rest = instant[11:-1].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("MAINSPRING_BUILD", str(ROOT / "build" / "debug"))
    with Node() as node:
        text = tour(node, options.minutes)
    if options.check:
        print(text)
        print("1 passed, 0 failed")
    else:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text)
        print(f"wrote {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
