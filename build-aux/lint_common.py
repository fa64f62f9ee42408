# SPDX-License-Identifier: Apache-2.0
"""What the lints share: the files of the tree, and how findings are told."""

import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent


class Source:
    """A file of the tree that git knows or would take."""

    def __init__(self, name):
        self.name = name  # from the top of the tree
        self.path = TOP / name
        self.suffix = self.path.suffix
        self.bytes = self.path.read_bytes()
        self.text = self.bytes.decode("utf-8", "replace")
        self.lines = self.text.splitlines()

    def is_text(self):
        return b"\0" not in self.bytes

    def interpreter(self):
        """The program of its #! line, without directories; None if it has none."""
        first = self.lines[0] if self.lines else ""
        return first.split()[-1].rsplit("/", 1)[-1] if first.startswith("#!") else None


def sources():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=TOP, check=True, capture_output=True).stdout.decode()
    names = sorted(set(filter(None, listed.split("\0"))))
    return [Source(name) for name in names if (TOP / name).is_file() and not (TOP / name).is_symlink()]


class Findings:
    def __init__(self):
        self.count = 0

    def add(self, source, line, message):
        print(f"{source.name}:{line}: {message}")
        self.count += 1

    def exit(self):
        sys.exit(1 if self.count else 0)
