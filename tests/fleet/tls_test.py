#!/usr/bin/env python3
"""Remote workers over HTTPS: a node with a certificate by a private authority, made with openssl as
an administrator would; workers that know the authority, and such as do not."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from fleet import Proxy, RemoteWorker, find_worker  # noqa: E402
from node import Node  # noqa: E402
from waiting import until  # noqa: E402

JOBS = """
name: hello
command: 'echo hello from afar'
placement: {labels: {site: far}}
---
name: patient
command: 'echo begin; while [ ! -e $GO ]; do sleep 0.05; done; echo end'
environment: {GO: "%(go)s"}
placement: {labels: {site: far}}
"""


def openssl(*words, stdin=None):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True,
                          input=stdin, timeout=60).stdout


class Authority:
    """A certificate authority in a directory."""

    def __init__(self, directory, name):
        self.directory, self.name = directory, name
        self.certificate = directory / f"{name}.crt"
        self.key = directory / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.key, "-out", self.certificate, "-subj", f"/CN={name}", "-days", 30,
                "-addext", "basicConstraints=critical,CA:TRUE")

    def certify(self, into, names="DNS:localhost,IP:127.0.0.1", days=30):
        """A certificate and its key as `into`.crt and .key, in one move each."""
        request = self.directory / "request.pem"
        key = self.directory / "fresh.key"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", key, "-out", request, "-subj", "/CN=node", "-addext",
                f"subjectAltName={names}")
        made = self.directory / "fresh.crt"
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                "-CAcreateserial", "-copy_extensions", "copyall", "-days", days, "-out", made)
        key.chmod(0o600)
        key.rename(into.with_suffix(".key"))
        made.rename(into.with_suffix(".crt"))
        return into.with_suffix(".crt"), into.with_suffix(".key")


class Https(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mainspring-fleet-tls-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.authority = Authority(self.directory, "authority")
        self.place = self.directory / "node.crt"
        self.certificate, key = self.authority.certify(self.place)
        self.node = Node("--slots", "1", "--labels", "site=near", "--tls-certificate",
                         str(self.certificate), "--tls-key", str(key))
        self.node.ca = self.authority.certificate
        self.addCleanup(self.node.__exit__)
        self.node.start()
        self.go = self.directory / "go"
        self.node.apply(JOBS % {"go": self.go})
        self.port = int(self.node.address.rpartition(":")[2])

    def worker(self, *flags, host="localhost", port=None):
        worker = RemoteWorker(self.node, *flags, server=f"https://{host}:{port or self.port}")
        self.addCleanup(worker.__exit__)
        return worker

    def trusting(self, **how):
        return self.worker("--ca", str(self.authority.certificate), **how)

    def refused(self, *flags, **how):
        """What a worker that does not get in says, and that it ends by itself."""
        worker = self.worker(*flags, **how)
        worker.spawn()
        code = worker.process.wait(timeout=60)
        workers = self.node.request("GET", "/api/v1/workers").json()["items"]
        self.assertFalse([each for each in workers if each["remote"]])
        return code, worker.log_text()

    def test_a_worker_that_knows_the_authority_joins_and_works(self):
        for how in ({}, {"host": "127.0.0.1"}):
            with self.trusting(**how) as worker:
                run = self.node.wait(self.node.submit("hello"))
                self.assertEqual(run["state"], "succeeded")
                self.assertEqual(run["attempts"][0]["worker_id"], worker.id)
                self.assertEqual(self.node.log_of(run["id"]), b"hello from afar\n")

    def test_the_authority_may_stand_in_the_environment(self):
        environment = self.node.environment
        self.node.environment = lambda: {**environment(),
                                         "MAINSPRING_CA": str(self.authority.certificate)}
        with self.worker() as worker:
            run = self.node.wait(self.node.submit("hello"))
            self.assertEqual(run["attempts"][0]["worker_id"], worker.id)

    def test_without_the_authority_it_is_told_to_name_it(self):
        code, text = self.refused()
        self.assertEqual(code, 5, text)
        self.assertIn("by an authority that is not trusted here", text)
        self.assertIn("--ca", text)

    def test_another_authority_does_not_vouch_for_the_node(self):
        other = Authority(self.directory, "other")
        code, text = self.refused("--ca", str(other.certificate))
        self.assertEqual(code, 5, text)
        self.assertIn("by an authority that is not trusted here", text)

    def test_an_authority_that_cannot_be_read_is_named(self):
        code, text = self.refused("--ca", "/nothing.crt")
        self.assertEqual(code, 5, text)
        self.assertIn("/nothing.crt", text)

    def test_a_node_under_another_name_than_its_certificate_has_is_not_trusted(self):
        # 127.0.0.2 leads to the same node, through a proxy: what a man in the middle has.
        with Proxy(f"127.0.0.1:{self.port}", host="127.0.0.2") as proxy:
            code, text = self.refused("--ca", str(self.authority.certificate), host="127.0.0.2",
                                      port=int(proxy.address.rpartition(":")[2]))
        self.assertEqual(code, 5, text)
        self.assertIn("is not for this name", text)

    def test_a_certificate_that_is_renewed_costs_a_running_worker_nothing(self):
        with Proxy(f"127.0.0.1:{self.port}") as proxy:
            worker = self.trusting(port=int(proxy.address.rpartition(":")[2]))
            worker.start()
            run = self.begin("patient")
            before = self.certificate.read_text()
            self.authority.certify(self.place)
            self.assertNotEqual(self.certificate.read_text(), before)
            self.reload("settings reloaded")
            # Connections that stood go on; new ones see the new certificate.
            proxy.set("cut")
            until(lambda: not proxy.pairs)
            proxy.set("open")
            self.go.write_text("")
            ended = self.node.wait(run)
        self.assertEqual(ended["state"], "succeeded")
        self.assertEqual(len(ended["attempts"]), 1)
        self.assertEqual(self.node.log_of(run), b"begin\nend\n")

    def test_a_worker_goes_on_trying_until_the_node_is_trusted_again(self):
        """Somebody gives the node a certificate by another authority, and later the right one."""
        with Proxy(f"127.0.0.1:{self.port}") as proxy:
            worker = self.trusting(port=int(proxy.address.rpartition(":")[2]))
            worker.start()
            other = Authority(self.directory, "other")
            good = self.directory / "good.crt", self.directory / "good.key"
            for kept, now in zip(good, (self.place, self.place.with_suffix(".key"))):
                shutil.copy2(now, kept)
            other.certify(self.place)
            self.node.ca = other.certificate
            self.reload("settings reloaded")
            proxy.set("cut")
            until(lambda: not proxy.pairs)
            proxy.set("open")
            until(lambda: "not trusted here" in worker.log_text())
            # So is one that starts anew: it has joined, and the node may be mended.
            worker.kill()
            worker.spawn()
            until(lambda: "the node is not there yet" in worker.log_text())
            self.assertIsNone(worker.process.poll())
            for kept, now in zip(good, (self.place, self.place.with_suffix(".key"))):
                kept.rename(now)
            self.node.ca = self.authority.certificate
            self.reload("settings reloaded")
            until(lambda: find_worker(self.node, worker.id)["state"] == "online")
            self.go.write_text("")
            self.assertEqual(self.node.wait(self.node.submit("patient"))["state"], "succeeded")

    def begin(self, job):
        run = self.node.submit(job)
        until(lambda: self.node.log_of(run))
        return run

    def reload(self, word):
        """SIGHUP, until the node has said so."""
        before = self.node.log_text().count(word)
        self.node.process.send_signal(signal.SIGHUP)
        until(lambda: self.node.log_text().count(word) > before)


if __name__ == "__main__":
    os.environ.pop("MAINSPRING_CA", None)
    unittest.main(verbosity=2)
