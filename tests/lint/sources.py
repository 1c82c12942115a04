#!/usr/bin/env python3
"""What the house rules say about sources, checked by reading them.

One case a rule, printed as `ok lint NAME` or `not ok lint NAME` with the places behind `# `.
Comments and string literals are blanked before code is looked at, so a word in a sentence
breaks no rule.

    sources.py              the rules on this repository
    sources.py --bite DIR   every rule must find something in DIR, which breaks them all
"""
import os
import re
import sys
from pathlib import Path

# A folder of src/ may include itself and these.
LAYERS = {
    "base": {"base"},
    "world": {"base", "world"},
    "load": {"base", "world", "load"},
    "reach": {"base", "world", "reach"},
    "logs": {"base", "logs"},
    "query": {"base", "logs", "query"},
    "packets": {"base", "packets"},
    "evidence": {"base", "logs", "packets", "evidence"},
    "crosscheck": {"base", "world", "reach", "evidence", "crosscheck"},
    "timeline": {"base", "world", "reach", "evidence", "crosscheck", "timeline"},
    "policy": {"base", "world", "load", "reach", "evidence", "crosscheck", "policy"},
    "report": {"base", "world", "load", "reach", "query", "evidence", "crosscheck", "timeline", "policy", "report"},
    "cli": {"cli"},
}

# Headers of other people's libraries: each stands in one .c file of the library.
THIRD_PARTY = ("jansson.h", "yaml.h", "pcap.h", "pcap/pcap.h", "zlib.h", "zstd.h", "pcre2.h",
               "isa-l/igzip_lib.h")

LIBC = {
    "assert.h", "ctype.h", "errno.h", "fcntl.h", "float.h", "inttypes.h", "limits.h", "locale.h",
    "math.h", "signal.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
    "stdio_ext.h", "stdlib.h",
    "string.h", "strings.h", "sys/stat.h", "sys/types.h", "time.h", "unistd.h",
}

