#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what a shell completes: completions.py bash|zsh|fish > FILE.

Commands and options are those of compiler/cli/*.def, as for the manual pages.
"""
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "man"))
sys.dont_write_bytecode = True

from generate import commands, options  # noqa: E402  pylint: disable=wrong-import-position

ALTERNATIVES = re.compile(r"[\w-]+(\|[\w-]+)+")
ARCHES = "$(easyseccomp list arches 2>/dev/null | cut -d ' ' -f 1)"


def formats():
    """Names of the formats of compile."""
    return re.findall(r'\{"(\w+)", "\.', (TOP / "compiler/emit/formats.c").read_text(encoding="utf-8"))


def words_of(argument):
    """What an argument can be: words, or the kind of name that it is: 'files', 'directories', ''."""
    if ALTERNATIVES.fullmatch(argument):
        return argument.split("|")
    if argument == "DIR":
        return "directories"
    if argument == "FILE":
        return "files"
    known = {"FORMAT": formats(), "LEVEL": ["0", "1", "2", "s"], "ENGINE": ["docker", "podman"],
             "STAGE": ["ast", "graph"], "ARCH,…": [ARCHES]}
    return known.get(argument, "")


def tables():
    """Of each command: summary, words that its operand can be, and (letter, name, argument, help)."""
    known = options()
    for name, (usage, summary, ids) in commands().items():
        first, *_ = usage.split() or [""]
        operands = first.split("|") if ALTERNATIVES.fullmatch(first) and "-" not in first else []
        yield name, summary, operands, [known[i] for i in known if i in ids]


def executing():
    """The commands behind whose -- another command stands."""
    return [name for name, (usage, *_) in commands().items() if "-- COMMAND" in usage]


def spellings(option):
    letter, name = option[:2]
    return ([f"-{letter}"] if letter != "0" else []) + [f"--{name}"]


# --- bash ----------------------------------------------------------------------------------------

BASH = """# easyseccomp(1) in bash; made by completions.py
_easyseccomp()
{{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
    local command=compile options= words= kind=files i

    COMPREPLY=()
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    for ((i = 2; i < COMP_CWORD; i++)); do
        if [[ ${{COMP_WORDS[1]}} == @({executing}) && ${{COMP_WORDS[i]}} == -- ]]; then
            COMPREPLY=($(compgen -c -- "$cur"))
            return
        fi
    done
    if ((COMP_CWORD > 1)); then
        case ${{COMP_WORDS[1]}} in
        {names}) command=${{COMP_WORDS[1]}} ;;
        esac
    fi
    case $command in
{options}
    esac
    case $command:$prev in
{arguments}
    *)
        if [[ $cur == -* ]]; then
            words=$options kind=words
        elif ((COMP_CWORD == 1)); then
            COMPREPLY=($(compgen -W '{commands} help' -- "$cur"))
        else
            case $command in
{operands}
            esac
        fi
        ;;
    esac
    case $kind in
    words) COMPREPLY+=($(compgen -W "$words" -- "$cur")) ;;
    directories) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- "$cur")) ;;
    files) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$cur")) ;;
    esac
}}
complete -F _easyseccomp easyseccomp
"""


def bash_case(command, option):
    pattern = "|".join(f"{command}:{s}" for s in spellings(option))
    words = words_of(option[2])
    if isinstance(words, str):
        return f"    {pattern}) kind={words or 'none'} ;;"
    return f'    {pattern}) words="{" ".join(words)}" kind=words ;;'


def bash():
    listed = list(tables())
    names = [name for name, *_ in listed]
    every = [(name, " ".join(s for o in opts for s in spellings(o)) + " -h --help")
             for name, _, _, opts in listed]
    return BASH.format(
        names="|".join(names), executing="|".join(executing()), commands=" ".join(names),
        options="\n".join(f"    {name}) options='{words}' ;;" for name, words in every),
        arguments="\n".join(bash_case(name, o) for name, _, _, opts in listed for o in opts if o[2]),
        operands="\n".join([f"            {name}) words='{' '.join(words)}' kind=words ;;"
                            for name, _, words, _ in listed if words] + ["            *) ;;"]))


# --- zsh -----------------------------------------------------------------------------------------

def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


def zsh_action(argument):
    words = words_of(argument)
    if isinstance(words, str):
        return {"files": "_files", "directories": "_files -/", "": " "}[words]
    if words == [ARCHES]:
        return '{compadd -- ${(f)"$(easyseccomp list arches 2>/dev/null | cut -d " " -f 1)"}}'
    return f"({' '.join(words)})"


def zsh_option(option):
    names = spellings(option)
    argument = f":{zsh_text(option[2])}:{zsh_action(option[2])}" if option[2] else ""
    text = f"[{zsh_text(option[3])}]{argument}'"
    if len(names) == 1:
        return f"'*{names[0]}{text}"
    return f"'*'{{{','.join(names)}}}'{text}"


def zsh():
    lines = ["#compdef easyseccomp", "# easyseccomp(1) in zsh; made by completions.py", "",
             "local -a commands", "commands=("]
    listed = list(tables())
    lines += [f"    '{name}:{zsh_text(summary)}'" for name, summary, *_ in listed]
    lines += [")", "if ((CURRENT == 2)); then", "    _describe command commands", "    _files",
              "    return", "fi", "case $words[2] in"]
    for name, _, operands, opts in listed:
        operand = f"({' '.join(operands)})" if operands else "_files"
        lines += [f"{name})", "    shift words", "    ((CURRENT--))", "    _arguments \\"]
        lines += [f"        {zsh_option(o)} \\" for o in opts]
        lines += ["        '(-h --help)'{-h,--help}'[show a short help]' \\",
                  f"        '*:operand:{operand}'", "    ;;"]
    return "\n".join(lines + ["*) _files ;;", "esac"]) + "\n"


# --- fish ----------------------------------------------------------------------------------------

def fish_text(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_option(command, option):
    letter, name, argument, text = option
    line = f"complete -c easyseccomp -n '__fish_seen_subcommand_from {command}' -l {name}"
    if letter != "0":
        line += f" -s {letter}"
    if argument:
        words = words_of(argument)
        line += " -r"
        if words == [ARCHES]:
            line += ' -f -a "(easyseccomp list arches 2>/dev/null | cut -d \' \' -f 1)"'
        elif isinstance(words, list):
            line += f" -f -a '{' '.join(words)}'"
        elif not words:
            line += " -f"
    return f"{line} -d {fish_text(text)}"


def fish():
    lines = ["# easyseccomp(1) in fish; made by completions.py"]
    for name, summary, operands, opts in tables():
        seen = f"complete -c easyseccomp -n '__fish_seen_subcommand_from {name}'"
        lines.append(f"complete -c easyseccomp -n __fish_use_subcommand -a {name} -d {fish_text(summary)}")
        lines += [fish_option(name, o) for o in opts]
        lines.append(f"{seen} -l help -s h -d 'show a short help'")
        if operands:
            lines.append(f"{seen} -f -a '{' '.join(operands)}'")
    return "\n".join(lines) + "\n"


sys.stdout.write("# SPDX-License-Identifier: Apache-2.0\n" + bash() if sys.argv[1] == "bash"
                 else zsh().replace("\n", "\n# SPDX-License-Identifier: Apache-2.0\n", 1)
                 if sys.argv[1] == "zsh"
                 else "# SPDX-License-Identifier: Apache-2.0\n" + fish())
