/* One ping recorded at both ends: what became of it, by what each end has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include <vpcwhy/journey.h>

#include "base/address.h"
#include "base/time.h"
#include "evidence/frames.h"
#include "temporary.h"

#define A 0x0a01000e
#define B 0x0a02003d
#define ROUTER 0x0a020001 /* its address towards B, where it translates */

enum { RAW = 101, REQUESTS = 5, START = 1000, TTL_AT = 8 };

/* What is in the two captures; requests and replies are numbered from 0. */
struct scene {
    const char *name;
    unsigned arrive;   /* requests that reach B */
    unsigned answered; /* of these, answered by B */
    unsigned returned; /* replies that reach A */
    bool is_translated, without_hop;
    int32_t ahead; /* B's clock, seconds */
    enum vw_fate fate;
    bool is_proved;
};

static const struct scene scenes[] = {
    {"both ways", 5, 5, 5, false, false, 0, VW_FATE_BOTH_WAYS, true},
    {"both ways, one subnet", 5, 5, 5, false, true, 0, VW_FATE_BOTH_WAYS, true},
    {"translated", 5, 5, 5, true, false, 0, VW_FATE_BOTH_WAYS, true},
    {"reply lost", 5, 5, 0, false, false, 0, VW_FATE_REPLY_LOST, true},
    {"reply lost, clock ahead", 5, 5, 0, false, false, 37, VW_FATE_REPLY_LOST, true},
    {"not answered", 5, 0, 0, false, false, 0, VW_FATE_NOT_ANSWERED, true},
    {"request lost, as far as is known", 0, 0, 0, false, false, 0, VW_FATE_REQUEST_LOST,
     false},
    {"partly lost", 4, 3, 2, false, false, 0, VW_FATE_PARTLY_LOST, true},
};

static struct bytes with_ttl(struct bytes frame, uint8_t ttl)
{
    frame.data[TTL_AT] = ttl;
    return frame;
}

/* The packet number `i` of a side, whose IP id does not depend on where it is seen. */
static struct bytes ping(const struct scene *scene, bool at_b, bool is_reply, unsigned i)
{
    uint32_t client = at_b && scene->is_translated ? ROUTER : A;
    uint16_t id = at_b && scene->is_translated ? 900 : 77;
    bool is_far = at_b != is_reply && !scene->without_hop;
    struct ipv4_options options = {.id = (uint16_t)(i + (is_reply ? 2000 : 1000))};

    return with_ttl(ipv4(is_reply ? B : client, is_reply ? client : B, 1, options,
                         echo(is_reply ? 0 : 8, id, (uint16_t)(i + 1))),
                    is_far ? 63 : 64);
}

static struct bytes capture_at_a(const struct scene *scene)
{
    struct bytes capture = no_bytes();
    unsigned i;

    capture_header(&capture, RAW);
    for (i = 0; i < REQUESTS; i++) {
        capture_frame(&capture, START + i, 0, ping(scene, false, false, i));
        if (i < scene->returned)
            capture_frame(&capture, START + i, 2000, ping(scene, false, true, i));
    }
    return capture;
}

static struct bytes capture_at_b(const struct scene *scene)
{
    uint32_t start = (uint32_t)(START + scene->ahead);
    struct bytes capture = no_bytes();
    unsigned i;

    capture_header(&capture, RAW);
    for (i = 0; i < scene->arrive; i++) {
        capture_frame(&capture, start + i, 900, ping(scene, true, false, i));
        if (i < scene->answered)
            capture_frame(&capture, start + i, 1100, ping(scene, true, true, i));
    }
    return capture;
}

static struct vw_journeys *read_scene(const struct scene *scene,
                                      struct temporary *temporary)
{
    struct bytes a = capture_at_a(scene), b = capture_at_b(scene);
    const struct vw_witness witnesses[] = {
        {.path = temporary_bytes(temporary, "a.pcap", a.data, a.size)},
        {.path = temporary_bytes(temporary, "b.pcap", b.data, b.size)}};
    struct vw_journeys *journeys = NULL;

