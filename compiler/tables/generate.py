#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the tables of facts (*.tsv) beside it into C on standard output.

    generate.py syscalls syscalls.tsv syscall-args.tsv syscall-args-arch.tsv arch.def
    generate.py errnos errnos.tsv arch.def
    generate.py constants constants.tsv arch.def
    generate.py groups groups.tsv
    generate.py argument-families argument-families.tsv syscall-args.tsv

Reads nothing but the files it is given, so the output is the same byte for byte on every run.
Lines that begin with # are comments, but for "# release X.Y" in syscalls.tsv.
"""

import fnmatch
import re
import sys


def fail(message):
    sys.exit(f"generate.py: {message}")


def read(path):
    """Comment lines (without '# '), and rows as lists of columns, which must be sorted by bytes."""
    with open(path, encoding="ascii", newline="\n") as file:
        lines = file.read().splitlines()
    comments = [line[2:].split("\t") for line in lines if line.startswith("#")]
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    if rows != sorted(rows, key=lambda row: row[0].encode()):
        fail(f"{path}: not sorted")
    return comments, rows


def unique(path, names):
    if len(set(names)) != len(names):
        fail(f"{path}: a name occurs twice")
    return names


def out(text=""):
    print(text)


def prologue(source, *headers):
    out("/* SPDX-License-Identifier: Apache-2.0 */")
    out(f"/* Generated from {source} by generate.py; do not edit. */")
    for header in headers:
        out(f'#include "compiler/tables/{header}"')
    out()


def array(declaration, items, per_line=12):
    out(f"{declaration} = {{")
    for i in range(0, len(items), per_line):
        out("    " + ", ".join(str(item) for item in items[i:i + per_line]) + ",")
    out("};")
    out()


def name_hash(name):
    """name_index.h, name_hash()"""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def fits(size, names):
    out(f'_Static_assert({size} >= sizeof("{max(names, key=len)}"), "every name fits");')


def name_index(label, table, names):
    """The struct name_index of name_index.h, for rows in the order of names."""
    size = 1
    while size < 2 * len(names):
        size *= 2
    slots = ["NAME_INDEX_EMPTY"] * size
    for row, name in enumerate(names):
        i = name_hash(name) & size - 1
        while slots[i] != "NAME_INDEX_EMPTY":
            i = i + 1 & size - 1
        slots[i] = row
    array(f"static const uint16_t {label}_slots[{size}]", slots)
    out(f"const struct name_index {label} = {{")
    out(f"    {size - 1}, {label}_slots, {table}[0].name, sizeof({table}[0]), sizeof({table}[0].name),")
    out("};")
    fits(f"sizeof({table}[0].name)", names)
    out(f"_Static_assert({len(names)} < NAME_INDEX_EMPTY, \"a row's place fits 16 bits\");")
    out()


# --- syscalls --------------------------------------------------------------------------------


def release(text):
    """0 for '?': unknown, taken as old."""
    if text == "?":
        return "0"
    parts = [int(part) for part in text.split(".")]
    return "KERNEL_RELEASE(%d, %d, %d)" % tuple(parts + [0] * (3 - len(parts)))


class Arguments:
    """The pool of arguments: equal lists stand there once."""

    def __init__(self):
        self.pool, self.places, self.labels = [], {}, []

    def add(self, name, count, *arguments):
        """Returns the count, and the place of the first."""
        if count == "?":
            return "SYSCALL_ARGS_UNKNOWN", 0
        if int(count) != len(arguments) or len(arguments) > 6:
            fail(f"{name}: {count} arguments announced")
        if arguments and arguments not in self.places:
            self.places[arguments] = len(self.pool)
            for argument in arguments:
                label, kind = argument.split(":")
                self.labels.append(label)
                kind, bits = re.fullmatch("(int|uint|ptr)(8|16|32|64)", kind).groups()
                self.pool.append(f'{{"{label}", ARG_{kind.upper()}, {bits}}}')
        return count, self.places.get(arguments, 0)

    def write(self):
        array("const struct syscall_arg syscall_args_table[]", self.pool, 3)
        fits("sizeof(syscall_args_table[0].name)", self.labels)
        out()


def signatures(path, names, pool):
    """(count, place of the first) for each name."""
    _, rows = read(path)
    known = dict(zip(unique(path, [row[0] for row in rows]), rows))
    if set(known) != set(names):
        fail(f"{path}: not the names of the numbers' table")
    return [pool.add(*known[name]) for name in names]


def variants(path, names, archs, pool):
    """Writes the signatures of some architectures; returns the place of the first for each name."""
    _, rows = read(path)
    items, first = [], {}
    for name, patterns, *signature in rows:
        if name not in names:
            fail(f"{path}: '{name}' is no call")
        first.setdefault(name, len(items))
        count, place = pool.add(name, *signature)
        items.append(f"{{{arch_set(patterns, archs)}, {names.index(name)}, {place}, {count}}}")
    array("const struct syscall_variant syscall_variants[]", items, 1)
    out(f"const size_t syscall_variant_count = {len(items)};")
    out(f"_Static_assert({len(items)} < SYSCALL_NO_VARIANT, \"a variant's place fits 8 bits\");")
    out()
    return [first.get(name, "SYSCALL_NO_VARIANT") for name in names]


def syscalls(numbers_path, args_path, variants_path, arch_path):
    comments, rows = read(numbers_path)
    columns = next(c for c in comments if c[0] == "name")[2:]
    table_release = next(c for c in comments if c[0] == "release")[1]
    names = unique(numbers_path, [row[0] for row in rows])
    prologue("syscalls.tsv, syscall-args.tsv and syscall-args-arch.tsv", "generated.h")
    pool = Arguments()
    args = signatures(args_path, names, pool)
    others = variants(variants_path, names, architectures(arch_path), pool)
    pool.write()

    array("const struct syscall_info syscall_table[]",
          [f'{{"{row[0]}", {count}, {place}, {other}, {release(row[1])}}}'
           for row, (count, place), other in zip(rows, args, others)], 1)
    out(f"const size_t syscall_count = {len(rows)};")
    out(f"const kernel_release syscall_table_release = {release(table_release)};")
    out()
    name_index("syscall_names", "syscall_table", names)

    fold, private = 640, 0x0F0000  # numbers.h
    out(f"_Static_assert(NUMBER_FOLD == {fold} && ARM_PRIVATE == {private}, \"as generate.py folds\");")
    out(f'_Static_assert(COLUMN_COUNT == {len(columns)}, "every column has a name");')
    out()
    reverse = {}
    for at, column in enumerate(columns, 2):
        folded = []
        for i, row in enumerate(rows):
            if row[at] == "-":
                folded.append("NUMBER_NONE")
                continue
            number = int(row[at])
            number = number - private + fold if number >= private else number
            folded.append(number)
            if reverse.setdefault((column, number), i) != i:
                fail(f"{numbers_path}: {column} has number {row[at]} twice")
        places = [reverse.get((column, number), "NUMBER_NONE") for number in range(fold + 16)]
        array(f"static const uint16_t numbers_{column}[{len(rows)}]", folded)
        array(f"static const uint16_t places_{column}[NUMBER_FOLDED]", places)
    for table, part in ("syscall_numbers", "numbers"), ("syscall_by_folded", "places"):
        array(f"const uint16_t *const {table}[COLUMN_COUNT]",
              [f"[COLUMN_{column}] = {part}_{column}" for column in columns], 1)


# --- errnos and constants --------------------------------------------------------------------


def number(text):
    """As a C expression of 64 bits, two's complement where negative."""
    return f"UINT64_C({hex(int(text, 0) & 0xFFFFFFFFFFFFFFFF)})"


