"""Mainspring's runtime of `python` jobs: started by the worker for one attempt, it loads the job's
code, calls prepare(ctx) and run(ctx), and writes the result document.

Two lines come through stdin: what to load, and what to run it for. Where processes are kept warm
the second comes later, and prepare(ctx) has been called by then.

Only the standard library; Python 3.9 or newer. Code of the job imports `mainspring` from here.
"""
import json
import os
import sys

MINIMUM = (3, 9)
STACK_LIMIT = 64 << 10  # of an error's stack; what is more is cut out of its middle
MESSAGE_LIMIT = 16 << 10
FILES_LIMIT = 500  # that are looked after, of a process that waits
PROGRESS_PAUSE = 0.1  # seconds: the worker looks every half second, more lines help nobody
PROGRESS_MESSAGE = 900  # bytes; the worker takes lines of 1,000
TEMPORARY = 75  # EX_TEMPFAIL, as for commands
TERMINATED = 128 + 15  # the exit code after SIGTERM, as a shell has it


class Retryable(Exception):
    """The attempt failed, and another one may succeed; not before `after`, such as "30s"."""

    def __init__(self, message="", after=None):
        super().__init__(message)
        self.retry_after = None if after is None else to_duration(after)


class Fatal(Exception):
    """The attempt failed; `retry.only`, if the job has one, does not call it retryable."""


class Cancelled(BaseException):
    """SIGTERM has come: the run was cancelled, or is over its time. No `except Exception` holds
    it, as with KeyboardInterrupt."""


class ResultError(Exception):
    """What run() returned is no result."""


def to_duration(value):
    """The text of a duration, from one, from seconds, or from a timedelta."""
    if isinstance(value, str):
        return value
    seconds = value.total_seconds() if hasattr(value, "total_seconds") else float(value)
    if not 0 <= seconds < 1e10:
        raise ValueError(f"{value!r} is no duration: give seconds, a timedelta, or a text as 30s")
    return f"{round(seconds * 1000)}ms"


class Follower:
    """A file that the worker reads while the attempt runs, line by line."""

    def __init__(self, path):
        self._path = path

    def append(self, line):
        with open(self._path, "ab") as out:
            out.write(line.encode("utf-8", "replace") + b"\n")


OF_THE_RUN = ("params", "run_id", "attempt", "epoch", "scheduled_at")


class Context:
    """What run(ctx) gets, and prepare(ctx) before there is a run."""

    def __init__(self, setup):
        self.job = setup["job"]
        self.tenant = setup["tenant"]
        self._loop = None
        self._outputs = {}
        self._progress_file = Follower(os.environ["MAINSPRING_PROGRESS_FILE"])
        self._extend_file = Follower(os.environ["MAINSPRING_EXTEND_FILE"])
        self._progress = None  # the line that waits
        self._progress_at = float("-inf")
        self._timer = None
        self._lock = None
        self._cancelled = False
        self._shields = 0

    def _begin(self, told):
        for name in OF_THE_RUN[:-1]:
            setattr(self, name, told[name])
        self._scheduled_at = told["scheduled_at"]

    def __getattr__(self, name):
        if name == "scheduled_at" and "_scheduled_at" in self.__dict__:
            from datetime import datetime
            return datetime.fromisoformat(self._scheduled_at.replace("Z", "+00:00"))
        if name in OF_THE_RUN:
            raise AttributeError(f"ctx.{name} is not there in prepare(ctx), which comes before any "
                                 "run is known")
        raise AttributeError(f"ctx has no {name}")

    @property
    def cancelled(self):
        """Whether SIGTERM has come; for code under ctx.shielded() and in other threads."""
        return self._cancelled

    def shielded(self):
        """`with ctx.shielded():` Cancelled is not raised inside, but at the end of the block."""
        return Shield(self)

    def progress(self, fraction, message=""):
        fraction = float(fraction)
        if not 0 <= fraction <= 1:
            raise ValueError(f"progress is a number from 0 to 1, not {fraction!r}")
        text = " ".join(str(message).split("\n")).encode("utf-8", "replace")[:PROGRESS_MESSAGE]
        self._progress = f"{fraction:.6f} {text.decode('utf-8', 'ignore')}".rstrip()
        self._tell_progress()

    def _tell_progress(self):
        import threading
        import time
        if self._lock is None:
            self._lock = threading.RLock()
        with self._lock:
            left = self._progress_at + PROGRESS_PAUSE - time.monotonic()
            if left <= 0:
                self._progress_at = time.monotonic()
                self._flush_progress()
            elif self._timer is None:
                self._timer = threading.Timer(left, self._on_timer)
                self._timer.daemon = True
                self._timer.start()

    def _on_timer(self):
        with self._lock:
            self._timer = None
            self._flush_progress()

    def _flush_progress(self):
        line, self._progress = self._progress, None
        if line is not None:
            self._progress_file.append(line)

    def heartbeat(self):
        """A sign of life, for timeout.idle, without a word."""
        self._progress_file.append("")

    def extend(self, duration):
        """Asks for that much more time, from now on, before timeout.run ends the attempt."""
        self._extend_file.append(to_duration(duration))

    def output(self, key, value):
        """One key of the result, for a run() that returns a dict or nothing."""
        if not isinstance(key, str):
            raise TypeError(f"the key of an output is a str, not {type_name(key)}")
        check_result(value, f"the output {key!r}")
        self._outputs[key] = value

    def log(self, *parts):
        """One line of the log."""
        sys.stdout.write(" ".join(map(str, parts)) + "\n")
        sys.stdout.flush()


