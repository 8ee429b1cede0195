#!/usr/bin/env python3
"""A second, slow reading of the cron rules, to grade the fast one in src/cron.

It walks every minute (or second) of every day whose date can match, in UTC, asks zoneinfo what a
wall clock shows there, and applies the rules of docs/reference/cron.md word by word. It shares no
code and no idea with src/cron: no bit sets, no search by field, no cctz.

  tools/cron_oracle.py --check src/cron/testdata/*.txt   fails where a table differs
  tools/cron_oracle.py --fill  src/cron/testdata/*.txt   writes the expected columns

A line of a table is `expression | zone | options | from | expected ...` or
`expression | error | message`. Options: a gap policy, a fold policy, `seed=x`, `anchor=instant`.
Of an error line only the refusal and the field it names are checked: the words are ours to choose.
"""
import re
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SHOWN = 3
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split()
NAMES = ["second", "minute", "hour", "day-of-month", "month", "day-of-week", "year"]
BOUNDS = [(0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7), (1970, 2199)]
NICKNAMES = {"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
             "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
             "@hourly": "0 * * * *"}


class Refused(Exception):
    pass


def spread(seed, field):
    mask = (1 << 64) - 1
    h = 0xCBF29CE484222325
    for byte in seed.encode() + b"\0" + NAMES[field].encode():
        h = ((h ^ byte) * 0x100000001B3) & mask
    h = ((h ^ (h >> 33)) * 0xFF51AFD7ED558CCD) & mask
    return h ^ (h >> 33)


def value(word, field):
    low, high = BOUNDS[field]
    if re.fullmatch(r"[0-9]+", word):
        n = int(word)
    elif field == 4 and word.upper() in MONTHS:
        n = MONTHS.index(word.upper()) + 1
    elif field == 5 and word.upper() in WEEKDAYS:
        n = WEEKDAYS.index(word.upper())
    else:
        raise Refused(NAMES[field])
    if not low <= n <= high:
        raise Refused(NAMES[field])
    return n


def bounds(text, field):
    ends = text.split("-")
    if len(ends) != 2:
        raise Refused(NAMES[field])
    a, b = value(ends[0], field), value(ends[1], field)
    if field == 5 and ends[1].upper() == "SUN" and a > 0:
        b = 7
    if a > b:
        raise Refused(NAMES[field])
    return a, b


def step_of(text, field):
    if not re.fullmatch(r"[0-9]+", text) or int(text) == 0:
        raise Refused(NAMES[field])
    return int(text)


class Item:
    """One list item: a set of plain values, or a rule about dates."""

    def __init__(self, text, field, alone, seed):
        self.values, self.rule = [], None
        low, high = BOUNDS[field]
        if field == 5:
            high = 6
        if field == 3 and text == "L":
            self.rule = ("last",)
        elif field == 3 and re.fullmatch(r"(L|[0-9]+)W", text):
            if not alone:
                raise Refused(NAMES[field])
            self.rule = ("near", "L" if text == "LW" else value(text[:-1], field))
        elif field == 5 and re.fullmatch(r"[0-9A-Za-z]+(L|#.*)", text) and text.upper() != "JUL":
            day, count = (text[:-1], "L") if "#" not in text else text.split("#", 1)
            if count not in ("1", "2", "3", "4", "5", "L") or not day:
                raise Refused(NAMES[field])
            self.rule = ("nth", value(day, field) % 7, count)
        elif re.fullmatch(r"H(\(.*\))?(/.*)?", text) and field != 6:
            first, last = (low, 28) if field == 3 else (low, high)
            inner = re.search(r"\((.*)\)", text)
            if inner:
                first, last = bounds(inner[1], field)
            size = last - first + 1
            if "/" in text:
                step = step_of(text.split("/", 1)[1], field)
                self.values = list(range(first + spread(seed, field) % min(step, size), last + 1,
                                         step))
            else:
                self.values = [first + spread(seed, field) % size]
        elif "~" in text and field != 6:
            left, right = text.split("~", 1)
            first = value(left, field) if left else low
            last = value(right, field) if right else (28 if field == 3 and first <= 28 else high)
            if right == "" and last < first:
                last = first
            if first > last:
                raise Refused(NAMES[field])
            self.values = [first + spread(seed, field) % (last - first + 1)]
        else:
            body, slash, after = text.partition("/")
            step = step_of(after, field) if slash else 1
            if body == "*":
                first, last = low, high
            elif "-" in body:
                first, last = bounds(body, field)
            elif slash:
                raise Refused(NAMES[field])
            else:
                first = last = value(body, field)
            self.values = list(range(first, last + 1, step))
        if field == 5:
            self.values = [n % 7 for n in self.values]


