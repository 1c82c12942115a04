/* pcapng: blocks in both byte orders, clocks, interfaces that differ, damage everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/error.h>

#include "evidence/frames.h"
#include "temporary.h"

#define A 0x0a000001
#define B 0x0a000002

enum { ETHERNET = 1, RAW = 101, WIFI = 105 };

static bool is_big;
static struct temporary temporary;

static void put_16e(struct bytes *bytes, unsigned value)
{
    put_8(bytes, is_big ? value >> 8 : value & 255);
    put_8(bytes, is_big ? value & 255 : value >> 8);
}

static void put_32e(struct bytes *bytes, uint32_t value)
{
    put_16e(bytes, is_big ? value >> 16 : value & 0xffff);
    put_16e(bytes, is_big ? value & 0xffff : value >> 16);
}

static void put_block(struct bytes *file, uint32_t type, struct bytes body)
{
    put_zeros(&body, -body.size & 3);
    put_32e(file, type);
    put_32e(file, (uint32_t)body.size + 12);
    put(file, body.data, body.size);
    put_32e(file, (uint32_t)body.size + 12);
}

static void put_option(struct bytes *body, unsigned code, const void *value, size_t size)
{
    put_16e(body, code);
    put_16e(body, (unsigned)size);
    put(body, value, size);
    put_zeros(body, -size & 3);
}

static void put_section(struct bytes *file)
{
    struct bytes body = no_bytes();

    put_32e(&body, 0x1a2b3c4d);
    put_16e(&body, 1);
    put_16e(&body, 0);
    put_32e(&body, 0xffffffff);
    put_32e(&body, 0xffffffff);
    put_block(file, 0x0a0d0d0a, body);
}

static void put_interface(struct bytes *file, unsigned link, const char *name,
                          uint8_t resolution)
{
    struct bytes body = no_bytes();

    put_16e(&body, link);
    put_16e(&body, 0);
    put_32e(&body, 262144);
    put_option(&body, 2, name, strlen(name));
    put_option(&body, 9, &resolution, 1);
    put_option(&body, 0, "", 0);
    put_block(file, 1, body);
}

static void put_packet(struct bytes *file, uint32_t interface, uint64_t ticks,
                       uint32_t flags, struct bytes frame)
{
    struct bytes body = no_bytes(), value = no_bytes();

    put_32e(&body, interface);
    put_32e(&body, (uint32_t)(ticks >> 32));
    put_32e(&body, (uint32_t)ticks);
    put_32e(&body, (uint32_t)frame.size);
    put_32e(&body, (uint32_t)frame.size);
    put(&body, frame.data, frame.size);
    put_zeros(&body, -frame.size & 3);
    put_32e(&value, flags);
    put_option(&body, 2, value.data, 4);
    put_block(file, 6, body);
}

static struct bytes request(uint16_t number)
{
    return ipv4(A, B, 1, (struct ipv4_options){.id = number}, echo(8, 7, number));
}

static struct bytes reply(uint16_t number)
{
    return ipv4(B, A, 1, (struct ipv4_options){.id = (uint16_t)(number + 99)},
                echo(0, 7, number));
}

static struct vw_capture *read_file(struct bytes file, int wanted)
{
    struct vw_capture *capture = NULL;
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    const char *path = temporary_bytes(&temporary, "a.pcapng", file.data, file.size);

    assert_int_equal(vw_capture_read(path, NULL, diagnostics, &capture), wanted);
    vw_diagnostics_free(diagnostics);
    return capture;
}

/* Two interfaces of different links and clocks, on which one ping is seen. */
static struct bytes whole_file(void)
{
    struct bytes file = no_bytes();

    put_section(&file);
    put_interface(&file, ETHERNET, "eth0", 6);
    put_interface(&file, RAW, "wg0", 9);
    put_packet(&file, 0, UINT64_C(1700000000000000), 2, ethernet(0x0800, request(1)));
    put_packet(&file, 1, UINT64_C(1700000000002000000), 1, reply(1));
    return file;
}

static void interfaces_that_differ_are_read(void **state)
{
    int order;

    (void)state;
    for (order = 0; order < 2; order++) {
        struct vw_capture_place place;
        struct vw_echo_series series;
        struct vw_capture *capture;

        is_big = order;
        capture = read_file(whole_file(), 0);
        assert_int_equal(vw_capture_facts(capture)->place_count, 2);
        assert_int_equal(vw_capture_facts(capture)->is_swapped, order);
        vw_capture_get_place(capture, 1, &place);
        assert_string_equal(place.name, "wg0");
        assert_int_equal(place.packets, 1);
        assert_int_equal(vw_capture_echo_count(capture), 1);
        vw_capture_get_echo(capture, 0, &series);
        assert_int_equal(series.answered, 1);
        assert_int_equal(series.rtt_most, 2000000);
        assert_int_equal(series.first, INT64_C(1700000000000000000));
        vw_capture_free(capture);
    }
}

