#!/usr/bin/env python3
"""Turns the recordings of make_evidence.sh (build/evidence) into fixtures/*/evidence.

What was recorded stays as it is but for the date: every run is moved by whole seconds to
its place on the fixture's time line, captures and stamped transcripts alike. Not recorded
but derived from the captures are

- the flow logs: a record for each flow, interface and window of 60 s, with the action that
  the table below gives; a packet that an interface refuses is in no capture of its host, so
  it is taken from the sender's;
- the transcript in the form of macOS, whose ping does not run here;
- ping-cut.txt, the beginning of ping.txt as copied from a terminal.

Usage: finish_evidence.py [SCENARIO...]
"""

import gzip
import hashlib
import os
import re
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timezone

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import pcap_file  # noqa: E402
from aws_world import (  # noqa: E402
    ACCOUNT, DEFAULT_FORMAT, LONG_FORMAT, REGION, SITE_1, SITE_2, SITE_2_FIRST, flow_log)

ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
RAW = os.path.join(ROOT, "build", "evidence")
WINDOW = 60
SLOT = 300
SYN, ACK, FIN_SYN_RST = 2, 16, 7


@dataclass
class Log:
    """How one VPC's flow log is written."""

    form: str                     # "console" (CloudWatch) or "s3"
    zipped: bool = False
    log_format: str = DEFAULT_FORMAT
    silent: bool = False          # the interface saw nothing: NODATA
    extra: tuple = ()             # more records: (window start, end, fields)


@dataclass
class Run:
    """One recording and its place: the first packet of instance 1 is sent at `start`."""

    start: str
    second: object = SITE_2
    captures: tuple = (1, 2)
    refused: tuple = ()           # of "1 out", "1 in", "2 out", "2 in": REJECT there
    logs: dict = None             # Log by VPC number; None: both
    transcript: str = "ping.txt"
    first_answer: bool = False    # start is when the first answered request was sent


CONSOLE, S3 = Log("console"), Log("s3")
NTP = "3.111.45.100"
# The line the incident is known by, and its answer.
NTP_RECORDS = (
    (1737122420, 1737122476, (SITE_1.private, NTP, 46497, 123, 17), 1, 76),
    (1737122420, 1737122476, (NTP, SITE_1.private, 123, 46497, 17), 1, 76))
BEFORE = {"second": SITE_2_FIRST, "logs": {1: CONSOLE}}
SILENT = {1: CONSOLE, 2: Log("s3", silent=True)}

RUNS = {
    "ping-before-peering": Run("13:20:07", **BEFORE),
    "ping-before-peering.contradicting": Run("13:20:07", captures=(1,), **BEFORE),
    "ping-public-address": Run("13:27:12", **BEFORE),
    "ping-public-address.contradicting": Run("13:27:12", refused=("1 out",), **BEFORE),
    "ping-route-one-way": Run("13:46:15"),
    "ping-route-one-way.contradicting": Run("13:46:15", captures=(1,)),
    "ping-after-peering": Run(
        "14:00:21", first_answer=True,
        logs={1: Log("console", extra=NTP_RECORDS), 2: Log("s3", zipped=True)}),
    "ping-after-peering.contradicting": Run("14:00:24", refused=("2 in",)),
    "instance-stopped": Run("14:03:20", captures=(1,), logs=SILENT),
    "group-without-icmp": Run("14:20:03", refused=("2 in",)),
    "group-icmp-8-8": Run("14:26:40", captures=(), refused=("2 in",)),
    "network-acl-echo-only": Run(
        "14:33:11", refused=("2 out",),
        logs={1: CONSOLE, 2: Log("s3", log_format=LONG_FORMAT)}),
    "network-acl-no-ephemeral-ports": Run(
        "14:41:05", refused=("1 in",), transcript="nmap.txt"),
    "network-acl-half-ephemeral": Run("14:47:30", refused=("1 in",), transcript=None),
    "route-blackhole": Run("14:55:02", captures=(1,), logs=SILENT),
    "route-wrong-main-table": Run("15:02:44"),
    "no-such-host": Run("15:10:09", captures=(1,)),
    "ipv6-peering": Run("15:21:37"),
}


def clock(text):
    moment = datetime.fromisoformat(f"2025-01-17T{text}+00:00")
    return int(moment.timestamp())


# ---- flow logs -----------------------------------------------------------------------

def logged_flags(packet):
    """Flow logs note SYN, FIN and RST, and ACK only together with SYN."""
    flags = packet.tcp_flags & FIN_SYN_RST
    return flags | ACK if flags & SYN and packet.tcp_flags & ACK else flags