class Cron:
    def __init__(self, text, seed=""):
        self.every = self.reboot = self.plus = False
        self.text = text
        words = re.split(r"[ \t]+", text.strip(" \t"))
        if words[0].startswith("@"):
            return self.nickname(words)
        if not 5 <= len(words) <= 7:
            raise Refused("expression")
        for n, word in enumerate(words):
            if re.search(r"[^0-9A-Za-z*,/+?#~()@-]", word):
                raise Refused(NAMES[n + (1 if len(words) == 5 else 0)])
        if len(words) == 5:
            words = ["0"] + words
        if len(words) == 6:
            words = words + ["*"]
        self.fields, self.firsts = [], []
        for field, word in enumerate(words):
            if word == "?" and field in (3, 5):
                word = "*"
            if field == 5 and word.startswith("+"):
                self.plus, word = True, word[1:]
            items = word.split(",")
            self.firsts.append(items[0])
            self.fields.append([Item(i, field, len(items) == 1, seed) for i in items])
        self.sets = [{v for item in items for v in item.values} for items in self.fields]

    def nickname(self, words):
        if words[0] == "@every":
            found = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?",
                                 words[1] if len(words) == 2 else "?")
            if not found or not any(found.groups()):
                raise Refused("expression")
            d, h, m, s = (int(g or 0) for g in found.groups())
            self.every = timedelta(days=d, hours=h, minutes=m, seconds=s)
            if self.every < timedelta(seconds=1):
                raise Refused("expression")
        elif words == ["@reboot"]:
            self.reboot = True
        elif len(words) == 1 and words[0] in NICKNAMES:
            self.__init__(NICKNAMES[words[0]])
        else:
            raise Refused("expression")

    def spaced(self):
        return self.firsts[1].startswith("*") or self.firsts[2].startswith("*")

    def on_date(self, d):
        if d.year not in self.sets[6] or d.month not in self.sets[4]:
            return False
        by_date = any(d.day in i.values or (i.rule and self.rule(i.rule, d))
                      for i in self.fields[3])
        by_week = any(d.isoweekday() % 7 in i.values or (i.rule and self.rule(i.rule, d))
                      for i in self.fields[5])
        if self.firsts[3] == "*" or self.firsts[5] == "*" or self.plus:
            return by_date and by_week
        return by_date or by_week

    @staticmethod
    def rule(rule, d):
        tomorrow = d + DAY
        length = 31
        while True:
            try:
                last = d.replace(day=length)
                break
            except ValueError:
                length -= 1
        if rule[0] == "last":
            return tomorrow.month != d.month
        if rule[0] == "nth":
            if d.isoweekday() % 7 != rule[1]:
                return False
            if rule[2] == "L":
                return (d + 7 * DAY).month != d.month
            return (d.day - 1) // 7 + 1 == int(rule[2])
        workdays = [x for x in (last.replace(day=n) for n in range(1, length + 1))
                    if x.isoweekday() <= 5]
        if rule[1] == "L":
            return d == workdays[-1]
        if rule[1] > length:
            return False
        return d == min(workdays, key=lambda x: (abs(x.day - rule[1])))

    def on_clock(self, t):
        return t.hour in self.sets[2] and t.minute in self.sets[1] and t.second in self.sets[0]


def naive(instant, zone):
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def changes(start, end, zone):
    """The offset changes in (start, end], to the minute, with offsets before and after."""
    found = []
    hour = start
    while hour < end:
        following = min(hour + timedelta(hours=1), end)
        if hour.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            at = hour
            while at.astimezone(zone).utcoffset() == hour.astimezone(zone).utcoffset():
                at += MINUTE
            found.append((at, hour.astimezone(zone).utcoffset(), at.astimezone(zone).utcoffset()))
        hour = following
    return found


