#!/usr/bin/env python3
"""Makes the captures of fixtures/capture: what is in them is told beside each. With --check
says only whether they are what this makes."""
import struct
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures/capture"
A, B, C, ROUTER = "10.1.10.14", "10.2.2.61", "10.2.3.9", "10.1.10.1"
START = 1764000000  # 2025-11-24T16:00:00Z
ETHERNET, SLL2 = 1, 276
SYN, ACK, FIN, RST, PSH = 2, 16, 1, 4, 8


def address(text):
    return bytes(int(part) for part in text.split("."))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Wire:
    """Packets in the order of their times."""

    def __init__(self):
        self.packets, self.id = [], 0

    def ip(self, time, source, destination, protocol, payload, ttl=64, fragment=0x4000):
        self.id += 1
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.id, fragment, ttl,
                           protocol, 0, address(source), address(destination))
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        self.packets.append((time, head + payload))
        return head + payload

    def echo(self, time, source, destination, reply, ident, number, size=56, **more):
        body = struct.pack(">BBHHH", 0 if reply else 8, 0, 0, ident, number)
        body += bytes(i & 255 for i in range(size))
        body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
        return self.ip(time, source, destination, 1, body, **more)

    def tcp(self, time, ends, flags, seq, ack=0, data=b"", mss=None, ttl=64):
        source, sport, destination, dport = ends
        options = struct.pack(">BBH", 2, 4, mss) if mss else b""
        body = struct.pack(">HHIIBBHHH", sport, dport, seq, ack, (5 + len(options) // 4) << 4, flags,
                           62727, 0, 0) + options + data
        pseudo = address(source) + address(destination) + struct.pack(">BBH", 0, 6, len(body))
        body = body[:16] + struct.pack(">H", checksum(pseudo + body)) + body[18:]
        return self.ip(time, source, destination, 6, body, ttl)

    def udp(self, time, source, sport, destination, dport, data):
        body = struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data
        return self.ip(time, source, destination, 17, body)

    def error(self, time, source, destination, kind, code, quoted, rest=0):
        body = struct.pack(">BBHI", kind, code, 0, rest) + quoted[:28]
        body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
        return self.ip(time, source, destination, 1, body, ttl=255)


def ether(packet, kind=0x0800):
    return b"\x02" * 6 + b"\x04" * 6 + struct.pack(">H", kind) + packet


def pcap(frames, link=ETHERNET):
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for time, frame in frames:
        out += struct.pack("<IIII", START + int(time), round(time % 1 * 1e6), len(frame), len(frame))
        out += frame
    return out


def pings():
    """Five requests: 2 lost, 3 twice, 4 late. One that is rejected. One sent as the capture ends."""
    wire = Wire()
    for number in range(1, 6):
        wire.echo(number, A, B, False, 77, number)
        if number in (1, 3, 5):
            wire.echo(number + 0.0004 * number, B, A, True, 77, number, ttl=63)
        if number == 3:
            wire.echo(number + 0.3, B, A, True, 77, number, ttl=63)
    wire.echo(5.8, B, A, True, 77, 4, ttl=63)
    request = wire.echo(6, A, C, False, 78, 1)
    wire.error(6.001, ROUTER, A, 3, 1, request)
    wire.echo(9, A, B, False, 79, 1)
    return pcap(sorted((time, ether(packet)) for time, packet in wire.packets))


def handshake(wire, time, ends, seq=1000, peer=9000):
    back = (ends[2], ends[3], ends[0], ends[1])
    wire.tcp(time, ends, SYN, seq, mss=8961)
    wire.tcp(time + 0.001, back, SYN | ACK, peer, seq + 1, mss=8961, ttl=63)
    wire.tcp(time + 0.002, ends, ACK, seq + 1, peer + 1)
    return back


def connects():
    """One closed, one refused, one unanswered, one rejected, one that stalls; two of UDP."""
    wire = Wire()
    ends = (A, 40001, B, 5432)
    back = handshake(wire, 0, ends)
    wire.tcp(0.01, ends, ACK | PSH, 1001, 9001, b"select 1")
    wire.tcp(0.02, back, ACK | PSH, 9001, 1009, b"1", ttl=63)
    wire.tcp(0.03, ends, FIN | ACK, 1009, 9002)
    wire.tcp(0.04, back, FIN | ACK, 9002, 1010, ttl=63)
    wire.tcp(0.05, ends, ACK, 1010, 9003)
    wire.tcp(1, (A, 40002, B, 23), SYN, 5000, mss=8961)
    wire.tcp(1.001, (B, 23, A, 40002), RST | ACK, 0, 5001, ttl=63)
    for wait in (0, 1, 3, 7):
        wire.tcp(2 + wait, (A, 40003, B, 8080), SYN, 7000, mss=8961)
    refused = wire.tcp(3.5, (A, 40004, C, 443), SYN, 100, mss=8961)
    wire.error(3.501, ROUTER, A, 3, 13, refused)
    ends = (A, 40005, B, 443)
    handshake(wire, 4, ends, 2000, 3000)
    for wait in (0, 0.2, 0.6, 1.4):
        wire.tcp(4.1 + wait, ends, ACK, 2001, 3001, b"x" * 1400)
    wire.udp(5, A, 40006, B, 53, b"question")
    wire.udp(5.002, B, 53, A, 40006, b"answer")
    lost = wire.udp(6, A, 40007, B, 161, b"question")
    wire.error(6.001, B, A, 3, 3, lost)
    wire.echo(12, A, B, False, 80, 1)
    return pcap(sorted((time, ether(packet)) for time, packet in wire.packets))


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def packet_block(interface, time, frame, direction=0):
    ticks = round((START + time) * 1000000)
    return block(6, struct.pack("<IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(frame),
                                len(frame)) + frame + b"\0" * (-len(frame) % 4) +
                 option(2, struct.pack("<I", direction)) + option(0, b""))


def mirror():
    """A mirror's target (VXLAN), and `any` of a router beside it: libpcap refuses such a file.
    The second ping comes in and goes out; the reply goes in and never out."""
    inner, outer, router = Wire(), Wire(), Wire()
    for number in (1, 2):
        inner.echo(number, A, B, False, 9, number)
        inner.echo(number + 0.001, B, A, True, 9, number, ttl=63)
    for time, packet in inner.packets:
        vxlan = struct.pack(">II", 0x08000000, 0x8F21C3 << 8) + ether(packet)
        outer.udp(time, "10.1.10.99", 65000, "10.1.10.100", 4789, vxlan)
    router.echo(5, A, C, False, 10, 1)
    router.echo(5.001, C, A, True, 10, 1)
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", ETHERNET, 0, 0) + option(2, b"eth0") + option(0, b""))
    out += block(1, struct.pack("<HHI", SLL2, 0, 256) + option(2, b"any") + option(0, b""))
    for time, packet in outer.packets:
        out += packet_block(0, time, ether(packet), 1)
    for index, (time, packet) in enumerate(router.packets):
        for shift, interface, way in ((0, 2 + index, 0), (0.00002, 3 - index, 4)):
            if way == 4 and index == 1:
                continue
            out += packet_block(1, time + shift, struct.pack(">HHIHBB8s", 0x0800, 0, interface, 1, way,
                                                             6, bytes(8)) + packet)
    window = [(START + second) * 1000000 for second in (0, 30)]
    out += block(5, struct.pack("<III", 0, window[1] >> 32, window[1] & 0xFFFFFFFF) +
                 b"".join(option(code, struct.pack("<II", value >> 32, value & 0xFFFFFFFF))
                          for code, value in zip((2, 3), window)) +
                 option(5, struct.pack("<Q", 7)) + option(0, b""))
    return out


FILES = {
    "pings.pcap": pings(),
    "connects.pcap": connects(),
    "mirror.pcapng": mirror(),
    "cut.pcap": pings()[:-20],
}


def main():
    check = sys.argv[1:] == ["--check"]
    for name, data in FILES.items():
        path = FOLDER / name
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        elif not path.exists() or path.read_bytes() != data:
            print(f"{path.name} is not what {Path(__file__).name} makes")
            return 1
    return 0


sys.exit(main())
