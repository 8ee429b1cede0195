#!/usr/bin/env python3
"""A second reading of recurrence rules, python-dateutil's, to grade the one in src/icalendar.

  tools/rrule_oracle.py --check src/icalendar/testdata/rules.txt   fails where the table differs
  tools/rrule_oracle.py --fill  src/icalendar/testdata/rules.txt   writes the last column
  tools/rrule_oracle.py --random 1000 SEED                         prints a table of random rules

A line of the table is `rule | start | until | times`. Needs Debian's python3-dateutil. Where RFC
5545 is clear and dateutil goes its own way, the RFC wins: the start counts as the first time even
where the rule does not name it, and BYWEEKNO alone means the weekday of the start.
"""
import random
import re
import sys
from datetime import datetime, timedelta

from dateutil import rrule

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
SHOWN = 5


def stamp(text):
    return datetime.strptime(text, "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")


def show(times, with_time):
    words = [t.strftime("%Y%m%dT%H%M%S" if with_time else "%Y%m%d") for t in times]
    if len(words) > SHOWN + 1:
        words = [*words[:SHOWN], "...", words[-1], f"({len(words)})"]
    return " ".join(words) or "none"


def unfold(rule, start, until):
    parts = dict(part.split("=") for part in rule.split(";"))
    if "BYWEEKNO" in parts and not parts.keys() & {"BYDAY", "BYYEARDAY", "BYMONTHDAY"}:
        parts["BYDAY"] = DAYS[start.weekday()]
    if "T" not in parts.get("UNTIL", "T"):  # a date includes its day
        parts["UNTIL"] += "T235959"
    parts.setdefault("UNTIL", until.strftime("%Y%m%dT%H%M%S"))  # or it searches to the year 9999
    count = int(parts.pop("COUNT", 0))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    times = []
    for t in rrule.rrulestr(text, dtstart=start, ignoretz=True):
        if t > until or (count and len(times) + 1 >= count):
            break
        if t > start:
            times.append(t)
    return [start, *times]


def row(rule, start, until):
    times = unfold(rule, stamp(start), stamp(until) + timedelta(days=1) - timedelta(seconds=1))
    return f"{rule} | {start} | {until} | {show(times, 'T' in start)}"


def random_rule(draw):
    def some(values, most=3):
        return ",".join(str(v) for v in sorted(draw.sample(values, draw.randint(1, most))))

    freq = draw.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={freq}"]
    both = [n for n in range(-31, 32) if n]
    if draw.random() < 0.4:
        parts.append(f"INTERVAL={draw.randint(1, 5)}")
    if draw.random() < 0.3:
        parts.append(f"BYMONTH={some(range(1, 13))}")
    if freq != "WEEKLY" and draw.random() < 0.3:
        parts.append(f"BYMONTHDAY={some(both, 6)}")
    weeks = freq == "YEARLY" and draw.random() < 0.2
    if weeks:
        parts.append(f"BYWEEKNO={some([n for n in range(-53, 54) if n], 6)}")
    if freq == "YEARLY" and draw.random() < 0.2:
        parts.append(f"BYYEARDAY={some([n for n in range(-366, 367) if n], 30)}")
    if draw.random() < 0.5:
        days = draw.sample(DAYS, draw.randint(1, 4))
        if freq in ("MONTHLY", "YEARLY") and not weeks:
            # dateutil takes numbered and plain days together for the days that are both.
            if draw.random() < 0.5:
                days = [draw.choice(["1", "2", "-1", "-2", "5"]) + day for day in days]
        parts.append("BYDAY=" + ",".join(days))
    if draw.random() < 0.2:
        parts.append(f"WKST={draw.choice(DAYS)}")
    if draw.random() < 0.2:
        parts.append(f"BYHOUR={some(range(24))}")
        parts.append(f"BYMINUTE={some(range(60))}")
    # In the first week dateutil counts positions from the start on, not from the week's first day.
    if len(parts) > 2 and any(p.startswith("BY") for p in parts) and freq != "WEEKLY" \
            and draw.random() < 0.3:
        parts.append(f"BYSETPOS={some([1, 2, 3, -1, -2])}")
    if draw.random() < 0.2:
        parts.append(f"COUNT={draw.randint(1, 30)}")
    return ";".join(parts)


def print_random(count, seed):
    draw = random.Random(seed)
    for _ in range(count):
        start = datetime(2020, 1, 1) + timedelta(minutes=draw.randint(0, 4 * 366 * 1440))
        print(row(random_rule(draw), start.strftime("%Y%m%dT%H%M00"), "20301231"))


def main():
    if sys.argv[1:2] == ["--random"]:
        print_random(int(sys.argv[2]), sys.argv[3])
        return 0
    wrong = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        new = [line if not line or line.startswith("#")
               else row(*re.split(r"\s*\|\s*", line.strip())[:3]) for line in lines]
        wrong += sum(old != line for old, line in zip(lines, new))
        for old, line in zip(lines, new):
            if old != line and sys.argv[1] == "--check":
                print(f"{path}:\n  table:  {old}\n  oracle: {line}")
        if sys.argv[1] == "--fill":
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(new) + "\n")
    return 1 if wrong and sys.argv[1] == "--check" else 0


if __name__ == "__main__":
    sys.exit(main())