def architectures(path):
    """Name -> identifier, from the definitions of arch.def."""
    with open(path, encoding="ascii") as file:
        return {name: key for key, name in re.findall(r'(?m)^ARCH\((\w+), \.name = "(\w+)"', file.read())}


def arch_set(patterns, archs):
    names = [name for name in archs if any(fnmatch.fnmatch(name, p) for p in patterns.split(","))]
    return " | ".join(f"ARCH_BIT(ARCH_{archs[name]})" for name in names)


def constants(label, path, arch_path):
    """label: "constant" or "errno", for the names of what is written."""
    _, rows = read(path)
    names = unique(path, [row[0] for row in rows])
    archs = architectures(arch_path)
    overrides, places = [], {}
    prologue(path.rsplit("/", maxsplit=1)[-1], "generated.h")

    out(f"const struct constant {label}_table[] = {{")
    for at, (name, family, alias, usual, *others) in enumerate(rows):
        out(f'    {{"{name}", {str(usual.startswith("-")).lower()}, {number(usual)}, "{family}", '
            f"{len(overrides)}, {len(others)}}},")
        entries = places.setdefault(family, [])
        entries.append((int(usual, 0) % (1 << 64), alias != "-", at, "NO_OVERRIDE"))
        for other in others:
            patterns, value = other.split("=")
            if value != "-":
                entries.append((int(value, 0) % (1 << 64), alias != "-", at, len(overrides)))
            absent = "true, 0" if value == "-" else f"false, {number(value)}"
            overrides.append(f"{{{arch_set(patterns, archs)}, {absent}}}")
    out("};")
    out(f"const size_t {label}_count = {len(rows)};")
    out()
    array(f"const struct constant_override {label}_overrides[]", overrides, 1)
    out(f'_Static_assert({len(overrides)} < NO_OVERRIDE, "an override\'s place fits 16 bits");')
    name_index(f"{label}_names", f"{label}_table", names)

    families = sorted(places)
    for family in families:
        array(f"static const struct constant_place of_{family}[]",
              [f"{{{row}, {override}}}" for _, _, row, override in sorted(places[family], key=str_last)], 8)
    array(f"const struct constant_family {label}_families[]",
          [f'{{"{family}", of_{family}, {len(places[family])}}}' for family in families], 1)
    out(f"const size_t {label}_family_count = {len(families)};")
    fits("CONSTANT_FAMILY_SIZE", families)


