# SPDX-License-Identifier: Apache-2.0
"""On the host: the cases of one directory beside this one, in one machine."""

import os
import pathlib
import sys

import machine

VM = pathlib.Path(__file__).resolve().parents[1]
LIMIT = 2400  # below that of tests/run-tests, which would say nothing of the machine
ENVIRONMENT = ("top_srcdir", "top_builddir", "EASYSECCOMP", "EASYRUN", "EASYSECCOMP_AGENT", "EASYSECCOMP_PROVE",
               "EASYSECCOMP_SEED", "PYTHON3", "LC_ALL", "ASAN_OPTIONS", "ONLY_CASE")


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def run_cases(directory, systemd):
    """TAP of all DIRECTORY/*.test; VM_CASES=WORD leaves those that have it in their name."""
    if os.environ.get("EASYRUN_CLIENTS") == "no":
        skip_all("EASYRUN_CLIENTS=no: left to another build")
    tests = [str(p) for p in sorted((VM / directory).glob("*.test")) if os.environ.get("VM_CASES", "") in p.name]
    if not tests:
        skip_all(f"no case in tests/vm/{directory}")
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    environment["top_srcdir"] = os.path.abspath(environment.get("top_srcdir", VM.parents[1]))

    def sink(piece):
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()

    machine.end_on_signals()
    request = machine.Request(command=[sys.executable, str(VM / "lib/cases.py"), *tests], systemd=systemd, limit=LIMIT,
                              env=environment)
    try:
        sys.exit(machine.run(request, sink))
    except machine.Missing as e:
        skip_all(str(e))
    except machine.Failed as e:
        print("\n".join("# " + line for line in str(e).splitlines()[1:]))
        print(f"Bail out! {str(e).splitlines()[0]}")
        sys.exit(1)
