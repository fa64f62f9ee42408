#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What starting a container costs with easyrun, beside crun and runc: `run` of /bin/true in a root file system of
busybox, with and without a seccomp profile and a network namespace. hyperfine takes the times in short turns, whose order
rotates; a ratio is taken within a turn, and the median of all is told. strace counts the system calls. easyrun is
taken once more where it finds the profile's filter compiled (`easyrun seccomp precompile`).

    start.py BENCH.JSON    adds what it found to that file, as "start"
"""

import copy
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "runtime/lib"))
from runtime import BASE, EASYRUN, TOP, alone_with_mounts, make_rootfs

TURNS = int(os.environ.get("EASYRUN_TURNS", "10"))
RUNS = 10
PROFILE = TOP / "tests/data/container-default.3arch.json"


def missing():
    if os.geteuid() != 0:
        return "root"
    needed = [p for p in ("busybox", "hyperfine", "strace", "crun") if not shutil.which(p)]
    return ", ".join(needed)


PRECOMPILED = "easyrun, precompiled"


def runtimes():
    found = {"easyrun": EASYRUN}
    found.update({name: shutil.which(name) for name in ("crun", "runc") if shutil.which(name)})
    return found


def scenarios(work):
    """Bundles by name."""
    profile = json.loads(PROFILE.read_text())
    for network in (True, False):
        for seccomp in (False, True):
            config = copy.deepcopy(BASE)
            config["ociVersion"] = "1.0.2"
            config["root"]["path"] = str(work / "rootfs")
            config["process"]["args"] = ["/bin/true"]
            if not network:
                config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] != "network"]
                config["mounts"] = [m for m in config["mounts"] if m["destination"] != "/sys"]
            if seccomp:
                config["linux"]["seccomp"] = profile
            name = f"{'a new network' if network else 'no network'}{', the default profile' if seccomp else ''}"
            bundle = work / f"bundle{int(network)}{int(seccomp)}"
            bundle.mkdir()
            (bundle / "config.json").write_text(json.dumps(config))
            yield name, bundle


def command(path, work, bundle):
    return [path, "--root", str(work / f"state-{pathlib.Path(path).name}"), "run", "--bundle", str(bundle), "bench"]


def commands_of(work, bundle):
    """By runtime. easyrun as such finds no precompiled filter, whatever this machine has of them."""
    found = {r: command(path, work, bundle) for r, path in runtimes().items()}
    store = work / f"store-{bundle.name}"
    if "seccomp" in json.loads((bundle / "config.json").read_text())["linux"]:
        subprocess.run([EASYRUN, "--precompiled", str(store), "seccomp", "precompile", str(bundle / "config.json")],
                       check=True, stdout=subprocess.DEVNULL)
        found[PRECOMPILED] = [EASYRUN, "--precompiled", str(store), *found["easyrun"][1:]]
    found["easyrun"][1:1] = ["--precompiled", str(work / "no-store")]
    return found


def turn(words, work):
    """Median of one turn in milliseconds."""
    out = work / "hyperfine.json"
    subprocess.run(["hyperfine", "-N", "--style", "none", "--warmup", "1", "--runs", str(RUNS), "--export-json", str(out),
                    " ".join(words)], check=True, stdout=subprocess.DEVNULL)
    return statistics.median(json.loads(out.read_text())["results"][0]["times"]) * 1000


def count_calls(words, work):
    """System calls of the runtime up to the last execve, that of /bin/true."""
    trace = work / "trace"
    subprocess.run(["strace", "-f", "-qq", "-o", str(trace), *words], check=True, stdout=subprocess.DEVNULL)
    lines = [line for line in trace.read_text(errors="replace").splitlines() if "resumed>" not in line and "(" in line]
    last = max(i for i, line in enumerate(lines) if "execve" in line)
    return last + 1


def measure(work):
    make_rootfs(work / "rootfs")
    result = {}
    for name, bundle in scenarios(work):
        commands = commands_of(work, bundle)
        times = {r: [] for r in commands}
        for number in range(TURNS):
            order = list(commands)
            order = order[number % len(order):] + order[:number % len(order)]
            for r in order:
                times[r].append(turn(commands[r], work))
        result[name] = {
            "ms": {r: round(statistics.median(t), 2) for r, t in times.items()},
            "ratio": {r: round(statistics.median(e / o for e, o in zip(times["easyrun"], t)), 3)
                      for r, t in times.items() if r not in ("easyrun", PRECOMPILED)},
            "syscalls": {r: count_calls(words, work) for r, words in commands.items()},
        }
        if PRECOMPILED in times:
            ratios = (p / e for p, e in zip(times[PRECOMPILED], times["easyrun"]))
            result[name]["precompiled"] = round(statistics.median(ratios), 3)
    return result


def show(result):
    print("\nstarting a container: `run` of /bin/true, medians in ms; easyrun's time as a ratio of theirs; system calls")
    for name, row in result.items():
        times = "  ".join(f"{r} {t:7.2f}" for r, t in row["ms"].items())
        ratios = "  ".join(f"of {r}'s {v:.2f}" for r, v in row["ratio"].items())
        calls = "  ".join(f"{r} {n}" for r, n in row["syscalls"].items())
        print(f"  {name:35}  {times}    {ratios}    {calls}")
        if "precompiled" in row:
            print(f"  {'':35}  precompiled: {row['precompiled']:.2f} of easyrun's time without")


def main():
    lacking = missing()
    if lacking:
        print(f"\nstarting a container: not measured, needs {lacking}")
        return
    alone_with_mounts()
    with tempfile.TemporaryDirectory(prefix="easyrun-bench-") as work:
        result = measure(pathlib.Path(work))
    show(result)
    bench = pathlib.Path(sys.argv[1])
    known = json.loads(bench.read_text()) if bench.exists() else {}
    known["start"] = result
    bench.write_text(json.dumps(known, indent=1) + "\n")


main()
