#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fills a manual page: generate.py PAGE.in > PAGE.

@VERSION@        the version, from configure.ac
@SYNOPSIS c@     synopsis of the command c, from cli/commands.def
@OPTIONS c@      its options, from cli/options.def
@COMMANDS@       all commands with their summaries
@DIAGNOSTICS@    all diagnostics, from base/diag.def
@LINTS@          all lints, from compiler/lint/lints.def
"""
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
STRING = r'"((?:[^"\\]|\\.)*)"'


def roff(text):
    """Text that roff takes literally."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return "\\&" + text if text[:1] in ".'" else text


def calls(path, macro):
    """The arguments of each MACRO(...) of a .def file, as text."""
    text = re.sub(r"/\*.*?\*/", "", (TOP / path).read_text(encoding="utf-8"), flags=re.S)
    return re.findall(rf"^{macro}\((.*?)\)\s*$(?=\s*(?:{macro}\(|\Z))", text, flags=re.S | re.M)


def strings(text):
    return [s.replace('\\"', '"').replace("\\n", "\n") for s in re.findall(STRING, text)]


def options():
    table = {}
    for call in calls("compiler/cli/options.def", "OPTION"):
        ident, letter = re.match(r"(\w+), (0|'.')", call).groups()
        rest = call[re.match(r"\w+, (?:0|'.'), ", call).end():]
        words = strings(rest)
        has_argument = not re.match(rf"{STRING}, NULL", rest)
        table[ident] = (letter.strip("'"), words[0], words[1] if has_argument else None, words[-1])
    return table


def option_sets():
    """The sets that commands share, by name: #define NAME_OPTIONS (OPT(A) | OPT(B))."""
    text = (TOP / "compiler/cli/cli.h").read_text(encoding="utf-8").replace("\\\n", " ")
    defined = re.findall(r"#define\s+(\w+_OPTIONS)\s+(.*)", text)
    return {name: re.findall(r"OPT\((\w+)\)", value) for name, value in defined}


def commands():
    table = {}
    sets = option_sets()
    for call in calls("compiler/cli/commands.def", "COMMAND"):
        name = re.match(r"\w+", call).group()
        words = strings(call)
        flags = re.sub(STRING, "", call)
        ids = re.findall(r"OPT\((\w+)\)", flags)
        for shared in re.findall(r"\w+_OPTIONS", flags):
            ids += sets[shared]
        table[name] = (words[0], words[1], ids)
    return table


def synopsis(command):
    return f".B easyseccomp {command}\n.RI [ option ...]\n{roff(commands()[command][0])}"


def option_list(command):
    lines = []
    known = options()
    for ident in [i for i in known if i in commands()[command][2]]:
        letter, name, argument, text = known[ident]
        names = [f"\\-{letter}"] if letter != "0" else []
        names.append(f"\\-\\-{name}")
        suffix = f" \\fI{roff(argument)}\\fR" if argument else ""
        lines.append(".TP\n" + ", ".join(f"\\fB{n}\\fR" for n in names) + suffix + "\n"
                     + roff(text[0].upper() + text[1:]) + ".")
    lines.append(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nShow a short help with an example.")
    return "\n".join(lines)


def command_list():
    return "\n".join(f".TP\n.BR easyseccomp\\-{name} (1)\n{roff(c[1][0].upper() + c[1][1:])}."
                     for name, c in commands().items())


def diagnostics():
    """By name: id, severity, summary."""
    table = {}
    for call in calls("base/diag.def", "DIAG"):
        severity = re.search(r", (ERROR|WARNING), ", call).group(1).lower()
        table[re.match(r"\w+", call).group()] = (strings(call)[0], severity, strings(call)[-1])
    return table


def diagnostic_list():
    return "\n".join(f".TP\n.B {roff(i)}\n({s}) {roff(t[0].upper() + t[1:])}."
                     for i, s, t in sorted(diagnostics().values()))


def lints():
    """Id, level, sources, summary and explanation of each, in the table's order."""
    text = re.sub(r"/\*.*?\*/", "", (TOP / "compiler/lint/lints.def").read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r'"\s*\n\s*"', "", text)  # the compiler joins adjacent strings, too
    for own, name, rest in re.findall(r"^(LINT|TOLD)\((\w+), (.*?)\)$", text, flags=re.S | re.M):
        sources = re.search(r"\b(POLICY|JSON|BOTH),", rest).group(1)
        if own == "TOLD":
            yield *diagnostics()[name][:2], sources, diagnostics()[name][2], strings(rest)[0]
        else:
            ident, summary, explanation = strings(rest)
            level = re.search(r"\b(ERROR|WARNING|OFF),", rest).group(1).lower()
            yield ident, level, sources, summary, explanation


def lint_list():
    sources = {"POLICY": "policies", "JSON": "JSON", "BOTH": "policies and JSON"}
    return "\n".join(f".TP\n.B {roff(i)}\n({level}; {sources[s]}) {roff(t[0].upper() + t[1:])}.\n.br\n{roff(e)}"
                     for i, level, s, t, e in lints())


def version():
    text = (TOP / "configure.ac").read_text(encoding="utf-8")
    return re.search(r"AC_INIT\(\[\w+\], \[([^]]+)\]", text).group(1)


def main():
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    text = text.replace("@VERSION@", version())
    text = re.sub(r"@SYNOPSIS (\w+)@", lambda m: synopsis(m.group(1)), text)
    text = re.sub(r"@OPTIONS (\w+)@", lambda m: option_list(m.group(1)), text)
    text = re.sub(r"@COMMANDS@", lambda m: command_list(), text)
    text = re.sub(r"@DIAGNOSTICS@", lambda m: diagnostic_list(), text)
    text = re.sub(r"@LINTS@", lambda m: lint_list(), text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
