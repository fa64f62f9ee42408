#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what an editor colours policies by: editors.py DIRECTORY/FILE.

The words are those of grammar/lexer.l, compiler/front/preproc.c and compiler/tables/actions.def; the grammar for
tree-sitter is grammar/parser.y's.
"""
import json
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import tree_sitter  # noqa: E402  pylint: disable=wrong-import-position

TOP = Path(__file__).resolve().parent.parent.parent


def text(path):
    return (TOP / path).read_text(encoding="utf-8")


def words():
    """What the grammar knows as a word of its own."""
    return re.findall(r'^"([A-Za-z]+)"\s', text("grammar/lexer.l"), re.MULTILINE)


def directives():
    return re.findall(r'\[WORD_\w+\] = "(\w+)"', text("compiler/front/preproc.c"))


def actions():
    return re.findall(r'^ACTION\(\w+, "(\w+)"', text("compiler/tables/actions.def"), re.MULTILINE)


# In order: what a later one would match, too, is an earlier one's. Regular expressions of the kind that
# Python, Oniguruma and (by way of the functions below) Vim and Emacs understand.
def classes():
    yield "suppression", r"//\s*lint:.*$"
    yield "comment", r"//.*$"
    yield "string", r'"(?:[^"\\]|\\.)*"'
    yield "directive", r"^\s*#\s*(?:" + "|".join(directives()) + r")\b"
    yield "action", r"\b(?:" + "|".join(actions()) + r")\b"
    yield "keyword", r"\b(?:" + "|".join(words()) + r")\b"
    yield "syscall", r"@[A-Za-z_]\w*"
    yield "set", r"%[A-Za-z_][A-Za-z0-9_-]*"
    yield "variable", r"\$[A-Za-z_]\w*"
    yield "number", r"\b[0-9]\w*"
    yield "constant", r"\b[A-Z][A-Z0-9_]+\b"


# --- Vim -------------------------------------------------------------------------------------------

VIM_GROUPS = {"suppression": "SpecialComment", "comment": "Comment", "string": "String",
              "directive": "PreProc", "action": "Statement", "keyword": "Keyword", "syscall": "Function",
              "set": "Type", "variable": "Identifier", "number": "Number", "constant": "Constant"}


def vim_pattern(pattern):
    """In Vim's very magic notation."""
    pattern = pattern.replace("@", r"\@").replace("%", r"\%").replace("=", r"\=").replace("<", r"\<")
    first, _, rest = pattern.partition(r"\b")
    if not first and rest:
        pattern = "<" + rest
    return r"\v" + pattern.replace(r"\b", ">").replace("(?:", "%(").replace("~", r"\~")


def vim():
    yield '" SPDX-License-Identifier: Apache-2.0'
    yield '" Policies of easyseccomp. Made by contrib/editors/editors.py.'
    yield 'if exists("b:current_syntax")\n  finish\nendif'
    for name, pattern in reversed(list(classes())):  # of Vim's matches the last one counts
        yield f"syntax match seccomp{name.capitalize()} '{vim_pattern(pattern)}'"
    yield "syntax region seccompComment start='/\\*' end='\\*/'"
    for name, group in VIM_GROUPS.items():
        yield f"highlight default link seccomp{name.capitalize()} {group}"
    yield 'let b:current_syntax = "easyseccomp"'


def vim_detect():
    yield '" SPDX-License-Identifier: Apache-2.0'
    yield "autocmd BufRead,BufNewFile *.seccomp setfiletype easyseccomp"


# --- Emacs -----------------------------------------------------------------------------------------

FACES = {"suppression": "doc", "directive": "preprocessor", "action": "builtin", "keyword": "keyword",
         "syscall": "function-name", "set": "type", "variable": "variable-name", "number": "constant",
         "constant": "constant"}


def emacs_pattern(pattern):
    pattern = pattern.replace("(?:", "\\(?:").replace(")", "\\)").replace("|", "\\|")
    pattern = pattern.replace(r"\s", "[[:space:]]")
    return json.dumps(pattern.replace(r"\b", r"\_>") if not pattern.startswith(r"\b") else
                      r"\_<" + pattern[2:].replace(r"\b", r"\_>"))


