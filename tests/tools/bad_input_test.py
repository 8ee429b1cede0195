#!/usr/bin/env python3
"""Counts the cases of hostile and wrong input, and looks that each says what is wrong.

The cases themselves are run where they belong: manifests by unit.model, requests by api.corpus,
command lines by cli.bad_usage, expressions by unit.cron and unit.expr. Here a person sees how many
there are, and a corpus that shrinks, or a case that asserts nothing, fails.
"""

import json
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST_IN_ALL = 120
MANIFESTS = ROOT / "src/model/testdata/manifests"

sys.path.insert(0, str(ROOT / "tests/api"))
import corpus_test  # noqa: E402


def manifest_mistakes():
    """(title, what is expected) of every manifest that is refused."""
    for path in sorted(MANIFESTS.glob("*.test")):
        for block in re.split(r"(?m)^==== ", path.read_text())[1:]:
            title, rest = block.split("\n", 1)
            _, mark, said = rest.partition("---- mistakes")
            if mark:
                yield f"{path.name}: {title}", said.split("\n", 1)[1].strip()


def refused_requests():
    """(title, expected body as text) of every request that is refused."""
    path = ROOT / "tests/api/bad_requests.test"
    for title, _, (status, _, body) in corpus_test.parse(path.read_text()):
        if status >= 400:
            yield f"{path.name}: {title}", body


def refused_command_lines():
    path = ROOT / "tests/cli/bad_usage.test"
    for block in re.split(r"(?m)^==== ", path.read_text())[1:]:
        title, rest = block.split("\n", 1)
        yield f"{path.name}: {title}", rest.partition("\n--> ")[2]


def table_rows(name):
    for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
        if " | " in line and not line.startswith("#"):
            yield f"{name}:{number}", line


class BadInput(unittest.TestCase):
    def test_there_are_many_cases(self):
        counts = {
            "manifests": len(list(manifest_mistakes())),
            "requests": len(list(refused_requests())),
            "command lines": len(list(refused_command_lines())),
            "cron expressions": len(list(table_rows("src/cron/testdata/mistakes.txt"))),
            "expressions": len(list(table_rows("src/expr/testdata/mistakes.txt"))),
        }
        for name, count in counts.items():
            print(f"{name:20}{count:5}")
        print(f"{'in all':20}{sum(counts.values()):5}")
        self.assertGreaterEqual(sum(counts.values()), LEAST_IN_ALL)

    def test_every_mistake_of_a_manifest_has_words_and_a_place(self):
        for title, said in manifest_mistakes():
            # Of a text as a whole (too large, no job in it) there is no place.
            whole = said.startswith(("the manifest holds no job", "the document has more than"))
            for line in said.splitlines():
                self.assertRegex(line, ".{10}" if whole else r"^\d+:\d+: .{8}", title)

    def test_every_refused_request_has_a_code_and_words(self):
        for title, body in refused_requests():
            wanted = json.loads(body)
            self.assertIn("code", wanted, title)
            self.assertGreater(len(wanted.get("detail", "")), 8, title)
            for problem in wanted.get("errors", []):
                self.assertGreater(len(problem["message"]), 8, title)
                self.assertIn("pointer", problem, title)

    def test_every_refused_command_line_has_an_exit_code_and_words(self):
        for title, said in refused_command_lines():
            self.assertRegex(said, r"(?s)^[1-9]\d*\n.{20}", title)

    def test_no_two_cases_have_one_name(self):
        for cases in manifest_mistakes(), refused_requests(), refused_command_lines():
            titles = [title for title, _ in cases]
            self.assertEqual(sorted(set(titles)), sorted(titles))


if __name__ == "__main__":
    unittest.main()