static void clocks_of_every_resolution(void **state)
{
    static const struct {
        uint8_t resolution;
        uint64_t ticks;
        int64_t time;
    } clocks[] = {
        {0, 1700000000, INT64_C(1700000000000000000)},
        {3, UINT64_C(1700000000123), INT64_C(1700000000123000000)},
        {6, UINT64_C(1700000000123456), INT64_C(1700000000123456000)},
        {9, UINT64_C(1700000000123456789), INT64_C(1700000000123456789)},
        {12, UINT64_C(1700000000123456789), INT64_C(1700000000123456)},
        {19, UINT64_C(17000000000000000000), INT64_C(1700000000)},
        {0x80 | 10, UINT64_C(1700000000) << 10 | 512, INT64_C(1700000000500000000)},
        {0x80 | 63, UINT64_C(1) << 62, INT64_C(500000000)},
        {20, 1, VW_TIME_UNKNOWN},
        {0, UINT64_C(1) << 60, VW_TIME_UNKNOWN},
        {6, 0, VW_TIME_UNKNOWN}, /* as simple packet blocks have it */
    };
    size_t i;

    (void)state;
    is_big = false;
    for (i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        struct bytes file = no_bytes();
        struct vw_capture *capture;

        put_section(&file);
        put_interface(&file, RAW, "", clocks[i].resolution);
        put_packet(&file, 0, clocks[i].ticks, 0, request(1));
        capture = read_file(file, 0);
        assert_int_equal(vw_capture_facts(capture)->first, clocks[i].time);
        vw_capture_free(capture);
    }
}

static int note_direction(void *context, const struct vw_packet_facts *facts)
{
    char *text = context;

    assert_non_null(facts->interface);
    text[strlen(text)] = facts->direction == VW_FLOW_DIRECTION_EGRESS    ? 'o'
                         : facts->direction == VW_FLOW_DIRECTION_INGRESS ? 'i'
                                                                         : '?';
    return 0;
}

static void packets_are_handed_out_one_by_one(void **state)
{
    struct bytes file = whole_file();
    char directions[8] = "";

    (void)state;
    put_packet(&file, 1, 0, 0, request(2));
    assert_int_equal(
        vw_packets_read(temporary_bytes(&temporary, "b.pcapng", file.data, file.size),
                        NULL, NULL, note_direction, directions),
        0);
    assert_string_equal(directions, "oi?");
    memset(directions, 0, sizeof directions);
    assert_int_equal(
        vw_packets_read(temporary_bytes(&temporary, "b.pcapng", file.data, file.size),
                        "icmp[icmptype] = icmp-echoreply", NULL, note_direction,
                        directions),
        0);
    assert_string_equal(directions, "i");
}

static void an_interface_that_is_not_read_is_left_out(void **state)
{
    struct bytes file = no_bytes();
    struct vw_capture *capture;

    (void)state;
    is_big = false;
    put_section(&file);
    put_interface(&file, WIFI, "wlan0", 6);
    put_packet(&file, 0, 1, 0, request(1));
    assert_null(read_file(file, VW_ERROR_INPUT));
    put_interface(&file, RAW, "wg0", 6);
    put_packet(&file, 1, 1, 0, request(1));
    capture = read_file(file, 0);
    assert_int_equal(vw_capture_facts(capture)->unread, 1);
    assert_false(vw_capture_silence_proves(vw_capture_facts(capture)));
    vw_capture_free(capture);
}

/* Cut anywhere: what stands before it counts, and that it is cut is said. */
static void every_cut_is_told(void **state)
{
    struct bytes file, whole = whole_file();
    size_t first = 28 + 40 + 36, size;

    (void)state;
    is_big = false;
    whole = whole_file();
    for (size = 4; size < whole.size; size++) {
        struct vw_capture *capture = NULL;
        const char *path;

        file = whole;
        file.size = size;
        path = temporary_bytes(&temporary, "c.pcapng", file.data, file.size);
        if (vw_capture_read(path, NULL, NULL, &capture))
            continue;
        assert_true(size >= first || vw_capture_facts(capture)->packets == 0);
        assert_true(vw_capture_facts(capture)->is_damaged ||
                    vw_capture_facts(capture)->packets < 2);
        vw_capture_free(capture);
    }
}

static int open_temporary(void **state)
{
    (void)state;
    temporary_open(&temporary);
    return 0;
}

static int close_temporary(void **state)
{
    (void)state;
    temporary_close(&temporary);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interfaces_that_differ_are_read),
        cmocka_unit_test(clocks_of_every_resolution),
        cmocka_unit_test(packets_are_handed_out_one_by_one),
        cmocka_unit_test(an_interface_that_is_not_read_is_left_out),
        cmocka_unit_test(every_cut_is_told),
    };

    return cmocka_run_group_tests_name("pcapng", tests, open_temporary, close_temporary);
}