def decided(site, own, other, refused):
    """(packet, action, direction) of all that an interface decided on.

    own and other are the captures at the two ends; what is refused on the way in is known
    from the sender's capture alone.
    """
    ours = {site.private, site.v6}
    out_action = "REJECT" if f"{site.number} out" in refused else "ACCEPT"
    arrived = set()
    for packet in own:
        if packet.source in ours:
            ssh = packet.source_port == 22
            yield packet, "ACCEPT" if ssh else out_action, "egress"
        else:
            arrived.add((packet.source_port, packet.target_port, packet.icmp_sequence))
            yield packet, "ACCEPT", "ingress"
    if f"{site.number} in" in refused:
        for packet in other:
            key = (packet.source_port, packet.target_port, packet.icmp_sequence)
            if packet.target in ours and key not in arrived:
                yield packet, "REJECT", "ingress"


def aggregate(site, events, span):
    """Records (start, end, flow, packets, bytes, flags, action, direction).

    A window without a flow has one record with None for it: NODATA.
    """
    phase = {1: 20, 2: 7}[site.number]
    length = {1: 56, 2: 58}[site.number]
    records = {}
    for packet, action, direction in sorted(events, key=lambda event: event[0].time):
        start = int(packet.time - phase) // WINDOW * WINDOW + phase
        flow = (packet.source, packet.target, packet.source_port, packet.target_port,
                packet.protocol)
        count = records.setdefault((start, flow, action, direction), [0, 0, 0])
        count[0] += 1
        count[1] += packet.length
        count[2] |= logged_flags(packet)
    made = [(start, start + length, flow, *count, action, direction)
            for (start, flow, action, direction), count in records.items()]
    busy = {record[0] for record in made}
    first = int(span[0] - phase) // WINDOW * WINDOW + phase
    for start in range(first, int(span[1]) + 1, WINDOW):
        if start not in busy:
            made.append((start, start + length, None, 0, 0, 0, "", ""))
    return sorted(made, key=lambda record: record[0])


def record_line(log, site, record):
    """One record in the words of a LogFormat."""
    start, end, flow, count, size, flags, action, direction = record
    values = {
        "version": "5" if "flow-direction" in log.log_format else "2",
        "account-id": ACCOUNT,
        "vpc-id": site.vpc, "subnet-id": site.subnet, "instance-id": site.instance,
        "interface-id": site.eni, "start": start, "end": end, "log-status": "NODATA"}
    if flow is not None:
        values.update(zip(("srcaddr", "dstaddr", "srcport", "dstport", "protocol"), flow))
        values.update({
            "pkt-srcaddr": flow[0], "pkt-dstaddr": flow[1], "packets": count, "bytes": size,
            "tcp-flags": flags, "action": action, "flow-direction": direction,
            "log-status": "OK"})
    return " ".join(str(values.get(name, "-")) for name in columns(log.log_format))


def columns(log_format):
    return re.findall(r"\$\{([^}]*)\}", log_format)


def write_console(folder, log, site, records):
    with open(os.path.join(folder, f"{site.eni}-all.log"), "w", encoding="utf-8") as file:
        for record in records:
            stamp = datetime.fromtimestamp(record[0], timezone.utc)
            file.write(f"{stamp:%Y-%m-%dT%H:%M:%S}.000Z {record_line(log, site, record)}\n")


