/* Frames, decoded: every link, the headers on the way to ports and types, every length at
 * which a frame may be cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "evidence/frames.h"
#include "packets/packet.h"

#define A 0x0a000001
#define B 0x0a000002

static const struct ipv4_options plain = {.id = 1};

static struct vw_packet read_cut(enum vw_link link, const struct bytes *frame,
                                 size_t size)
{
    struct vw_packet packet;
    /* In a block of its own, so that a step too far is seen. */
    uint8_t *copy = malloc(size ? size : 1);

    assert_non_null(copy);
    memcpy(copy, frame->data, size);
    vw_packet_read(link, copy, size, frame->size, &packet);
    free(copy);
    return packet;
}

static struct vw_packet read_frame(enum vw_link link, struct bytes frame)
{
    return read_cut(link, &frame, frame.size);
}

static struct bytes request(void)
{
    return ipv4(A, B, 1, plain, echo(8, 7, 9));
}

static void assert_request(struct vw_packet packet)
{
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.source.low, A);
    assert_int_equal(packet.destination.low, B);
    assert_int_equal(packet.protocol, 1);
    assert_int_equal(packet.length, 28);
    assert_true(packet.has_icmp && packet.is_echo && packet.has_echo && !packet.is_reply);
    assert_int_equal(packet.icmp_type, 8);
    assert_int_equal(packet.echo_id, 7);
    assert_int_equal(packet.echo_sequence, 9);
}

static struct bytes vlans(unsigned count)
{
    static const unsigned types[] = {0x8100, 0x88a8, 0x9100, 0x8100, 0x8100};
    struct bytes tags = no_bytes();
    unsigned i;

    for (i = 1; i < count; i++) {
        put_16(&tags, 100);
        put_16(&tags, types[i]);
    }
    put_16(&tags, 100);
    put_16(&tags, 0x0800);
    return ethernet(types[0], join(tags, request()));
}

static struct bytes sll(unsigned type)
{
    struct bytes header = no_bytes();

    put_16(&header, type);
    put_zeros(&header, 12);
    put_16(&header, 0x0800);
    return join(header, request());
}

static struct bytes sll2(unsigned type)
{
    struct bytes header = no_bytes();

    put_16(&header, 0x0800);
    put_zeros(&header, 8);
    put_8(&header, type);
    put_zeros(&header, 9);
    return join(header, request());
}

static struct bytes null_link(uint32_t family)
{
    struct bytes header = no_bytes();

    put_32(&header, family);
    return join(header, request());
}

static struct bytes snap(void)
{
    struct bytes header = no_bytes();

    put_32(&header, 0xaaaa0300);
    put_16(&header, 0);
    put_16(&header, 0x0800);
    return ethernet(8 + 28, join(header, request()));
}

static void every_link_is_taken_off(void **state)
{
    struct bytes padded = ethernet(0x0800, request());

    (void)state;
    put_zeros(&padded, 18);
    assert_request(read_frame(VW_LINK_ETHERNET, padded));
    assert_request(read_frame(VW_LINK_ETHERNET, snap()));
    assert_request(read_frame(VW_LINK_ETHERNET, vlans(1)));
    assert_request(read_frame(VW_LINK_ETHERNET, vlans(4)));
    assert_int_equal(read_frame(VW_LINK_ETHERNET, vlans(5)).kind, VW_PACKET_NOT_IP);
    assert_request(read_frame(VW_LINK_SLL, sll(0)));
    assert_request(read_frame(VW_LINK_SLL2, sll2(4)));
    assert_request(read_frame(VW_LINK_RAW, request()));
    assert_request(read_frame(VW_LINK_IPV4, request()));
    assert_request(read_frame(VW_LINK_NULL, null_link(2)));
    assert_request(read_frame(VW_LINK_NULL, null_link(0x02000000)));
    assert_int_equal(read_frame(VW_LINK_NULL, null_link(3)).kind, VW_PACKET_NOT_IP);
    assert_int_equal(read_frame(VW_LINK_ETHERNET, ethernet(0x0806, request())).kind,
                     VW_PACKET_NOT_IP);
    assert_int_equal(read_frame(VW_LINK_ETHERNET, ethernet(0x86dd, request())).kind,
                     VW_PACKET_MALFORMED);
    assert_int_equal(read_frame(VW_LINK_IPV6, request()).kind, VW_PACKET_MALFORMED);
}