def str_last(entry):
    """By value, other spellings last, then by name (row)."""
    return entry[:3] + (str(entry[3]),)


# --- groups and families of arguments --------------------------------------------------------


def groups(path):
    _, rows = read(path)
    unique(path, [row[0] for row in rows])
    known = {"%" + row[0] for row in rows}
    prologue("groups.tsv", "generated.h")
    for name, _, *members in rows:
        if members != sorted(members) or not known.issuperset(m for m in members if m[0] == "%"):
            fail(f"{path}: {name}: members not sorted, or of no group")
        array(f"static const char of_{name.replace('-', '_')}[][GROUP_MEMBER_SIZE]", [f'"{m}"' for m in members], 4)
    array("const struct syscall_group group_table[]",
          [f'{{"{name}", "{summary}", of_{name.replace("-", "_")}, {len(members)}}}'
           for name, summary, *members in rows], 1)
    out(f"const size_t group_count = {len(rows)};")
    fits("GROUP_MEMBER_SIZE", [member for _, _, *members in rows for member in members])


def argument_families(path, args_path):
    _, rows = read(path)
    _, signature_rows = read(args_path)
    arguments = {row[0]: [argument.split(":")[0] for argument in row[2:]] for row in signature_rows}
    placed = []
    for call, argument, family, kind in rows:
        if argument not in arguments.get(call, []) or kind not in ("flags", "value"):
            fail(f"{path}: {call} has no argument {argument}, or it is neither flags nor value")
        placed.append((call, argument, family, kind))
    prologue("argument-families.tsv", "generated.h")
    array("const struct argument_family argument_families[]",
          [f'{{"{call}", "{argument}", "{family}", {str(kind == "flags").lower()}}}'
           for call, argument, family, kind in sorted(placed)], 1)
    out(f"const size_t argument_family_count = {len(rows)};")
    fits("ARGUMENT_CALL_SIZE", [row[0] for row in rows])
    fits("SYSCALL_ARG_SIZE", [row[1] for row in rows])
    fits("CONSTANT_FAMILY_SIZE", [row[2] for row in rows])


GENERATORS = {
    "syscalls": syscalls,
    "errnos": lambda *paths: constants("errno", *paths),
    "constants": lambda *paths: constants("constant", *paths),
    "groups": groups,
    "argument-families": argument_families,
}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in GENERATORS:
        fail("usage: generate.py " + "|".join(GENERATORS) + " FILE...")
    GENERATORS[sys.argv[1]](*sys.argv[2:])
