"""What a well-behaved client sees while others misbehave, and what the node costs meanwhile."""
import http.client
import json
import pathlib
import threading
import time


def resident_mib(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


class Meter:
    """Samples memory, and the time that one request a moment takes, on threads of its own."""

    def __init__(self, node):
        self.node = node
        self.done = threading.Event()
        self.peak, self.seconds, self.wrong = 0.0, [], []
        self.threads = [threading.Thread(target=work, daemon=True)
                        for work in (self.watch_memory, self.ask)]
        for thread in self.threads:
            thread.start()

    def watch_memory(self):
        while not self.done.wait(0.02):
            self.peak = max(self.peak, resident_mib(self.node.process.pid))

    def ask(self):
        connection = http.client.HTTPConnection(self.node.address, timeout=60)
        headers = {"Authorization": f"Bearer {self.node.token}"}
        while not self.done.wait(0.02):
            began = time.monotonic()
            connection.request("GET", "/api/v1/queues", headers=headers)
            reply = connection.getresponse()
            body = reply.read()
            self.seconds.append(time.monotonic() - began)
            if reply.status != 200:
                self.wrong.append((reply.status, body))
        connection.close()

    def start_over(self):
        """(peak MiB, p99 seconds) since the last time."""
        found = self.peak, quantile(self.seconds, 0.99)
        self.peak, self.seconds = resident_mib(self.node.process.pid), []
        return found

    def stop(self):
        self.done.set()
        for thread in self.threads:
            thread.join()


def lateness(node, job):
    """Seconds from due to started, of each run of a schedule that has started."""
    out, cursor = [], ""
    while True:
        reply = node.request("GET", f"/api/v1/runs?job={job}&limit=500{cursor}").json()
        for run in reply["items"]:
            if run.get("started_at"):
                out.append(instant(run["started_at"]) - instant(run["due_at"]))
        if not reply.get("next_cursor"):
            return out
        cursor = f"&cursor={reply['next_cursor']}"


def instant(text):
    whole, _, rest = text.rstrip("Z").partition(".")
    return time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{rest or 0}")


def problem(raw):
    """(status, code) of one answer as bytes; (0, "") where there is none."""
    head, _, body = raw.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if len(words) < 2:
        return 0, ""
    try:
        return int(words[1]), json.loads(body).get("code", "")
    except ValueError:
        return int(words[1]), ""