def fires_of_day(cron, zone, day, gap, fold):
    """Every fire within [day, day + 24 h) of UTC."""
    fires = set()
    near = changes(day - 2 * DAY, day + 3 * DAY, zone)
    seconds = sorted(cron.sets[0])
    for n in range(1440):
        minute = day + n * MINUTE
        shown = naive(minute, zone)
        if shown.hour not in cron.sets[2] or shown.minute not in cron.sets[1]:
            continue
        if not cron.on_date(shown.date()):
            continue
        kept = True
        for at, before, after in near:
            if after < before and not cron.spaced():
                if at <= minute < at + (before - after) and fold == "first":
                    kept = False
                if at - (before - after) <= minute < at and fold == "second":
                    kept = False
        if kept:
            fires.update(minute + timedelta(seconds=s) for s in seconds)
    if gap != "skip" and not cron.spaced():
        for at, before, after in near:
            missing = (at + before).replace(tzinfo=None)
            for n in range(int((after - before) / MINUTE)):
                lost = missing + n * MINUTE
                if not cron.on_date(lost.date()):
                    continue
                for s in seconds:
                    if cron.on_clock(lost + timedelta(seconds=s)):
                        moved = at if gap == "next" else at + n * MINUTE + timedelta(seconds=s)
                        if day <= moved < day + DAY:
                            fires.add(moved)
    return fires


def next_fires(cron, zone, start, gap, fold, anchor):
    if cron.reboot:
        return []
    if cron.every:
        k = (start - anchor) // cron.every + 1
        return [anchor + (k + i) * cron.every for i in range(SHOWN)]
    found = []
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while len(found) < SHOWN and day.year < 2200 or day.date() == date(2200, 1, 1):
        local = naive(day, zone).date()
        if any(cron.on_date(local + k * DAY) for k in (-1, 0, 1, 2)):
            found += sorted(f for f in fires_of_day(cron, zone, day, gap, fold) if f > start)
        day += DAY
    return found[:SHOWN]


def show(instant, zone, name):
    local = instant.astimezone(zone).isoformat()
    return local[:-6] + "Z" if name == "UTC" else local


def expected(expression, zone_name, options, start):
    words = options.split()
    pick = lambda key, default: next(
        (w[len(key) + 1:] for w in words if w.startswith(key + "=")), default)
    gap = next((w for w in words if w in ("skip", "next", "shift")), "skip")
    fold = next((w for w in words if w in ("first", "second", "both")), "first")
    anchor = datetime.fromisoformat(pick("anchor", "1970-01-01T00:00:00+00:00"))
    zone = ZoneInfo(zone_name)
    fires = next_fires(Cron(expression, pick("seed", "")), zone, datetime.fromisoformat(start),
                       gap, fold, anchor)
    return " ".join(show(f, zone, zone_name) for f in fires) or "never"


def grade(line):
    """The line as it should be, or an exception where it cannot be mended."""
    columns = [c.strip(" ") for c in line.split("|")]
    expression = columns[0].replace("<TAB>", "\t").replace("<SPACE>", " ")
    if columns[1] == "error":
        try:
            Cron(expression)
        except Refused as refused:
            if columns[2].startswith(str(refused) + ", column"):
                return line
            raise SystemExit(f"{line}\n  the message should name {refused}")
        raise SystemExit(f"{line}\n  is no error by these rules")
    return " | ".join(columns[:4] + [expected(expression, *columns[1:4])])


def main():
    fill = sys.argv[1] == "--fill"
    wrong = 0
    for path in sys.argv[2:]:
        lines = open(path, encoding="utf-8").read().splitlines()
        done = [line if not line or line.startswith("#") else grade(line) for line in lines]
        for old, new in zip(lines, done):
            if old != new and not fill:
                wrong += 1
                print(f"{path}:\n  table:  {old}\n  oracle: {new}")
        if fill:
            open(path, "w", encoding="utf-8").write("\n".join(done) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
