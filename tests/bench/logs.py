#!/usr/bin/env python3
"""Flow logs: `vpcwhy query` beside DuckDB, ClickHouse (chdb) and mawk, turn and turn about.

    logs.py [RECORDS]      2000000 unless told; RUNS=5 rounds

The same question of the same files, which are made with a fixed seed: plain text, gzip, Parquet,
and plain text of many more pairs of addresses. Times are of the whole process for vpcwhy and
mawk, of the query alone for DuckDB and ClickHouse, whose start in node would be held against
them; the processors' seconds and the peak of memory are of whole processes. A machine that does
other things shows in the former, hardly in the latter. All must give the same ten rows. Peers that cannot be
installed are left out, and said to be.
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.chdir(Path(__file__).resolve().parents[2])
BUILT = Path("build/release")
RUNS = int(os.environ.get("RUNS", "5"))
QUERY = ("stats sum(bytes) as b by srcAddr, dstAddr | sort b desc, srcAddr asc, dstAddr asc "
         "| limit 10")
COLUMNS = ("version account_id interface_id srcaddr dstaddr srcport dstport protocol packets bytes "
           "start end action log_status").split()
TEXTS = {"account_id", "interface_id", "srcaddr", "dstaddr", "action", "log_status"}
ORDER = "order by b desc, srcaddr, dstaddr limit 10"


def peers_of(names):
    """The peers that can be had, each with the folder that it is in."""
    found = {}
    for name in names:
        result = subprocess.run(["tests/bench/peers", name], stdout=subprocess.PIPE, text=True)
        if result.returncode == 0:
            found[name] = result.stdout.strip()
        else:
            print(f"{name} is left out: {result.stdout.strip()}")
    return found


def run(command):
    """Seconds, those of the processors, peak MB, what it printed, and what it said."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = subprocess.Popen(command, stdout=out, stderr=error)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        error.seek(0)
        printed, said = out.read().decode(), error.read().decode()
    if process.returncode:
        raise RuntimeError(f"{command[0]}: exit status {process.returncode}\n{said}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed, said


def csv_type(name):
    return "varchar" if name in TEXTS else "bigint"


def duckdb_source(path):
    if path.suffix == ".parquet":
        return f"'{path}'"
    types = ", ".join(f"'{name}': '{csv_type(name)}'" for name in COLUMNS)
    return f"read_csv('{path}', delim=' ', header=true, columns={{{types}}})"


def duckdb(folder, path):
    sql = f"select srcaddr, dstaddr, sum(bytes) b from {duckdb_source(path)} group by all {ORDER}"
    return ["node", "tests/bench/duckdb.mjs", folder, sql]


def chdb(folder, path):
    if path.suffix == ".parquet":
        inner = f"select srcaddr, dstaddr, bytes from file('{path}')"
    else:
        inner = ("select s[4] as srcaddr, s[5] as dstaddr, toUInt64OrZero(s[10]) as bytes from "
                 f"(select splitByChar(' ', line) as s from file('{path}', 'LineAsString', "
                 "'line String')) where s[1] != 'version'")
    return ["node", "tests/bench/chdb.cjs", folder,
            f"select srcaddr, dstaddr, sum(bytes) as b from ({inner}) group by srcaddr, dstaddr "
            f"{ORDER} settings max_threads=2"]


def mawk(path):
    program = ("FNR > 1 { b[$4 \"\\t\" $5] += $10 } END { for (k in b) printf \"%s\\t%.0f\\n\", k, b[k] }")
    return ["sh", "-c", f"mawk '{program}' {path} | LC_ALL=C sort -t '\t' -k3,3nr -k1,1 -k2,2 "
            "| head -10"]


def rows_of(name, printed):
    """The ten rows, whatever they are printed as."""
    lines = [re.split(r"[\t,]", line.replace('"', "")) for line in printed.strip().splitlines()]
    if name == "vpcwhy":
        lines = lines[1:]
    return [tuple(line) for line in lines]


class Contest:
    """Programs that answer the same question of one file."""

    def __init__(self, path, commands):
        self.path, self.commands = path, commands
        self.seconds = {name: [] for name in commands}
        self.busy = {name: [] for name in commands}
        self.peak = {name: 0 for name in commands}

    def hold(self):
        answers = {}
        for _ in range(RUNS):
            for name, command in self.commands.items():
                seconds, busy, peak, printed, said = run(command)
                if name in ("DuckDB", "ClickHouse"):
                    seconds = float(said.split()[-1])
                self.seconds[name].append(seconds)
                self.busy[name].append(busy)
                self.peak[name] = max(self.peak[name], peak)
                if name != "unpacking alone":
                    answers[name] = rows_of(name, printed)
        if len({tuple(answer) for answer in answers.values()}) > 1:
            raise RuntimeError(f"{self.path}: the answers differ: {answers}")

    def show(self):
        first = next(iter(self.commands))
        mine, size = statistics.median(self.seconds[first]), self.path.stat().st_size
        for name, taken in self.seconds.items():
            median = statistics.median(taken)
            text = (f"  {name:15} {median:7.3f} s {size / median / 1e6:6.0f} MB/s, processors "
                    f"{statistics.median(self.busy[name]):6.3f} s, {self.peak[name]:4.0f} MB at most")
            print(text if name == first else f"{text}; {first} takes {mine / median:.2f} of it")


def contest(title, path, peers, *, text=True, floor=False, naive=False):
    commands = {"vpcwhy": [str(BUILT / "vpcwhy"), "query", QUERY, str(path), "--format", "csv"]}
    if floor:
        commands["unpacking alone"] = [str(BUILT / "tests/bench/inflate_only"), str(path)]
    if "duckdb" in peers:
        commands["DuckDB"] = duckdb(peers["duckdb"], path)
    if "chdb" in peers:
        commands["ClickHouse"] = chdb(peers["chdb"], path)
    if naive:
        commands["mawk"] = mawk(path)
    print(f"\n{title}, {path.stat().st_size / 1e6:.0f} MB:", flush=True)
    one = Contest(path, commands)
    one.hold()
    one.show()
    sys.stdout.flush()


def make(path, records, pairs):
    with open(path, "wb") as file:
        subprocess.run([BUILT / "tests/bench/make_flows", str(records), str(pairs)], stdout=file,
                       check=True)


def main():
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 2000000
    peers = peers_of(("duckdb", "chdb"))
    with tempfile.TemporaryDirectory() as folder:
        plain, many = Path(folder, "flows.log"), Path(folder, "many.log")
        packed, parquet = Path(folder, "flows.log.gz"), Path(folder, "flows.parquet")
        make(plain, records, records * 3 // 20)
        contest(f"query of {records} records, {records * 3 // 20} pairs, as text (wanted: half of "
                "DuckDB, 0.67 of ClickHouse, 64 MB)", plain, peers, naive=True)
        with open(packed, "wb") as file:
            subprocess.run(["gzip", "-6", "-c", plain], stdout=file, check=True)
        contest("the same in gzip (wanted: 1.2 of unpacking alone)", packed, peers, floor=True)
        if "duckdb" in peers:
            run(["node", "tests/bench/duckdb.mjs", peers["duckdb"],
                 f"copy (from {duckdb_source(plain)}) to '{parquet}' (format parquet, codec gzip)"])
            contest("the same in Parquet, gzip (wanted: as DuckDB)", parquet, peers)
        for path in (plain, packed, parquet):
            path.unlink(missing_ok=True)
        make(many, records, records * 15)
        contest(f"{records} records, most of a pair of their own, as text (wanted: ahead of both)", many,
                peers)
    return 0


sys.exit(main())
