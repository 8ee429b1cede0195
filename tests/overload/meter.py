"""What a well-behaved client sees while others misbehave, and what the node costs meanwhile."""
import datetime
import http.client
import json
import multiprocessing
import pathlib
import threading
import time


def resident_mib(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def ask_now_and_then(address, token, pipe):
    """Until told to stop; hands over what it measured whenever it is asked to."""
    connection = http.client.HTTPConnection(address, timeout=60)
    headers = {"Authorization": f"Bearer {token}"}
    seconds, wrong = [], []
    while True:
        if pipe.poll(0.02):
            if pipe.recv() == "stop":
                return
            pipe.send((seconds, wrong))
            seconds, wrong = [], []
        began = time.monotonic()
        try:
            connection.request("GET", "/api/v1/queues", headers=headers)
            reply = connection.getresponse()
            body = reply.read()
            if reply.status != 200:
                wrong.append(f"{reply.status} {body}")
        except (OSError, http.client.HTTPException) as trouble:
            wrong.append(repr(trouble))
            connection.close()
        seconds.append(time.monotonic() - began)


class Meter:
    """Samples memory, and the time that one request a moment takes.

    The requests come from a process of their own: this one's threads wait for each other, and that
    is no fault of the node. Make it before there are threads.
    """

    def __init__(self, node):
        self.node = node
        self.done = threading.Event()
        self.peak, self.wrong = 0.0, []
        context = multiprocessing.get_context("fork")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=ask_now_and_then, daemon=True,
                                       args=(node.address, node.token, other))
        self.process.start()
        self.thread = threading.Thread(target=self.watch_memory, daemon=True)
        self.thread.start()

    def watch_memory(self):
        while not self.done.wait(0.02):
            self.peak = max(self.peak, resident_mib(self.node.process.pid))

    def start_over(self):
        """(peak MiB, p99 seconds) since the last time."""
        self.pipe.send("tell")
        seconds, wrong = self.pipe.recv()
        self.wrong += wrong
        peak, self.peak = self.peak, resident_mib(self.node.process.pid)
        return peak, quantile(seconds, 0.99)

    def stop(self):
        self.done.set()
        self.pipe.send("stop")
        self.process.join()
        self.thread.join()


def lateness(node, job):
    """(due, seconds from due to started) of each run of a schedule that has started."""
    out, cursor = [], ""
    while True:
        reply = node.request("GET", f"/api/v1/runs?job={job}&limit=500{cursor}").json()
        for run in reply["items"]:
            if run.get("started_at"):
                due = instant(run["due_at"])
                out.append((due, instant(run["started_at"]) - due))
        if not reply.get("next_cursor"):
            return out
        cursor = f"&cursor={reply['next_cursor']}"


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


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
