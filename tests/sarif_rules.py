# SPDX-License-Identifier: Apache-2.0
"""What SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format") asks of the properties that
easyseccomp writes: which have to be there, of what type, with which words and what between them.
check(log) yields a line for each fault. A property that is not in the tables below is one too."""

TEXT, NUMBER, TRUTH = str, int, bool

# property: (required, type); a type is a Python type, the name of an object, or [name] for an array of them
OBJECTS = {
    # 3.13
    "log": {"$schema": (False, TEXT), "version": (True, TEXT), "runs": (True, ["run"])},
    # 3.14
    "run": {"tool": (True, "tool"), "columnKind": (False, TEXT), "invocations": (False, ["invocation"]),
            "artifacts": (False, ["artifact"]), "results": (False, ["result"])},
    # 3.18, 3.19
    "tool": {"driver": (True, "toolComponent")},
    "toolComponent": {"name": (True, TEXT), "version": (False, TEXT), "rules": (False, ["reportingDescriptor"])},
    # 3.20
    "invocation": {"executionSuccessful": (True, TRUTH)},
    # 3.24
    "artifact": {"location": (False, "artifactLocation")},
    # 3.49, 3.50, 3.12
    "reportingDescriptor": {"id": (True, TEXT), "shortDescription": (False, "multiformatMessageString"),
                            "fullDescription": (False, "multiformatMessageString"),
                            "help": (False, "multiformatMessageString"),
                            "defaultConfiguration": (False, "reportingConfiguration")},
    "reportingConfiguration": {"enabled": (False, TRUTH), "level": (False, TEXT)},
    "multiformatMessageString": {"text": (True, TEXT)},
    # 3.27
    "result": {"ruleId": (False, TEXT), "ruleIndex": (False, NUMBER), "level": (False, TEXT),
               "message": (True, "message"), "locations": (False, ["location"]),
               "relatedLocations": (False, ["location"]), "fixes": (False, ["fix"]),
               "suppressions": (False, ["suppression"])},
    # 3.11, 3.28 to 3.30, 3.4
    "message": {"text": (True, TEXT)},
    "location": {"id": (False, NUMBER), "physicalLocation": (False, "physicalLocation"), "message": (False, "message")},
    "physicalLocation": {"artifactLocation": (True, "artifactLocation"), "region": (False, "region")},
    "artifactLocation": {"uri": (True, TEXT)},
    "region": {"startLine": (True, NUMBER), "startColumn": (True, NUMBER), "endLine": (True, NUMBER),
               "endColumn": (True, NUMBER), "byteOffset": (True, NUMBER), "byteLength": (True, NUMBER)},
    # 3.35
    "suppression": {"kind": (True, TEXT), "status": (False, TEXT), "justification": (False, TEXT)},
    # 3.55 to 3.57, 3.3
    "fix": {"description": (False, "message"), "artifactChanges": (True, ["artifactChange"])},
    "artifactChange": {"artifactLocation": (True, "artifactLocation"), "replacements": (True, ["replacement"])},
    "replacement": {"deletedRegion": (True, "region"), "insertedContent": (False, "artifactContent")},
    "artifactContent": {"text": (False, TEXT)},
}

WORDS = {
    ("log", "version"): {"2.1.0"},
    ("run", "columnKind"): {"utf16CodeUnits", "unicodeCodePoints"},
    ("result", "level"): {"none", "note", "warning", "error"},
    ("reportingConfiguration", "level"): {"none", "note", "warning", "error"},
    ("suppression", "kind"): {"inSource", "external"},
    ("suppression", "status"): {"accepted", "underReview", "rejected"},
}

# Arrays that hold at least one, and those whose members differ.
NOT_EMPTY = {"artifactChanges", "replacements"}
UNIQUE = {"artifacts", "rules", "relatedLocations", "suppressions"}
LEAST = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1, "byteOffset": 0, "byteLength": 0,
         "ruleIndex": 0, "id": 0}


def check_value(value, kind, path, key):
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield f"{path}: is no array"
            return
        if key in NOT_EMPTY and not value:
            yield f"{path}: is empty"
        if key in UNIQUE and len({repr(v) for v in value}) != len(value):
            yield f"{path}: holds the same twice"
        for i, member in enumerate(value):
            yield from check_value(member, kind[0], f"{path}[{i}]", None)
    elif isinstance(kind, str):
        yield from check_object(value, kind, path)
    elif not isinstance(value, kind) or (kind is NUMBER and isinstance(value, bool)):
        yield f"{path}: is no {kind.__name__}"
    elif kind is NUMBER and value < LEAST.get(key, 0):
        yield f"{path}: {value} is too small"


def check_object(value, name, path):
    if not isinstance(value, dict):
        yield f"{path}: is no object"
        return
    known = OBJECTS[name]
    for key, (required, _) in known.items():
        if required and key not in value:
            yield f"{path}: '{key}' is missing"
    for key, member in value.items():
        if key not in known:
            yield f"{path}: '{key}' is no property of {name}"
            continue
        yield from check_value(member, known[key][1], f"{path}.{key}", key)
        if (name, key) in WORDS and member not in WORDS[name, key]:
            yield f"{path}.{key}: '{member}' is none of {sorted(WORDS[name, key])}"


def check_rules(run):
    """Results and the rules that they are of (3.27.5, 3.27.6)."""
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if len(set(rules)) != len(rules):
        yield "rules: an id twice"
    for i, result in enumerate(run["results"]):
        if rules[result["ruleIndex"]] != result["ruleId"]:
            yield f"results[{i}]: rule {result['ruleIndex']} is not '{result['ruleId']}'"
        ids = [location.get("id") for location in result.get("relatedLocations", [])]
        if len(set(ids)) != len(ids):
            yield f"results[{i}]: relatedLocations with the same id"


def check(log):
    faults = list(check_object(log, "log", "log"))
    yield from faults
    if not faults:
        for run in log["runs"]:
            yield from check_rules(run)


def regions(value):
    """All (uri, region) of a log."""
    if isinstance(value, list):
        for member in value:
            yield from regions(member)
    elif isinstance(value, dict):
        if "artifactLocation" in value:
            uri = value["artifactLocation"]["uri"]
            if "region" in value:
                yield uri, value["region"]
            for replacement in value.get("replacements", []):
                yield uri, replacement["deletedRegion"]
        for member in value.values():
            yield from regions(member)


def check_region(text, region):
    """Do lines, columns and bytes of a region of this text (as bytes) mean the same?"""
    begin, end = region["byteOffset"], region["byteOffset"] + region["byteLength"]
    if end > len(text):
        return False
    for offset, line, column in ((begin, region["startLine"], region["startColumn"]),
                                 (end, region["endLine"], region["endColumn"])):
        before = text[:offset]
        start = before.rfind(b"\n") + 1
        if before.count(b"\n") + 1 != line or len(before[start:].decode("utf-8", "replace")) + 1 != column:
            return False
    return True
