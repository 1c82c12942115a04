#!/usr/bin/env python3
"""The golden and the diagnostics ring: a command line, and what it must print, byte for byte.

A golden case is fixtures/<scenario>/NAME.cmd: one line, what follows `vpcwhy`, run in that
folder. Beside it stand
    NAME.txt   its stdout
    NAME.err   its stderr                  (absent: nothing)
    NAME.exit  its exit status             (absent: 0)
    NAME.json  stdout of the same command with ` --format json` (not where it names a format)
A diagnostics case is a folder tests/diagnostics/<case>/ with `cmd`, `stdout` (absent: nothing),
`stderr` and `exit`, run in that folder; an executable `setup` in it makes inputs that are too
big or too odd to commit in the folder $T, which cmd may use.

The line is read by a shell, so quoting, `< file` and pipes into `vpcwhy -` work.

    run.py golden|diagnostics VARIANT...    one `ok`, `not ok` line a case and variant
    run.py --refresh VARIANT [NAME...]      rewrites what is expected of the cases whose names
                                            begin so, or of all of both rings
"""
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
MAX_DIFF_LINES = 60
JSON_FORMAT = re.compile(r"--format[ =](json|aws)")
# Not one of vpcwhy's own exit statuses: a sanitizer's complaint is never taken for "blocked".
SANITIZER_EXIT = "exitcode=99"


class Case:
    """One command, with the names of its expectation files."""

    def __init__(self, ring, name, folder, command, out, err, status, setup=None, is_json=False):
        self.ring, self.name, self.folder, self.command = ring, name, folder, command
        self.out, self.err, self.status = out, err, status
        self.setup, self.is_json = setup, is_json


def golden_cases():
    for path in sorted(ROOT.glob("fixtures/*/*.cmd")):
        line = path.read_text(encoding="utf-8").strip()
        name = f"{path.parent.name}/{path.stem}"
        beside = path.with_suffix
        has_format = "--format" in line
        yield Case("golden", name, path.parent, line, beside(".txt"), beside(".err"),
                   beside(".exit"), is_json=JSON_FORMAT.search(line) is not None)
        if not has_format:
            yield Case("golden", f"{name} --format json", path.parent, f"{line} --format json",
                       beside(".json"), beside(".err"), beside(".exit"), is_json=True)


def diagnostics_cases():
    for path in sorted(ROOT.glob("tests/diagnostics/*/cmd")):
        folder = path.parent
        setup = folder / "setup"
        yield Case("diagnostics", folder.name, folder, path.read_text(encoding="utf-8").strip(),
                   folder / "stdout", folder / "stderr", folder / "exit",
                   setup=setup if setup.exists() else None)


RINGS = {"golden": golden_cases, "diagnostics": diagnostics_cases}


def environment(variant, scratch):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TZ", "LANG")}
    env.update(LC_ALL="C", T=scratch, PATH=f"{ROOT}/build/{variant}:{os.environ['PATH']}",
               ASAN_OPTIONS=f"{SANITIZER_EXIT}:allocator_may_return_null=1",
               UBSAN_OPTIONS=f"{SANITIZER_EXIT}:print_stacktrace=1", LSAN_OPTIONS=SANITIZER_EXIT)
    return env


def execute(case, variant):
    """Returns (stdout, stderr, status), with the scratch folder written as $T."""
    scratch = tempfile.mkdtemp(prefix="vpcwhy-case-")
    env = environment(variant, scratch)
    try:
        if case.setup:
            subprocess.run([case.setup], cwd=case.folder, env=env, check=True, timeout=SECONDS)
        run = subprocess.run(["bash", "-c", "vpcwhy " + case.command], cwd=case.folder, env=env,
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
        named = scratch.encode()
        return run.stdout.replace(named, b"$T"), run.stderr.replace(named, b"$T"), run.returncode
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", scratch], check=False)
        shutil.rmtree(scratch, ignore_errors=True)


def difference(path, wanted, got):
    wanted, got = (b.decode("utf-8", "backslashreplace").splitlines() for b in (wanted, got))
    lines = list(difflib.unified_diff(wanted, got, str(path), "now", lineterm=""))
    cut = len(lines) - MAX_DIFF_LINES
    return lines[:MAX_DIFF_LINES] + ([f"... and {cut} more lines"] if cut > 0 else [])


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"duplicate key among {keys}")
    return dict(pairs)


def not_a_number(word):
    raise ValueError(f"{word} is not JSON")


def json_complaints(out):
    try:
        json.loads(out, object_pairs_hook=no_duplicates, parse_constant=not_a_number)
    except ValueError as error:
        return [f"not JSON: {error}"]
    return []


def complaints(case, variant):
    try:
        out, err, status = execute(case, variant)
    except subprocess.TimeoutExpired:
        return [f"still running after {SECONDS} seconds"]
    except (OSError, subprocess.CalledProcessError) as error:
        return [f"setup: {error}"]
    found = []
    optional_out = case.ring == "diagnostics"
    for path, got, may_lack in ((case.out, out, optional_out), (case.err, err, True)):
        name = path.relative_to(ROOT)
        if path.exists():
            wanted = path.read_bytes()
            if wanted != got:
                found += difference(name, wanted, got)
        elif not may_lack:
            found.append(f"{name} is missing (`make refresh` writes it)")
        elif got:
            found += difference(name, b"", got)
    wanted_status = int(case.status.read_text()) if case.status.exists() else 0
    if status != wanted_status:
        found.append(f"exit status {status}, expected {wanted_status}")
    if case.is_json and out:
        found += json_complaints(out)
    return found


def check(ring, variants):
    cases = list(RINGS[ring]())
    work = [(case, variant) for variant in variants for case in cases]
    failed = 0
    with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        results = pool.map(lambda pair: complaints(*pair), work)
        for (case, variant), found in zip(work, results):
            print(f"{'not ok' if found else 'ok'} {ring} {variant}: {case.name}")
            for line in found:
                print(f"# {line}")
            failed += bool(found)
    return 1 if failed else 0


def store(path, content, empty):
    """Writes an expectation; one that is `empty` is said by having no file."""
    if content == empty:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
        print(f"wrote {path.relative_to(ROOT)}")


def refresh(variant, names):
    for ring, cases in RINGS.items():
        for case in cases():
            if not case.name.startswith(names or ("",)):
                continue
            out, err, status = execute(case, variant)
            store(case.out, out, b"" if ring == "diagnostics" else None)
            store(case.err, err, b"")
            store(case.status, b"%d\n" % status, b"0\n")
            if status < 0 or status > 4:
                print(f"careful: {case.name} ended with status {status}")
    return 0


def main(arguments):
    if len(arguments) >= 2 and arguments[0] == "--refresh":
        return refresh(arguments[1], tuple(arguments[2:]))
    if len(arguments) >= 2 and arguments[0] in RINGS:
        return check(arguments[0], arguments[1:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
