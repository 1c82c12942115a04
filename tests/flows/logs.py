"""Flow logs of a fixed seed for the tests of `vpcwhy flows`, with what makes them hard: every
field that the table has, '-' in each, NODATA and SKIPDATA, IPv6, ICMP, records twice, damage."""
import random

DEFAULT = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
           "start end action log-status").split()
CUSTOM = ("interface-id resource-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
          "protocol packets bytes start end action tcp-flags flow-direction traffic-path "
          "reject-reason next-hop-interface-id log-status vpc-id").split()
GATEWAY = ("version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
           "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id "
           "tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id "
           "tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end "
           "log-status type packets-lost-no-route packets-lost-blackhole "
           "packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction "
           "pkt-src-aws-service pkt-dst-aws-service").split()
FORMATS = {"default": DEFAULT, "custom": CUSTOM, "gateway": GATEWAY}
START = 1737121940


def maybe(source, value, chance=0.1):
    return "-" if source.random() < chance else value


def address(source, wide):
    if wide:
        return "2001:db8::%x:%x" % (source.randrange(1, 5), source.randrange(1, 6))
    return "10.%d.0.%d" % (source.randrange(2), source.randrange(1, 12))


def values(source):
    """What one record may say, by the names of its fields."""
    eni = "eni-%017x" % source.randrange(8)
    wide = source.random() < 0.15
    own, peer = "10.9.0.%d" % int(eni[-1], 16), address(source, wide)
    if wide:
        own = "2001:db8::9:%s" % eni[-1]
    egress = source.random() < 0.5
    ends = (own, peer) if egress else (peer, own)
    protocol = source.choice((1, 6, 6, 6, 17, 50, 58))
    start = START + source.randrange(3000)
    packets = source.randrange(1, 500)
    record = dict.fromkeys(DEFAULT + CUSTOM + GATEWAY, "-")
    record.update({
        "version": "2", "account-id": "123456789012", "interface-id": eni,
        "resource-id": "nat-0123456789abcdef0", "srcaddr": ends[0], "dstaddr": ends[1],
        "pkt-srcaddr": maybe(source, ends[0], 0.3),
        "pkt-dstaddr": maybe(source, address(source, wide), 0.3),
        "srcport": str(source.choice((443, 40000, 40001))), "dstport": str(source.choice((443, 53))),
        "protocol": str(protocol), "packets": str(packets), "bytes": maybe(source, str(packets * 84)),
        "start": str(start), "end": str(start + source.randrange(60)),
        "action": source.choice(("ACCEPT", "ACCEPT", "REJECT")), "log-status": "OK",
        "tcp-flags": maybe(source, str(source.choice((0, 1, 2, 18, 19, 4)))),
        "flow-direction": maybe(source, "egress" if egress else "ingress", 0.3),
        "traffic-path": maybe(source, str(source.randrange(1, 9)), 0.5),
        "reject-reason": maybe(source, source.choice(("BPA", "EC")), 0.8),
        "next-hop-interface-id": maybe(source, "eni-%017x" % source.randrange(8, 11), 0.7),
        "vpc-id": "vpc-1", "resource-type": "TransitGateway", "tgw-id": "tgw-1",
        "tgw-attachment-id": "tgw-attach-%d" % source.randrange(3), "region": "eu-west-1",
        "packets-lost-no-route": maybe(source, str(source.choice((0, 0, packets)))),
        "packets-lost-blackhole": maybe(source, str(source.choice((0, 0, packets)))),
        "packets-lost-mtu-exceeded": "0", "packets-lost-ttl-expired": "-",
    })
    if source.random() < 0.05:
        record["interface-id"] = "-"
    return record


def lines(source, name, count):
    """`count` lines of a format, without its header."""
    columns = FORMATS[name]
    made = []
    while len(made) < count:
        record = values(source)
        what = source.random()
        if what < 0.03:
            for column in columns:
                if column not in ("version", "account-id", "interface-id", "start", "end",
                                  "resource-type", "tgw-id", "tgw-attachment-id"):
                    record[column] = "-"
            record["log-status"] = source.choice(("NODATA", "SKIPDATA"))
        made.append(" ".join(record[column] for column in columns))
        if what > 0.97:
            made.append(made[source.randrange(len(made))])
        elif what > 0.96:
            made.append(made[-1].rsplit(" ", 2)[0])  # columns are missing
        elif what > 0.955:
            made.append(made[-1].replace(" OK", " WRONG"))
    return made[:count]


def header(name):
    return " ".join(FORMATS[name])


def make(seed, name, count):
    return lines(random.Random(seed), name, count)
