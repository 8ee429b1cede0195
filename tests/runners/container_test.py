#!/usr/bin/env python3
"""Jobs of type container against a real dockerd: what a container gets and gives, how it ends, what
goes wrong, and that nothing is left, whoever is killed."""
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

SUPPORT = pathlib.Path(__file__).resolve().parents[1] / "support"
sys.path.insert(0, str(SUPPORT))
from docker import Docker, skip_unless_possible, wait_for  # noqa: E402
from node import Node  # noqa: E402

IMAGE = "test/busybox:1"
BIG = 20 << 20
SLOW = 240  # seconds that something may take on a busy machine
MARK = "hunter2-is-secret"


def job(name, command=None, container=None, **more):
    body = {"name": name, "type": "container",
            "container": {"image": IMAGE, "pull": "never", "network": "none", **(container or {})}}
    if command is not None:
        body["command"] = command
    return {**body, **more}


class Finished:
    """A run that has ended, with its log."""

    def __init__(self, node, run):
        self.run = run
        self.outcome = run.get("outcome") or {}
        self.error = self.outcome.get("error") or {"type": "", "message": ""}
        self.streams = {"stdout": b"", "stderr": b"", "system": b""}
        cursor = ""
        while True:
            page = node.request("GET", f"/api/v1/runs/{run['id']}/log?limit_bytes=4000000"
                                + (f"&cursor={cursor}" if cursor else "")).json()
            for piece in page["items"]:
                raw = base64.b64decode(piece["base64"]) if "base64" in piece else (
                    piece["text"].encode())
                self.streams[piece["stream"]] += raw
            if page["complete"] or not page["items"]:
                break
            cursor = page["next_cursor"]
        self.out, self.err = self.streams["stdout"], self.streams["stderr"]
        self.notes = self.streams["system"].decode()

    def __str__(self):
        return f"{self.outcome}\n{self.out[:500]}\n{self.err[:500]}\n{self.notes}"


class Shared:
    """One engine and one node for all scenarios."""

    def __init__(self):
        self.stack = contextlib.ExitStack()

    def open(self):
        self.docker = self.stack.enter_context(Docker("--live-restore"))
        os.environ["DOCKER_HOST"] = self.docker.host
        self.docker.load_image(IMAGE)
        self.files = pathlib.Path(self.stack.enter_context(
            tempfile.TemporaryDirectory(prefix="mainspring-mount-")))
        self.files.chmod(0o755)
        (self.files / "given").write_text("from outside\n")
        self.node = self.stack.enter_context(Node("--slots", "4"))

    def start(self, body, **submit):
        self.node.apply(json.dumps(body))
        return self.node.submit(body["name"], **submit)

    def finish(self, run):
        return Finished(self.node, self.node.wait(run, SLOW))

    def run(self, body, **submit):
        return self.finish(self.start(body, **submit))


shared = Shared()


def setUpModule():
    skip_unless_possible()
    shared.open()


def tearDownModule():
    shared.stack.close()