def emacs():
    yield ";;; easyseccomp-mode.el --- policies of easyseccomp  -*- lexical-binding: t -*-"
    yield ";; SPDX-License-Identifier: Apache-2.0"
    yield ";;; Commentary:\n;; Made by contrib/editors/editors.py.\n;;; Code:"
    yield "(defvar easyseccomp-mode-syntax-table"
    yield "  (let ((table (make-syntax-table)))"
    for character, kind in (("/", ". 124b"), ("*", ". 23"), ("\\n", "> b"), ("_", "_"), ("$", "_")):
        yield f'    (modify-syntax-entry ?{character} "{kind}" table)'
    yield "    table))"
    yield "(defconst easyseccomp-font-lock\n  '("
    for name, pattern in classes():
        if name in FACES:
            override = " t" if name == "suppression" else ""
            yield f"    ({emacs_pattern(pattern)} 0 font-lock-{FACES[name]}-face{override})"
    yield "    ))"
    yield ";;;###autoload\n(define-derived-mode easyseccomp-mode prog-mode \"Seccomp\""
    yield '  "Policies of easyseccomp."'
    yield '  (setq-local comment-start "// " comment-end "")'
    yield "  (setq-local font-lock-defaults '(easyseccomp-font-lock)))"
    yield ";;;###autoload\n(add-to-list 'auto-mode-alist '(\"\\\\.seccomp\\\\'\" . easyseccomp-mode))"
    yield "(provide 'easyseccomp-mode)\n;;; easyseccomp-mode.el ends here"


# --- Visual Studio Code ----------------------------------------------------------------------------

SCOPES = {"suppression": "comment.line.documentation", "comment": "comment.line.double-slash",
          "string": "string.quoted.double", "directive": "keyword.control.directive",
          "action": "support.function.action", "keyword": "keyword.other", "syscall": "entity.name.function",
          "set": "entity.name.type", "variable": "variable.language", "number": "constant.numeric",
          "constant": "constant.other"}


def vscode():
    patterns = [{"begin": r"/\*", "end": r"\*/", "name": "comment.block.easyseccomp"}]
    patterns += [{"match": pattern, "name": f"{SCOPES[name]}.easyseccomp"} for name, pattern in classes()]
    yield json.dumps({"scopeName": "source.easyseccomp", "fileTypes": ["seccomp"], "patterns": patterns}, indent=2)


def vscode_package():
    language = {"id": "easyseccomp", "aliases": ["seccomp policy"], "extensions": [".seccomp"],
                "configuration": "./language-configuration.json"}
    grammar = {"language": "easyseccomp", "scopeName": "source.easyseccomp",
               "path": "./easyseccomp.tmLanguage.json"}
    yield json.dumps({"name": "easyseccomp", "displayName": "seccomp policies", "publisher": "easyseccomp",
                      "version": "0.1.0", "license": "Apache-2.0", "engines": {"vscode": "^1.60.0"},
                      "contributes": {"languages": [language], "grammars": [grammar]}}, indent=2)


def vscode_words():
    pairs = [["{", "}"], ["(", ")"]]
    yield json.dumps({"comments": {"lineComment": "//", "blockComment": ["/*", "*/"]}, "brackets": pairs,
                      "autoClosingPairs": pairs + [['"', '"']]}, indent=2)


WRITERS = {"syntax/easyseccomp.vim": vim, "ftdetect/easyseccomp.vim": vim_detect,
           "emacs/easyseccomp-mode.el": emacs, "vscode/easyseccomp.tmLanguage.json": vscode,
           "tree-sitter/grammar.json": tree_sitter.grammar, "tree-sitter/highlights.scm": tree_sitter.highlights,
           "vscode/package.json": vscode_package, "vscode/language-configuration.json": vscode_words}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in WRITERS:
        sys.exit("usage: editors.py " + "|".join(WRITERS))
    print("\n".join(WRITERS[sys.argv[1]]()))