def write_s3(folder, log, site, records):
    """One file for each five minutes in which records ended, as S3 delivers them."""
    flow_log_id = flow_log(site, {1: "2", 2: "9"}[site.number])["FlowLogId"]
    slots = {}
    for record in records:
        slots.setdefault(record[1] // SLOT * SLOT, []).append(record)
    for slot, inside in slots.items():
        stamp = datetime.fromtimestamp(slot, timezone.utc).strftime("%Y%m%dT%H%MZ")
        name = f"{ACCOUNT}_vpcflowlogs_{REGION}_{flow_log_id}_{stamp}"
        name += f"_{hashlib.sha256(name.encode()).hexdigest()[:8]}.log"
        lines = [" ".join(columns(log.log_format))]
        lines += [record_line(log, site, record) for record in inside]
        text = ("\n".join(lines) + "\n").encode()
        path = os.path.join(folder, name + (".gz" if log.zipped else ""))
        with open(path, "wb") as file:
            file.write(gzip.compress(text, mtime=0) if log.zipped else text)


def scanner(start):
    """Somebody tries telnet: every log of a public subnet has such lines."""
    flow = ("185.224.128.84", SITE_1.private, 40110, 23, 6)
    return (start, start + 56, flow, 1, 40, SYN, "REJECT", "ingress")


def write_flow_logs(folder, run, ends):
    os.makedirs(folder)
    everything = [packet.time for end in ends.values() for packet in end]
    span = (min(everything), max(everything))
    logs = run.logs or {1: CONSOLE, 2: S3}
    for number, log in logs.items():
        site = SITE_1 if number == 1 else run.second
        events = [] if log.silent else decided(
            site, ends[number], ends[3 - number], run.refused)
        records = aggregate(site, events, span)
        extra = [record + (0, "ACCEPT", "") for record in log.extra]
        if number == 1:
            extra.append(scanner(records[0][0]))
        busy = {record[0] for record in extra}
        records = extra + [r for r in records if r[2] is not None or r[0] not in busy]
        records.sort(key=lambda record: record[0])
        {"console": write_console, "s3": write_s3}[log.form](folder, log, site, records)


# ---- transcripts ---------------------------------------------------------------------

def restamp_transcript(text, delta, end):
    """Moves -D stamps, and the date at the top of nmap's output."""
    def later(match):
        seconds, fraction = match.group(1).split(".")
        return f"[{int(seconds) + delta}.{fraction}]"

    text = re.sub(r"^\[(\d+\.\d+)\]", later, text, flags=re.M)
    scan = [packet.time for packet in end if packet.source_port != end[0].source_port]
    if scan:
        began = datetime.fromtimestamp(scan[0], timezone.utc)
        text = re.sub(r"at \d{4}-\d\d-\d\d \d\d:\d\d UTC",
                      f"at {began:%Y-%m-%d %H:%M} UTC", text)
    return text


def macos_transcript(target, end):
    """What macOS prints for unanswered echoes; of the last one it says nothing."""
    sent = [p.icmp_sequence for p in end if p.icmp_type == 8]
    lines = [f"PING {target} ({target}): 56 data bytes"]
    lines += [f"Request timeout for icmp_seq {sequence}" for sequence in sent[:-1]]
    lines += ["", f"--- {target} ping statistics ---",
              f"{len(sent)} packets transmitted, 0 packets received, 100.0% packet loss", ""]
    return "\n".join(lines)


def cut_transcript(text):
    """The terminal, copied while the ping ran: the 12th reply is half printed."""
    line = text.index("icmp_seq=470")
    return "[ec2-user@ip-10-1-10-14 ~]$ ping 10.2.7.89\n" + text[:line + len("icmp_seq=47")]


def write_transcripts(folder, name, run, delta, ends):
    if run.transcript is None:
        return
    with open(os.path.join(RAW, name, run.transcript), encoding="utf-8") as file:
        text = restamp_transcript(file.read(), delta, ends[1])
    if name == "group-without-icmp":
        text = macos_transcript(SITE_2.private, ends[1])
    made = {run.transcript: text}
    if name == "ping-after-peering":
        made["ping-cut.txt"] = cut_transcript(text)
    for file_name, content in made.items():
        with open(os.path.join(folder, file_name), "w", encoding="utf-8") as file:
            file.write(content)


# ---- one run -------------------------------------------------------------------------

def anchor(run, end):
    """The recorded time that becomes run.start."""
    if not run.first_answer:
        return end[0].time
    answered = next(packet.icmp_sequence for packet in end if packet.icmp_type == 0)
    return next(packet.time for packet in end
                if packet.icmp_type == 8 and packet.icmp_sequence == answered)


def finish(name, run):
    scenario, _, contradicting = name.partition(".")
    folder = os.path.join(ROOT, "fixtures", scenario, "evidence", contradicting)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    data = {}
    for number in (1, 2):
        with open(os.path.join(RAW, name, f"instance-{number}.pcap"), "rb") as file:
            data[number] = file.read()
    delta = clock(run.start) - int(anchor(run, pcap_file.packets(data[1])))
    ends = {}
    for number, recorded in data.items():
        moved = pcap_file.shifted(recorded, delta)
        ends[number] = pcap_file.packets(moved)
        if number in run.captures:
            with open(os.path.join(folder, f"instance-{number}.pcap"), "wb") as file:
                file.write(moved)
    write_flow_logs(os.path.join(folder, "flow-logs"), run, ends)
    write_transcripts(folder, name, run, delta, ends)


def main(names):
    for name, run in sorted(RUNS.items()):  # a scenario before what contradicts it
        if not names or name.partition(".")[0] in names:
            finish(name, run)


if __name__ == "__main__":
    main(sys.argv[1:])