BANNED = (
    "atoi atol atoll atof sscanf fscanf scanf strcpy stpcpy strcat sprintf vsprintf strtok "
    "strtok_r alloca gets setjmp longjmp abort system popen tmpnam mktemp asctime ctime"
).split()
# The library neither prints nor ends the program: that is for src/cli.
BANNED_IN_LIBRARY = "exit _exit _Exit quick_exit printf vprintf puts putchar perror".split()
# Memory comes from base/memory.h, where a test can make it fail.
ALLOCATION = "malloc calloc realloc reallocarray strdup strndup asprintf vasprintf".split()
ALLOCATES = {"src/base/memory.c"}

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def blank(text):
    """The text with comments and literals turned into spaces; lines stay where they are."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


class Source:
    def __init__(self, path):
        self.path = path
        self.name = path.as_posix()
        self.text = path.read_text(encoding="utf-8")
        self.code = blank(self.text)
        self.folder = path.parts[1] if path.parts[0] == "src" else ""

    def includes(self):
        for match in INCLUDE.finditer(self.text):
            yield self.line(match.start()), match.group(1), match.group(2)

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def calls(self, names):
        for match in re.finditer(r"(?<![\w.>])(%s)\s*\(" % "|".join(names), self.code):
            yield self.line(match.start()), match.group(1)


def read(*patterns):
    return [Source(p) for pattern in patterns for p in sorted(Path(".").glob(pattern))]


def layers(sources):
    for source in sources:
        allowed = LAYERS.get(source.folder)
        if allowed is None:
            yield f"{source.name}: src/{source.folder} is no layer (see LAYERS)"
            continue
        for line, bracket, header in source.includes():
            if bracket != '"':
                continue
            folder = header.split("/")[0] if "/" in header else None
            if folder is None:
                yield f'{source.name}:{line}: "{header}" lacks its folder'
            elif folder not in allowed:
                yield f'{source.name}:{line}: src/{source.folder} may not include "{header}"'


def program_includes(sources):
    for source in sources:
        if source.folder != "cli":
            continue
        for line, bracket, header in source.includes():
            if bracket == "<" and not header.startswith("vpcwhy/") and header not in LIBC:
                yield f"{source.name}:{line}: <{header}>: the program uses <vpcwhy/...> and libc only"


def public_includes(headers):
    for source in headers:
        for line, bracket, header in source.includes():
            if bracket != "<" or not (header.startswith("vpcwhy/") or header in LIBC):
                yield f"{source.name}:{line}: a public header includes <vpcwhy/...> and libc only"


def third_party(sources):
    for wanted in THIRD_PARTY:
        found = [(s, line) for s in sources for line, b, h in s.includes() if h == wanted]
        for source, line in found:
            if not source.name.endswith(".c"):
                yield f"{source.name}:{line}: <{wanted}> in a header"
        for source, line in found[1:]:
            yield f"{source.name}:{line}: <{wanted}> stands already in {found[0][0].name}"


def banned_calls(sources):
    for source in sources:
        names = list(BANNED)
        if source.folder != "cli":
            names += BANNED_IN_LIBRARY
            for match in re.finditer(r"\b(stdout|stderr)\b", source.code):
                yield f"{source.name}:{source.line(match.start())}: {match.group(1)} in the library"
        for line, name in source.calls(names):
            yield f"{source.name}:{line}: {name}()"


def allocation(sources):
    for source in sources:
        if source.folder != "cli" and source.name not in ALLOCATES:
            for line, name in source.calls(ALLOCATION):
                yield f"{source.name}:{line}: {name}(): use base/memory.h or base/arena.h"


def sizes(sources):
    for source in sources:
        lines = source.code.split("\n")
        if len(lines) - 1 > MAX_FILE_LINES:
            yield f"{source.name}: {len(lines) - 1} lines, {MAX_FILE_LINES} are allowed"
        # clang-format leaves a lone { in the first column to functions.
        start = None
        for number, line in enumerate(lines, 1):
            if line.rstrip() == "{":
                start = number
            elif line.rstrip() == "}" and start is not None:
                if number - start - 1 > MAX_FUNCTION_LINES:
                    yield (f"{source.name}:{start}: a function of {number - start - 1} lines, "
                           f"{MAX_FUNCTION_LINES} are allowed")
                start = None


def opening_comment(sources):
    for source in sources:
        if not source.text.startswith("/*"):
            yield f"{source.name}:1: a file opens with a comment that gives the idea"


def default_of_switch(sources):
    """-Wswitch-enum finds the missing case only where there is no default."""
    for source in sources:
        for match in re.finditer(r"\bswitch \(([^;{}]*)\) \{", source.code):
            depth, at = 1, match.end()
            while depth and at < len(source.code):
                depth += {"{": 1, "}": -1}.get(source.code[at], 0)
                at += 1
            body = source.code[match.end():at]
            # Only a switch over an enum: its cases are names, not numbers or characters.
            cases = re.findall(r"\bcase ([^:]*):", body)
            original = source.text[match.end():at]
            if cases and all(re.fullmatch(r"VW_\w+", c.strip()) for c in cases):
                if re.search(r"\bdefault:", body) and "not an enum" not in original:
                    yield f"{source.name}:{source.line(match.start())}: default in a switch over an enum"


def tidy_reasons():
    text = Path(".clang-tidy").read_text(encoding="utf-8")
    reasons = re.findall(r"^# (-\S+) +\S", text, re.M)
    for off in re.findall(r"^  (-[a-z][\w.*-]*),?$", text, re.M):
        if off not in reasons:
            yield f".clang-tidy: {off} has no reason beside it"


def check_all():
    """Each rule's name and the places that break it."""
    sources = read("src/*/*.[ch]")
    headers = read("include/vpcwhy/*.h")
    everything = sources + headers
    rules = {
        "layers": layers(sources),
        "program-includes": program_includes(sources),
        "public-includes": public_includes(headers),
        "third-party-headers": third_party([s for s in sources if s.folder != "cli"]),
        "banned-calls": banned_calls(sources),
        "allocation": allocation(sources),
        "sizes": sizes(everything),
        "opening-comment": opening_comment(everything),
        "switch-default": default_of_switch(sources),
        "tidy-reasons": tidy_reasons(),
    }
    return {name: list(places) for name, places in rules.items()}


def main(arguments):
    bite = arguments[:1] == ["--bite"]
    if bite:
        os.chdir(arguments[1])
    failed = False
    for name, places in check_all().items():
        bad = bool(places) != bite
        failed |= bad
        print(f"{'not ok' if bad else 'ok'} lint {name}{' bites' if bite else ''}")
        for place in places if bad else []:
            print(f"# {place}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
