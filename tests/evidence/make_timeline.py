#!/usr/bin/env python3
"""Writes fixtures/timeline-route-deleted: an incident between three snapshots.

exports, exports-0925, exports-0940   the network of ping-after-peering; without the route to the
                                      peer in the second, and with a rule more that does no harm
evidence/ping.txt                     ping -D at instance 1, a request every 5 s
evidence/flow-logs                    both interfaces, windows of a minute
evidence/cloudtrail                   a trail's file (gzip), and what lookup-events printed

Usage: make_timeline.py [--check]     --check: compare, write nothing
"""
import copy
import gzip
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ACCOUNT, REGION = "466742534146", "ap-south-1"
A, B = "10.1.10.14", "10.2.7.89"
ENI_A, ENI_B = "eni-08a2435a5f43c260e", "eni-0f3a9d7c5e1b64282"
TABLE, PEERING, GROUP = "rtb-07e3b2f61a9d4c581", "pcx-06d2f7a9c41b8e350", "sg-0a3c8f6e1d7b92542"
DAY = datetime(2025, 1, 18, tzinfo=timezone.utc)
START, STOP, AGAIN, END = (DAY + timedelta(hours=9, minutes=m, seconds=s)
                           for m, s in ((10, 0), (20, 12), (31, 41), (40, 0)))
INTERVAL = timedelta(seconds=5)


def dump(value):
    return (json.dumps(value, indent=4) + "\n").encode()


def exports():
    """Yields path and bytes of the three snapshots."""
    base = FIXTURES / "ping-after-peering" / "exports"
    for folder, has_route, has_rule in (("exports", True, False), ("exports-0925", False, True),
                                        ("exports-0940", True, True)):
        for path in sorted(base.iterdir()):
            value = json.loads(path.read_text())
            if path.name == "route-tables.json" and not has_route:
                table = next(t for t in value["RouteTables"] if t["RouteTableId"] == TABLE)
                table["Routes"] = [r for r in table["Routes"]
                                   if r.get("VpcPeeringConnectionId") != PEERING]
            if path.name == "security-groups.json" and has_rule:
                group = next(g for g in value["SecurityGroups"] if g["GroupId"] == GROUP)
                rule = copy.deepcopy(group["IpPermissions"][0])
                rule["FromPort"] = rule["ToPort"] = 443
                group["IpPermissions"].append(rule)
            yield f"{folder}/{path.name}", dump(value)


def requests():
    """Yields number, time and whether it was answered."""
    time, number = START + timedelta(seconds=0.31), 1
    while time < END - timedelta(minutes=2):
        yield number, time, not STOP <= time < AGAIN
        time, number = time + INTERVAL, number + 1


def ping():
    lines = [f"PING {B} ({B}) 56(84) bytes of data."]
    sent = answered = 0
    for number, time, is_answered in requests():
        sent, answered = number, answered + is_answered
        if is_answered:
            stamp = time.timestamp() + 0.0004
            lines.append(f"[{stamp:.6f}] 64 bytes from {B}: icmp_seq={number} ttl=63 "
                         f"time=0.{300 + number % 40} ms")
    loss = 100 * (sent - answered) / sent
    lines += ["", f"--- {B} ping statistics ---",
              f"{sent} packets transmitted, {answered} received, {loss:.4f}% packet loss, "
              f"time {(sent - 1) * 5000}ms",
              "rtt min/avg/max/mdev = 0.300/0.319/0.339/0.012 ms"]
    return "\n".join(lines).encode() + b"\n"


