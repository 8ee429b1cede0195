"""What a program in a sandbox can reach, on a real node: as its own user, and as another.

Where the kernel, or the container around this machine, forbids a part of it, the refusal is checked
instead, and the reason printed.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node  # noqa: E402

READ_ONLY = "{filesystem: read_only}"
PRIVATE = "{filesystem: private}"
NO_NETWORK = "{network: none}"
NO_CALLS = "{syscalls: default}"
ALL = "{filesystem: private, network: none, syscalls: default}"

# Name, sandbox, command line, exit code, what the log holds, what it does not.
SCENARIOS = [
    ("plain-etc", "{}", "test -r /etc/passwd && echo readable", 0, "readable", ""),
    ("ro-etc", READ_ONLY, "echo x > /etc/mainspring-probe", 2, "ermission denied", ""),
    ("ro-read", READ_ONLY, "head -c 4 /etc/passwd | wc -c", 0, "4", ""),
    ("ro-tmp", READ_ONLY, "echo kept > /tmp/probe; cat /tmp/probe;"
     " test ! -e {marker} && echo mine", 0, "mine", ""),
    ("ro-work", READ_ONLY, "echo kept > here; cat here", 0, "kept", ""),
    ("ro-null", READ_ONLY, "echo x > /dev/null && echo fine", 0, "fine", ""),
    ("ro-mount", READ_ONLY, "mount -t tmpfs none /mnt 2>&1 || echo refused", 0, "refused", ""),
    ("ro-result", READ_ONLY, "echo answer=42 >> $MAINSPRING_OUTPUT", 0, "", ""),
    ("private-home", PRIVATE, "ls -A /root /home | grep -v : | grep -c . || true", 0, "0", ""),
    ("private-data", PRIVATE, "cat {data}/admin-token 2>&1 || echo hidden", 0, "hidden", ""),
    ("private-work", PRIVATE, "echo kept > here; cat here; pwd", 0, "{work}", ""),
    ("net-none", NO_NETWORK, "cat /proc/net/dev | grep -v '|' | wc -l", 0, "1", ""),
    ("net-loopback", NO_NETWORK,
     "python3 -c \"import socket; s = socket.create_server(('127.0.0.1', 0));"
     " socket.create_connection(s.getsockname()); print('loop')\"", 0, "loop", ""),
    ("net-node", NO_NETWORK,
     "python3 -c \"import socket; socket.create_connection(('127.0.0.1', {port}))\" 2>&1"
     " | tail -1", 0, "refused", ""),
    ("calls-ns", NO_CALLS, "unshare --net true 2>&1 || echo refused", 0, "refused", ""),
    ("calls-trace", NO_CALLS,
     "python3 -c \"import ctypes; libc = ctypes.CDLL(None, use_errno=True);"
     " print(libc.ptrace(16, 1, 0, 0), ctypes.get_errno())\"", 0, "-1 1", ""),
    ("calls-threads", NO_CALLS,
     "python3 -c \"import threading; t = threading.Thread(target=print, args=('ran',));"
     " t.start(); t.join()\"", 0, "ran", ""),
    ("all-shell", ALL, "sh -c 'sleep 0.01 & wait; echo done'", 0, "done", ""),
    ("all-exit", ALL, "exit 126", 126, "", ""),
    ("all-signal", ALL, "kill -SEGV $$", None, "", ""),
    ("all-privileges", ALL, "grep NoNewPrivs /proc/self/status", 0, "NoNewPrivs:\t1", ""),
]


def manifest_of(name, sandbox, command, work, user):
    as_user = f"user: {user}\n" if user else ""
    return (f"name: {name}\nsandbox: {sandbox}\nworking_dir: {work}\n{as_user}"
            f"command: |\n  {command}\n")


class SandboxTest(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.__exit__)
        self.node.directory.chmod(0o755)  # users must be able to reach their working directory
        self.work = self.node.directory / "work"
        self.work.mkdir(mode=0o777)
        self.work.chmod(0o777)
        self.node.start()

    def check_all(self, user):
        marker = self.node.directory / "marker"  # in the machine's own /tmp
        marker.touch()
        port = self.node.address.rsplit(":", 1)[1]
        words = {"data": self.node.data, "work": self.work, "port": port,
                 "marker": marker}
        fill = lambda text: text.format(**words)  # noqa: E731
        self.node.apply("---\n".join(
            manifest_of(name, sandbox, fill(command), self.work, user)
            for name, sandbox, command, *_ in SCENARIOS))
        runs = {name: self.node.submit(name) for name, *_ in SCENARIOS}
        for name, _, _, code, shown, hidden in SCENARIOS:
            with self.subTest(name, user=user):
                run = self.node.wait(runs[name])
                if self.is_refused(run):
                    continue
                log = self.node.log_of(run["id"]).decode()
                self.assertEqual(run["outcome"].get("exit_code"), code, log)
                self.assertIn(fill(shown), log)
                if hidden:
                    self.assertNotIn(fill(hidden), log)

    def is_refused(self, run):
        error = run["outcome"].get("error") or {}
        if "the sandbox cannot be made" not in error.get("message", ""):
            return False
        print(f"not on this machine: {error['message']}", file=sys.stderr)
        self.assertEqual((run["state"], error["type"]), ("failed", "start"))
        return True

    def test_the_users_of_the_node(self):
        self.check_all("")

    def test_another_user(self):
        self.check_all("nobody")

    def test_a_program_that_is_not_there(self):
        self.node.apply("name: absent\ncommand: [/no/such/program]\nsandbox: {network: none}\n")
        run = self.node.wait(self.node.submit("absent"))
        if not self.is_refused(run):
            self.assertEqual(run["outcome"]["error"]["type"], "start")
            self.assertIn("cannot start '/no/such/program'", run["outcome"]["error"]["message"])

    def test_cancel_reaches_what_the_sandbox_started(self):
        self.node.apply("name: long\ncommand: 'sleep 300 & echo up; wait'\n"
                        f"sandbox: {ALL}\ntimeout: {{run: 1s, grace: 0s}}\n")
        run = self.node.wait(self.node.submit("long"))
        if not self.is_refused(run):
            self.assertEqual(run["state"], "timed_out")

    def test_a_result_is_read(self):
        self.node.apply("name: out\ncommand: echo answer=42 >> $MAINSPRING_OUTPUT\n"
                        f"sandbox: {ALL}\n")
        run = self.node.wait(self.node.submit("out"))
        if not self.is_refused(run):
            self.assertEqual(run["outcome"]["result"], {"answer": "42"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
