#!/usr/bin/env python3
"""Jobs of the types python and node on a real node: one table of scenarios, run in both languages
by the real interpreters, then what needs a hand from outside: stops, kills, packages."""
import base64
import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tarfile
import time
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import ROOT  # noqa: E402
from scripts import (ASYNC, DEAF, LANGUAGES, POLITE, TOKEN, UNAWARE, ScriptCase,  # noqa: E402
                     declare, is_running, js, py)

LIMIT = 1 << 20  # of a result, in bytes of JSON


class Scenario:
    """The same thing in two languages, and what is to come of it."""

    def __init__(self, name, python, node, **expected):
        self.name = name
        self.code = {"python": python, "node": node}
        self.job = expected.pop("job", {})
        self.params = expected.pop("params", {})
        self.expected = expected


SCENARIOS = [
    Scenario("object", py("return {'text': 'grüße 日本', 'list': [1, 2.5, None, True]}"),
             js("return {text: 'grüße 日本', list: [1, 2.5, null, true]}"),
             result={"text": "grüße 日本", "list": [1, 2.5, None, True]}),
    Scenario("list", py("return [1, (2, 3)]"), js("return [1, [2, 3]]"), result=[1, [2, 3]]),
    Scenario("text", py("return 'ok'"), js("return 'ok'"), result="ok"),
    Scenario("number", py("return 0.5"), js("return 0.5"), result=0.5),
    Scenario("nothing", py("pass"), js(""), result=None),
    Scenario("bytes", py("return bytes(range(256))"),
             js("return Buffer.from([...Array(256).keys()])"),
             result=base64.b64encode(bytes(range(256))).decode(),
             media_type="application/octet-stream"),
    Scenario("strange", py("import decimal\nreturn {'a': [decimal.Decimal(1)]}"),
             js("return {a: [new Map()]}"), status="failed", error="result",
             message=r"is of type (decimal\.Decimal|Map), which is no result"),
    Scenario("nan", py("return {'x': float('nan')}"), js("return {x: NaN}"),
             status="failed", error="result", message="JSON has no number for"),
    Scenario("raises", py("x = 1\nraise ValueError('no ' + 'good')"),
             js("const x = 1\nthrow new RangeError('no ' + 'good')"),
             status="failed", error="(Value|Range)Error", message="^no good$",
             stack=r"(line 3, in run|at run \(code:3:)"),
    Scenario("own-type", py("class Strange(Exception): pass\nraise Strange()"),
             js("class Strange extends Error { name = 'Strange' }\nthrow new Strange()"),
             status="failed", error="Strange"),
    Scenario("cause", py("try: {}['k']\nexcept KeyError as e: raise RuntimeError('outer') from e"),
             js("try { null.k } catch (e) { throw new Error('outer', {cause: e}) }"),
             status="failed", message="outer", stack="(?s)(KeyError.*outer|outer.*TypeError)"),
    Scenario("retryable",
             "import mainspring\n" + py("raise mainspring.Retryable('later', after='30s')"),
             js("throw new mainspring.Retryable('later', {after: '30s'})"),
             status="retryable", error="Retryable", message="later", retry_after="30s"),
    Scenario("fatal", "import mainspring\n" + py("raise mainspring.Fatal('never')"),
             js("throw new mainspring.Fatal('never')"), status="failed", error="Fatal"),
    Scenario("no-function", "def other(ctx): pass\n", "export function other() {}\n",
             status="failed", error="Fatal", message=r"no function run\(ctx\)"),
    Scenario("named", "def go(ctx): return 'gone'\n", "export const go = (ctx) => 'gone'\n",
             job={"function": "go"}, result="gone"),
    Scenario("syntax", "x = 1\ndef run(ctx:\n", "const x = 1\nexport function run(ctx {}\n",
             status="failed", error="SyntaxError", stack="(line 2|code:2)"),
    Scenario("no-module", "import nowhere_at_all\n", "import 'nowhere-at-all'\n",
             status="failed", error="(ModuleNotFound)?Error", message="nowhere.at.all"),
    Scenario("at-import", "x = 1\nraise OSError('early')\n",
             "const x = 1\nthrow new Error('early')\n",
             status="failed", message="early", stack="(line 2, in <module>|code:2:7)"),
    Scenario("context",
             py("return [ctx.params, ctx.run_id, ctx.job, ctx.tenant, ctx.attempt, ctx.epoch > 0,\n"
                "        ctx.scheduled_at.year > 2000]"),
             js("return [ctx.params, ctx.runId, ctx.job, ctx.tenant, ctx.attempt, ctx.epoch > 0,\n"
                "        ctx.scheduledAt.getFullYear() > 2000]"),
             params={"name": "Zoë", "list": [1, {"a": None}]},
             result=lambda run, name: [{"name": "Zoë", "list": [1, {"a": None}]}, run["id"], name,
                                       "default", 1, True, True]),
    Scenario("outputs", py("ctx.output('rows', 3)\nctx.output('who', 'me')\nreturn {'who': 'you'}"),
             js("ctx.output('rows', 3)\nctx.output('who', 'me')\nreturn {who: 'you'}"),
             result={"rows": 3, "who": "you"}),
    Scenario("outputs-kept", py("ctx.output('rows', 3)\nraise ValueError()"),
             js("ctx.output('rows', 3)\nthrow new Error()"), status="failed", result={"rows": 3}),
    Scenario("async", "import asyncio\nasync def run(ctx):\n    await asyncio.sleep(0.01)\n"
             "    return 'waited'\n",
             js("await new Promise((done) => setTimeout(done, 10))\nreturn 'waited'"),
             result="waited"),
    Scenario("prepare", "said = []\ndef prepare(ctx): said.append(ctx.job)\n"
             "def run(ctx): return len(said)\n",
             "let said = 0\nexport async function prepare(ctx) { said += ctx.job ? 1 : 0 }\n"
             "export function run(ctx) { return said }\n", result=1),
    Scenario("prepare-async", "import asyncio\nasync def prepare(ctx):\n"
             "    global loop\n    loop = asyncio.get_running_loop()\n"
             "async def run(ctx): return loop is asyncio.get_running_loop()\n",
             "let ready\nexport async function prepare() { ready = await Promise.resolve(true) }\n"
             "export function run() { return ready }\n", result=True),
    Scenario("prepare-fails", "def prepare(ctx): raise OSError('not ready')\ndef run(ctx): pass\n",
             "export function prepare() { throw new Error('not ready') }\n"
             "export function run() {}\n", status="failed", message="not ready"),
    Scenario("vanishes", "import os\n" + py("os._exit(0)"), js("process.exit(0)"),
             status="failed", error="exit", message="before .* had returned"),
    Scenario("exit-code", "import sys\n" + py("sys.exit(3)"), js("process.exit(3)"),
             status="failed", exit_code=3),
    Scenario("exit-later", "import sys\n" + py("sys.exit(75)"), js("process.exit(75)"),
             status="retryable", exit_code=75),
    Scenario("crash", "import ctypes\n" + py("ctypes.string_at(0)"),
             js("process.kill(process.pid, 'SIGSEGV')\nawait new Promise(() => {})"),
             status="failed", error="signal", message="SIGSEGV"),
    Scenario("flood", py("for i in range(60000): print(f'{i:06d} ' + 'x' * 60)\nreturn 'done'"),
             js("for (let i = 0; i < 60000; i++) console.log(`${i}`.padStart(6, '0') + ' ' + "
                "'x'.repeat(60))\nreturn 'done'"),
             result="done", log=r"059999 x{60}\n"),
    Scenario("two-streams", "import sys\n" + py(
        "print('to out')\nprint('to err', file=sys.stderr)\nctx.log('said', 1)"),
             js("console.log('to out')\nconsole.error('to err')\nctx.log('said', 1)"),
             log=r"(?s)to out.*said 1"),
    Scenario("large", py(f"return 'x' * {LIMIT - 2}"), js(f"return 'x'.repeat({LIMIT - 2})"),
             result="x" * (LIMIT - 2)),
    Scenario("too-large", py(f"return 'x' * {LIMIT - 1}"), js(f"return 'x'.repeat({LIMIT - 1})"),
             status="failed", error="result", message=f"{LIMIT + 1} bytes .* limit of {LIMIT}"),
    Scenario("stdin", "import sys\n" + py("return sys.stdin.read()"),
             "import fs from 'node:fs'\n" + js("return fs.readFileSync(0, 'utf8')"), result=""),
    Scenario("hidden", "import os\n" + py(
        "seen = open('/proc/self/cmdline').read() + str(dict(os.environ))\n"
        "return [ctx.params['token'] in seen, ctx.params['token'] == '" + TOKEN + "']"),
             "import fs from 'node:fs'\n" + js(
                 "const seen = fs.readFileSync('/proc/self/cmdline', 'utf8') +\n"
                 "  JSON.stringify(process.env)\n"
                 f"return [seen.includes(ctx.params.token), ctx.params.token === '{TOKEN}']"),
             params={"token": TOKEN}, result=[False, True]),
    Scenario("secret", "import os\n" + py("print('it is', os.environ['KEY'])\n"
                                          "raise ValueError('bad ' + os.environ['KEY'])"),
             js("console.log('it is', process.env.KEY)\nthrow new Error('bad ' + process.env.KEY)"),
             status="failed", message=r"^bad \*\*\*$", log=r"it is \*\*\*", has_key=True),
    Scenario("extends",
             "import time\n" + py("ctx.extend('60s')\ntime.sleep(8.5)\nreturn 'in time'"),
             js("ctx.extend(60)\nawait new Promise((d) => setTimeout(d, 8500))\nreturn 'in time'"),
             timeout={"run": "8s"}, result="in time"),  # more than a start takes beside many others
    Scenario("too-long", "import time\n" + py("time.sleep(60)"),
             js("await new Promise((d) => setTimeout(d, 60000))"),
             timeout={"run": "2s"}, status="timed_out", error="timeout"),
    Scenario("silent", "import time\n" + py("time.sleep(60)"),
             js("await new Promise((d) => setTimeout(d, 60000))"),
             timeout={"idle": "3s"}, status="timed_out", error="timeout", message="timeout.idle"),
    Scenario("alive", "import time\n" + py(
        "for i in range(45):\n    ctx.heartbeat()\n    time.sleep(0.2)\nreturn 'alive'"),
             js("for (let i = 0; i < 45; i++) {\n  ctx.heartbeat()\n"
                "  await new Promise((d) => setTimeout(d, 200))\n}\nreturn 'alive'"),
             timeout={"idle": "8s"}, result="alive"),
]


