"""Programs of tests/corpus, built against the library that is there: with sanitizers where
build/asan has one, else build/release."""
import os
import shlex
import subprocess
from pathlib import Path

ASAN = Path("build/asan/libvpcwhy.a")
RELEASE = Path("build/release/libvpcwhy.a")


def build(name, *more, inside=False):
    """The program of tests/corpus/NAME.c and `more` sources; with any, or `inside`, it may use
    the insides of the library. None where it does not build."""
    program = Path(f"build/test/corpus_{name}")
    program.parent.mkdir(parents=True, exist_ok=True)
    libs = subprocess.run(["pkg-config", "--libs", "libpcap", "jansson", "yaml-0.1", "zlib",
                           "libzstd"],
                          check=True, capture_output=True, text=True).stdout.split()
    compiler, library = shlex.split(os.environ.get("CC", "gcc")), RELEASE
    if ASAN.exists():
        library = ASAN
        compiler = ["clang", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    insides = ["-O2", "-pthread", "-D_DEFAULT_SOURCE", "-Isrc", "-Itests/unit"] if more or inside else []
    built = subprocess.run([*compiler, "-std=c17", "-g", "-Wall", "-Wextra", "-Werror", "-Iinclude",
                            *insides, "-o", program, f"tests/corpus/{name}.c", *more, library,
                            *libs, "-lm"])
    return program if built.returncode == 0 else None