    assert_int_equal(vw_journeys_read(witnesses, 2, NULL, NULL, &journeys), 0);
    return journeys;
}

static void check_clock(const struct scene *scene, const struct vw_journeys *journeys)
{
    const struct vw_witness_facts *b = vw_journeys_witness(journeys, 1);
    int64_t off = b->offset - scene->ahead * VW_SECOND;

    assert_int_equal(b->has_offset, scene->arrive > 0);
    if (b->has_offset)
        assert_true(off > -VW_SECOND / 100 && off < VW_SECOND / 100);
}

static void run_scene(const struct scene *scene)
{
    struct temporary temporary;
    struct vw_journeys *journeys;
    const struct vw_journey *journey;

    temporary_open(&temporary);
    journeys = read_scene(scene, &temporary);
    print_message("%s\n", scene->name);
    assert_int_equal(vw_journeys_count(journeys), 1);
    journey = vw_journeys_get(journeys, 0);
    assert_string_equal(vw_fate_slug(journey->fate), vw_fate_slug(scene->fate));
    assert_int_equal(journey->is_proved, scene->is_proved);
    assert_int_equal(journey->is_translated, scene->is_translated);
    assert_int_equal(journey->legs[0].place, VW_PLACE_SOURCE);
    assert_int_equal(journey->legs[1].place, VW_PLACE_TARGET);
    assert_int_equal(journey->legs[0].requests, REQUESTS);
    assert_int_equal(journey->legs[1].requests, scene->arrive);
    check_clock(scene, journeys);
    vw_journeys_free(journeys);
    temporary_close(&temporary);
}

static void pings_fare_as_both_ends_say(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof scenes / sizeof *scenes; i++)
        run_scene(&scenes[i]);
}

/* Two hours apart nothing is the same flow, whatever its numbers. */
static void another_time_proves_nothing(void **state)
{
    const struct scene scene = {.arrive = 5, .answered = 5, .ahead = 7200};
    struct temporary temporary;
    struct vw_journeys *journeys;

    (void)state;
    temporary_open(&temporary);
    journeys = read_scene(&scene, &temporary);
    assert_int_equal(vw_journeys_count(journeys), 2);
    assert_int_not_equal(vw_journeys_get(journeys, 0)->fate, VW_FATE_REPLY_LOST);
    assert_false(vw_journeys_get(journeys, 0)->is_proved &&
                 vw_journeys_get(journeys, 0)->fate == VW_FATE_REQUEST_LOST);
    vw_journeys_free(journeys);
    temporary_close(&temporary);
}

/* Where the caller says who took them, nothing need be told from the packets. */
static void own_addresses_are_believed(void **state)
{
    const struct scene scene = {.arrive = 0};
    struct vw_address a = vw_address_ipv4(A), b = vw_address_ipv4(B);
    struct bytes one = capture_at_a(&scene), other = capture_at_b(&scene);
    struct temporary temporary;
    struct vw_journeys *journeys = NULL;
    struct vw_witness witnesses[2] = {{.label = "i-1", .own = &a, .own_count = 1},
                                      {.label = "i-2", .own = &b, .own_count = 1}};

    (void)state;
    temporary_open(&temporary);
    witnesses[0].path = temporary_bytes(&temporary, "a.pcap", one.data, one.size);
    witnesses[1].path = temporary_bytes(&temporary, "b.pcap", other.data, other.size);
    assert_int_equal(vw_journeys_read(witnesses, 2, NULL, NULL, &journeys), 0);
    assert_string_equal(vw_journeys_witness(journeys, 1)->label, "i-2");
    assert_int_equal(vw_journeys_get(journeys, 0)->legs[1].place, VW_PLACE_TARGET);
    assert_int_equal(vw_journeys_get(journeys, 0)->fate, VW_FATE_REQUEST_LOST);
    assert_false(vw_journeys_get(journeys, 0)->is_proved);
    vw_journeys_free(journeys);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pings_fare_as_both_ends_say),
        cmocka_unit_test(another_time_proves_nothing),
        cmocka_unit_test(own_addresses_are_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
