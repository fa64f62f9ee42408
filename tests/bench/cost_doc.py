#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cost_doc.py BENCH.json: docs/cost.md, on standard output."""
import json
import sys

HEAD = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- made by `make update-cost` -->
# What filters cost

`make bench` measures; the text and the tables here are made of what it wrote by `make update-cost`.
It takes `profiles/container-default.seccomp` with the capabilities that podman gives a container, and
the JSON of the same meaning (of a later release, which knows a few calls more), which libseccomp
makes a filter of, as a list and as a binary tree; and `tests/bench/data/ten-syscalls.seccomp`, whose
JSON is what the compiler makes of it. Rows with `JSON` are our filters from the JSON, whose
comparisons have 64 bits. Columns:

- size: instructions;
- trace: instructions executed in the mean over a million calls of ten workloads
  (`tests/bench/data/trace.json`);
- run: in the mean over those of them that run the filter, since the kernel's bitmap (Linux 5.11 and
  later) does not answer them;
- worst: the most that was found for any number up to 600, by changing one argument at a time;
- answered: numbers that the bitmap answers;
- build: time in the process from text to filter, as a ratio to libseccomp's list beside it.

Counts are exact. Times differ from machine to machine, and are in `bench.json`, medians over fresh
processes in rotated order; `bench.svg` shows how time grows with the size of policies.
"""


def table(title, rows):
    yield f"\n## {title}\n"
    yield "| | size | trace | run | worst | answered | build |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for r in rows:
        name = r["name"] if r["name"].startswith("libseccomp") else f"`{r['name']}`"
        name = name.replace("`JSON ", "JSON, `")
        yield (f"| {name} | {r['instructions']} | {r['trace_mean']:.1f} | {r['run_mean']:.1f} | "
               f"{r['worst']} | {r['answered']} | {r['build_ratio']:.2f} |")


def instructions(counts):
    yield "\n## Instructions of the compiler\n"
    yield "From the text to the filter, counted by callgrind (million):\n"
    yield "| " + " | ".join(counts) + " |"
    yield "|" + " --- |" * len(counts)
    yield "| " + " | ".join(f"{n / 1e6:.2f}" for n in counts.values()) + " |"


def starts(scenarios):
    yield "\n## Starting a container\n"
    yield "`easyrun run` of /bin/true in a file system of busybox, as a part of the peers' time beside it, and system"
    yield "calls of all processes:\n"
    yield "| | of crun's | of runc's | calls | crun's | runc's |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, s in scenarios.items():
        calls = s["syscalls"]
        yield (f"| {name} | {s['ratio']['crun']:.2f} | {s['ratio']['runc']:.2f} | "
               f"{calls['easyrun']} | {calls['crun']} | {calls['runc']} |")
    for name, s in scenarios.items():
        if "precompiled" in s:
            yield (f"\nWith its filter precompiled, {name}: {s['precompiled']:.2f} of the time, "
                   f"{s['syscalls']['easyrun, precompiled']} calls.")


# The project's goals: of which filter, what, and the most that it may be. libseccomp's binary tree of
# the policy that the goals for ten calls were set by has 248 instructions: they are parts of it.
ONE = "container-default for x86_64"
THREE = "container-default for x86_64, x86 and x32"
TEN = "conditions on ten calls"
GOALS = [
    (ONE, "-O2", "size", "instructions", 60),
    (ONE, "-O2", "worst", "worst", 17),
    (ONE, "-O2", "run", "run_mean", 10.5),
    (ONE, "-O2", "trace", "trace_mean", 9.6),
    (ONE, "--trace", "trace", "trace_mean", 6.6),
    (ONE, "JSON -O2", "size", "instructions", 66),
    (ONE, "JSON -O2", "build", "build_ratio", 0.12),
    (THREE, "JSON -O2", "size", "instructions", 240),
    (THREE, "JSON -O2", "worst", "worst", 24),
    (THREE, "JSON -O2", "build", "build_ratio", 0.04),
    (TEN, "-O2", "size, of the tree's", "of_tree", 136 / 248),
    (TEN, "JSON -O2", "size, of the tree's", "of_tree", 156 / 248),
    (TEN, "--trace", "trace", "trace_mean", 8.2),
]


def shown(x):
    return str(x) if isinstance(x, int) else f"{x:.2f}"


def goal(subject, what, measured, most):
    verdict = "yes" if measured <= most else "no"
    return f"| {subject} | {what} | {shown(measured)} | {shown(most)} | {verdict} |"


def goals(bench):
    yield "\n## Goals\n"
    yield "The most that each may be; for a process in milliseconds, of which `true` takes a part."
    start = next(row for row in bench["process"] if row["name"].endswith("--version"))
    yield f"To start and end, without any work, took `{start['name']}` {start['ns'] / 1e6:.2f} ms.\n"
    yield "| of | what | measured | goal | met |"
    yield "| --- | --- | --- | --- | --- |"
    for title, name, what, key, most in GOALS:
        rows = {row["name"]: row for row in bench[title]}
        for row in rows.values():
            row["of_tree"] = row["instructions"] / rows["libseccomp, tree"]["instructions"]
        yield goal(f"{title}, `{name}`", what, rows[name][key], most)
    for row in bench["process"]:
        if row is start:
            continue
        yield goal(f"`{row['name']}`", "ms", row["ns"] / 1e6, 1.2 * row["true_ns"] / 1e6 + 1)
    for name, points in bench["growth"].items():
        for point in points:
            if point["n"] in (10000, 100000):
                yield goal(f"{point['n']} {name}", "s", point["build_ns"] / 1e9,
                           1.0 if point["n"] == 10000 else 15.0)


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        bench = json.load(f)
    lines = [HEAD.rstrip("\n")]
    for title, rows in bench.items():
        if isinstance(rows, list) and rows and "trace_mean" in rows[0]:
            lines += table(title, rows)
    if "compiler_instructions" in bench:
        lines += instructions(bench["compiler_instructions"])
    if "start" in bench:
        lines += starts(bench["start"])
    lines += goals(bench)
    print("\n".join(lines))


main()
