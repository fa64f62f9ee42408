# SPDX-License-Identifier: Apache-2.0
"""podman of a user without rights with easyrun: storage, configuration and runtime directory are below one of his own."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from runtime import EASYRUN, TOP, make_rootfs


class Wrong(Exception):
    pass


def must(done, status=0, out=None):
    if done.returncode != status:
        raise Wrong(f"status {done.returncode}, not {status}: {done.stdout}{done.stderr}")
    if out is not None and not re.search(out, done.stdout, re.M):
        raise Wrong(f"'{out}' is not in: {done.stdout}{done.stderr}")
    return done


class Podman:
    """started_by: what a command is started by to be the user's, in a session of his."""

    def __init__(self, uid, started_by, runtime_dir=None):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="easyrun-podman-"))
        os.chmod(self.dir, 0o755)
        rootfs = make_rootfs(self.dir / "rootfs")
        for name in ("home", "run"):
            (self.dir / name).mkdir(mode=0o700)
        shutil.copy(EASYRUN, self.dir / "easyrun")
        conf = (TOP / "contrib/containers.conf.d/easyrun.conf").read_text()
        (self.dir / "containers.conf").write_text(conf.replace('"/usr/bin/easyrun"', f'"{self.dir}/easyrun"'))
        subprocess.run(["tar", "-C", rootfs, "-cf", self.dir / "bb.tar", "."], check=True)
        subprocess.run(["chown", "-R", f"{uid}:{uid}", self.dir], check=True)
        os.chown(self.dir / "easyrun", 0, 0)
        self.runtime_dir = runtime_dir or self.dir / "run"
        self.started_by = [*started_by, "env", "-i", f"PATH={os.environ['PATH']}", f"XDG_RUNTIME_DIR={self.runtime_dir}",
                           f"HOME={self.dir}/home", f"CONTAINERS_CONF={self.dir}/containers.conf",
                           f"DBUS_SESSION_BUS_ADDRESS=unix:path={self.runtime_dir}/bus", "STORAGE_DRIVER=vfs"]

    def __enter__(self):
        must(self("import", self.dir / "bb.tar", "bb"))
        return self

    def __exit__(self, *_):
        self("system", "reset", "-f")
        self.end_pause()
        shutil.rmtree(self.dir)

    def end_pause(self):
        """The process that keeps the user's namespace is there for all his later podmans: here are none."""
        file = pathlib.Path(self.runtime_dir, "libpod/tmp/pause.pid")
        if file.exists():
            os.kill(int(file.read_text()), signal.SIGKILL)
            file.unlink()

    def __call__(self, *args, timeout=240):
        return subprocess.run([*self.started_by, "podman", "--runtime", "easyrun", "--cgroup-manager", "cgroupfs",
                               "--events-backend", "none", *map(str, args)], cwd=self.dir, capture_output=True,
                              text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=timeout, check=False)

    def run(self, *args):
        return self("run", "--rm", "--network", "none", *args)


def life(podman):
    """What is done with a container in the background."""
    name = must(podman("run", "-d", "--network", "none", "bb", "sleep", "1000")).stdout.strip()
    try:
        must(podman("exec", name, "id"), 0, "uid=0")
        must(podman("exec", "-u", "5:6", name, "id"), 0, r"uid=5\b.* gid=6")
        must(podman("exec", name, "sh", "-c", "exit 7"), 7)
        must(podman("stop", "-t", "0", name))
        must(podman("inspect", "--format", "{{.State.Status}}", name), 0, "exited")
        must(podman("start", name))
        must(podman("kill", name))
        must(podman("wait", name), 0, "137")
    finally:
        podman("rm", "-f", "-t", "0", name)


CASES = {
    "a range of ids": lambda p: must(p.run("bb", "cat", "/proc/self/uid_map"), 0, " 65536$"),
    "exit status": lambda p: must(p.run("bb", "sh", "-c", "exit 3"), 3),
    "no such program": lambda p: must(p.run("bb", "no-such-program"), 127),
    "devices": lambda p: must(p.run("bb", "sh", "-c", "echo > /dev/null && head -c 2 /dev/zero | wc -c"), 0, "^2"),
    "another user": lambda p: must(p.run("-u", "5:6", "bb", "id"), 0, r"uid=5\b.* gid=6"),
    "the user's own id": lambda p: must(p.run("--userns=keep-id", "bb", "id", "-u"), 0, "^[1-9][0-9]+"),
    "the host's network": lambda p: must(p("run", "--rm", "--network", "host", "bb", "ls", "/sys/class"), 0, "net"),
    "the host's processes": lambda p: must(p.run("--pid=host", "bb", "ls", "/proc/1/status")),
    "a read-only root": lambda p: must(p.run("--read-only", "bb", "touch", "/x"), 1),
    "the groups of the caller": lambda p: must(p.run("--group-add", "keep-groups", "bb", "true")),
    "its filter": lambda p: must(p.run("bb", "grep", "Seccomp", "/proc/self/status"), 0, "Seccomp:\t2"),
    "life": life,
}


def case(podman, body):
    def whole():
        try:
            body(podman)
        except Wrong as e:
            return str(e)
        return None
    return whole
