#!/usr/bin/env python3
"""Processes that are kept warm for jobs of the types python and node, on a real node with the real
interpreters: that they serve, what ends them, and that a run in one is as any other."""
import json
import os
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scripts import (ASYNC, DEAF, LANGUAGES, POLITE, TOKEN, UNAWARE, ScriptCase,  # noqa: E402
                     is_running, py)


class WarmTest(ScriptCase):
    WARM = {
        "python": "import os, time\nstate = {'runs': 0}\ndef prepare(ctx):\n"
                  "    print('prepared', ctx.job, 'MAINSPRING_RUN_ID' in os.environ)\n"
                  "def run(ctx):\n    state['runs'] += 1\n"
                  "    return {'pid': os.getpid(), 'runs': state['runs'],\n"
                  "            'run': [ctx.run_id, os.environ['MAINSPRING_RUN_ID']],\n"
                  "            'word': ctx.params['word'],\n"
                  "            'input': open(os.environ['MAINSPRING_INPUT_FILE']).read(),\n"
                  "            'stdin': open(0).read(),\n"
                  "            'key': len(os.environ.get('KEY', ''))}\n",
        "node": "import fs from 'node:fs'\nconst state = { runs: 0 }\n"
                "export function prepare(ctx) {\n"
                "  console.log('prepared', ctx.job,\n"
                "    'MAINSPRING_RUN_ID' in process.env ? 'True' : 'False')\n}\n"
                "export function run(ctx) {\n  state.runs++\n"
                "  return { pid: process.pid, runs: state.runs,\n"
                "    run: [ctx.runId, process.env.MAINSPRING_RUN_ID], word: ctx.params.word,\n"
                "    input: fs.readFileSync(process.env.MAINSPRING_INPUT_FILE, 'utf8'),\n"
                "    stdin: fs.readFileSync(0, 'utf8'),\n"
                "    key: (process.env.KEY ?? '').length }\n}\n",
    }

    def define_warm(self, language, count=2, **job):
        script = {"code": self.WARM[language], "warm": count, **job.pop("script", {})}
        return self.define(f"warm-{language}", language, script,
                           params={"word": {"type": "string", "default": "w"}},
                           **{"environment": {"KEY": {"file": str(self.key)}}, **job})

    def waiting(self, language):
        """The runtimes that this node has started: those without a run, where nothing runs."""
        name = {"python": "mainspring_runtime.py", "node": "mainspring_runtime.mjs"}[language]
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ProcessLookupError):
                continue
            if parent == self.node.process.pid and any(w.endswith(name.encode()) for w in words):
                found.append(int(entry.name))
        return found

    def wait_until(self, is_so, what):
        deadline = time.monotonic() + 60
        while not is_so():
            self.assertLess(time.monotonic(), deadline, what)
            self.node.request("GET", "/api/v1/runs?limit=1")

    def wait_for_waiting(self, language, count, besides=()):
        """As many, none of them one of those. Gives them."""
        found = []

        def is_so():
            found[:] = self.waiting(language)
            return len(found) == count and not set(found) & set(besides)
        self.wait_until(is_so, f"{count} wait")
        return found

    def run_until(self, is_so, run):
        """One that is still preparing itself serves nobody: runs until that has happened."""
        result = None

        def is_done():
            nonlocal result
            result = run()
            return is_so(result)
        self.wait_until(is_done, "a waiting process serves a run")
        return result

    def run_script(self, name):
        return self.node.wait(self.node.submit(name))["outcome"]["result"]

    def run_warm(self, name, **body):
        run = self.node.wait(self.node.submit(name, **body))
        self.assertEqual(run["state"], "succeeded", run["outcome"])
        self.assertEqual(self.log(run), f"prepared {name} {not self.is_warm(run)}\n")
        result = run["outcome"]["result"]
        self.assertEqual((result["runs"], result["run"], result["stdin"]),
                         (1, [run["id"], run["id"]], ""))
        self.assertEqual(json.loads(result["input"]), {"word": result["word"]})
        return result

    def is_warm(self, run):
        """Whether its process was there before it: prepare() found no run in its environment."""
        return self.log(run).endswith(" False\n")

    def test_warm_processes_wait_prepared_and_serve_one_run_each(self):
        for language in LANGUAGES:
            with self.subTest(language):
                name = self.define_warm(language)
                first = self.run_warm(name)
                pids = self.wait_for_waiting(language, 2, [first["pid"]])
                for word in ("two", "drei \n ☃"):
                    result = self.run_until(
                        lambda found: found["pid"] in pids,
                        lambda: self.run_warm(name, params={"word": word}))
                    self.assertEqual((result["word"], result["key"]), (word, len(TOKEN)))
                    pids = self.wait_for_waiting(language, 2, [result["pid"]])

    def test_all_warm_processes_end_when_a_secret_has_another_value(self):
        name = self.define_warm("python")
        first = self.run_warm(name)
        before = self.wait_for_waiting("python", 2, [first["pid"]])
        self.key.write_text(TOKEN + "-new")

        def run():
            result = self.run_warm(name)
            self.assertEqual(result["key"], len(TOKEN) + 4)
            self.assertNotIn(result["pid"], before)
            return result
        # A run finds out, by those that are ready.
        result = self.run_until(lambda _: not set(before) & set(self.waiting("python")), run)
        after = self.wait_for_waiting("python", 2, [result["pid"], *before])
        result = self.run_until(lambda found: found["pid"] in after, lambda: self.run_warm(name))
        self.assertEqual(result["key"], len(TOKEN) + 4)

    def test_all_warm_processes_end_with_an_older_version_of_the_job(self):
        name = self.define_warm("python")
        first = self.run_warm(name)
        before = self.wait_for_waiting("python", 2, [first["pid"]])
        self.define_warm("python", schedule={"every": "30d"}, timeout="1h")
        # Another schedule makes no difference to them.
        result = self.run_until(lambda found: found["pid"] in before, lambda: self.run_warm(name))
        before = self.wait_for_waiting("python", 2, [result["pid"]])
        self.define_warm("python", count=1, working_dir=str(self.work))
        result = self.run_warm(name)
        self.assertNotIn(result["pid"], before)
        self.wait_for_waiting("python", 1, [result["pid"], *before])

    def test_all_warm_processes_end_when_their_code_has_changed(self):
        extension = {"python": "py", "node": "mjs"}
        for language in LANGUAGES:
            with self.subTest(language):
                main = self.work / f"main.{extension[language]}"
                helper = self.work / ("helper.py" if language == "python" else "helper.cjs")
                if language == "python":
                    main.write_text("import os, helper\n"
                                    "def run(ctx): return [os.getpid(), helper.WORD]\n")
                    word = "WORD = '{}'\n"
                else:
                    main.write_text("import helper from './helper.cjs'\n"
                                    "export const run = () => [process.pid, helper.WORD]\n")
                    word = "exports.WORD = '{}'\n"
                helper.write_text(word.format("old"))  # what all begin with
                name = self.define(f"changed-{language}", language, {"file": str(main), "warm": 2})
                pid, _ = self.run_script(name)
                for change in (lambda: helper.write_text(word.format("newer")),
                               lambda: main.write_text(main.read_text() + "\n")):
                    before = self.wait_for_waiting(language, 2, [pid])
                    pid, _ = self.run_until(lambda found: found[0] in before,
                                            lambda: self.run_script(name))
                    before = self.wait_for_waiting(language, 2, [pid])
                    change()
                    pid, seen = self.run_script(name)
                    self.assertEqual((seen, pid in before), ("newer", False))
                    pid, seen = self.run_until(lambda found: found[0] not in before,
                                               lambda: self.run_script(name))
                    self.assertEqual(seen, "newer")

    def test_warm_processes_end_with_their_node_and_dead_ones_are_passed_over(self):
        pids = []
        for language in LANGUAGES:
            name = self.define_warm(language, count=1)
            first = self.run_warm(name)
            killed = self.wait_for_waiting(language, 1, [first["pid"]])
            os.kill(killed[0], 9)
            result = self.run_warm(name)
            self.assertNotIn(result["pid"], killed)
            pids += self.wait_for_waiting(language, 1, [result["pid"], *killed])
        self.node.stop()
        self.assertFalse(any(is_running(pid) for pid in pids))
        self.assertEqual(self.scratch_directories(), [])
        self.node.start()

    def test_a_killed_node_leaves_no_warm_process(self):
        children = self.work / "children"
        script = {"code": "import os, subprocess\nimport sys\ndef prepare(ctx):\n"
                          "    child = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
                          f"    with open('{children}', 'a') as out: print(child.pid, file=out)\n"
                          "def run(ctx): return os.getpid()\n", "warm": 2}
        name = self.define("parents", "python", script)
        first = self.node.wait(self.node.submit(name))["outcome"]["result"]
        pids = self.wait_for_waiting("python", 2, [first])
        self.wait_until(lambda: len(children.read_text().split()) == 3, "all are prepared")
        pids += map(int, children.read_text().split())
        self.run_warm(self.define_warm("node"))
        pids += self.wait_for_waiting("node", 2)
        self.node.kill()
        deadline = time.monotonic() + 30
        while any(is_running(pid) for pid in pids):
            self.assertLess(time.monotonic(), deadline, "a warm process outlived its node")
        self.node.start()
        self.assertEqual(self.scratch_directories(), [])

    def test_what_fails_while_it_waits_fails_the_run_until_it_does_not(self):
        flag = self.work / "down"
        tries = self.work / "tries"
        for language, code in (
                ("python", f"import os\ndef prepare(ctx):\n    open('{tries}', 'a').write('x')\n"
                           f"    if os.path.exists('{flag}'): raise OSError('it is down')\n"
                           "def run(ctx): return os.getpid()\n"),
                ("node", "import fs from 'node:fs'\nexport function prepare(ctx) {\n"
                         f"  fs.appendFileSync('{tries}', 'x')\n"
                         f"  if (fs.existsSync('{flag}')) throw new Error('it is down')\n}}\n"
                         "export const run = () => process.pid\n")):
            with self.subTest(language):
                flag.write_text("")
                tries.write_text("")
                name = self.define(f"down-{language}", language, {"code": code, "warm": 1})
                for _ in range(2):
                    run = self.node.wait(self.node.submit(name))
                    self.assertEqual(run["outcome"]["error"]["message"], "it is down")
                self.wait_until(lambda: len(tries.read_text()) >= 4, "it is tried again")
                flag.unlink()
                self.wait_until(lambda: self.stays(language), "one stays")
                run = self.node.wait(self.node.submit(name))
                self.assertEqual(run["state"], "succeeded", run["outcome"])

    def stays(self, language):
        """One that cannot prepare itself is there, too, for a moment."""
        pids = self.waiting(language)
        time.sleep(1)
        return len(pids) == 1 and self.waiting(language) == pids

    def test_stops_of_warm_runs_are_those_of_others(self):
        for language in LANGUAGES:
            for kind, codes, timeout in (("polite", POLITE, None), ("async", ASYNC, None),
                                         ("unaware", UNAWARE, None),
                                         ("deaf", DEAF, {"run": "1s", "grace": "1s"}),
                                         ("late", UNAWARE, {"run": "1s"}),
                                         ("silent", UNAWARE, {"idle": "2s"})):
                if language not in codes:
                    continue
                with self.subTest(kind, language=language):
                    name = self.define(f"{kind}-{language}", language,
                                       {"code": self.telling(language, codes[language]), "warm": 1},
                                       timeout=timeout or {"grace": "100s"})
                    self.run_until(lambda run: re.search("up true", self.log(run), re.I),
                                   lambda: self.stop_one(name, timeout))

    TELLING = {"python": "import os\nWARM = 'MAINSPRING_RUN_ID' not in os.environ\n",
               "node": "const WARM = !('MAINSPRING_RUN_ID' in process.env)\n"}

    def telling(self, language, code):
        """The code, which says besides whether its process was there before the run."""
        return self.TELLING[language] + code.replace("'up'", "'up', WARM")

    def stop_one(self, name, timeout):
        run = self.node.submit(name)
        self.wait_for_line(run, "up")
        if timeout is None:
            self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"reason": "enough"})
        done = self.node.wait(run, 120)
        kind = "timeout" if timeout else "cancelled"
        self.assertEqual(done["outcome"]["error"]["type"], kind, (name, done["outcome"]))
        if name.startswith(("polite", "async")):
            self.assertRegex(self.log(done), "cleaned up (True|true)")
        return done

    def test_endings_of_warm_runs_are_those_of_others(self):
        for name, code, status, error in (
                ("lost-module", "import nowhere_at_all\n", "failed", "ModuleNotFoundError"),
                ("vanishes", py("print('up')\nos._exit(0)"), "failed", "exit"),
                ("raises", py("print('up')\nraise ValueError('no')"), "failed", "ValueError"),
                ("dies", py("print('up')\nos.kill(os.getpid(), 9)"), "failed", "signal"),
                ("leaves-early", "import sys\nsys.exit(0)\n", "success", None),
                ("asks-early", "def prepare(ctx): ctx.params\ndef run(ctx): pass\n", "failed",
                 "AttributeError"),
                ("floods", "def prepare(ctx):\n    for i in range(20000): print('x' * 60)\n"
                           "def run(ctx): pass\n", "success", None)):
            with self.subTest(name):
                self.define(name, "python", {"code": self.telling("python", code), "warm": 1})
                self.run_until(lambda run: "'up'" not in code or self.log(run) == "up True\n",
                               lambda: self.run_to(name, (status, error)))
                self.run_to(name, (status, error))

    def run_to(self, name, expected):
        run = self.node.wait(self.node.submit(name))
        outcome = run["outcome"]
        self.assertEqual((outcome["status"], (outcome.get("error") or {}).get("type")), expected,
                         outcome)
        return run

    def test_a_job_that_differs_from_run_to_run_gets_no_warm_processes(self):
        name = self.define_warm("python", environment={"KEY": "${{ run.id }}"})
        for _ in range(3):
            self.run_warm(name)
        self.wait_for_waiting("python", 0)

    def test_how_long_a_warm_start_takes(self):
        """A figure for the one who reads the output; nothing depends on it."""
        for language in LANGUAGES:
            name = self.define_warm(language)
            took = []
            for _ in range(6):
                run = self.node.wait(self.node.submit(name))
                took.append(run["outcome"]["usage"]["wall"])
                self.wait_for_waiting(language, 2)
            print(f"{language}: a warm run takes {took[1:]}", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
