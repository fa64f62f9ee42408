# SPDX-License-Identifier: Apache-2.0
"""A user without rights, who is there for one test only: in a mount namespace of the test's own, /etc has lines for
him. Nothing is left behind."""

import ctypes
import os
import pathlib
import shutil
import subprocess
import tempfile

from runtime import EASYRUN, Bundle, skip_all

UID = 54321
NAME = "easyrun-joe"
FIRST, COUNT = 200000, 65536  # his subordinate ids
OWN = [{"containerID": 0, "hostID": UID, "size": 1}]
RANGE = OWN + [{"containerID": 1, "hostID": FIRST, "size": COUNT}]
SUBORDINATE = [{"containerID": 0, "hostID": FIRST, "size": COUNT}]

NEW_NAMESPACE, BIND, RECURSIVE, PRIVATE, DETACH = 0x20000, 0x1000, 0x4000, 1 << 18, 2
libc = ctypes.CDLL(None, use_errno=True)


def bind(source, target):
    if libc.mount(str(source).encode(), str(target).encode(), None, BIND, None):
        raise OSError(ctypes.get_errno(), f"bind {source} on {target}")


def unmount(target):
    libc.umount2(str(target).encode(), DETACH)


def set_up():
    """The user, in a new mount namespace of this process. Returns a directory for the caller to remove."""
    if libc.unshare(NEW_NAMESPACE) or libc.mount(None, b"/", None, RECURSIVE | PRIVATE, None):
        skip_all("may not make a mount namespace")
    work = pathlib.Path(tempfile.mkdtemp(prefix="easyrun-user-"))
    os.chmod(work, 0o755)
    upper = work / "etc"
    upper.mkdir()
    for name in ("passwd", "group"):
        lines = [line for line in pathlib.Path("/etc", name).read_text().splitlines() if f":{UID}:" not in line]
        tail = "::/:/bin/sh" if name == "passwd" else ":"
        (upper / name).write_text("\n".join(lines) + f"\n{NAME}:x:{UID}:" + (f"{UID}{tail}" if tail[1:] else "") + "\n")
    for name in ("subuid", "subgid"):
        (upper / name).write_text(f"{NAME}:{FIRST}:{COUNT}\n")
    # some of these files may not exist, so a copy of /etc it is
    shutil.copytree("/etc", work / "all", symlinks=True, dirs_exist_ok=True, copy_function=copy_readable)
    for name in ("passwd", "group", "subuid", "subgid"):
        shutil.copy(upper / name, work / "all" / name)
    bind(work / "all", "/etc")
    return work


def copy_readable(source, target):
    if os.path.isfile(source) and not os.path.islink(source):
        shutil.copy(source, target)


def as_user(*extra):
    """What a command is started by to be the user's."""
    return ["setpriv", "--reuid", str(UID), "--regid", str(UID), "--clear-groups", "--inh-caps=-all", *extra]


class UserBundle(Bundle):
    """A bundle that belongs to the user, with a copy of easyrun that he may reach."""

    def __init__(self, config=None, program_of=0):
        super().__init__(config)
        self.runtime = self.dir / "runtime"
        self.runtime.mkdir()
        self.program = self.dir / "easyrun"
        shutil.copy(EASYRUN, self.program)
        self.wrapper = as_user("env", f"XDG_RUNTIME_DIR={self.runtime}", "HOME=/", "LC_ALL=C")
        subprocess.run(["chown", "-R", f"{UID}:{UID}", str(self.dir)], check=True)
        os.chown(self.program, program_of, program_of)

    def write(self, config):
        super().write(config)
        os.chmod(self.dir / "config.json", 0o644)

    def easyrun(self, *args, before=(), timeout=60, state=True, **keywords):
        keywords.setdefault("capture_output", True)
        keywords.setdefault("text", True)
        keywords.setdefault("stdin", subprocess.DEVNULL)
        root = ["--root", str(self.state)] if state else []
        return subprocess.run([*self.wrapper, str(self.program), *root, *before, *args], cwd=self.dir,
                              timeout=timeout, check=False, **keywords)


def mapped(ids, *changes):
    """A change: a user namespace with these ids, and other changes."""
    def change(config):
        config["linux"]["namespaces"].append({"type": "user"})
        config["linux"]["uidMappings"] = ids
        config["linux"]["gidMappings"] = ids
        for other in changes:
            other(config)
    return change


def without(*kinds):
    """A change: fewer namespaces."""
    def change(config):
        config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] not in kinds]
    return change
