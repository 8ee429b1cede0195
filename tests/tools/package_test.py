"""The Debian package, really installed: into a copy of this machine's root that is thrown away.

The copy is an overlay in a mount namespace of its own; where none can be made (no root, no
overlayfs, no dpkg-dev), the test is skipped with exit code 77.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MAINSPRING_BUILD", ROOT / "build" / "debug"))
OVERLAY = r"""
set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o lowerdir=/,upperdir="$1/upper",workdir="$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount -t tmpfs tmpfs "$1/root/run"
mount --bind /dev "$1/root/dev"
cp "$2" "$1/root/mainspring.deb"
exec chroot "$1/root" /bin/sh -e
"""
AS_SERVICE = "chroot --userspec=mainspring:mainspring / env -i PATH=$PATH HOME=/var/lib/mainspring"


def can_make_overlay():
    if os.geteuid() != 0 or not shutil.which("dpkg-shlibdeps") or not shutil.which("unshare"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        script = ('mount -t tmpfs t "$0" && mkdir "$0/u" "$0/w" "$0/r" && mount -t overlay overlay '
                  '-o lowerdir=/,upperdir="$0/u",workdir="$0/w" "$0/r"')
        return subprocess.run(["unshare", "-m", "sh", "-c", script, folder],
                              capture_output=True, check=False).returncode == 0


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="mainspring-package-")
        made = subprocess.run([ROOT / "tools" / "package", BUILD, cls.folder], check=True,
                              capture_output=True, text=True)
        cls.deb = made.stdout.strip()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def inside(self, script):
        """What `script` prints in a root into which nothing is installed yet."""
        with tempfile.TemporaryDirectory(prefix="mainspring-root-") as folder:
            done = subprocess.run(
                ["unshare", "-m", "--propagation", "private", "sh", "-c", OVERLAY, "sh", folder,
                 self.deb], input=script, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_what_is_in_it(self):
        listed = subprocess.run(["dpkg-deb", "--contents", self.deb], capture_output=True,
                                text=True, check=True).stdout
        for path in ("usr/bin/mainspring", "usr/bin/jobctl",
                     "lib/systemd/system/mainspring.service",
                     "usr/share/man/man1/mainspring.1.gz", "usr/share/man/man1/jobctl.1.gz",
                     "usr/share/bash-completion/completions/jobctl",
                     "etc/mainspring/mainspring.yaml", "usr/share/doc/mainspring/copyright"):
            self.assertIn(f" ./{path}\n", listed)
        self.assertNotIn("mainspring-test", listed)
        depends = subprocess.run(["dpkg-deb", "--field", self.deb, "Depends"], capture_output=True,
                                 text=True, check=True).stdout
        for library in ("libc6 (>=", "libsqlite3-0 (>=", "libssl3", "adduser"):
            self.assertIn(library, depends)

    def test_installed_it_runs_a_job_as_its_own_user_and_purged_nothing_stays(self):
        said = self.inside(f"""
            dpkg --install /mainspring.deb >/dev/null
            mainspring version
            jobctl --help | head -n 1
            man -l /usr/share/man/man1/jobctl.1.gz 2>/dev/null | grep -c 'job pause' || true
            install -d -m 700 -o mainspring -g mainspring /var/lib/mainspring
            {AS_SERVICE} mainspring serve --config /etc/mainspring/mainspring.yaml \\
                --listen 127.0.0.1:17071 >/served 2>&1 &
            node=$!
            export MAINSPRING_SERVER=http://127.0.0.1:17071
            export MAINSPRING_TOKEN_FILE=/var/lib/mainspring/admin-token
            for i in $(seq 300); do jobctl status >/dev/null 2>&1 && break; sleep 0.1; done
            printf 'name: who\\ncommand: id -un\\n' | jobctl apply -f - >/dev/null
            jobctl run who --follow
            kill $node
            wait $node || true
            dpkg --purge mainspring >/dev/null
            test ! -e /var/lib/mainspring && test ! -e /etc/mainspring
            test ! -e /usr/bin/jobctl && ! getent passwd mainspring && echo clean
        """)
        self.assertIn("mainspring 0.", said)
        self.assertIn("jobctl: jobs, runs and schedules", said)
        self.assertIn("\nmainspring\n", said)
        self.assertTrue(said.endswith("clean\n"), said)

    def test_the_unit_is_one_that_systemd_accepts(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("needs systemd-analyze")
        said = self.inside("""
            dpkg --install /mainspring.deb >/dev/null
            systemd-analyze verify --man=no /lib/systemd/system/mainspring.service 2>&1
        """)
        self.assertNotIn("mainspring.service", said)


if __name__ == "__main__":
    if not can_make_overlay():
        print("skipped: needs root, overlayfs and dpkg-dev")
        sys.exit(77)
    unittest.main()