static void cooked_links_tell_the_direction(void **state)
{
    static const enum vw_flow_direction expected[] = {
        VW_FLOW_DIRECTION_INGRESS, VW_FLOW_DIRECTION_INGRESS, VW_FLOW_DIRECTION_INGRESS,
        VW_FLOW_DIRECTION_UNKNOWN, VW_FLOW_DIRECTION_EGRESS};
    unsigned type;

    (void)state;
    for (type = 0; type < 5; type++) {
        assert_int_equal(read_frame(VW_LINK_SLL, sll(type)).direction, expected[type]);
        assert_int_equal(read_frame(VW_LINK_SLL2, sll2(type)).direction, expected[type]);
    }
}

static void options_and_extensions_are_stepped_over(void **state)
{
    struct bytes extensions = no_bytes();
    struct vw_packet packet;

    (void)state;
    packet = read_frame(VW_LINK_RAW, ipv4(A, B, 6, (struct ipv4_options){1, 0, 40},
                                          tcp(4000, 443, 0x12)));
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.destination_port, 443);
    assert_int_equal(packet.tcp_flags, 0x12);

    put_16(&extensions, 43 << 8 | 1); /* hop by hop, 16 bytes */
    put_zeros(&extensions, 14);
    put_16(&extensions, 51 << 8); /* routing, 8 bytes */
    put_zeros(&extensions, 6);
    put_16(&extensions, 60 << 8 | 4); /* authentication, 24 bytes */
    put_zeros(&extensions, 22);
    put_16(&extensions, 58 << 8); /* destination options, 8 bytes */
    put_zeros(&extensions, 6);
    packet = read_frame(VW_LINK_RAW, ipv6(1, 2, 0, join(extensions, echo(129, 3, 4))));
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.protocol, 58);
    assert_true(packet.is_reply && packet.has_echo);
    assert_int_equal(packet.echo_sequence, 4);
    assert_int_equal(packet.source.low, 1);
    assert_int_equal(packet.destination.low, 2);
}

static void extensions_without_end_are_malformed(void **state)
{
    struct bytes extensions = no_bytes();
    int i;

    (void)state;
    for (i = 0; i < 100; i++)
        put_zeros(&extensions, 8);
    assert_int_equal(read_frame(VW_LINK_RAW, ipv6(1, 2, 0, extensions)).kind,
                     VW_PACKET_MALFORMED);
}

static void fragments_are_known(void **state)
{
    struct bytes header = no_bytes();
    struct vw_packet packet;

    (void)state;
    packet = read_frame(VW_LINK_RAW, ipv4(A, B, 17, (struct ipv4_options){5, 0x2000, 0},
                                          udp(1, 2, "abc")));
    assert_true(packet.fragment && packet.has_ports);
    assert_int_equal(packet.fragment_offset, 0);
    packet = read_frame(
        VW_LINK_RAW, ipv4(A, B, 17, (struct ipv4_options){5, 185, 0}, udp(1, 2, "abc")));
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_true(packet.fragment && !packet.has_ports);
    assert_int_equal(packet.fragment_offset, 185);
    /* "Do not fragment" is no fragment. */
    packet = read_frame(VW_LINK_RAW, ipv4(A, B, 17, (struct ipv4_options){5, 0x4000, 0},
                                          udp(1, 2, "abc")));
    assert_false(packet.fragment);

    put_16(&header, 17 << 8);
    put_16(&header, 8 << 3 | 1);
    put_32(&header, 77);
    packet = read_frame(VW_LINK_RAW, ipv6(1, 2, 44, join(header, udp(1, 2, "abc"))));
    assert_true(packet.fragment && !packet.has_ports);
    assert_int_equal(packet.fragment_offset, 8);
    assert_int_equal(packet.identification, 77);
}

