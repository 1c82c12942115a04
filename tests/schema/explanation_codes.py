#!/usr/bin/env python3
"""Writes fixtures/CODES.md: of each explanation code of AWS's Reachability Analyzer for
traffic that cannot pass, the fixture that shows it, or why no walk says it; and of each
reason of our own the same.

The fixture is found, not named here: of the golden cases whose expected JSON blames the
code, the one that blames the fewest. So the table is current when it is made again without
a difference, and a code that no fixture shows and no row below explains is an error, as is
a row for a code that a fixture shows.

    explanation_codes.py [--check]      --check: compares, writes nothing
"""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
TABLE = os.path.join(ROOT, "fixtures", "CODES.md")
REASONS = os.path.join(ROOT, "include", "vpcwhy", "reason.h")

# Codes of AWS that are not for traffic that cannot pass, but for the question.
OF_THE_QUESTION = {"DISCONNECTED_VPCS", "UNSUPPORTED_COMPONENT"}

CLASSIC = ("Classic Load Balancers are not modelled: `unknown`, UNSUPPORTED_COMPONENT "
           "(load-balancer-classic)")
OTHER_ROUTE = ("says why a route was not taken; the walk names the one that was, at its "
               "route table")
APPLIANCE = ("what passes between a Gateway Load Balancer and its appliances is AWS's own "
             "encapsulation, which no question asks about")
SEARCH = ("a rule that AWS's search needs to leave out impossible packets; the walk goes "
          "forward from the packet that is asked about and makes none")

# Why a walk does not say a code. A fixture that shows it makes the row an error.
NOT_SAID = {
    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION":
        "what leaves a gateway endpoint is its service's reply: no walk begins at a service",
    "VPCE_INTRA_VPC_TRAFFIC":
        "an endpoint is no source here: asked as one, its interface is `unknown`",
    "VPCE_SERVICE_NOT_INSTALLED_IN_AZ":
        "an endpoint has interfaces only in zones of its service, and those are exported",
    "ELB_ACL_RESTRICTION": CLASSIC,
    "ELB_INSTALLED_AZ_RESTRICTION":
        "targets outside the enabled zones are not considered; if none is left, "
        "ELBV2_NO_TARGETS_IN_AZ",
    "ELB_LISTENER_PORT_RESTRICTION": CLASSIC,
    "ELB_LISTENERS_MISMATCH": CLASSIC,
    "ELBV2_LISTENER_PORT_RESTRICTION":
        "ports are split by listener; what none takes is ELBV2_LISTENERS_MISMATCH",
    "ELBV2_LISTENER_REQUIRES_TG_ACCEPT":
        "the walk goes on to each target, and says what stops it there",
    "ENI_ADDRESS_RESTRICTION":
        "a question's ends are interfaces by their own addresses; an address of nobody is "
        "VW_NO_SUCH_HOST",
    "GATEWAY_REJECTS_SPOOFED_TRAFFIC":
        "a question's source is an address of its sender, never a spoofed one",
    "GWLB_DESTINATION_PORT_RESTRICTION": APPLIANCE,
    "GWLB_PROTOCOL_RESTRICTION": APPLIANCE,
    "HIGHER_PRIORITY_ROUTE": OTHER_ROUTE,
    "IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS":
        "a public address is translated and delivered in one step; one that belongs to no "
        "interface is IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS or VW_NO_SUCH_HOST",
    "IGW_NAT_REFLECTION":
        "AWS does not analyse a path out of an internet gateway and back in; the walk does "
        "(ping-public-address)",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS":
        "the sender's gateway stops such a packet first "
        "(IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS), and a private source outside the export is "
        "refused as a question",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS":
        "as IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",
    "MORE_SPECIFIC_ROUTE": OTHER_ROUTE,
    "NGW_DEST_ADDRESS_PRESERVATION": SEARCH,
    "NGW_REQUIRES_SOURCE_IN_VPC":
        "what comes by a peering is stopped there (PCX_REQUIRES_ADDRESS_IN_VPC_CIDR), and "
        "what comes by a transit gateway is carried",
    "NGW_SOURCE_ADDRESS_REASSIGN": SEARCH,
    "REMAP_EPHEMERAL_PORT":
        "behind a NAT gateway or load balancer the packet has the ports 1024-65535; a "
        "network ACL that stops some of them is SUBNET_ACL_RESTRICTION",
    "TARGET_ADDRESS_RESTRICTION": SEARCH,
    "TARGET_PORT_RESTRICTION": SEARCH,
    "TGW_ATTACH_VPC_AZ_RESTRICTION":
        "the walk leaves by the zone that AWS keeps to; where that is open and decides, "
        "VW_ZONE_NOT_KNOWN",
    "TGW_RTB_CANNOT_ROUTE":
        "one route's part of TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT, which is said of the table",
    "TGW_RTB_HIGHER_PRIORITY_ROUTE": OTHER_ROUTE,
    "TGW_RTB_MORE_SPECIFIC_ROUTE": OTHER_ROUTE,
}

