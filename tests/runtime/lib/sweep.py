# SPDX-License-Identifier: Apache-2.0
"""sweep.py [RUNTIME…]: does a container start and end by an agent that lets everything through, whichever system
call its filter notifies? For each call of x86_64 by itself, and for all at once; with no_new_privs and without; by
run, by create and start, by exec. Writes docs/notify-sweep.md on standard output."""

import collections
import concurrent.futures
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from agent import Agent, program_for_x86_64
from runtime import BASE, EASYRUN, alone_with_mounts

ALL = "all"  # the default action notifies
MODES = ("run", "create, start", "exec")
LIMIT = 2  # seconds: takes it longer, then it hangs

# mov eax, 231; xor edi, edi; syscall: exit_group(0)
EXITS = b"\xb8\xe7\x00\x00\x00\x31\xff\x0f\x05"
# again: mov eax, 34; syscall; jmp again: pause()
WAITS = b"\xb8\x22\x00\x00\x00\x0f\x05\xeb\xf7"


class Failure(Exception):
    pass


class Sweep:
    """Containers of one runtime. Each gets a bundle of its own with the same root file system."""

    def __init__(self, runtime=EASYRUN):
        self.runtime = runtime
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="easyrun-sweep-"))
        for name in ("proc", "dev", "sys"):  # crun wants them
            (self.dir / "rootfs" / name).mkdir(parents=True)
        os.chmod(self.dir, 0o755)
        program_for_x86_64(self.dir / "rootfs/exits", EXITS)
        program_for_x86_64(self.dir / "rootfs/waits", WAITS)
        self.agent = Agent(self.dir / "agent")
        self.numbers = iter(range(1 << 30))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.agent.end()
        shutil.rmtree(self.dir, ignore_errors=True)

    def call(self, *args, limit=LIMIT):
        # what is detached keeps the streams: not a pipe
        with tempfile.TemporaryFile("w+") as err:
            try:
                done = subprocess.run([self.runtime, "--root", str(self.dir / "state"), *args], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=err, timeout=limit, check=False)
            except subprocess.TimeoutExpired as e:
                raise Failure("hangs") from e
            if done.returncode:
                err.seek(0)
                raise Failure(f"{args[0]}: status {done.returncode}: {err.read().strip()[-200:]}")

    def state(self, name):
        done = subprocess.run([self.runtime, "--root", str(self.dir / "state"), "state", name], capture_output=True,
                              check=True)
        return json.loads(done.stdout)

    def await_end(self, name):
        end = time.monotonic() + LIMIT
        while self.state(name)["status"] != "stopped":
            if time.monotonic() > end:
                raise Failure("hangs")
            time.sleep(0.005)

    def bundle(self, name, program, notified, no_new_privs):
        config = copy.deepcopy(BASE)
        config["process"].update(args=[program], noNewPrivileges=no_new_privs)
        config["ociVersion"] = "1.0.2"  # crun 1.8 knows nothing later
        config["root"] = {"path": str(self.dir / "rootfs"), "readonly": True}
        config["mounts"] = config["mounts"][:1]
        config["linux"].pop("maskedPaths")
        config["linux"].pop("readonlyPaths")
        config["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_NOTIFY" if notified == ALL else "SCMP_ACT_ALLOW",
                                      "architectures": ["SCMP_ARCH_X86_64"], "listenerPath": self.agent.path}
        if notified != ALL:
            config["linux"]["seccomp"]["syscalls"] = [{"names": [notified], "action": "SCMP_ACT_NOTIFY"}]
        path = self.dir / name
        path.mkdir()
        (path / "config.json").write_text(json.dumps(config))
        return str(path)

    def one(self, mode, notified, no_new_privs):
        """None where it starts and ends, else what happened."""
        name = f"sweep-{os.getpid()}-{next(self.numbers)}"
        bundle = self.bundle(name, "/waits" if mode == "exec" else "/exits", notified, no_new_privs)
        try:
            if mode == "run":
                self.call("run", "-b", bundle, name)
            else:
                self.call("create", "-b", bundle, name)
                self.call("start", name)
            if mode == "exec":
                self.call("exec", name, "/exits")
            elif mode != "run":
                self.await_end(name)
        except Failure as e:
            return str(e)
        finally:
            self.clean(mode, name, bundle)
        return None

    def clean(self, mode, name, bundle):
        for _ in range(2):  # runc cannot tell yet that what it has killed is dead
            try:
                if mode != "run" or (self.dir / "state" / name).exists():
                    self.call("delete", "-f", name, limit=20)
                break
            except Failure:
                continue
        shutil.rmtree(bundle)

    def all(self, cases, jobs=4):
        """What became of each case (mode, notified, no_new_privs)."""
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            return dict(zip(cases, pool.map(lambda case: self.one(*case), cases), strict=True))


def calls_of_x86_64():
    lines = subprocess.run([os.environ.get("EASYSECCOMP", "easyseccomp"), "list", "syscalls", "--arch", "x86_64"],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    return [ALL] + [line.split()[0] for line in lines]


def cases_of(calls):
    return [(mode, call, privs) for call in calls for mode in MODES for privs in (True, False)]


def table(results):
    """Rows of Markdown: how many of each kind failed."""
    for mode in MODES:
        for privs in (True, False):
            mine = {call: why for (m, call, p), why in results.items() if (m, p) == (mode, privs)}
            hang = sorted(call for call, why in mine.items() if why == "hangs")
            fail = sorted(call for call, why in mine.items() if why and why != "hangs")
            yield (f"| {mode} | {'on' if privs else 'off'} | {len(mine) - len(hang) - len(fail)} | "
                   f"{len(hang)} | {len(fail)} | {', '.join(f'`{c}`' for c in hang + fail)} |")


def main():
    runtimes = sys.argv[1:] or [EASYRUN]
    alone_with_mounts()
    cases = cases_of(calls_of_x86_64())
    print("<!-- SPDX-License-Identifier: Apache-2.0 -->\n<!-- made by `make update-notify-sweep RUNTIMES='crun runc'` -->\n"
          "# Containers whose filter notifies\n\n"
          "For each system call of x86_64 that the compiler knows, a filter that notifies this call and lets all others\n"
          "through, and one that notifies every call (`all`). The agent answers each call with \"continue\". The process\n"
          f"makes one call, `exit_group`. What takes over {LIMIT} s hangs; its container is deleted by force.\n")
    for runtime in runtimes:
        begin = time.monotonic()
        with Sweep(runtime) as sweep:
            results = sweep.all(cases)
        version = subprocess.run([runtime, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()
        print(f"## {version[0]}\n\n| | no_new_privs | end well | hang | fail | these |\n| --- | --- | --- | --- | --- | --- |")
        print("\n".join(table(results)) + "\n", flush=True)
        kinds = collections.Counter(why for why in results.values() if why)
        print(f"{runtime}: {time.monotonic() - begin:.0f} s", *kinds.most_common(5), sep="\n  ", file=sys.stderr)


if __name__ == "__main__":
    main()
