# SPDX-License-Identifier: Apache-2.0
"""easyrun doctor, and what other programs and files say of the same things."""

import json
import os
import pathlib
import platform
import re
import subprocess

from runtime import CGROUPS

KERNEL = tuple(int(n) for n in re.findall(r"\d+", platform.release())[:2])
PURE = (CGROUPS / "cgroup.controllers").exists()


def doctor(b, who, *before, **keywords):
    """(exit status, {id: finding}) by the JSON, which has to say what the text says."""
    command = [*before, *who, str(b.program), "--precompiled", keywords.pop("store", "")]
    command += keywords.pop("options", [])
    keywords.update(capture_output=True, text=True, check=False, cwd=b.dir)
    done = subprocess.run([*command, "doctor", "--json"], **keywords)
    text = subprocess.run([*command, "doctor"], **keywords)
    said = json.loads(done.stdout)
    lines = [line for f in said["findings"] for line in (
        [f"{f['verdict']:5} {f['id']:20} {f['text']}"] + ([f"{'':26} fix: {f['fix']}"] if "fix" in f else []))]
    if re.sub(r"doctor-\d+", "", "\n".join(lines) + "\n") != re.sub(r"doctor-\d+", "", text.stdout):
        raise ValueError(f"JSON and text differ: {text.stdout}{text.stderr}")
    if (done.returncode, text.returncode) != ((0, 0) if said["ok"] else (1, 1)):
        raise ValueError(f"status {done.returncode} {text.returncode}")
    if said["ok"] == any(f["verdict"] == "fails" for f in said["findings"]):
        raise ValueError("'ok' is wrong")
    return done.returncode, {f["id"]: f for f in said["findings"]}


def works(who, *command):
    return subprocess.run([*who, *command], capture_output=True, check=False).returncode == 0


def since(*version):
    return "ok" if KERNEL >= version else "note"


def makes_cgroup(who):
    """In the cgroup of this process."""
    own = next((line[3:] for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines()
                if line.startswith("0::")), "")
    path = f"{CGROUPS}{own}/doctor-test-{os.getpid()}"
    made = works(who, "mkdir", path)
    if made:
        os.rmdir(path)
    return made


def controllers():
    if PURE:
        return (CGROUPS / "cgroup.controllers").read_text().split()
    return [line.split()[0] for line in open("/proc/cgroups") if not line.startswith("#")]


def expected(b, who, root):
    """What other programs and files say: id: verdict."""
    unshare = ["unshare", *([] if root else ["--user", "--map-root-user"])]
    bus = "/run/dbus/system_bus_socket" if root else f"{b.runtime}/bus"
    wanted = {"cpu", "cpuset", "memory", "pids", "io" if PURE else "blkio"}
    said = {
        "kernel": "ok" if KERNEL >= (5, 10) else "fails",
        "clone3": "ok", "openat2": "ok", "mount-descriptors": "ok", "pidfd": "ok",
        "mount_setattr": since(5, 12), "close_range": since(5, 11),
        "time-namespaces": "ok" if works(who, "unshare", "--user", "--map-root-user", "--time", "true") else "note",
        "seccomp": "ok" if "errno" in pathlib.Path("/proc/sys/kernel/seccomp/actions_avail").read_text() else "note",
        "seccomp-flags": since(5, 19),
        "seccomp-listener": "ok" if "user_notif" in pathlib.Path("/proc/sys/kernel/seccomp/actions_avail").read_text()
                            else "note",
        "seccomp-bitmap": since(5, 11),
        "user-namespaces": "ok" if works(who, "unshare", "--user", "--map-root-user", "--uts", "true") else "fails",
        "namespaces": "ok" if works(who, *unshare, "-m", "-p", "-n", "-i", "-u", "--fork", "true") else "fails",
        "proc": "ok" if works(who, *unshare, "-m", "-p", "--fork", "--mount-proc", "true") else "fails",
        "ids": "ok" if root or works(who, "unshare", "--user", "--map-auto", "true") else "note",
        "cgroups": "ok" if PURE else "note",
        "lsm": "ok",
        "systemd": "ok" if os.path.exists("/run/systemd/system") and os.path.exists(bus) else "note",
        "keyring": "ok" if os.path.exists("/proc/keys") else "note",
        "state-root": "ok", "self": "ok",
    }
    if root:
        said["cgroup-controllers"] = "ok" if wanted <= set(controllers()) else "note"
        said["clone-into-cgroup"] = since(5, 7)
        said["cgroup-kill"] = since(5, 14)
        if PURE:
            said["cgroup-devices"] = "ok"
    else:
        said["idmapped-mounts"] = "note"
        said["cgroup-delegation"] = "ok" if PURE and makes_cgroup(who) else "note"
    return said


def held(b, who, root):
    """None where all is as other programs find it, else what is not."""
    _, found = doctor(b, who)
    said = expected(b, who, root)
    wrong = [f"{i}: '{found[i]['verdict'] if i in found else 'nothing'}', not '{v}'" for i, v in said.items()
             if i not in found or found[i]["verdict"] != v]
    untold = set(found) - set(said) - {"idmapped-mounts", "cgroup-controllers", "agent"}
    return wrong or (untold and f"nothing to hold {untold} against")
