# SPDX-License-Identifier: Apache-2.0
"""What the tests of easyrun have in common: a root file system of busybox, bundles, TAP."""

import copy
import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[3]
EASYRUN = os.path.abspath(os.environ.get("EASYRUN")
                          or os.path.join(os.environ.get("top_builddir", str(TOP)), "easyrun"))
CGROUPS = pathlib.Path("/sys/fs/cgroup")

CAPS = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]

BASE = {
    "ociVersion": "1.2.0",
    "process": {
        "user": {"uid": 0, "gid": 0},
        "args": ["true"],
        "env": ["PATH=/bin", "TERM=xterm"],
        "cwd": "/",
        "capabilities": {k: CAPS for k in ("bounding", "effective", "permitted")},
        "noNewPrivileges": True,
    },
    "root": {"path": "rootfs", "readonly": False},
    "hostname": "test",
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
         "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
        {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
         "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
        {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
         "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
        {"destination": "/sys", "type": "sysfs", "source": "sysfs",
         "options": ["nosuid", "noexec", "nodev", "ro"]},
    ],
    "linux": {
        "namespaces": [{"type": t} for t in ("pid", "network", "ipc", "uts", "mount")],
        "maskedPaths": ["/proc/keys", "/sys/firmware", "/proc/no-such-file"],
        "readonlyPaths": ["/proc/sys", "/proc/bus"],
    },
}


def put(path, value):
    """A change that sets a member by its dotted path."""
    def change(config):
        *parents, last = path.split(".")
        for name in parents:
            config = config.setdefault(name, {})
        config[last] = value
    return change


class Tap:
    """Counts and prints cases; a case that raises has failed."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, why=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good:
            for line in str(why).splitlines()[:12]:
                print("# " + line)
        return good

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    def case(self, name, body):
        try:
            why = body()
        except Exception as e:  # a test that breaks is a test that failed
            why = f"{type(e).__name__}: {e}"
        if isinstance(why, Skip):
            self.skip(name, why.reason)
        else:
            self.ok(not why, name, why)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


class Skip:
    def __init__(self, reason):
        self.reason = reason


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def need_clients(*programs):
    """Engines take minutes: with EASYRUN_CLIENTS=no they are left to another build's tests."""
    if os.environ.get("EASYRUN_CLIENTS") == "no":
        skip_all("EASYRUN_CLIENTS=no: left to another build")
    for program in programs:
        if not shutil.which(program):
            skip_all(f"needs {program}")


def need_root():
    if os.geteuid() != 0:
        skip_all("needs root")
    if not shutil.which("busybox"):
        skip_all("needs busybox")
    if not os.access(EASYRUN, os.X_OK):
        skip_all(f"no program {EASYRUN}")


def alone_with_mounts():
    """Gives this process a mount namespace of its own. There the cgroup2 hierarchy of a hybrid host is
    unmounted: crun, which the clients of runtimes are tried with too, refuses such hosts."""
    new_namespace, recursive, private = 0x20000, 0x4000, 1 << 18
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(new_namespace) or libc.mount(None, b"/", None, recursive | private, None):
        skip_all("may not make a mount namespace")
    if (CGROUPS / "unified").is_dir():
        libc.umount2(str(CGROUPS / "unified").encode(), 2)


def make_rootfs(path):
    path = pathlib.Path(path)
    (path / "bin").mkdir(parents=True)
    busybox = shutil.which("busybox")
    shutil.copy(busybox, path / "bin/busybox")
    for applet in subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox":
            os.symlink("busybox", path / "bin" / applet)
    for name in ("proc", "sys", "dev", "tmp", "etc", "root", "run"):
        (path / name).mkdir()
    os.chmod(path / "tmp", 0o1777)
    (path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n")
    return path


class Bundle:
    """A bundle in a directory of its own, with the state root beside it."""

    def __init__(self, config=None):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="easyrun-test-"))
        os.chmod(self.dir, 0o755)
        self.rootfs = make_rootfs(self.dir / "rootfs")
        self.state = self.dir / "state"
        self.config = copy.deepcopy(config or BASE)
        self.number = 0
        self.wrapper = []  # what easyrun is started by

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cleanup()

    def cleanup(self):
        for container in self.ids():
            self.easyrun("delete", "-f", container)
        shutil.rmtree(self.dir, ignore_errors=True)

    def ids(self):
        return sorted(p.name for p in self.state.iterdir()) if self.state.exists() else []

    def fresh_id(self):
        self.number += 1
        return f"test-{os.getpid()}-{self.number}"

    def write(self, config):
        text = config if isinstance(config, (str, bytes)) else json.dumps(config)
        mode = "wb" if isinstance(text, bytes) else "w"
        with open(self.dir / "config.json", mode) as f:
            f.write(text)

    def easyrun(self, *args, before=(), timeout=60, **keywords):
        keywords.setdefault("capture_output", True)
        keywords.setdefault("text", True)
        keywords.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run([*self.wrapper, EASYRUN, "--root", str(self.state), *before, *args], cwd=self.dir,
                              timeout=timeout, check=False, **keywords)

    def run(self, args=None, change=None, options=(), before=(), **keywords):
        """Runs a container to its end: args in place of the process, change(config) before."""
        config = copy.deepcopy(self.config)
        if args is not None:
            config["process"]["args"] = ["sh", "-c", args] if isinstance(args, str) else list(args)
        if change:
            change(config)
        self.write(config)
        return self.easyrun("run", *options, self.fresh_id(), before=before, **keywords)

    def create(self, args=None, change=None, options=(), **keywords):
        config = copy.deepcopy(self.config)
        if args is not None:
            config["process"]["args"] = ["sh", "-c", args] if isinstance(args, str) else list(args)
        if change:
            change(config)
        self.write(config)
        name = self.fresh_id()
        # init keeps the streams it got: to files, or a pipe would never end
        keywords.setdefault("capture_output", False)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = self.easyrun("create", *options, name, stdout=out, stderr=err, **keywords)
            err.seek(0)
            done.stderr = err.read()
        return name, done

    def status(self, name):
        done = self.easyrun("state", name)
        return json.loads(done.stdout)["status"] if done.returncode == 0 else None

    def processes(self):
        """Those that were started from the root file system or have it as their root."""
        found = []
        root = os.stat(self.rootfs)
        for p in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                own = os.stat(p / "root")
                if os.readlink(p / "exe").startswith(str(self.dir)) or (own.st_dev, own.st_ino) == (
                        root.st_dev, root.st_ino):
                    found.append(f"process {p.name}")
            except OSError:  # it has ended, or is of the kernel
                continue
        return found

    def leftovers(self):
        """What is left of this process's containers: states, mounts, processes, cgroups."""
        found = [f"state {i}" for i in self.ids()] + self.processes()
        found += [f"mount {line}" for line in open("/proc/self/mountinfo") if str(self.dir) in line]
        for directory in [CGROUPS] + [p for p in CGROUPS.iterdir() if p.is_dir()]:
            found += [str(p) for p in directory.glob(f"test-{os.getpid()}-*")]
        return found


def expect(done, status=0, out=None, err=None):
    """None if a run ended as it should, else what is wrong."""
    if done.returncode != status:
        return f"status {done.returncode}, not {status}: {done.stderr}{done.stdout}"
    if out is not None and out not in done.stdout:
        return f"'{out}' is not in: {done.stdout}"
    if err is not None and err not in done.stderr:
        return f"'{err}' is not in: {done.stderr}"
    return None
