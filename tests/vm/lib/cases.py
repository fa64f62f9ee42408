# SPDX-License-Identifier: Apache-2.0
"""In the guest: runs test programs one after the other and writes the cases of all as one TAP stream."""

import argparse
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 2300  # a little less than the machine's


def load_runner():
    """tests/run-tests, which knows how a program is started and judged."""
    loader = importlib.machinery.SourceFileLoader("run_tests", str(TESTS / "run-tests"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
    loader.exec_module(module)
    return module


def lines_of(result, name):
    """A result as lines of TAP without numbers, with what was said of the failures."""
    for case in result.passed:
        yield f"ok - {name}: {case}"
    for case, reason in result.skipped:
        yield f"ok - {name}: {case} # SKIP {reason}"
    for case, said in result.failed:
        yield f"not ok - {name}: {case}"
        yield from (line if line.startswith("#") else f"# {line}" for line in said)


def main():
    runner = load_runner()
    count = 0
    with tempfile.TemporaryDirectory() as logs:
        args = argparse.Namespace(timeout=TIMEOUT, logs=logs)
        for test in sys.argv[1:]:
            result = runner.run(test, args)
            count += result.cases()
            print("\n".join(lines_of(result, pathlib.Path(test).stem)), flush=True)
    print(f"1..{count}")


main()
