"""Reads and re-stamps classic pcap files, as tcpdump writes them on this machine.

Only what make_evidence.sh records is understood: microseconds, little endian, Ethernet or
Linux cooked v2, IPv4 and IPv6 without extension headers.
"""

import ipaddress
import struct
from dataclasses import dataclass

MAGIC = 0xA1B2C3D4
LINK_HEADER = {1: 14, 276: 20}


@dataclass
class Packet:
    time: float
    source: str
    target: str
    protocol: int
    source_port: int
    target_port: int
    length: int      # of the IP packet, header included
    tcp_flags: int
    icmp_type: int   # -1: not ICMP
    icmp_sequence: int


def records(data):
    """Yields (offset of the record header, seconds, microseconds, bytes)."""
    if struct.unpack_from("<I", data)[0] != MAGIC:
        raise ValueError("not a little-endian pcap file with microseconds")
    offset = 24
    while offset < len(data):
        seconds, micros, captured, _ = struct.unpack_from("<IIII", data, offset)
        yield offset, seconds, micros, data[offset + 16:offset + 16 + captured]
        offset += 16 + captured


def shifted(data, delta):
    """The same file with every packet delta seconds later."""
    moved = bytearray(data)
    for offset, seconds, _, _ in records(data):
        struct.pack_into("<I", moved, offset, seconds + delta)
    return bytes(moved)


def decode(ip, time):
    if ip[0] >> 4 == 4:
        start, protocol = (ip[0] & 15) * 4, ip[9]
        length = struct.unpack_from(">H", ip, 2)[0]
        source, target = ip[12:16], ip[16:20]
    else:
        start, protocol = 40, ip[6]
        length = 40 + struct.unpack_from(">H", ip, 4)[0]
        source, target = ip[8:24], ip[24:40]
    source, target = (str(ipaddress.ip_address(raw)) for raw in (source, target))
    packet = Packet(time, source, target, protocol, 0, 0, length, 0, -1, 0)
    if protocol == 6:
        packet.source_port, packet.target_port = struct.unpack_from(">HH", ip, start)
        packet.tcp_flags = ip[start + 13]
    elif protocol in (1, 58):
        packet.icmp_type = ip[start]
        packet.icmp_sequence = struct.unpack_from(">H", ip, start + 6)[0]
    return packet


def packets(data):
    """All packets of a capture, in its order."""
    header = LINK_HEADER[struct.unpack_from("<I", data, 20)[0]]
    return [decode(frame[header:], seconds + micros / 1e6)
            for _, seconds, micros, frame in records(data)]
