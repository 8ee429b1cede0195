#!/usr/bin/env python3
"""Runs bad_usage.test: command lines that jobctl refuses, and what it says.

    bad_usage_test.py            checks every case
    bad_usage_test.py --print    prints the file as jobctl would have it, for a person to read
"""

import re
import shlex
import sys
import unittest
from pathlib import Path

from jobctl import Case

CORPUS = Path(__file__).with_name("bad_usage.test")


class Refusal:
    """One case of the corpus."""

    def __init__(self, block):
        self.title, *lines = block.rstrip("\n").split("\n")
        arrow = next((i for i, line in enumerate(lines) if line.startswith("--> ")), len(lines))
        self.given = lines[:arrow]
        self.code = int(lines[arrow].split()[1]) if arrow < len(lines) else None
        self.said = "".join(line + "\n" for line in lines[arrow + 1:])
        self.files = [line.removeprefix("file ").split(": ", 1) for line in self.given[:-1]]
        self.words = shlex.split(self.given[-1].replace("\\n", "\n"))

    def environment(self):
        return dict(word.split("=", 1) for word in self.words[:self.words.index("jobctl")])

    def arguments(self):
        return self.words[self.words.index("jobctl") + 1:]


def load_cases():
    _, *blocks = re.split(r"(?m)^==== ", CORPUS.read_text())
    return [Refusal(block) for block in blocks]


def file_bytes(text):
    text = re.sub(r"<<(.+?)\*(\d+)>>", lambda found: found[1] * int(found[2]), text)
    return text.encode("latin1").decode("unicode_escape").encode("latin1")


def is_said(wanted, said):
    pattern = ".*".join(re.escape(part) for part in wanted.split("*"))
    return wanted == said or re.fullmatch(pattern, said, re.DOTALL) is not None


class BadUsage(Case):
    def answer(self, refusal):
        for name, text in refusal.files:
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file_bytes(text))
        self.environment.update(refusal.environment())
        return self.run_jobctl(*refusal.arguments())

    def test_every_command_line_is_refused_in_these_words(self):
        for refusal in load_cases():
            with self.subTest(refusal.title):
                self.setUp()
                code, out, err = self.answer(refusal)
                self.assertEqual((code, out), (refusal.code, ""), err)
                self.assertTrue(is_said(refusal.said, err), f"\n{err}instead of\n{refusal.said}")
                self.doCleanups()


def print_corpus():
    sys.stdout.write(re.split(r"(?m)^==== ", CORPUS.read_text())[0])
    for refusal in load_cases():
        case = BadUsage("test_every_command_line_is_refused_in_these_words")
        case.setUp()
        code, _, err = case.answer(refusal)
        case.doCleanups()
        said = refusal.said if code == refusal.code and is_said(refusal.said, err) else err
        print("==== " + "\n".join([refusal.title, *refusal.given, f"--> {code}", said]))


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        print_corpus()
    else:
        unittest.main()
