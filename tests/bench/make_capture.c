/* A capture of a given size, the same each time: TCP connections, UDP exchanges and pings
 * between the addresses of a VPC, many of them at once.
 *
 *     make_capture PACKETS FLOWS FILE */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ACTIVE = 40000,
    HEADER = 14 + 20,
    TCP_SIZE = 20,
    FRAME_MAX = 2048,
    PING = 0,
    UDP = 1,
    SYN = 2,
    ACK = 16,
    FIN = 1
};

struct flow {
    uint32_t source, destination, number; /* of the next packet */
    uint32_t sequence[2], packets;
    uint16_t source_port, destination_port;
    uint8_t kind; /* PING, UDP, else TCP */
};

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
static uint8_t frame[FRAME_MAX];
static uint16_t identification;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void put_16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_32(uint8_t *at, uint32_t value)
{
    put_16(at, value >> 16);
    put_16(at + 2, value & 0xffff);
}

static struct flow begin(uint32_t number, uint32_t packets)
{
    struct flow flow = {.source = 0x0a010000 | (uint32_t)(draw() & 0x3fff),
                        .destination = 0x0a020000 | (uint32_t)(draw() & 0xfff),
                        .packets = packets,
                        .source_port = (uint16_t)(32768 + draw() % 28000),
                        .destination_port = (uint16_t)(draw() % 4 ? 443 : 5432),
                        .kind = (uint8_t)(number % 10)};

    flow.sequence[0] = (uint32_t)draw();
    flow.sequence[1] = (uint32_t)draw();
    if (flow.kind == UDP)
        flow.destination_port = 53;
    return flow;
}

static unsigned put_tcp(struct flow *flow, int side, unsigned flags, unsigned data)
{
    uint8_t *tcp = frame + HEADER;

    put_16(tcp, side ? flow->destination_port : flow->source_port);
    put_16(tcp + 2, side ? flow->source_port : flow->destination_port);
    put_32(tcp + 4, flow->sequence[side]);
    put_32(tcp + 8, flags & ACK ? flow->sequence[!side] : 0);
    tcp[12] = 5 << 4;
    tcp[13] = (uint8_t)flags;
    put_16(tcp + 14, 65535);
    put_32(tcp + 16, (uint32_t)draw() << 16);
    flow->sequence[side] += data + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
    return TCP_SIZE + data;
}

static unsigned put_segment(struct flow *flow, int *ret_side)
{
    uint32_t number = flow->number, last = flow->packets;

    *ret_side = number == 1 || (number > 2 && number % 2 == 0);
    if (number == 0)
        return put_tcp(flow, 0, SYN, 0);
    if (number == 1)
        return put_tcp(flow, 1, SYN | ACK, 0);
    if (number == 2)
        return put_tcp(flow, 0, ACK, 0);
    if (number + 3 >= last) {
        *ret_side = number + 2 == last;
        return put_tcp(flow, *ret_side, number + 1 == last ? ACK : FIN | ACK, 0);
    }
    return put_tcp(flow, *ret_side, ACK, *ret_side ? (unsigned)(draw() % 280) : 40);
}

static unsigned put_datagram(const struct flow *flow, int side)
{
    uint8_t *udp = frame + HEADER;
    unsigned data = 60;

    put_16(udp, side ? flow->destination_port : flow->source_port);
    put_16(udp + 2, side ? flow->source_port : flow->destination_port);
    put_16(udp + 4, 8 + data);
    put_16(udp + 6, (unsigned)draw() & 0xffff);
    return 8 + data;
}

static unsigned put_echo(const struct flow *flow, int side)
{
    uint8_t *icmp = frame + HEADER;

    icmp[0] = side ? 0 : 8;
    icmp[1] = 0;
    put_16(icmp + 2, (unsigned)draw() & 0xffff);
    put_16(icmp + 4, flow->source_port);
    put_16(icmp + 6, flow->number / 2 + 1);
    return 64;
}

static unsigned put_packet(struct flow *flow)
{
    uint8_t *ip = frame + 14;
    int side = (int)(flow->number & 1);
    unsigned size = flow->kind == PING  ? put_echo(flow, side)
                    : flow->kind == UDP ? put_datagram(flow, side)
                                        : put_segment(flow, &side);

    flow->number++;
    put_16(frame + 12, 0x0800);
    ip[0] = 0x45;
    put_16(ip + 2, 20 + size);
    put_16(ip + 4, ++identification);
    put_16(ip + 6, 0x4000);
    ip[8] = 64;
    ip[9] = flow->kind == PING ? 1 : flow->kind == UDP ? 17 : 6;
    put_32(ip + 12, side ? flow->destination : flow->source);
    put_32(ip + 16, side ? flow->source : flow->destination);
    return HEADER + size;
}

int main(int argc, char **argv)
{
    static const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1};
    unsigned long packets, flows, made = 0, begun = 0;
    struct flow *active = calloc(ACTIVE, sizeof *active);
    FILE *file = argc == 4 ? fopen(argv[3], "wb") : NULL;

    if (!file || !active)
        return 2;
    packets = strtoul(argv[1], NULL, 10);
    flows = strtoul(argv[2], NULL, 10);
    fwrite(header, sizeof header, 1, file);
    for (; made < packets; made++) {
        struct flow *flow = &active[draw() % ACTIVE];
        uint32_t record[4] = {(uint32_t)(1750000000 + made / 20000),
                              (uint32_t)(made % 20000 * 50), 0, 0};

        if (flow->number == flow->packets && begun < flows)
            *flow = begin((uint32_t)begun++, (uint32_t)(packets / flows));
        else if (flow->number == flow->packets)
            flow->packets += 4;
        record[2] = record[3] = put_packet(flow);
        fwrite(record, sizeof record, 1, file);
        fwrite(frame, record[2], 1, file);
    }
    free(active);
    return fclose(file) == 0 ? 0 : 1;
}