class ScriptTest(ScriptCase):
    # --- the table -------------------------------------------------------------------------------

    def check(self, scenario, run, name):
        expected, outcome = dict(scenario.expected), run["outcome"]
        error = outcome.get("error") or {}
        status = expected.pop("status", "success")
        self.assertEqual(outcome["status"], status, f"{error}\n{self.log(run)[-2000:]}")
        if "result" in expected:
            result = expected["result"]
            self.assertEqual(outcome.get("result"),
                             result(run, name) if callable(result) else result)
        for key in ("message", "stack"):
            self.assertRegex(error.get(key, ""), expected.get(key, "^"))
        self.assertRegex(error.get("type", ""), f"^({expected.get('error', '.*')})$")
        self.assertNotIn("mainspring_runtime", error.get("stack", ""))
        self.assertRegex(self.log(run), expected.get("log", "^"))
        self.assertNotIn(TOKEN, self.log(run) + json.dumps(error))
        for key, name in (("exit_code", "exit_code"), ("retry_after", "retry_after"),
                          ("media_type", "result_media_type")):
            if key in expected:
                self.assertEqual(outcome.get(name), expected[key])

    def test_the_table_holds_in_both_languages(self):
        started = []
        for language in LANGUAGES:
            for scenario in SCENARIOS:
                name = f"{scenario.name}-{language}"
                job = {"timeout": scenario.expected["timeout"]} \
                    if "timeout" in scenario.expected else {}
                if "has_key" in scenario.expected:
                    job["environment"] = {"KEY": {"file": str(self.key)}}
                if scenario.params:
                    job["params"] = declare(scenario.params)
                script = {"code": scenario.code[language], **scenario.job}
                self.define(name, language, script, **job)
                started.append((scenario, name, self.node.submit(name, params=scenario.params)))
        for scenario, name, run in started:
            with self.subTest(name):
                self.check(scenario, self.node.wait(run, 240), name)
        self.assertEqual(self.scratch_directories(), [])

    # --- where the code is -----------------------------------------------------------------------

    def test_a_file_finds_its_neighbours_and_its_lines(self):
        (self.work / "neighbour.py").write_text("def answer(): return 42\n")
        (self.work / "report.py").write_text(
            "import neighbour\n\ndef run(ctx):\n    if ctx.params['fail']: raise ValueError('x')\n"
            "    return neighbour.answer()\n")
        (self.work / "neighbour.mjs").write_text("export const answer = () => 42\n")
        (self.work / "report.mjs").write_text(
            "import { answer } from './neighbour.mjs'\n\nexport function run(ctx) {\n"
            "  if (ctx.params.fail) throw new Error('x')\n  return answer()\n}\n")
        (self.work / "old.cjs").write_text("exports.run = () => require('./old_answer.cjs')\n")
        (self.work / "old_answer.cjs").write_text("module.exports = 'common'\n")
        for language, file in (("python", "report.py"), ("node", "report.mjs")):
            path = str(self.work / file)
            run = self.run_now(f"file-{language}", language, {"file": path}, {"fail": False})
            self.assertEqual(run["outcome"].get("result"), 42, run["outcome"])
            run = self.run_now(f"file-{language}", language, {"file": path}, {"fail": True})
            self.assertRegex(run["outcome"]["error"]["stack"],
                             rf"{re.escape(path)}(\", line 4, in run|:4:)")
        run = self.run_now("old", "node", {"file": str(self.work / "old.cjs")})
        self.assertEqual(run["outcome"].get("result"), "common", run["outcome"])

    def test_a_module_is_found_from_the_working_directory(self):
        (self.work / "jobs").mkdir()
        (self.work / "jobs" / "__init__.py").write_text("")
        (self.work / "jobs" / "daily.py").write_text("def run(ctx): return __name__\n")
        package = self.work / "node_modules" / "daily"
        package.mkdir(parents=True)
        (package / "package.json").write_text('{"name": "daily", "exports": "./main.mjs"}')
        (package / "main.mjs").write_text("export const run = () => 'daily'\n")
        for language, module, result in (("python", "jobs.daily", "jobs.daily"),
                                         ("node", "daily", "daily")):
            run = self.run_now(f"module-{language}", language, {"module": module},
                               working_dir=str(self.work))
            self.assertEqual(run["outcome"].get("result"), result, run["outcome"])

    def test_another_user_and_a_sandbox_change_nothing_of_it(self):
        self.node.directory.chmod(0o755)
        extras = [{"sandbox": {"filesystem": "private", "network": "none", "syscalls": "default"}}]
        if os.geteuid() == 0:
            extras += [{"user": "nobody"}, {"user": "nobody", **extras[0]}]
        for language, code in (("python", "import os\ndef run(ctx): return os.getuid()\n"),
                               ("node", "export const run = () => process.getuid()\n")):
            for number, extra in enumerate(extras):
                with self.subTest(language, **extra):
                    run = self.run_now(f"as-{number}-{language}", language, {"code": code}, **extra)
                    error = run["outcome"].get("error") or {}
                    if "the sandbox cannot be made" in error.get("message", ""):
                        print(f"not on this machine: {error['message']}", file=sys.stderr)
                        continue
                    uid = pwd.getpwnam(extra["user"]).pw_uid if "user" in extra else os.geteuid()
                    self.assertEqual(run["outcome"].get("result"), uid, run["outcome"])

    def test_an_interpreter_that_is_not_there_is_named_with_what_to_do(self):
        for language in LANGUAGES:
            run = self.run_now(f"absent-{language}", language,
                               {"code": "x", "interpreter": "/opt/none/bin/interpreter"})
            error = run["outcome"]["error"]
            self.assertEqual((run["state"], error["type"]), ("failed", "start"))
            self.assertRegex(error["message"], "/opt/none/bin/interpreter.*install.*or name it in")
            run = self.run_now(f"no-path-{language}", language, {"code": "x"},
                               environment={"PATH": "/nowhere"})
            self.assertIn("in PATH=/nowhere; install", run["outcome"]["error"]["message"])

    # --- stops -----------------------------------------------------------------------------------

    def cancel(self, name, language, code, grace):
        self.define(name, language, {"code": code}, timeout={"grace": grace})
        run = self.node.submit(name)
        self.wait_for_line(run, "up")
        reply = self.node.request("POST", f"/api/v1/runs/{run}/cancel", {"reason": "enough"})
        self.assertLess(reply.status, 300, reply.body)
        started = time.monotonic()
        done = self.node.wait(run, 120)
        self.assertEqual((done["state"], done["outcome"]["error"]["type"]),
                         ("cancelled", "cancelled"))
        return done, time.monotonic() - started

    def test_a_cancel_asks_first_and_lets_the_code_clean_up(self):
        for kind, codes in (("polite", POLITE), ("async", ASYNC)):
            for language, code in codes.items():
                with self.subTest(kind, language=language):
                    run, seconds = self.cancel(f"{kind}-{language}", language, code, "100s")
                    self.assertRegex(self.log(run), "cleaned up (True|true)")
                    self.assertLess(seconds, 60)

    def test_code_that_knows_nothing_of_cancels_ends_at_once(self):
        for language in LANGUAGES:
            code = UNAWARE[language]
            _, seconds = self.cancel(f"unaware-{language}", language, code, "100s")
            self.assertLess(seconds, 60)

    def test_code_that_does_not_end_is_killed_after_its_grace(self):
        for language in LANGUAGES:
            run, _ = self.cancel(f"deaf-{language}", language, DEAF[language], "1s")
            self.assertIn("grace", run["outcome"]["error"]["message"])

    def test_progress_is_shown_while_it_runs(self):
        for language, code in (
                ("python", "import time\n" + py("ctx.progress(0.1, 'ein Zehntel')\n"
                                                "ctx.progress(0.25, 'ein Viertel')\n"
                                                "print('up')\ntime.sleep(300)")),
                ("node", js("ctx.progress(0.1, 'ein Zehntel')\nctx.progress(0.25, 'ein Viertel')\n"
                            "console.log('up')\nawait new Promise((d) => setTimeout(d, 300000))"))):
            run = self.node.submit(self.define(f"progress-{language}", language, {"code": code}))
            deadline = time.monotonic() + 60
            while True:
                found = self.node.request("GET", f"/api/v1/runs/{run}").json()
                if (found.get("progress") or {}).get("message") == "ein Viertel":
                    break
                self.assertLess(time.monotonic(), deadline, found)
                self.node.request("GET", f"/api/v1/runs/{run}/log", headers={"Prefer": "wait=1"})
            self.assertEqual(found["progress"]["fraction"], 0.25)
            self.node.request("POST", f"/api/v1/runs/{run}/cancel", {})
            self.node.wait(run)

    def test_a_killed_node_leaves_no_interpreter_and_its_next_life_runs_it_again(self):
        runs = {}
        for language in LANGUAGES:
            code = ("import time, os\ndef run(ctx):\n    print('pid', os.getpid())\n"
                    "    if ctx.attempt == 1: time.sleep(300)\n    return ctx.attempt\n") \
                if language == "python" else js(
                    "console.log('pid', process.pid)\n"
                    "if (ctx.attempt === 1) await new Promise((d) => setTimeout(d, 300000))\n"
                    "return ctx.attempt")
            runs[language] = self.node.submit(self.define(
                f"survivor-{language}", language, {"code": code},
                retry={"max_attempts": 3, "backoff": {"type": "fixed", "initial": "0s"}}))
        pids = []
        for run in runs.values():
            self.wait_for_line(run, "pid ")
            pids.append(int(re.search(r"pid (\d+)", self.node.log_of(run).decode())[1]))
        self.node.kill()
        deadline = time.monotonic() + 30
        while any(is_running(pid) for pid in pids):
            self.assertLess(time.monotonic(), deadline, "an interpreter outlived its node")
        self.node.start()
        for run in runs.values():
            done = self.node.wait(run, 120)
            self.assertEqual((done["state"], done["outcome"]["result"]), ("succeeded", 2))
        self.assertEqual(self.scratch_directories(), [])

    # --- packages --------------------------------------------------------------------------------

    def make_wheel(self, version):
        """A package `greeting`, as a wheel that pip finds without a network."""
        wheels = self.work / "wheels"
        wheels.mkdir(exist_ok=True)
        info = f"greeting-{version}.dist-info"
        with zipfile.ZipFile(wheels / f"greeting-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("greeting.py", f"VERSION = '{version}'\n")
            wheel.writestr(f"{info}/METADATA",
                           f"Metadata-Version: 2.1\nName: greeting\nVersion: {version}\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\n"
                                            "Root-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", f"greeting.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n"
                                             f"{info}/RECORD,,\n")
        lock = self.work / f"requirements-{version}.txt"
        lock.write_text(f"--no-index\n--find-links {wheels}\ngreeting=={version}\n")
        return lock

    def make_npm_project(self, version):
        """A package `greeting`, as a tarball beside a lock file that names it."""
        project = self.work / f"project-{version}"
        package = project / "package"
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps(
            {"name": "greeting", "version": version, "exports": "./index.mjs"}))
        (package / "index.mjs").write_text(f"export const VERSION = '{version}'\n")
        with tarfile.open(project / "greeting.tgz", "w:gz") as tarball:
            tarball.add(package, "package")
        shutil.rmtree(package)
        (project / "package.json").write_text(json.dumps(
            {"name": "job", "version": "1.0.0", "dependencies": {"greeting": "file:greeting.tgz"}}))
        subprocess.run(["npm", "install", "--package-lock-only", "--offline", "--no-audit"],
                       cwd=project, check=True, capture_output=True)
        return project / "package-lock.json"

    def package_sets(self):
        return sorted(path.name for path in (self.node.data / "packages").iterdir())

    PY_GREETING = "import greeting\ndef run(ctx): return greeting.VERSION\n"
    JS_GREETING = "import { VERSION } from 'greeting'\nexport const run = () => VERSION\n"

    def check_packages(self, language, locks, code):
        """Installed by the first of two that come together, then found; a new one for a change."""
        script = {"code": code, "lock_file": str(locks[0])}
        name = self.define(f"packages-{language}", language, script)
        runs = [self.node.wait(run, 300) for run in [self.node.submit(name) for _ in range(2)]]
        for run in runs:
            self.assertEqual(run["outcome"].get("result"), "1.0.0",
                             f"{run['outcome']}\n{self.log(run)}")
        logs = "".join(self.log(run) for run in runs)
        waited = logs.count("another attempt is installing")
        self.assertEqual(logs.count("installing the packages of"), 1 + waited)
        self.assertEqual(logs.count("the packages are installed"), 1, logs)
        self.assertEqual(len(self.package_sets()), 1)
        again = self.node.wait(self.node.submit(name), 120)
        self.assertNotIn("installing", self.log(again))
        self.node.stop()
        self.node.start()
        again = self.node.wait(self.node.submit(name), 120)
        self.assertNotIn("installing", self.log(again))
        hidden = self.run_now(f"packages-{language}-hidden", language, script,
                              sandbox={"filesystem": "private"})
        if "the sandbox cannot be made" not in json.dumps(hidden["outcome"]):
            self.assertEqual(hidden["outcome"].get("result"), "1.0.0", hidden["outcome"])
        other = self.run_now(f"packages-{language}-2", language,
                             {"code": code, "lock_file": str(locks[1])})
        self.assertEqual(other["outcome"].get("result"), "2.0.0", other["outcome"])
        self.assertEqual(len(self.package_sets()), 2)

    def test_packages_of_python_are_installed_once_for_each_lock_file(self):
        locks = [self.make_wheel("1.0.0"), self.make_wheel("2.0.0")]
        self.check_packages("python", locks, self.PY_GREETING)
        broken = self.work / "broken.txt"
        broken.write_text(locks[0].read_text() + "no-such-package==9\n")
        run = self.run_now("broken", "python",
                           {"code": self.PY_GREETING, "lock_file": str(broken)})
        error = run["outcome"]["error"]
        self.assertEqual((run["outcome"]["status"], error["type"]), ("retryable", "packages"))
        self.assertIn("No matching distribution found for no-such-package==9", error["message"])
        self.assertEqual(len(self.package_sets()), 2)

    @unittest.skipUnless(shutil.which("npm"), "npm is not installed")
    def test_packages_of_node_are_installed_once_for_each_lock_file(self):
        locks = [self.make_npm_project("1.0.0"), self.make_npm_project("2.0.0")]
        self.check_packages("node", locks, self.JS_GREETING)
        file = self.work / "elsewhere.mjs"
        file.write_text(self.JS_GREETING)
        run = self.run_now("elsewhere", "node", {"file": str(file), "lock_file": str(locks[0])})
        self.assertEqual(run["outcome"].get("result"), "1.0.0", run["outcome"])
        (locks[1].parent / "greeting.tgz").write_bytes(b"no tarball")
        locks[1].write_text(re.sub(r'"sha512-[^"]*"', f'"sha512-{"A" * 86}=="',
                                   locks[1].read_text()))
        run = self.run_now("broken", "node",
                           {"code": self.JS_GREETING, "lock_file": str(locks[1])})
        self.assertEqual((run["outcome"]["status"], run["outcome"]["error"]["type"]),
                         ("retryable", "packages"), run["outcome"])
        self.assertEqual(len(self.package_sets()), 2)

    def test_a_lock_file_that_is_not_there_is_named(self):
        for language in LANGUAGES:
            run = self.run_now(f"lost-{language}", language,
                               {"code": "x", "lock_file": "/nowhere/lock"})
            self.assertEqual(run["outcome"]["error"]["type"], "start")
            self.assertIn("/nowhere/lock", run["outcome"]["error"]["message"])

    def test_the_examples_do_what_they_say(self):
        for language in LANGUAGES:
            folder = ROOT / "examples" / language
            self.node.apply((folder / "jobs.yaml").read_text())
            for name, expected in json.loads((folder / "expected.json").read_text()).items():
                run = self.node.wait(self.node.submit(name), 120)
                self.assertEqual((run["outcome"].get("result"), self.log(run)),
                                 (expected["result"], expected["log"]), run["outcome"])

    def test_how_long_a_start_takes(self):
        """A figure for the one who reads the output; nothing depends on it."""
        for language, code in (("python", "def run(ctx): pass\n"),
                               ("node", "export function run() {}\n")):
            self.define(f"empty-{language}", language, {"code": code})
            took = []
            for _ in range(5):
                run = self.node.wait(self.node.submit(f"empty-{language}"))
                took.append(run["outcome"]["usage"]["wall"])
            print(f"{language}: an empty run takes {took}", file=sys.stderr)

if __name__ == "__main__":
    unittest.main(verbosity=2)