class Shield:
    def __init__(self, context):
        self._context = context

    def __enter__(self):
        self._context._shields += 1
        return self

    def __exit__(self, kind, *unused):
        self._context._shields -= 1
        if self._context._cancelled and self._context._shields == 0 and kind is None:
            raise Cancelled("SIGTERM asked this attempt to end")


# --- results -------------------------------------------------------------------------------------

def type_name(value):
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def is_text(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_result(value, where):
    """Refuses what JSON would not give back as it was."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not is_text(value):
            raise ResultError(f"{where} holds half of a surrogate pair, which is no text")
        return
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 63:
            raise ResultError(f"{where} is a whole number of more than 64 bits; make it a str")
        return
    if isinstance(value, float):
        if value - value != 0:
            raise ResultError(f"{where} is {value}, which JSON has no number for")
        return
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str) or not is_text(key):
                raise ResultError(f"{where} has the key {key!r}, of type {type_name(key)}; "
                                  "keys of a result are texts")
            check_result(part, f"{where}[{key!r}]")
        return
    if isinstance(value, (list, tuple)):
        for index, part in enumerate(value):
            check_result(part, f"{where}[{index}]")
        return
    raise ResultError(f"{where} is of type {type_name(value)}, which is no result; return a dict, "
                      "list, str, number, bool, None or, as a whole, bytes")


def make_output(value, outputs, limit):
    """The output and the media type of the result document."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        import base64
        encoded = base64.b64encode(bytes(value)).decode()
        check_size(len(encoded) + 2, limit)
        return {"output": encoded, "media_type": "application/octet-stream"}
    try:
        check_result(value, "the result")
    except RecursionError:
        raise ResultError("the result holds itself, or is too deep") from None
    if value is None:
        value = outputs or None
    elif isinstance(value, dict):
        value = {**outputs, **value}
    if value is None:
        return {}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    check_size(len(text.encode()), limit)
    return {"output": value}


def check_size(size, limit):
    if size > limit:
        raise ResultError(f"the result has {size} bytes as JSON, over the limit of {limit}: store "
                          "it elsewhere and give its address")


class Statement:
    """The result document: written at once, so that one which is there is whole."""

    def __init__(self):
        self._path = os.environ["MAINSPRING_RESULT_FILE"]

    def write(self, **members):
        text = json.dumps({"protocol_version": 1, **members})
        with open(self._path + ".new", "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(self._path + ".new", self._path)


# --- errors --------------------------------------------------------------------------------------

def cut(text, limit):
    """Without lone surrogates, which JSON texts may not hold, and within the limit."""
    text = text.encode("utf-8", "backslashreplace").decode()
    if len(text) <= limit:
        return text
    return f"{text[:limit // 2]}\n... {len(text) - limit} characters left out ...\n" \
           f"{text[-limit // 2:]}"


def is_ours(frame):
    """Whether it belongs to what brings the job's code to run, not to the job."""
    name = frame.f_code.co_filename
    return (name == __file__ or name.startswith("<frozen importlib")
            or f"{os.sep}asyncio{os.sep}" in name or f"{os.sep}importlib{os.sep}" in name)


def stack_of(error):
    import traceback
    place = error.__traceback__
    while place is not None and is_ours(place.tb_frame):
        place = place.tb_next
    return "".join(traceback.format_exception(type(error), error, place)).rstrip("\n")


def failure_of(error):
    message = str(error)
    if isinstance(error, SystemExit):
        message = f"sys.exit({error.code!r})"
    if isinstance(error, KeyError):
        message = f"KeyError: {message}"  # else nothing but a key
    kind = "result" if isinstance(error, ResultError) else type(error).__name__
    stack = "" if isinstance(error, ResultError) else stack_of(error)
    return {"type": kind, "message": cut(message or kind, MESSAGE_LIMIT),
            "stack": cut(stack, STACK_LIMIT)}


# --- loading -------------------------------------------------------------------------------------

def load_code(code):
    import linecache
    import types
    name = "<code>"
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    module = types.ModuleType("mainspring_job")
    module.__file__ = name
    sys.modules[module.__name__] = module
    sys.path[0] = os.getcwd()
    exec(compile(code, name, "exec", dont_inherit=True), module.__dict__)
    return module


def load_file(path):
    import importlib.util
    from importlib.machinery import SourceFileLoader
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    stem = os.path.splitext(os.path.basename(path))[0]
    is_free = stem.isidentifier() and stem not in sys.modules
    name = stem if is_free else "mainspring_job"
    loader = SourceFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def load(entry):
    if "code" in entry:
        return load_code(entry["code"])
    if "file" in entry:
        return load_file(entry["file"])
    import importlib
    sys.path[0] = os.getcwd()
    return importlib.import_module(entry["module"])


def find_function(module, entry):
    name = entry["function"]
    found = getattr(module, name, None)
    if not callable(found):
        where = entry.get("file") or entry.get("module") or "the code"
        raise Fatal(f"{where} has no function {name}(ctx)")
    return found


# --- running -------------------------------------------------------------------------------------

def call(function, context):
    given = function(context)  # nothing of an async one happens until it is awaited
    return call_async(given, context) if hasattr(type(given), "__await__") else given


def call_async(awaitable, context):
    """In one loop for prepare and run, so that what the first makes is of use to the second."""
    import asyncio
    import signal
    if context._loop is None:
        context._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(context._loop)

    async def main():
        task = asyncio.ensure_future(awaitable)

        def on_term():
            context._cancelled = True
            if context._shields == 0:
                task.cancel()

        context._loop.add_signal_handler(signal.SIGTERM, on_term)
        try:
            return await task
        except asyncio.CancelledError as error:
            if not context._cancelled:
                raise
            raise Cancelled("SIGTERM asked this attempt to end") from error

    try:
        return context._loop.run_until_complete(main())
    finally:
        context._loop.remove_signal_handler(signal.SIGTERM)
        watch_for_term(context)


def close_loop(loop):
    """As asyncio.run() does: what is left over is cancelled."""
    import asyncio
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def watch_for_term(context):
    import signal

    def on_term(*unused):
        context._cancelled = True
        if context._shields == 0:
            raise Cancelled("SIGTERM asked this attempt to end")

    signal.signal(signal.SIGTERM, on_term)


def offer_module():
    """`import mainspring`."""
    import types
    module = types.ModuleType("mainspring", "What code of a Mainspring job may raise.")
    for kind in (Retryable, Fatal, Cancelled):
        kind.__module__ = "mainspring"
        setattr(module, kind.__name__, kind)
    sys.modules["mainspring"] = module


def set_up(setup):
    """The process as the job's code finds it."""
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.stderr.reconfigure(errors="backslashreplace")
    sys.argv = [setup["entry"].get("file") or setup["entry"].get("module") or "-c"]
    if sys.prefix != sys.base_prefix:  # what activating the environment would do
        os.environ["VIRTUAL_ENV"] = sys.prefix
        os.environ["PATH"] = f"{sys.prefix}/bin{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    import faulthandler
    faulthandler.enable()  # a crash of an extension leaves its stack in the log
    offer_module()


def load_and_prepare(entry, context):
    """The function to call, or what went wrong before it could be."""
    try:
        module = load(entry)
        function = find_function(module, entry)
        prepare = getattr(module, "prepare", None)
        if callable(prepare):
            call(prepare, context)
        return function, None
    except BaseException as error:
        return None, error


def own_files(entry):
    """The files that the job's code came from; not those of Python, nor installed packages."""
    library = os.path.dirname(os.__file__) + os.sep
    found = {entry["file"]} if "file" in entry else set()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.startswith("/") or path == __file__:
            continue
        if not (path.startswith(library) or "/site-packages/" in path or "/dist-packages/" in path):
            found.add(path)
    return sorted(path for path in found if is_text(path))[:FILES_LIMIT]


class Lines:
    """The two lines, out of reach of the job's code: whoever reads stdin finds its end."""

    def __init__(self):
        self._lines = os.fdopen(os.dup(0), "rb")
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def take(self):
        """Waits for the next one; None when none will come."""
        line = self._lines.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def say(self, **members):
        try:
            text = memoryview(json.dumps(members).encode() + b"\n")
            while text:
                text = text[os.write(self._lines.fileno(), text):]
        except BrokenPipeError:
            pass  # nobody needs this process any more: take() will say so


def say_success(value, context, statement, limit):
    statement.write(status="success", **make_output(value, context._outputs, limit))
    return 0


def say_failure(error, context, statement):
    """The exit code after that."""
    if isinstance(error, SystemExit):
        code = error.code & 0xFF if isinstance(error.code, int) else 1
        status = "retryable" if code == TEMPORARY else "failed"
        statement.write(status=status, error=failure_of(error))
        return code
    members = {"status": "failed", "error": failure_of(error)}
    if isinstance(error, Retryable):
        members["status"] = "retryable"
        if error.retry_after is not None:
            members["retry_after"] = error.retry_after
    if context._outputs:
        members["output"] = context._outputs
    statement.write(**members)
    return TERMINATED if isinstance(error, Cancelled) else 1


def call_job(function, failure, context):
    """What run(ctx) returned."""
    try:
        if failure is not None:
            raise failure
        return call(function, context)
    except SystemExit as error:
        if error.code not in (None, 0):
            raise
        return None


def attempt(setup, lines, statement):
    """Does the work and says how it went. The exit code."""
    context = Context(setup)
    watch_for_term(context)
    try:
        function, failure = load_and_prepare(setup["entry"], context)
        if setup["waits"]:
            lines.say(ready=failure is None, files=own_files(setup["entry"]))
        order = lines.take()
        if order is None:  # nobody needs this process any more
            return 0
        os.environ.update(order["variables"])
        context._begin(order["context"])
        if setup["waits"]:
            lines.say(begins=True)
        value = call_job(function, failure, context)
        return say_success(value, context, statement, setup["result_limit"])
    except BaseException as error:
        return say_failure(error, context, statement)
    finally:
        context._flush_progress()
        if context._loop is not None:
            close_loop(context._loop)


def main():
    lines = Lines()
    setup = lines.take()
    statement = Statement()
    if sys.version_info < MINIMUM:
        statement.write(status="failed", error={
            "type": "interpreter", "message": f"{sys.executable} is Python "
            f"{sys.version.split()[0]}; a python job needs 3.9 or newer: name one in "
            "python.interpreter", "stack": ""})
        return 1
    set_up(setup)
    return attempt(setup, lines, statement)


if __name__ == "__main__":
    sys.exit(main())
