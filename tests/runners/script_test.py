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
from node import Node, ROOT  # noqa: E402

LANGUAGES = ("python", "node")
LIMIT = 1 << 20  # of a result, in bytes of JSON
TOKEN = "tok-5d1f2c77e0"  # a value that must not be seen


def py(body):
    """A run(ctx) of that body; its first line is line 2 of the code."""
    return "def run(ctx):\n" + "".join(f"    {line}\n" for line in body.strip().split("\n"))


def js(body):
    return ("export async function run(ctx) {\n"
            + "".join(f"  {line}\n" for line in body.strip().split("\n")) + "}\n")


def declare(params):
    types = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    return {name: {"type": types[type(value)]} for name, value in params.items()}


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
             "import time\n" + py("ctx.extend('60s')\ntime.sleep(2.5)\nreturn 'in time'"),
             js("ctx.extend(60)\nawait new Promise((d) => setTimeout(d, 2500))\nreturn 'in time'"),
             timeout={"run": "2s"}, result="in time"),
    Scenario("too-long", "import time\n" + py("time.sleep(60)"),
             js("await new Promise((d) => setTimeout(d, 60000))"),
             timeout={"run": "2s"}, status="timed_out", error="timeout"),
    Scenario("silent", "import time\n" + py("time.sleep(60)"),
             js("await new Promise((d) => setTimeout(d, 60000))"),
             timeout={"idle": "3s"}, status="timed_out", error="timeout", message="timeout.idle"),
    Scenario("alive", "import time\n" + py(
        "for i in range(25):\n    ctx.heartbeat()\n    time.sleep(0.2)\nreturn 'alive'"),
             js("for (let i = 0; i < 25; i++) {\n  ctx.heartbeat()\n"
                "  await new Promise((d) => setTimeout(d, 200))\n}\nreturn 'alive'"),
             timeout={"idle": "3s"}, result="alive"),
]


class ScriptTest(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.__exit__)
        self.node.start()
        self.work = self.node.directory / "work"
        self.work.mkdir()
        self.key = self.work / "key"
        self.key.write_text(TOKEN)
        self.key.chmod(0o600)

    def define(self, name, language, script, **job):
        manifest = {"name": name, "type": language, language: script, **job}
        self.node.apply(json.dumps(manifest))
        return name

    def run_now(self, name, language, script, params=None, **job):
        if params is not None:
            job["params"] = declare(params)
        return self.node.wait(self.node.submit(self.define(name, language, script, **job),
                                               params=params or {}), 120)

    def log(self, run):
        return self.node.log_of(run["id"]).decode()

    def wait_for_line(self, run, text):
        """Until the log of a running attempt holds it."""
        deadline = time.monotonic() + 60
        while text not in self.node.log_of(run).decode():
            self.assertLess(time.monotonic(), deadline, self.node.log_of(run))
            self.node.request("GET", f"/api/v1/runs/{run}/log", headers={"Prefer": "wait=1"})

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

    def scratch_directories(self):
        worker = (self.node.data / "worker-id").read_text().strip()
        root = pathlib.Path("/run/mainspring") / worker if os.geteuid() == 0 \
            else self.node.data / "scratch"
        return sorted(path.name for path in root.iterdir()) if root.exists() else []

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

    POLITE = {
        "python": "import time\ndef run(ctx):\n    try:\n        print('up')\n"
                  "        time.sleep(300)\n    finally:\n"
                  "        print('cleaned up', ctx.cancelled)\n",
        "node": js("console.log('up')\nawait new Promise((done) => {\n"
                   "  const timer = setTimeout(done, 300000)\n"
                   "  ctx.signal.addEventListener('abort', () => { clearTimeout(timer); done() })\n"
                   "})\nconsole.log('cleaned up', ctx.cancelled)"),
    }
    ASYNC = {
        "python": "import asyncio\nasync def run(ctx):\n    try:\n        print('up')\n"
                  "        await asyncio.sleep(300)\n    finally:\n"
                  "        print('cleaned up', ctx.cancelled)\n",
    }
    DEAF = {
        "python": "import time\ndef run(ctx):\n    with ctx.shielded():\n        print('up')\n"
                  "        time.sleep(300)\n",
        "node": js("ctx.signal\nconsole.log('up')\n"
                   "await new Promise((d) => setTimeout(d, 300000))"),
    }
    UNAWARE = {
        "python": "import time\ndef run(ctx):\n    print('up')\n    time.sleep(300)\n",
        "node": js("console.log('up')\nawait new Promise((d) => setTimeout(d, 300000))"),
    }

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
        for kind, codes in (("polite", self.POLITE), ("async", self.ASYNC)):
            for language, code in codes.items():
                with self.subTest(kind, language=language):
                    run, seconds = self.cancel(f"{kind}-{language}", language, code, "100s")
                    self.assertRegex(self.log(run), "cleaned up (True|true)")
                    self.assertLess(seconds, 60)

    def test_code_that_knows_nothing_of_cancels_ends_at_once(self):
        for language in LANGUAGES:
            code = self.UNAWARE[language]
            _, seconds = self.cancel(f"unaware-{language}", language, code, "100s")
            self.assertLess(seconds, 60)

    def test_code_that_does_not_end_is_killed_after_its_grace(self):
        for language in LANGUAGES:
            run, _ = self.cancel(f"deaf-{language}", language, self.DEAF[language], "1s")
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

    # --- warm ------------------------------------------------------------------------------------

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
        result = self.run_warm(name)
        self.assertEqual(result["key"], len(TOKEN) + 4)
        self.assertNotIn(result["pid"], before)
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
                pids = self.wait_for_waiting(language, 1)
                self.wait_until(lambda: self.waiting(language) == pids, "it stays")
                run = self.node.wait(self.node.submit(name))
                self.assertEqual(run["state"], "succeeded", run["outcome"])

    def test_stops_of_warm_runs_are_those_of_others(self):
        for language in LANGUAGES:
            for kind, codes, timeout in (("polite", self.POLITE, None), ("async", self.ASYNC, None),
                                         ("unaware", self.UNAWARE, None),
                                         ("deaf", self.DEAF, {"run": "1s", "grace": "1s"}),
                                         ("late", self.UNAWARE, {"run": "1s"}),
                                         ("silent", self.UNAWARE, {"idle": "2s"})):
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


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


if __name__ == "__main__":
    unittest.main(verbosity=2)