def flow_log(eni):
    """A line a window and direction; the windows of the two interfaces are not the same."""
    shift = timedelta(seconds=20 if eni == ENI_A else 47)
    lines = ["version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
             "bytes start end action log-status"]
    time = START - timedelta(minutes=1) + shift
    while time < END:
        end = time + timedelta(seconds=59)
        inside = [answered for _, sent, answered in requests() if time <= sent <= end]
        asked = len(inside) if eni == ENI_A else sum(inside)
        first, last = int(time.timestamp()), int(end.timestamp())
        for count, source, target in ((asked, A, B), (sum(inside), B, A)):
            if count:
                lines.append(f"2 {ACCOUNT} {eni} {source} {target} 0 0 1 {count} {84 * count} "
                             f"{first} {last} ACCEPT OK")
        if not asked:
            lines.append(f"2 {ACCOUNT} {eni} - - - - - - - {first} {last} - NODATA")
        time += timedelta(minutes=1)
    return "\n".join(lines).encode() + b"\n"


def event(number, time, name, who, parameters, **more):
    """One event as CloudTrail writes it."""
    identity = {"type": "AssumedRole", "principalId": f"AROAEXAMPLE:{who}",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/NetworkAdmin/{who}",
                "accountId": ACCOUNT}
    value = {"eventVersion": "1.10", "userIdentity": identity,
             "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "eventSource": "ec2.amazonaws.com",
             "eventName": name, "awsRegion": REGION, "sourceIPAddress": "203.0.113.24",
             "userAgent": "aws-cli/2.22.35", "requestParameters": parameters,
             "responseElements": {"_return": True}, "readOnly": False,
             "eventID": f"5d1c7c3e-0000-4000-8000-{number:012d}", "eventType": "AwsApiCall",
             "managementEvent": True, "recipientAccountId": ACCOUNT, "eventCategory": "Management"}
    value.update(more)
    return value


def events():
    route = {"routeTableId": TABLE, "destinationCidrBlock": "10.2.0.0/16"}
    back = dict(route, vpcPeeringConnectionId=PEERING)
    rule = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "groups": {},
            "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipv6Ranges": {},
            "prefixListIds": {}}
    minute = timedelta(minutes=1)
    yield event(1, STOP - minute, "DescribeRouteTables", "carol", {"routeTableIdSet": {}},
                readOnly=True, responseElements=None)
    yield event(2, STOP, "DeleteRoute", "carol", route)
    yield event(3, STOP + 4 * minute, "AuthorizeSecurityGroupIngress", "deploy",
                {"groupId": GROUP, "ipPermissions": {"items": [rule]}})
    yield event(4, AGAIN - 3 * minute, "CreateRoute", "dave", back, responseElements=None,
                errorCode="Client.UnauthorizedOperation",
                errorMessage="You are not authorized to perform this operation.")
    yield event(5, AGAIN, "CreateRoute", "carol", back)


def trail():
    *most, last = events()
    looked_up = {"Events": [{"EventId": last["eventID"], "EventName": last["eventName"],
                             "ReadOnly": "false", "EventTime": last["eventTime"],
                             "EventSource": last["eventSource"], "Username": "carol",
                             "Resources": [], "CloudTrailEvent": json.dumps(last)}]}
    name = f"{ACCOUNT}_CloudTrail_{REGION}_20250118T0930Z_q1w2e3r4t5y6u7i8.json.gz"
    yield name, gzip.compress(json.dumps({"Records": most}).encode(), mtime=0)
    yield "lookup-events.json", dump(looked_up)


def files():
    yield from exports()
    yield "evidence/ping.txt", ping()
    for eni in (ENI_A, ENI_B):
        yield f"evidence/flow-logs/{eni}.log", flow_log(eni)
    for name, content in trail():
        yield f"evidence/cloudtrail/{name}", content


def main():
    failed = False
    for name, content in files():
        path = FIXTURES / "timeline-route-deleted" / name
        if sys.argv[1:] == ["--check"]:
            have = path.read_bytes() if path.exists() else b""
            if path.suffix == ".gz" and have:
                have, content = gzip.decompress(have), gzip.decompress(content)
            if have != content:
                print(f"{path}: differs from what make_timeline.py makes")
                failed = True
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return failed


sys.exit(main())
