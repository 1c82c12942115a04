#!/usr/bin/env python3
"""Runs the examples of README.md and of the man page and holds their output against what is
written there.

README: fenced blocks marked ```console; a line `$ command`, then what it prints. The man page:
the displays of its EXAMPLES section. A line `...` stands for any lines. Commands run in the
repository's root with build/release first in PATH. What would fetch, install, build or leave
the folder is not run, but for `make demo`: its output is that of the script it ends with.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_RUN = ("git clone", "make", "cd ", "sudo ", "apt")
SECONDS = 60
# The verdicts; 2 is bad usage and 4 an internal error, and no example shows one unannounced.
GOOD_STATUS = (0, 1, 3)


def readme_blocks():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```console\n(.*?)^```", text, re.M | re.S)


def man_blocks():
    page = ROOT / "src/cli/vpcwhy.1"
    text = subprocess.run(["mandoc", "-T", "utf8", page], capture_output=True, check=True,
                          encoding="utf-8").stdout
    text = re.sub(".\b", "", text)
    section = re.search(r"^EXAMPLES\n(.*?)(?=^\S)", text, re.M | re.S)
    if not section:
        return []
    # A display is indented deeper than the prose around it.
    blocks = re.findall(r"(?:^ {6,}\$ .*\n(?:^ {6,}\S.*\n)*)+", section.group(1), re.M)
    return ["".join(line.strip() + "\n" for line in block.splitlines()) for block in blocks]


def commands(block):
    """Pairs of a command (continued lines joined) and the lines expected of it."""
    pairs = []
    lines = iter(block.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = command[:-1] + next(lines, "").strip()
            pairs.append((command, []))
        elif pairs:
            pairs[-1][1].append(line)
    for _, expected in pairs:
        while expected and not expected[-1].strip():
            expected.pop()
    return pairs


def matches(expected, got):
    """Line by line; `...` matches any number of lines."""
    pattern = "".join("(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + "\n"
                      for line in expected)
    text = "".join(line.rstrip() + "\n" for line in got)
    return re.fullmatch(pattern, text) is not None


def run(command):
    env = dict(os.environ, PATH=f"{ROOT}/build/release:{os.environ['PATH']}", LC_ALL="C.UTF-8")
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
    return done.returncode, done.stdout.decode("utf-8", "backslashreplace").splitlines()


def complaints(command, expected, compare):
    try:
        status, got = run(command)
    except subprocess.TimeoutExpired:
        return [f"still running after {SECONDS} seconds"]
    found = [] if status in GOOD_STATUS else [f"exit status {status}"]
    if (compare or expected) and not matches(expected, got):
        found += ["written:"] + expected + ["printed:"] + got
    return found


def main():
    sources = [("README", readme_blocks, True), ("man", man_blocks, False)]
    failed = False
    for place, blocks, compare in sources:
        try:
            pairs = [pair for block in blocks() for pair in commands(block)]
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"not ok readme {place}\n# {error}")
            failed = True
            continue
        if not pairs:
            print(f"not ok readme {place}\n# it has no example")
            failed = True
        for command, expected in pairs:
            name = f"{place}: {command}"
            if command == "make demo":
                command = "fixtures/demo.sh"
            elif command.startswith(NOT_RUN):
                continue
            found = complaints(command, expected, compare)
            print(f"{'not ok' if found else 'ok'} readme {name}")
            for line in found:
                print(f"# {line}")
            failed |= bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
