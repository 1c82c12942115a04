/* Flows against a plain list of them: each is found from both sides, and by no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "packets/flow.h"
#include "packets/tcp_stream.h"

enum { FLOWS = 30000, BITS = 64, ROUNDS = 20000 };

static uint64_t state = 88172645463325252U;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static struct vw_packet packet_of(uint32_t number)
{
    struct vw_packet packet = {.kind = VW_PACKET_IP,
                               .protocol = number % 3 ? VW_PROTOCOL_TCP : VW_PROTOCOL_UDP,
                               .source_port = (uint16_t)number,
                               .destination_port = 443};
    bool six = number % 2;

    packet.source = (struct vw_address){.family = six ? VW_FAMILY_IPV6 : VW_FAMILY_IPV4,
                                        .high = six ? 0x20010db8 : 0,
                                        .low = 0x0a000000 + number / 100};
    packet.destination = packet.source;
    packet.destination.low = 0x0a800000;
    return packet;
}

static struct vw_packet turned(struct vw_packet packet)
{
    struct vw_packet back = packet;

    back.source = packet.destination;
    back.destination = packet.source;
    back.source_port = packet.destination_port;
    back.destination_port = packet.source_port;
    return back;
}

static struct vw_tuple tuple_of(const struct vw_packet *packet)
{
    struct vw_tuple tuple;

    vw_tuple_set(&tuple, packet);
    return tuple;
}

static void each_flow_is_found_from_both_sides(void **unused)
{
    struct vw_packet_flows flows = {0};
    uint32_t *places = malloc(FLOWS * sizeof *places), i;
    int side;

    (void)unused;
    for (i = 0; i < FLOWS; i++) {
        struct vw_packet packet = packet_of(i);
        struct vw_tuple tuple = tuple_of(&packet);

        assert_int_equal(vw_packet_flows_find(&flows, &tuple, &side), 0);
        assert_int_equal(vw_packet_flows_add(&flows, &tuple, i % 5 == 0, &places[i]), 0);
    }
    for (i = 0; i < FLOWS; i++) {
        struct vw_packet packet = packet_of(i), back = turned(packet);
        struct vw_tuple tuple = tuple_of(&packet), other = tuple_of(&back);

        assert_int_equal(tuple.hash, other.hash);
        vw_packet_flows_expect(&flows, &tuple);
        vw_packet_flows_expect_flow(&flows, &tuple);
        assert_int_equal(vw_packet_flows_find(&flows, &tuple, &side), places[i]);
        assert_int_equal(side, i % 5 == 0 ? VW_RESPONDER : VW_ORIGINATOR);
        assert_int_equal(vw_packet_flows_find(&flows, &other, &side), places[i]);
        assert_int_equal(side, i % 5 == 0 ? VW_ORIGINATOR : VW_RESPONDER);
        assert_int_equal(vw_packet_flows_number(&flows, places[i]), i);
        assert_ptr_equal(vw_packet_flows_get(&flows, i),
                         vw_packet_flows_at(&flows, places[i]));
        vw_flow_flip(vw_packet_flows_get(&flows, i));
        assert_int_equal(vw_packet_flows_find(&flows, &tuple, &side), places[i]);
        assert_int_equal(side, i % 5 == 0 ? VW_ORIGINATOR : VW_RESPONDER);
    }
    vw_packet_flows_free(&flows);
    free(places);
}

/* Pieces of a stream in any order against a field of bits: so long as there are no more
 * pieces than are told apart, the same bytes are missing. */
static void holes_are_those_of_a_plain_field(void **unused)
{
    struct vw_packet packet = packet_of(1);
    struct vw_tuple tuple = tuple_of(&packet);
    int round;

    (void)unused;
    for (round = 0; round < ROUNDS; round++) {
        struct vw_packet_flows flows = {0};
        bool field[BITS + 1] = {false};
        uint32_t place, gaps = 0, i, pieces = 1 + (uint32_t)(draw() % 8);
        uint32_t confirmed = 1 + (uint32_t)(draw() % BITS);

        assert_int_equal(vw_packet_flows_add(&flows, &tuple, false, &place), 0);
        while (pieces-- > 0) {
            uint32_t from = 1 + (uint32_t)(draw() % (BITS - 1));
            uint32_t size = 1 + (uint32_t)(draw() % (BITS - from));

            assert_int_equal(vw_tcp_stream_add(&flows.holes,
                                               vw_packet_flows_at(&flows, place),
                                               VW_ORIGINATOR, from, size),
                             0);
            for (i = from; i < from + size; i++)
                field[i] = true;
        }
        for (i = 1; i < confirmed; i++)
            gaps += !field[i] && (i == 1 || field[i - 1]);
        assert_int_equal(vw_tcp_stream_confirm(&flows.holes,
                                               vw_packet_flows_at(&flows, place),
                                               VW_ORIGINATOR, confirmed),
                         gaps);
        assert_int_equal(vw_tcp_stream_confirm(&flows.holes,
                                               vw_packet_flows_at(&flows, place),
                                               VW_ORIGINATOR, confirmed),
                         0);
        vw_packet_flows_free(&flows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_flow_is_found_from_both_sides),
        cmocka_unit_test(holes_are_those_of_a_plain_field),
    };

    return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
