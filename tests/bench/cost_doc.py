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


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        bench = json.load(f)
    lines = [HEAD.rstrip("\n")]
    for title, rows in bench.items():
        if isinstance(rows, list) and rows and "trace_mean" in rows[0]:
            lines += table(title, rows)
    if "compiler_instructions" in bench:
        lines += instructions(bench["compiler_instructions"])
    print("\n".join(lines))


main()
