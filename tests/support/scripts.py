"""A node for tests of jobs of the types python and node, and code for them to run."""
import json
import os
import pathlib
import time
import unittest

from node import Node

LANGUAGES = ("python", "node")
TOKEN = "tok-5d1f2c77e0"  # a value that must not be seen


def py(body):
    """A run(ctx) of that body; its first line is line 2 of the code."""
    return "def run(ctx):\n" + "".join(f"    {line}\n" for line in body.strip().split("\n"))


def js(body):
    return ("export async function run(ctx) {\n"
            + "".join(f"  {line}\n" for line in body.strip().split("\n")) + "}\n")


# Code that prints "up" and then waits to be ended: it cleans up, is asynchronous, does not end when
# it is asked, or knows nothing of that.
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


def declare(params):
    types = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    return {name: {"type": types[type(value)]} for name, value in params.items()}


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


class ScriptCase(unittest.TestCase):
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

    def scratch_directories(self):
        worker = (self.node.data / "worker-id").read_text().strip()
        root = pathlib.Path("/run/mainspring") / worker if os.geteuid() == 0 \
            else self.node.data / "scratch"
        return sorted(path.name for path in root.iterdir()) if root.exists() else []
