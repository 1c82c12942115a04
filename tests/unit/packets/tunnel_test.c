/* What is carried by tunnels, and by links that carry little else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "evidence/frames.h"
#include "packets/packet.h"

#define A 0x0a000001
#define B 0x0a000002
#define OUTER_A 0xc0a80001
#define OUTER_B 0xc0a80002

enum { IPIP = 4, UDP = 17, IPV6 = 41, GRE = 47 };

static const struct ipv4_options plain = {.id = 1};

static struct bytes request(void)
{
    return ipv4(A, B, 1, plain, echo(8, 7, 9));
}

static struct bytes wrapped(uint8_t protocol, struct bytes payload)
{
    return ipv4(OUTER_A, OUTER_B, protocol, plain, payload);
}

static struct bytes udp_to(uint16_t port, struct bytes payload)
{
    struct bytes header = udp(5000, port, "");

    return wrapped(UDP, join(header, payload));
}

static struct bytes gre(unsigned flags, unsigned type, size_t more, struct bytes payload)
{
    struct bytes header = no_bytes();

    put_16(&header, flags);
    put_16(&header, type);
    put_zeros(&header, more);
    return wrapped(GRE, join(header, payload));
}

static struct bytes vxlan(unsigned flags, struct bytes frame)
{
    struct bytes header = no_bytes();

    put_32(&header, (uint32_t)flags << 24);
    put_32(&header, 0x8f21c3U << 8);
    return udp_to(4789, join(header, frame));
}

/* AWS's three options: 32 bytes. */
static struct bytes geneve(unsigned type, struct bytes payload)
{
    struct bytes header = no_bytes();

    put_16(&header, 8 << 8);
    put_16(&header, type);
    put_32(&header, 0);
    put_32(&header, 0x01080102);
    put_zeros(&header, 8);
    put_32(&header, 0x01080202);
    put_zeros(&header, 8);
    put_32(&header, 0x01080301);
    put_zeros(&header, 4);
    return udp_to(6081, join(header, payload));
}

static struct vw_packet read_link(enum vw_link link, struct bytes frame)
{
    struct vw_packet packet;

    vw_packet_read(link, frame.data, frame.size, frame.size, &packet);
    return packet;
}

static void assert_request(struct vw_packet packet, unsigned depth, enum vw_tunnel tunnel)
{
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.source.low, A);
    assert_int_equal(packet.destination.low, B);
    assert_true(packet.has_echo);
    assert_int_equal(packet.echo_sequence, 9);
    assert_int_equal(packet.length, 28);
    assert_int_equal(packet.depth, depth);
    assert_int_equal(packet.tunnel, tunnel);
}

static void the_packet_within_is_described(void **state)
{
    struct bytes inner = ethernet(0x0800, request());
    struct vw_packet packet;

    (void)state;
    assert_request(read_link(VW_LINK_RAW, wrapped(IPIP, request())), 1, VW_TUNNEL_IP);
    assert_request(read_link(VW_LINK_RAW, gre(0, 0x0800, 0, request())), 1,
                   VW_TUNNEL_GRE);
    /* Checksum, key and number. */
    assert_request(read_link(VW_LINK_RAW, gre(0xb000, 0x0800, 12, request())), 1,
                   VW_TUNNEL_GRE);
    assert_request(read_link(VW_LINK_RAW, gre(0, 0x6558, 0, inner)), 1, VW_TUNNEL_GRE);
    assert_request(read_link(VW_LINK_RAW, gre(0, 0x88be, 0, inner)), 1, VW_TUNNEL_GRE);
    packet = read_link(VW_LINK_RAW, vxlan(8, inner));
    assert_request(packet, 1, VW_TUNNEL_VXLAN);
    assert_int_equal(packet.network, 0x8f21c3);
    assert_request(read_link(VW_LINK_RAW, geneve(0x0800, request())), 1,
                   VW_TUNNEL_GENEVE);
    assert_request(read_link(VW_LINK_RAW, geneve(0x6558, inner)), 1, VW_TUNNEL_GENEVE);
    packet = read_link(VW_LINK_RAW, ipv6(1, 2, IPIP, request()));
    assert_request(packet, 1, VW_TUNNEL_IP);
    packet = read_link(VW_LINK_RAW, wrapped(IPV6, ipv6(1, 2, 58, echo(128, 1, 2))));
    assert_int_equal(packet.destination.low, 2);
    assert_true(packet.has_echo);
}

