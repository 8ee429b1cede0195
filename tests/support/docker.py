"""A private dockerd for tests, from Debian's packages, which ./dev deps unpacks into .cache/docker
without installing them: on a socket and in folders of its own, in network and mount namespaces of
its own, so that it changes nothing on the machine. Killed, restarted, and cleaned up after.

    with Docker() as docker:                    # DOCKER_HOST of what is to use it: docker.host
        docker.load_image("test/busybox:1")

Bind mounts and the containers' processes are those of the machine, as its own dockerd would have
them. Skips (exit code 77) only where the machine lets nobody run one.
"""
import contextlib
import glob
import http.client
import io
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".cache" / "docker" / "root"
SKIPPED = 77
START_SECONDS = 60
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What dockerd and its helpers would leave outside the folders that they are given.
SIDE_FOLDERS = ["/run/docker", "/run/containerd", "/run/runc", "/etc/docker"]
API = "/v1.41"


def search_path():
    own = [str(UNPACKED / folder) for folder in ("usr/sbin", "usr/bin", "bin")]
    return os.pathsep.join([*own, os.environ.get("PATH", PATH)])


def program(name):
    path = shutil.which(name, path=search_path())
    if path is None:
        sys.exit(f"{name} is not there; ./dev deps fetches it")
    return path


def skip_unless_possible():
    """Ends the test as skipped where nobody could run a dockerd."""
    why = None
    if os.geteuid() != 0:
        why = "dockerd needs root"
    elif subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True).returncode:
        why = "this machine gives no namespaces"
    if why:
        print(f"skipped: {why}", file=sys.stderr)
        sys.exit(SKIPPED)