# Said, or to be said, by a walk; no fixture shows it yet.
NOT_SHOWN = set()


def aws_codes():
    with open(os.path.join(HERE, "explanation_codes.tsv"), encoding="utf-8") as file:
        return dict(line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))


def own_reasons():
    """Code -> meaning, as reason.h lists them."""
    with open(REASONS, encoding="utf-8") as file:
        text = file.read().replace("\\\n", " ")
    rows = re.findall(r'X\((\w+),\s*((?:"[^"]*"\s*)+)\)', text)
    return {code: "".join(re.findall(r'"([^"]*)"', meaning)) for code, meaning in rows}


def blamed(value):
    """Codes of the blockers and unknowns of a trace, wherever it stands in a document."""
    if isinstance(value, list):
        return set().union(*map(blamed, value))
    if not isinstance(value, dict):
        return set()
    found = {item["code"] for key in ("blockers", "unknowns") for item in value.get(key, ())}
    return found.union(*map(blamed, value.values()))


def shown():
    """Code -> (a trace or not, how many its case blames, scenario, case) of the case that
    shows it best."""
    best = {}
    fixtures = os.path.join(ROOT, "fixtures")
    for folder, _, files in os.walk(fixtures):
        for name in files:
            path = os.path.join(folder, name)
            if os.path.dirname(folder) != fixtures or not name.endswith(".json") \
                    or not os.path.getsize(path):  # a question that is refused prints none
                continue
            with open(path, encoding="utf-8") as file:
                codes = blamed(json.load(file))
            for code in codes:
                case = (not name.startswith("trace"), len(codes),
                        os.path.basename(folder), name.removesuffix(".json"))
                best[code] = min(best.get(code, case), case)
    return best


def errors(codes, reasons, cases):
    for code in sorted(set(reasons) - set(codes) - OF_THE_QUESTION):
        if not code.startswith("VW_"):
            yield f"{code}: no code of AWS's; a reason of our own begins with VW_"
    for code in sorted(set(NOT_SAID) | NOT_SHOWN):
        if code not in codes:
            yield f"{code}: no code of AWS's"
        if code in cases:
            yield f"{code}: shown by {'/'.join(cases[code][2:])}, take its row out"
    for code in sorted(set(codes) - set(cases) - set(NOT_SAID) - NOT_SHOWN):
        yield f"{code}: no fixture shows it and nothing says why"


def cell(code, cases):
    if code in cases:
        *_, scenario, case = cases[code]
        return f"[{scenario}]({scenario}/{case}.txt)"
    return NOT_SAID.get(code, "no fixture yet")


def table(head, rows, cases):
    lines = [f"| {head} | meaning | fixture |", "|---|---|---|"]
    return lines + [f"| {code} | {meaning} | {cell(code, cases)} |"
                    for code, meaning in sorted(rows.items())]


def document(codes, reasons, cases):
    own = {code: text for code, text in reasons.items() if code not in codes}
    return "\n".join([
        "# Explanation codes",
        "",
        "Made by `tests/schema/explanation_codes.py` from what the fixtures are expected to "
        "print; do not edit.",
        "",
        f"The {len(codes)} codes that AWS's Reachability Analyzer has for traffic that cannot "
        "pass, with the fixture that shows each,",
        "or why no walk says it:",
        "", *table("code", codes, cases), "",
        "Codes that AWS has for questions, and reasons that it has no code for:",
        "", *table("code", own, cases), ""])


def main(arguments):
    codes, reasons, cases = aws_codes(), own_reasons(), shown()
    found = list(errors(codes, reasons, cases))
    text = document(codes, reasons, cases)
    if "--check" in arguments:
        with open(TABLE, encoding="utf-8") as file:
            if file.read() != text:
                found.append("fixtures/CODES.md is not current: run "
                             "tests/schema/explanation_codes.py")
    else:
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write(text)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
