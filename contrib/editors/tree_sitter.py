# SPDX-License-Identifier: Apache-2.0
"""A grammar of tree-sitter, and how its trees are coloured; editors.py writes them.

It is made of grammar/parser.y and grammar/lexer.l, so that it knows the same policies: rules become rules, tokens
tokens, precedences precedences. Left out is how errors are recovered from, for tree-sitter does that by itself.
Directives and comments may stand anywhere. `tree-sitter generate grammar.json` makes a parser of it.
"""
import json
import re
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent

# What the parts of trees are called where the grammar's own name is about the parser.
NAMES = {"item": "statement", "condition": "expression", "IDENT": "identifier", "SYSCALL": "syscall", "SET_NAME": "set_name",
         "VARIABLE": "variable", "STRING": "string", "NUMBER": "number", "VERSION": "version"}
# They only say that there may be several, and leave no node.
HIDDEN = {"arguments", "list_members", "names", "expects", "end", "title"}

WORD = "[A-Za-z_][A-Za-z0-9_]*"
PATTERNS = {
    "identifier": WORD,
    "variable": rf"\${WORD}",
    "set_name": rf"%{WORD}(-[A-Za-z0-9_]+)*",
    "syscall": rf"@{WORD}(@{WORD})?",
    "number": "[0-9][A-Za-z0-9_]*",
    "version": r"[0-9]+(\.[0-9]+)+",
    "string": r'"([^"\\\n]|\\[^\n])*"',
    "directive": r"#[^\n]*",
    "comment": r"//[^\n]*|/\*[^*]*\*+([^/*][^*]*\*+)*/",
}


def text(path):
    return (TOP / path).read_text(encoding="utf-8")


def without_actions(rules):
    """Without comments and what is between braces that are no tokens."""
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)
    out, depth, quoted = [], 0, False
    for i, c in enumerate(rules):
        if c == "'" and not depth:
            quoted = not quoted
        elif not quoted and c == "{" and rules[i - 1:i + 2] != "'{'":
            depth += 1
        if not depth:
            out.append(c)
        if not quoted and depth and c == "}":
            depth -= 1
    return "".join(out)


def read_grammar():
    """The rules as {name: [[symbol, ...], ...]}, and what each operator binds as {token: (number, kind)}."""
    head, rules, _ = text("grammar/parser.y").split("\n%%\n")
    productions = {}
    for name, body in re.findall(r"^(\w+):(.*?)^;", without_actions(rules), re.DOTALL | re.MULTILINE):
        productions[name] = [alternative.split() for alternative in re.split(r"\|(?!')", body)]
    binding = {}
    lines = re.findall(r"^%(left|nonassoc|precedence)\s+(.*)$", head, re.MULTILINE)
    for number, (kind, tokens) in enumerate(lines):
        for token in tokens.split():
            binding[token] = (number, kind)
    return productions, binding


def spellings():
    """Of tokens that are always the same: {name: text}."""
    return {name: spelled for spelled, name in
            re.findall(r'^"([^"]+)"\s+(?:return TOKEN_|WORD\()(\w+)', text("grammar/lexer.l"), re.MULTILINE)}


def visible(alternatives):
    """Without what is about errors and about the parser's two ways to begin."""
    return [a for a in alternatives if not {"error", "DIRECTIVE", "START_EXPRESSION"} & set(a)]


class Grammar:
    def __init__(self):
        self.productions, self.binding = read_grammar()
        self.fixed = spellings()
        self.nullable = {name for name, alternatives in self.productions.items() if ["%empty"] in alternatives}

    def name(self, symbol):
        known = NAMES.get(symbol, symbol)
        return f"_{known}" if symbol in HIDDEN else known

    def symbol(self, symbol):
        if symbol[0] == "'":
            return {"type": "STRING", "value": symbol[1:-1]}
        if symbol in self.fixed:
            return {"type": "STRING", "value": self.fixed[symbol]}
        found = {"type": "SYMBOL", "name": self.name(symbol)}
        return {"type": "CHOICE", "members": [found, {"type": "BLANK"}]} if symbol in self.nullable else found

    def operator(self, alternative):
        """What says how an alternative binds: %prec, or its last token."""
        if "%prec" in alternative:
            return alternative[alternative.index("%prec") + 1]
        tokens = [s for s in alternative if s in self.binding]
        return tokens[-1] if tokens else None

    def alternative(self, name, alternative):
        operator = self.operator(alternative)
        symbols = alternative[:alternative.index("%prec")] if "%prec" in alternative else alternative
        members = [self.symbol(s) for s in symbols]
        rule = members[0] if len(members) == 1 else {"type": "SEQ", "members": members}
        if name == "condition" and operator and len(members) > 1 and operator != "'('":
            number, kind = self.binding[operator]
            # of operators that do not chain tree-sitter knows nothing: they go from left to right
            return {"type": "PREC" if kind == "precedence" else "PREC_LEFT", "value": number + 1, "content": rule}
        if name == "item" and symbols[0] in ("ARCH", "FLAGS"):  # no call of a macro of that name
            return {"type": "PREC", "value": 1, "content": rule}
        return rule

    def rule(self, name, alternatives):
        members = [self.alternative(name, a) for a in visible(alternatives) if a != ["%empty"]]
        return members[0] if len(members) == 1 else {"type": "CHOICE", "members": members}

    def rules(self):
        yield "source_file", {"type": "REPEAT", "content": {"type": "SYMBOL", "name": self.name("item")}}
        for name, alternatives in self.productions.items():
            if name not in ("input", "items"):
                yield self.name(name), self.rule(name, alternatives)
        for name, pattern in PATTERNS.items():
            yield name, {"type": "PATTERN", "value": pattern}


def grammar():
    extras = [{"type": "PATTERN", "value": r"\s"}, *({"type": "SYMBOL", "name": n} for n in ("comment", "directive"))]
    yield json.dumps({"name": "easyseccomp", "word": "identifier", "rules": dict(Grammar().rules()), "extras": extras,
                      "conflicts": [], "precedences": [], "externals": [], "inline": [], "supertypes": []}, indent=2)


def highlights():
    yield "; SPDX-License-Identifier: Apache-2.0"
    yield "; Made by contrib/editors/tree_sitter.py."
    yield '((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))'
    for node, capture in (("action (name)", "function.builtin"), ("syscall", "function"), ("set_name", "type"),
                          ("variable", "variable.builtin"), ("number", "number"), ("version", "number"),
                          ("string", "string"), ("directive", "keyword.directive"), ("comment", "comment")):
        yield f"({node}) @{capture}"
    words = sorted(w for w in spellings().values() if w.isalpha())
    yield "[" + " ".join(f'"{w}"' for w in words) + "] @keyword"