def wait_for(predicate, sentence, seconds=START_SECONDS):
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {sentence}")
        time.sleep(0.02)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=120):
        super().__init__("engine", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Docker:
    def __init__(self, *flags):
        self.flags = flags
        # Short: a socket's path has at most 107 bytes, and containerd's lies deep.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="msd", dir="/tmp"))
        self.socket = str(self.directory / "d.sock")
        self.host = f"unix://{self.socket}"
        self.group = f"mainspring-test-{os.getpid()}"
        self.process = self.holder = None
        self.others = []

    def __enter__(self):
        skip_unless_possible()
        try:
            self.hold()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        if self.process is not None:
            with contextlib.suppress(Exception):
                self.remove_all()
            self.stop()
        for process in self.others:
            process.kill()
            process.wait()
        self.end_leftovers()
        if self.holder is not None:
            self.holder.stdin.close()
            self.holder.wait()
        for folder in sorted(glob.glob(f"/sys/fs/cgroup/*/{self.group}") +
                             glob.glob(f"/sys/fs/cgroup/{self.group}")):
            subprocess.run(["find", folder, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+"],
                           capture_output=True)
        shutil.rmtree(self.directory, ignore_errors=True)

    def hold(self):
        """A process that keeps the namespaces while dockerd is away; it ends with its stdin."""
        for folder in SIDE_FOLDERS:
            os.makedirs(folder, exist_ok=True)
        busybox = program("busybox")
        script = "".join(f"mount -t tmpfs none {folder} && " for folder in SIDE_FOLDERS)
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--propagation", "private", "sh", "-c",
             f"{script} {busybox} ip link set lo up && echo ready && exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.holder.stdout.readline() != b"ready\n":
            print("skipped: this machine lets nobody mount in a namespace", file=sys.stderr)
            sys.exit(SKIPPED)

    def inside(self, *words):
        """A command line that runs in the engine's namespaces."""
        return ["nsenter", f"--target={self.holder.pid}", "--net", "--mount", *words]

    def run_aside(self, *words, **how):
        """A process beside the engine, ended with it."""
        self.others.append(subprocess.Popen(self.inside(*words), **how))
        return self.others[-1]

    def start(self, *more):
        folder = self.directory
        (folder / "d.pid").unlink(missing_ok=True)
        with open(folder / "dockerd.log", "ab") as log:
            self.process = subprocess.Popen(
                self.inside(program("dockerd"), "-H", self.host, "--data-root", folder / "root",
                            "--exec-root", folder / "x", "-p", folder / "d.pid",
                            "--iptables=false", "--ip6tables=false", "--ip-forward=false",
                            "--ip-masq=false", "--exec-opt", "native.cgroupdriver=cgroupfs",
                            "--cgroup-parent", f"/{self.group}", "--shutdown-timeout=3",
                            *self.flags, *more),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "PATH": search_path()})
        wait_for(self.is_up, "dockerd answers")

    def is_up(self):
        if self.process.poll() is not None:
            raise RuntimeError("dockerd did not start:\n" + self.log_text())
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.request("GET", "/_ping")[0] == 200
        return False

    def log_text(self):
        return (self.directory / "dockerd.log").read_text(errors="replace")[-4000:]

    def stop(self, number=signal.SIGTERM):
        """Ends dockerd, and waits until its containerd has been buried: a new one would refuse."""
        with contextlib.suppress(OSError, ValueError):
            containerd = int((self.directory / "x/containerd/containerd.pid").read_text())
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        self.process = None
        with contextlib.suppress(NameError):
            wait_for(lambda: not os.path.exists(f"/proc/{containerd}"), "containerd has gone")

    def restart(self, *more, number=signal.SIGKILL):
        self.stop(number)
        self.start(*more)

    def end_leftovers(self):
        """Shims, and what runs under them, of a dockerd that was killed."""
        for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if os.fsencode(str(self.directory)) in line.read_bytes():
                    os.kill(int(line.parent.name), signal.SIGKILL)
        for path in glob.glob(f"/sys/fs/cgroup/*/{self.group}/*/cgroup.procs"):
            with contextlib.suppress(OSError):
                for pid in pathlib.Path(path).read_text().split():
                    os.kill(int(pid), signal.SIGKILL)

    def request(self, method, path, body=None, headers=None):
        connection = UnixConnection(self.socket)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        status, answer = self.request(method, API + path, text,
                                      {"Content-Type": "application/json"})
        assert status < 300, (method, path, status, answer)
        return json.loads(answer) if answer.strip() else None

    def containers(self):
        return self.ask("GET", "/containers/json?all=1")

    def volumes(self):
        return [each["Name"] for each in self.ask("GET", "/volumes")["Volumes"] or []]

    def remove_all(self):
        for each in self.containers():
            self.ask("DELETE", f"/containers/{each['Id']}?force=1&v=1")

    def load_image(self, name):
        """An image of Debian's busybox, whose command says where it comes from."""
        query = urllib.parse.urlencode(
            [("fromSrc", "-"), ("repo", name), ("changes", f"ENV PATH={PATH}"),
             ("changes", 'CMD ["echo", "from the image"]')])
        status, answer = self.request("POST", f"{API}/images/create?{query}", make_rootfs(),
                                      {"Content-Type": "application/x-tar"})
        assert status == 200 and b"error" not in answer, (status, answer)

    def remove_images(self, beginning):
        """Those whose name begins so, with their layers."""
        for image in self.ask("GET", "/images/json"):
            names = (image["RepoTags"] or []) + (image["RepoDigests"] or [])
            if any(name.startswith(beginning) for name in names):
                self.ask("DELETE", f"/images/{image['Id']}?force=1")


def make_rootfs(note=b"loaded\n"):
    """The files of a small system, with the note in /etc/note; the same bytes each time."""
    busybox = program("busybox")
    applets = subprocess.run([busybox, "--list"], check=True, capture_output=True, text=True)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        def add(name, kind, mode, data=b"", link=""):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(data), link
            tar.addfile(entry, io.BytesIO(data))
        for folder in ("bin", "etc", "proc", "sys", "dev", "run", "root", "home", "data"):
            add(folder, tarfile.DIRTYPE, 0o755)
        add("tmp", tarfile.DIRTYPE, 0o1777)
        add("bin/busybox", tarfile.REGTYPE, 0o755, pathlib.Path(busybox).read_bytes())
        for applet in applets.stdout.split():
            if applet != "busybox":
                add(f"bin/{applet}", tarfile.SYMTYPE, 0o777, link="busybox")
        add("etc/passwd", tarfile.REGTYPE, 0o644,
            b"root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home:/bin/sh\n")
        add("etc/group", tarfile.REGTYPE, 0o644, b"root:x:0:\napp:x:1000:\n")
        add("etc/plain", tarfile.REGTYPE, 0o644, b"no program\n")
        add("etc/note", tarfile.REGTYPE, 0o644, note)
    return out.getvalue()