static void what_is_no_tunnel_stays_as_it_is(void **state)
{
    struct bytes inner = ethernet(0x0800, request()), arp = ethernet(0x0806, no_bytes());
    struct vw_packet packet;

    (void)state;
    packet = read_link(VW_LINK_RAW, vxlan(0, inner)); /* no VNI: not VXLAN */
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.depth, 0);
    assert_int_equal(packet.destination_port, 4789);
    packet = read_link(VW_LINK_RAW, udp_to(4790, inner));
    assert_int_equal(packet.depth, 0);
    packet = read_link(VW_LINK_RAW, gre(0x4000, 0x0800, 0, request()));
    assert_int_equal(packet.protocol, GRE);
    packet = read_link(VW_LINK_RAW, vxlan(8, arp));
    assert_int_equal(packet.kind, VW_PACKET_NOT_IP);
    /* What contradicts itself was never a packet. */
    inner.data[14] = 0x25;
    packet = read_link(VW_LINK_RAW, vxlan(8, inner));
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.depth, 0);
}

static void nesting_is_bounded(void **state)
{
    struct bytes packet = request();
    unsigned depth;

    (void)state;
    for (depth = 1; depth <= VW_PACKET_NESTING_MAX; depth++) {
        packet = wrapped(IPIP, packet);
        assert_request(read_link(VW_LINK_RAW, packet), depth, VW_TUNNEL_IP);
    }
    packet = wrapped(IPIP, packet);
    assert_int_equal(read_link(VW_LINK_RAW, packet).protocol, IPIP);
    assert_int_equal(read_link(VW_LINK_RAW, packet).depth, VW_PACKET_NESTING_MAX);
}

/* Whatever the snap length leaves of it, a frame is read without a step too far. */
static void every_snap_length_is_survived(void **state)
{
    struct bytes frame = geneve(0x6558, ethernet(0x0800, request()));
    size_t size;

    (void)state;
    for (size = 0; size < frame.size; size++) {
        struct vw_packet packet;

        vw_packet_read(VW_LINK_RAW, frame.data, size, frame.size, &packet);
        assert_true(packet.kind == VW_PACKET_CUT || !packet.has_echo ||
                    size == frame.size);
    }
}

static void links_that_carry_others(void **state)
{
    struct bytes ppp = no_bytes(), pppoe = no_bytes(), mpls = no_bytes(),
                 nflog = no_bytes();

    (void)state;
    put_16(&ppp, 0xff03);
    put_16(&ppp, 0x0021);
    assert_request(read_link(VW_LINK_PPP, join(ppp, request())), 0, VW_TUNNEL_NONE);
    ppp = no_bytes();
    put_8(&ppp, 0x21); /* both fields compressed */
    assert_request(read_link(VW_LINK_PPP, join(ppp, request())), 0, VW_TUNNEL_NONE);
    put_zeros(&pppoe, 6);
    put_16(&pppoe, 0x0021);
    assert_request(read_link(VW_LINK_ETHERNET, ethernet(0x8864, join(pppoe, request()))),
                   0, VW_TUNNEL_NONE);
    put_32(&mpls, 16 << 12);
    put_32(&mpls, 17 << 12 | 1 << 8);
    assert_request(read_link(VW_LINK_ETHERNET, ethernet(0x8847, join(mpls, request()))),
                   0, VW_TUNNEL_NONE);
    put_32(&nflog, 0x02000000);
    put_32(&nflog, 0x06000a00); /* a prefix, little endian, padded */
    put_32(&nflog, 0x61000000);
    put_32(&nflog, 0x20000900);
    assert_request(read_link(VW_LINK_NFLOG, join(nflog, request())), 0, VW_TUNNEL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_packet_within_is_described),
        cmocka_unit_test(what_is_no_tunnel_stays_as_it_is),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(every_snap_length_is_survived),
        cmocka_unit_test(links_that_carry_others),
    };

    return cmocka_run_group_tests_name("tunnel", tests, NULL, NULL);
}
