#!/usr/bin/env python3
"""Holds every fixture's export against aws_keys.tsv: a key or a type that AWS does not print
is an error, and so is a file that is not indented as the AWS CLI does it.

    check_fixtures.py FOLDER    FOLDER/<scenario>/exports/*.json; prints a line a scenario,
                                `ok schema NAME` or `not ok schema NAME`, errors behind `# `
"""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MAX_CAPTURE = 50 * 1024
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$")


def read_keys():
    keys = {}
    with open(os.path.join(HERE, "aws_keys.tsv"), encoding="utf-8") as file:
        for line in file:
            path, kind = line.rstrip("\n").split("\t")
            keys.setdefault(path, set()).add(kind)
    return keys


def fits(value, kind):
    if kind == "timestamp":
        return isinstance(value, str) and TIMESTAMP.match(value) is not None
    if isinstance(value, bool):
        return kind == "boolean"
    python = {"string": str, "integer": int, "long": int, "float": (int, float),
              "double": (int, float), "list": list, "structure": dict, "map": dict}
    return kind in python and isinstance(value, python[kind])


def errors_in(value, path, keys):
    kinds = keys.get(path)
    if kinds is None:
        yield f"{path}: AWS prints no such key"
        return
    if not any(fits(value, kind) for kind in kinds):
        yield f"{path}: {json.dumps(value)[:40]} is not of type {' or '.join(sorted(kinds))}"
        return
    if isinstance(value, list):
        for item in value:
            yield from errors_in(item, path + "[]", keys)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from errors_in(inner, path + ("{}" if "map" in kinds else "." + key), keys)


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


def check_export(path, keys):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        top = json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        yield str(error)
        return
    if not isinstance(top, dict) or not top:
        yield "not an object with keys"
        return
    if text != json.dumps(top, indent=4) + "\n":
        yield "not indented as the AWS CLI does it"
    for key, value in top.items():
        yield from errors_in(value, key, keys)


def check_scenario(folder, keys):
    exports = os.path.join(folder, "exports")
    names = sorted(os.listdir(exports)) if os.path.isdir(exports) else []
    # What AWS Config records has no exports, and logs and captures may stand alone.
    alone = any(name in ("config", "logs") or name.endswith(".pcap")
                for name in os.listdir(folder))
    if not names and not alone:
        yield "exports: nothing there"
    for name in names:
        for error in check_export(os.path.join(exports, name), keys):
            yield f"exports/{name}: {error}"
    if not os.path.exists(os.path.join(folder, "README")):
        yield "README: missing"
    if not any(name.endswith(".cmd") for name in os.listdir(folder)):
        yield "no command (*.cmd)"
    for parent, _, files in os.walk(os.path.join(folder, "evidence")):
        for name in files:
            path = os.path.join(parent, name)
            if os.path.getsize(path) > MAX_CAPTURE:
                yield f"{os.path.relpath(path, folder)}: more than {MAX_CAPTURE} bytes"


def main(root):
    keys = read_keys()
    failed = False
    scenarios = sorted(entry.path for entry in os.scandir(root) if entry.is_dir())
    for folder in scenarios:
        errors = list(check_scenario(folder, keys))
        failed = failed or bool(errors)
        print(f"{'not ok' if errors else 'ok'} schema {os.path.basename(folder)}")
        for error in errors:
            print("# " + error)
    return 1 if failed or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