def scenarios():
    """name -> (job, what to submit, the state it ends in, what must hold)."""
    files = shared.files
    table = {}

    def add(name, body, state, check, **submit):
        table[name] = ({**body, "name": name}, submit, state, check)

    add("bytes", job("", r"printf 'a\000b\377\r\n'; printf 'err\n' >&2; printf 'no end'"),
        "succeeded", lambda r: (r.out == b"a\0b\xff\r\nno end" and r.err == b"err\n"))
    pattern = f"yes 0123456789abcdef | head -c {BIG}"
    wanted = (b"0123456789abcdef\n" * (BIG // 17 + 1))[:BIG]
    add("flood", job("", f"{pattern} & {pattern} >&2; wait"), "succeeded",
        lambda r: (len(r.out) == len(r.err) == BIG
                   and hashlib.sha256(r.out).digest() == hashlib.sha256(wanted).digest()
                   and r.err == wanted))
    add("list", job("", ["echo", "$HOME", "a b"]), "succeeded", lambda r: r.out == b"$HOME a b\n")
    add("image-command", job(""), "succeeded", lambda r: r.out == b"from the image\n")
    add("entrypoint", job("", ["a", "b"], {"entrypoint": ["echo", "first"]}), "succeeded",
        lambda r: r.out == b"first a b\n")
    add("exit-code", job("", "exit 7"), "failed",
        lambda r: r.outcome["exit_code"] == 7 and r.error["type"] == "exit_code")
    add("try-later", job("", "exit 75"), "failed",
        lambda r: r.outcome["status"] == "retryable" and r.outcome["exit_code"] == 75)
    add("shell-127", job("", "nosuchprogram"), "failed",
        lambda r: r.outcome["exit_code"] == 127 and "is not in the image" in r.error["message"])
    add("environment",
        job("", "echo $A-$SECRET-$MAINSPRING_JOB-$MAINSPRING_ATTEMPT-$MAINSPRING_PARAM_REGION; "
            "cat $MAINSPRING_INPUT_FILE; echo $PATH | cut -c1-10",
            environment={"A": "x=y", "SECRET": {"file": str(files / "secret")}},
            params={"region": {"type": "string"}}),
        "succeeded",
        lambda r: r.out == b'x=y-***-environment-1-eu\n{"region":"eu"}/usr/local\n',
        params={"region": "eu"})
    add("stdin", job("", "cat; echo end", stdin="typed " * 50_000), "succeeded",
        lambda r: r.out == b"typed " * 50_000 + b"end\n")
    add("unread-stdin", job("", "exec 0<&-; echo done", stdin="typed " * 50_000), "succeeded",
        lambda r: r.out == b"done\n")
    add("user-and-folder", job("", "id -u; id -g; pwd; echo mine > $MAINSPRING_OUTPUT 2>&1 && "
                               "echo k=v > $MAINSPRING_OUTPUT", user="1000:1000",
                               working_dir="/tmp"),
        "succeeded", lambda r: (r.out == b"1000\n1000\n/tmp\n"
                                and r.outcome["result"] == {"k": "v"}))
    add("mounts",
        job("", "cat /in/given; touch /in/x 2>&1 | grep -c -i read-only; echo kept > /out/kept; "
            "echo v > /vol/v && cat /vol/v; df -k /mem | tail -1 | awk '{print $2}'",
            {"mounts": [{"source": str(files), "target": "/in", "read_only": True},
                        {"source": str(files), "target": "/out"},
                        {"type": "volume", "source": "named", "target": "/vol"},
                        {"type": "tmpfs", "target": "/mem", "size": "2MiB"}]}),
        "succeeded", lambda r: (r.out == b"from outside\n1\nv\n2048\n"
                                and (files / "kept").read_text() == "kept\n"))
    add("missing-mount",
        job("", "true", {"mounts": [{"source": "/no/such/place", "target": "/x"}]}), "failed",
        lambda r: (r.error["type"] == "create" and "/no/such/place" in r.error["message"]
                             and not os.path.exists("/no/such")))
    add("limits",
        job("", "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max "
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || "
            "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max /sys/fs/cgroup/cpu.max; "
            "df -k /dev/shm | tail -1 | awk '{print $2}'",
            {"shm_size": "3MiB"}, resources={"memory": "64MiB", "pids": 32, "cpu": 0.5}),
        "succeeded", lambda r: r.out.split()[:2] == [b"67108864", b"32"]
        and r.out.split()[2] == b"50000" and r.out.split()[-1] == b"3072")
    add("out-of-memory",
        job("", "head -c 100m /dev/zero | tail -c 100m >/dev/null; exit 5",
            resources={"memory": "16MiB"}),
        "failed", lambda r: (r.error["type"] == "out_of_memory"
                             and "resources.memory, 16MiB" in r.error["message"]))
    add("too-many-processes",
        job("", "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait; exit 0",
            resources={"pids": 5}),
        "failed", lambda r: b"fork" in r.err)
    add("no-network", job("", "ip -o link | wc -l"), "succeeded", lambda r: r.out == b"1\n")
    add("orphans", job("", "(sleep 0.1 &) ; sleep 2; ps -o stat,comm | grep -c '^Z'; "
                       "ps -o pid,comm | awk '$1==1 {print $2}'"),
        "succeeded", lambda r: b"init" in r.out and r.out.startswith(b"0\n"))
    add("no-init", job("", "echo $$", {"init": False}), "succeeded", lambda r: r.out == b"1\n")
    add("read-only", job("", "echo x > /data/x || echo refused", {"read_only": True}), "succeeded",
        lambda r: r.out == b"refused\n")
    add("capabilities", job("", "chown 1000 /tmp 2>&1 | grep -c -i permitted",
                            {"cap_drop": ["ALL"]}), "succeeded", lambda r: r.out == b"1\n")
    add("result", job("", "echo '0.5 half' >> $MAINSPRING_PROGRESS_FILE; echo "
                      "'{\"protocol_version\":1,\"output\":[1,2]}' > $MAINSPRING_RESULT_FILE"),
        "succeeded", lambda r: (r.outcome["result"] == [1, 2]
                                and r.run["progress"]["fraction"] == 0.5))
    add("broken-result", job("", "ln -s /etc/passwd $MAINSPRING_RESULT_FILE"), "failed",
        lambda r: r.error["type"] == "result_protocol")
    add("no-image", job("", "true", {"image": "test/nothing:9"}), "failed",
        lambda r: r.error["type"] == "image" and "container.pull is never" in r.error["message"])
    # With an init it is that which finds out, and says so.
    add("no-program", job("", ["/no/program"]), "failed",
        lambda r: r.outcome["exit_code"] == 127 and b"/no/program" in r.err)
    add("no-permission", job("", ["/etc/plain"]), "failed",
        lambda r: r.outcome["exit_code"] == 126 and b"/etc/plain" in r.err)
    add("bare-no-program", job("", ["/no/program"], {"init": False}), "failed",
        lambda r: r.error["type"] == "start" and "does not hold" in r.error["message"])
    add("bare-no-permission", job("", ["/etc/plain"], {"init": False}), "failed",
        lambda r: r.error["type"] == "start" and "not executable" in r.error["message"])
    add("no-user", job("", "true", user="nobody-here"), "failed",
        lambda r: r.error["type"] == "start" and "nobody-here" in r.error["message"])
    add("run-timeout",
        job("", "trap '' TERM; echo on; while :; do sleep 0.1; done",
            timeout={"run": "3s", "grace": "500ms"}),
        "timed_out", lambda r: r.out == b"on\n" and "timeout.run, 3s" in r.error["message"])
    add("idle-timeout",
        job("", "trap 'echo bye; exit 3' TERM; while :; do sleep 0.1; done",
            timeout={"idle": "2s"}),
        "timed_out", lambda r: r.out == b"bye\n" and "timeout.idle, 2s" in r.error["message"])
    add("more-time",
        job("", "echo 60s >> $MAINSPRING_EXTEND_FILE; sleep 6; echo done", timeout={"run": "5s"}),
        "succeeded", lambda r: r.out == b"done\n" and "60s more" in r.notes.replace("1m", "60s"))
    return table


class ScenarioTest(unittest.TestCase):
    def test_every_scenario(self):
        (shared.files / "secret").write_text(MARK + "\n")
        table = scenarios()
        runs = {name: shared.start(body, **submit)
                for name, (body, submit, _, _) in table.items()}
        for name, (_, _, state, check) in table.items():
            with self.subTest(name):
                found = shared.finish(runs[name])
                self.assertEqual(found.run["state"], state, str(found))
                self.assertTrue(check(found), str(found))
                self.assertNotIn(MARK, str(found))
        self.assertEqual(shared.docker.containers(), [])
        shared.docker.ask("DELETE", "/volumes/named")
        self.assertEqual(shared.docker.volumes(), [])
        self.assertEqual(list((shared.node.data / "containers").iterdir()), [])


class ExampleTest(unittest.TestCase):
    def test_the_examples_say_what_they_are_said_to(self):
        folder = SUPPORT.parents[1] / "examples" / "container"
        shared.docker.load_image("docker.io/library/busybox:1.36")
        shared.node.apply((folder / "jobs.yaml").read_text())
        said, results = "", {}
        for name in ("count-words", "locked-up"):
            found = shared.finish(shared.node.submit(name))
            self.assertEqual(found.run["state"], "succeeded", str(found))
            said += f"{name}\n{found.out.decode()}"
            results[name] = found.outcome.get("result")
        self.assertEqual(said, (folder / "expected.txt").read_text())
        self.assertEqual(results["count-words"], {"be": "2", "not": "1", "or": "1", "to": "2"})


class EndTest(unittest.TestCase):
    """Ends that come from outside, one at a time."""

    def tearDown(self):
        self.assertEqual(shared.docker.containers(), [])

    def begin(self, name, command, container=None, **more):
        """A run whose container has said "on"."""
        run = shared.start(job(name, command, container, **more))
        wait_for(lambda: b"on" in shared.node.log_of(run), f"{name} begins", SLOW)
        return run

    def cancel(self, run, **body):
        reply = shared.node.request("POST", f"/api/v1/runs/{run}/cancel", body)
        self.assertEqual(reply.status, 202, reply.body)

    def test_a_container_that_is_cancelled_may_clean_up(self):
        run = self.begin("polite", "trap 'echo clean; exit 0' TERM; echo on; "
                         "while :; do sleep 0.1; done", timeout={"grace": "60s"})
        self.cancel(run)
        found = shared.finish(run)
        self.assertEqual(found.run["state"], "cancelled", str(found))
        self.assertEqual(found.out, b"on\nclean\n")

    def test_one_that_does_not_end_is_killed_when_its_grace_is_over(self):
        run = self.begin("deaf", "trap '' TERM; echo on; while :; do sleep 0.1; done",
                         timeout={"grace": "1s"})
        self.cancel(run)
        found = shared.finish(run)
        self.assertEqual(found.run["state"], "cancelled", str(found))
        self.assertIn("killed", found.error["message"])

    def test_one_that_is_to_be_killed_gets_no_grace(self):
        run = self.begin("shot", "trap '' TERM; echo on; while :; do sleep 0.1; done",
                         timeout={"grace": "1h"})
        self.cancel(run, mode="kill")
        self.assertEqual(shared.finish(run).run["state"], "cancelled")

    def test_one_that_somebody_else_removes_has_one_outcome(self):
        run = self.begin("removed", "echo on; sleep 1000")
        shared.docker.remove_all()
        found = shared.finish(run)
        # Whether the engine can still tell how it ended is a race.
        self.assertTrue(found.outcome.get("exit_code") == 137
                        or found.error["type"] == "engine_lost", str(found))

    def test_one_outlives_an_engine_that_is_killed_with_live_restore(self):
        run = self.begin("restored", "echo on; until test -e /data/go; do sleep 0.1; done; "
                         "echo after; exit 6",
                         {"mounts": [{"source": str(shared.files), "target": "/data"}]})
        shared.docker.restart()
        wait_for(lambda: b"is back after" in shared.node.log_of(run), "the engine is back", SLOW)
        (shared.files / "go").touch()
        found = shared.finish(run)
        self.assertEqual(found.outcome["exit_code"], 6, str(found))
        self.assertTrue(found.out.endswith(b"after\n"), str(found))

    def test_a_lost_engine_that_kills_its_containers_is_a_reason_to_try_again(self):
        shared.docker.restart("--live-restore=false", number=signal.SIGTERM)
        try:
            run = self.begin("dropped", "echo on; sleep 1000")
            shared.docker.restart("--live-restore=false")
            found = shared.finish(run)
        finally:
            shared.docker.restart("--live-restore", number=signal.SIGTERM)
        self.assertEqual(found.outcome["status"], "retryable", str(found))
        self.assertEqual(found.error["type"], "engine_lost", str(found))

    def test_a_run_whose_engine_is_away_can_still_be_cancelled(self):
        run = self.begin("alone", "trap '' TERM; echo on; while :; do sleep 0.1; done",
                         timeout={"grace": "1s"})
        shared.docker.stop(signal.SIGKILL)
        try:
            self.cancel(run)
            found = shared.finish(run)
        finally:
            shared.docker.start()
        self.assertEqual(found.run["state"], "cancelled", str(found))
        after = shared.run(job("after", "echo next"))
        self.assertEqual(after.out, b"next\n", str(after))  # and what was left is removed by now

    def test_no_engine_is_told_with_its_socket(self):
        shared.docker.stop()
        try:
            found = shared.run(job("nowhere", "true"))
        finally:
            shared.docker.start()
        self.assertEqual(found.outcome["status"], "retryable", str(found))
        self.assertEqual(found.error["type"], "engine")
        self.assertIn(shared.docker.socket, found.error["message"])

    def test_a_port_leads_in(self):
        run = self.begin("port", "echo on; echo hello | nc -l -p 80 -w 60",
                         {"ports": ["127.0.0.1:27080:80"], "network": "bridge"})
        ask = ("import socket; s = socket.create_connection(('127.0.0.1', 27080), 60); "
               "print(s.recv(99).decode())")
        asked = subprocess.run(shared.docker.inside(sys.executable, "-c", ask),
                               capture_output=True, text=True, timeout=120)
        self.assertIn("hello", asked.stdout, asked.stderr)
        self.assertEqual(shared.finish(run).run["state"], "succeeded")


class CrashTest(unittest.TestCase):
    def test_a_node_that_is_killed_leaves_no_container_and_tries_again(self):
        with Node("--slots", "2", "--lease", "2s", "--heartbeat", "400ms") as node:
            node.apply(json.dumps(job(
                "crashed", "echo $MAINSPRING_ATTEMPT >> /data/begun; "
                "test $MAINSPRING_ATTEMPT = 2 || sleep 1000",
                {"mounts": [{"source": str(shared.files), "target": "/data"}]},
                retry={"max_attempts": 2, "backoff": {"type": "fixed", "initial": "10ms"}})))
            run = node.submit("crashed")
            begun = shared.files / "begun"
            wait_for(lambda: begun.exists() and begun.read_text() == "1\n", "it begins", SLOW)
            node.kill()
            wait_for(lambda: shared.docker.containers() == [], "the watchdog ends it", SLOW)
            node.start()
            found = node.wait(run, SLOW)
            self.assertEqual(found["state"], "succeeded", found)
            self.assertEqual(begun.read_text(), "1\n2\n")
            self.assertEqual(shared.docker.containers(), [])

    def test_a_node_that_stands_still_keeps_no_container_past_its_lease(self):
        with Node("--slots", "2", "--lease", "3s", "--heartbeat", "400ms") as node:
            node.apply(json.dumps(job("frozen", "while :; do echo on; sleep 0.1; done")))
            run = node.submit("frozen")
            wait_for(lambda: b"on" in node.log_of(run), "it begins", SLOW)
            node.process.send_signal(signal.SIGSTOP)
            try:
                wait_for(lambda: shared.docker.containers() == [], "the watchdog ends it", SLOW)
            finally:
                node.process.send_signal(signal.SIGCONT)
            self.assertEqual(node.wait(run, SLOW)["outcome"]["status"], "lost")

    def test_what_was_left_is_removed_when_the_node_starts(self):
        with Node("--slots", "2") as node:
            worker = json.loads(node.request("GET", "/api/v1/workers").body)["items"][0]["id"]
            node.kill()
            shared.docker.ask("POST", "/containers/create?name=left", {
                "Image": IMAGE, "Cmd": ["sleep", "1000"], "Labels": {"mainspring.node": worker}})
            shared.docker.ask("POST", "/containers/create?name=foreign", {
                "Image": IMAGE, "Labels": {"mainspring.node": "another"}})
            shared.docker.ask("POST", "/containers/left/start")
            node.start()
            self.assertEqual([each["Names"] for each in shared.docker.containers()], [["/foreign"]])
            shared.docker.ask("DELETE", "/containers/foreign")


class Tunnel:
    """A port of the loopback that leads to the engine's socket, in TLS or in plain."""

    def __init__(self, path, context=None):
        self.path, self.context = path, context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self.connect, args=(near,), daemon=True).start()

    def connect(self, near):
        with contextlib.suppress(OSError):
            if self.context:
                near = self.context.wrap_socket(near, server_side=True)
            with near, socket.socket(socket.AF_UNIX) as far:
                far.connect(self.path)
                out = threading.Thread(target=self.copy, args=(near, far), daemon=True)
                out.start()
                self.copy(far, near)
                out.join()

    @staticmethod
    def copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def close(self):
        self.listener.close()


class RemoteTest(unittest.TestCase):
    """An engine that is not on a unix socket."""
    JOB = job("far", "cat; echo ${MAINSPRING_RESULT_FILE:-none}; echo err >&2; "
              f"yes 0123456789abcdef | head -c {1 << 20}; exit 3", stdin="typed\n" * 1000)
    OUT = b"typed\n" * 1000 + b"none\n" + (b"0123456789abcdef\n" * (1 << 16))[:1 << 20]

    def check(self, found):
        self.assertEqual((found.outcome["exit_code"], found.err), (3, b"err\n"), str(found))
        self.assertEqual(found.out, self.OUT)
        self.assertEqual(shared.docker.containers(), [])

    def test_it_is_reached_over_tcp(self):
        tunnel = Tunnel(shared.docker.socket)
        self.addCleanup(tunnel.close)
        self.addCleanup(os.environ.__setitem__, "DOCKER_HOST", shared.docker.host)
        os.environ["DOCKER_HOST"] = f"tcp://127.0.0.1:{tunnel.port}"
        with Node("--slots", "2") as node:
            node.apply(json.dumps(self.JOB))
            self.check(Finished(node, node.wait(node.submit("far"), SLOW)))
            node.apply(json.dumps(job("far-deaf", "trap '' TERM; echo on; while :; do sleep 0.1; "
                                      "done", timeout={"grace": "500ms"})))
            run = node.submit("far-deaf")
            wait_for(lambda: b"on" in node.log_of(run), "it begins", SLOW)
            node.request("POST", f"/api/v1/runs/{run}/cancel", {})
            self.assertEqual(node.wait(run, SLOW)["state"], "cancelled")
            self.assertEqual(shared.docker.containers(), [])

    def test_it_is_reached_over_tls_and_must_prove_who_it_is(self):
        crt, key = (str(shared.files / name) for name in ("tls.crt", "tls.key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", crt, "-days",
                        "2", "-subj", "/CN=engine.test", "-addext",
                        "subjectAltName=DNS:engine.test"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(crt, key)
        tunnel = Tunnel(shared.docker.socket, context)
        self.addCleanup(tunnel.close)
        for name, tls in (("named", {"ca": crt, "server_name": "engine.test"}),
                          ("unknown", {"server_name": "engine.test"}), ("misnamed", {"ca": crt})):
            shared.node.apply(json.dumps({
                "kind": "connection", "name": f"tls-{name}", "type": "docker", "tls": tls,
                "url": f"tcp://127.0.0.1:{tunnel.port}"}))
        for name in ("unknown", "misnamed"):
            found = shared.run(job(f"tls-{name}", "true", {"engine": f"tls-{name}"}))
            self.assertEqual(found.error["type"], "engine", str(found))
            self.assertIn("TLS", found.error["message"])
        self.check(shared.run({**self.JOB, "name": "tls-named",
                               "container": {**self.JOB["container"], "engine": "tls-named"}}))


class PullTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve(cls, 5000)

    def setUp(self):
        shared.docker.remove_images("127.0.0.1:")

    def serve(self, port, *credentials):
        registry = shared.docker.run_aside(
            sys.executable, "-B", str(SUPPORT / "registry.py"), str(port), *credentials,
            stdout=subprocess.PIPE, text=True)
        self.digest = registry.stdout.readline().strip()
        assert self.digest.startswith("sha256:")

    def pull(self, name, image, **container):
        found = shared.run(job(name, None, {"image": image, "pull": "missing", **container}))
        return found

    def test_an_image_is_pulled_when_it_is_missing_with_its_progress_in_the_log(self):
        first = self.pull("pull-first", "127.0.0.1:5000/t/bb:1")
        self.assertEqual(first.out, b"from the registry\n", str(first))
        self.assertIn("[pulling 127.0.0.1:5000/t/bb:1 from 127.0.0.1:5000]", first.notes)
        self.assertRegex(first.notes, r"\[layer [0-9a-f]{12}: Pull complete\]")
        second = self.pull("pull-second", "127.0.0.1:5000/t/bb:1")
        self.assertEqual((second.out, second.notes), (b"from the registry\n", ""))
        always = self.pull("pull-always", "127.0.0.1:5000/t/bb:1", pull="always")
        self.assertIn("Image is up to date", always.notes)

    def test_an_image_is_pinned_by_its_digest(self):
        found = self.pull("pinned", f"127.0.0.1:5000/t/bb@{self.digest}")
        self.assertEqual(found.out, b"from the registry\n", str(found))
        wrong = self.pull("pinned-wrong", "127.0.0.1:5000/t/bb@sha256:" + "0" * 64)
        self.assertEqual(wrong.error["type"], "image", str(wrong))

    def test_what_the_registry_has_not_is_no_reason_to_try_again(self):
        found = self.pull("no-tag", "127.0.0.1:5000/t/bb:9")
        self.assertEqual((found.error["type"], found.outcome["status"]), ("image", "failed"))
        absent = self.pull("no-registry", "127.0.0.1:5001/t/bb:1")
        self.assertEqual((absent.error["type"], absent.outcome["status"]),
                         ("registry", "retryable"), str(absent))

    def test_a_registry_that_wants_a_password_gets_that_of_the_connection(self):
        self.serve(5002, f"ada:{MARK}")
        (shared.files / "password").write_text(MARK + "\n")
        (shared.files / "wrong").write_text("something else\n")
        for name, file in (("right", "password"), ("mistaken", "wrong")):
            shared.node.apply(json.dumps({
                "kind": "connection", "name": name, "type": "registry", "url": "127.0.0.1:5002",
                "user": "ada", "password": {"file": str(shared.files / file)}}))
        for name, registry in (("auth-none", {}), ("auth-wrong", {"registry": "mistaken"})):
            found = self.pull(name, "127.0.0.1:5002/t/bb:1", **registry)
            self.assertEqual((found.error["type"], found.outcome["status"]),
                             ("registry", "failed"), str(found))
        found = self.pull("auth-right", "127.0.0.1:5002/t/bb:1", registry="right")
        self.assertEqual(found.out, b"from the registry\n", str(found))
        self.assertNotIn(MARK, str(found))

    def test_an_engine_is_chosen_by_a_connection(self):
        shared.node.apply(json.dumps({"kind": "connection", "name": "there", "type": "docker",
                                      "url": "unix:///nonexistent/docker.sock"}))
        found = shared.run(job("elsewhere", "true", {"engine": "there"}))
        self.assertIn("/nonexistent/docker.sock: no such socket", found.error["message"])


if __name__ == "__main__":
    unittest.main()
