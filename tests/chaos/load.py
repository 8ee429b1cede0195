"""What the node has to do while it suffers: manifests, and clients that remember every answer."""
import http.client
import random
import threading
import time

WANTED = ("short", "middle", "long", "family", "flaky", "fails", "chatty", "stubborn", "once",
          "keyed", "narrow")
# Jobs that time starts: name, schedule, mode of the work.
TICKERS = (
    ("tick-skip", "{every: 1s, overlap: skip}", "middle"),
    ("tick-one", "{every: 1s, overlap: buffer_one, misfire: skip}", "middle"),
    ("tick-all", "{every: 2s, overlap: buffer_all, misfire: run_latest}", "middle"),
    ("tick-cancel", "{every: 2s, overlap: cancel_other, misfire: run_all, catch_up: 6s}", "long"),
    ("tick-kill", "{every: 3s, overlap: terminate_other, jitter: 500ms}", "stubborn"),
    ("tick-cron", "{cron: '*/2 * * * * *', overlap: allow, misfire: run_all, catch_up: 8s}",
     "short"),
)
TEMPLATE = """
name: {name}
command: ["/bin/sh", "{work}", "{mode}"]
environment: {{MARKS: "{marks}"}}
timeout: {{grace: 300ms}}
retry: {{max_attempts: {attempts}, backoff: {{type: fixed, initial: 20ms, jitter: full}}}}
{more}
"""
REF = "params: {ref: {type: string}}"
EDITED = "tick-edit"


class Manifest:
    def __init__(self, work, marks):
        self.work, self.marks = work, marks

    def job(self, name, mode, more, attempts=100):
        return TEMPLATE.format(name=name, mode=mode, more=more, attempts=attempts,
                               work=self.work, marks=self.marks)

    def edited(self, every, text):
        return self.job(EDITED, "short",
                        f"schedule: {{every: {every}s}}\ndescription: {text}")

    def whole(self):
        documents = [self.job(name, name, REF, 3 if name == "fails" else 100)
                     for name in WANTED[:8]]
        documents.append(self.job("once", "middle", REF, attempts=1))
        documents.append(self.job("keyed", "middle", f"{REF}\nconcurrency: {{limit: 2}}"))
        documents.append(self.job("narrow", "middle", f"{REF}\nqueue: narrow"))
        documents += [self.job(name, mode, f"schedule: {schedule}")
                      for name, schedule, mode in TICKERS]
        documents.append(self.edited(1, "first"))
        return "\n---\n".join(documents)


def uptime():
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # the clock of the marks


class Client(threading.Thread):
    """Submits, cancels and asks until told to stop. What got no answer is sent again, under the
    same key, until it gets one."""

    expected = (200,)  # what a question may be answered with

    def __init__(self, node, seed):
        super().__init__(daemon=True)
        self.node, self.random = node, random.Random(seed)
        self.accepted = {}    # ref -> run
        self.jobs = {}        # ref -> name of the job
        self.unanswered = set()
        self.cancelled = {}   # run -> uptime at which the cancel was acknowledged
        self.wrong = []
        self.done = threading.Event()
        self.sent = 0

    def run(self):
        while not self.done.is_set():
            self.step()
            self.done.wait(self.random.uniform(0.02, 0.3))

    def step(self):
        dice = self.random.random()
        if dice < 0.65 or not self.accepted:
            self.submit()
        elif dice < 0.75:
            self.repeat(self.random.choice(list(self.accepted)[-50:]))
        elif dice < 0.88:
            self.cancel(self.random.choice(list(self.accepted.values())[-20:]))
        else:
            run = self.random.choice(list(self.accepted.values()))
            reply = self.ask("GET", f"/api/v1/runs/{run}")
            if reply is not None and reply.status not in self.expected:
                self.wrong.append(f"GET {run}: {reply.status} {reply.body}")

    def submit(self):
        self.sent += 1
        job, ref = self.random.choice(WANTED), f"{self.name}-{self.sent}"
        self.jobs[ref] = job
        self.unanswered.add(ref)
        reply = self.send(ref)
        if reply is None:
            return
        self.unanswered.discard(ref)
        if reply.status == 202:
            self.accepted[ref] = reply.json()["id"]
        elif reply.status not in (429, 503):
            self.wrong.append(f"submit {job}: {reply.status} {reply.body}")

    def send(self, ref):
        return self.ask("POST", f"/api/v1/jobs/{self.jobs[ref]}/runs", {"params": {"ref": ref}},
                        {"Idempotency-Key": ref})

    def repeat(self, ref):
        """As a client does that has forgotten its answer."""
        reply = self.send(ref)
        if reply is not None and reply.status == 202 and reply.json()["id"] != self.accepted[ref]:
            self.wrong.append(f"{ref} was {self.accepted[ref]} and is {reply.json()['id']} now")

    def cancel(self, run):
        body = {"mode": "kill"} if self.random.random() < 0.3 else {}
        reply = self.ask("POST", f"/api/v1/runs/{run}/cancel", body)
        if reply is not None and reply.status == 202:
            self.cancelled.setdefault(run, uptime())
        elif reply is not None and reply.status not in (409, 429, 503):
            self.wrong.append(f"cancel: {reply.status} {reply.body}")

    def ask(self, method, path, body=None, headers=None):
        """The answer, however long the node is away; nothing when the test is over first."""
        while not self.done.is_set():
            try:
                return self.node.request(method, path, body, headers, timeout=5)
            except (OSError, http.client.HTTPException, ValueError):
                self.done.wait(0.03)
        return None


class Editor(Client):
    """Changes definitions, pauses and resumes."""

    def __init__(self, node, seed, manifest):
        super().__init__(node, seed)
        self.manifest = manifest

    def step(self):
        self.sent += 1
        if self.random.random() < 0.5:
            text = self.manifest.edited(self.random.randint(1, 3), f"edit {self.sent}")
            reply = self.ask("POST", "/api/v1/manifests/apply", text,
                             {"Content-Type": "application/yaml"})
        else:
            verb = self.random.choice(["pause", "resume"])
            meanwhile = {"meanwhile": self.random.choice(["hold", "drop"])}
            reply = self.ask("POST", f"/api/v1/jobs/tick-all/{verb}",
                             meanwhile if verb == "pause" else None)
        if reply is not None and reply.status not in (200, 429, 503):
            self.wrong.append(f"edit: {reply.status} {reply.body}")
        self.done.wait(self.random.uniform(0.1, 0.8))