static void errors_quote_addresses(void **state)
{
    struct vw_packet packet;
    struct bytes cut = request();

    (void)state;
    packet =
        read_frame(VW_LINK_RAW, ipv4(0x0a000009, A, 1, plain, icmp(3, 13, request())));
    assert_int_equal(packet.icmp_type, 3);
    assert_int_equal(packet.icmp_code, 13);
    assert_false(packet.is_echo);
    assert_int_equal(packet.quote.source.low, A);
    assert_int_equal(packet.quote.destination.low, B);

    cut.size = 19;
    packet = read_frame(VW_LINK_RAW, ipv4(0x0a000009, A, 1, plain, icmp(3, 13, cut)));
    assert_int_equal(packet.kind, VW_PACKET_IP);
    assert_int_equal(packet.quote.destination.family, VW_FAMILY_NONE);

    packet = read_frame(VW_LINK_RAW,
                        ipv6(9, 1, 58, icmp(1, 4, ipv6(1, 2, 17, udp(1, 2, "")))));
    assert_int_equal(packet.quote.destination.low, 2);
    /* Neighbour discovery is neither echo nor an error. */
    packet = read_frame(VW_LINK_RAW, ipv6(9, 1, 58, icmp(135, 0, request())));
    assert_true(packet.has_icmp && !packet.is_echo);
    assert_int_equal(packet.quote.destination.family, VW_FAMILY_NONE);
    /* ICMP of the other version is only a protocol number. */
    packet = read_frame(VW_LINK_RAW, ipv6(9, 1, 1, echo(8, 1, 1)));
    assert_true(packet.kind == VW_PACKET_IP && !packet.has_icmp);
}

static void lengths_that_lie_are_found(void **state)
{
    struct bytes frame = request();
    struct vw_packet packet;

    (void)state;
    frame.data[2] = frame.data[3] = 0; /* left to the interface to cut up */
    assert_request(read_frame(VW_LINK_RAW, frame));
    frame.data[3] = 19;
    assert_int_equal(read_frame(VW_LINK_RAW, frame).kind, VW_PACKET_MALFORMED);
    frame.data[3] = 21; /* room for a type, not for a code */
    assert_int_equal(read_frame(VW_LINK_RAW, frame).kind, VW_PACKET_MALFORMED);
    frame.data[3] = 28;
    frame.data[0] = 0x44;
    assert_int_equal(read_frame(VW_LINK_RAW, frame).kind, VW_PACKET_MALFORMED);
    frame.data[0] = 0x55;
    assert_int_equal(read_frame(VW_LINK_RAW, frame).kind, VW_PACKET_MALFORMED);
    /* A wire size below the recorded one. */
    frame = request();
    vw_packet_read(VW_LINK_RAW, frame.data, frame.size, 3, &packet);
    assert_request(packet);
}

/* What is left of an echo request and of a SYN when fewer and fewer bytes are recorded. */
static void every_snap_length_is_told(void **state)
{
    struct bytes ping = ethernet(0x0800, request());
    struct bytes syn = ethernet(0x0800, ipv4(A, B, 6, plain, tcp(4000, 443, 2)));
    size_t size;

    (void)state;
    for (size = 0; size <= ping.size; size++) {
        struct vw_packet packet = read_cut(VW_LINK_ETHERNET, &ping, size);
        assert_int_equal(packet.kind, size < 36 ? VW_PACKET_CUT : VW_PACKET_IP);
        if (size >= 36)
            assert_int_equal(packet.has_echo, size >= 42);
    }
    for (size = 0; size <= syn.size; size++) {
        struct vw_packet packet = read_cut(VW_LINK_ETHERNET, &syn, size);
        assert_int_equal(packet.kind, size < 38 ? VW_PACKET_CUT : VW_PACKET_IP);
        if (size >= 38)
            assert_int_equal(packet.has_flags, size >= 48);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_link_is_taken_off),
        cmocka_unit_test(cooked_links_tell_the_direction),
        cmocka_unit_test(options_and_extensions_are_stepped_over),
        cmocka_unit_test(extensions_without_end_are_malformed),
        cmocka_unit_test(fragments_are_known),
        cmocka_unit_test(errors_quote_addresses),
        cmocka_unit_test(lengths_that_lie_are_found),
        cmocka_unit_test(every_snap_length_is_told),
    };

    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
