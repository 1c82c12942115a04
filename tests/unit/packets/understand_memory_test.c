/* A capture with each allocation failing in turn: it is said, and all goes back (ASan
 * looks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/error.h>

#include "evidence/frames.h"
#include "failing_memory.h"
#include "temporary.h"

enum { RAW = 101, TRIES_MAX = 4000, FLOWS = 40 };

static struct bytes packet(uint16_t id, uint8_t protocol, struct bytes payload)
{
    return ipv4(1, 2, protocol, (struct ipv4_options){.id = id}, payload);
}

/* Pings, connections with holes and things sent again, errors. */
static void write_capture(struct temporary *temporary)
{
    struct bytes capture = no_bytes();
    uint16_t i, id = 0;

    capture_header(&capture, RAW);
    for (i = 0; i < FLOWS; i++) {
        struct bytes syn = packet(++id, 6, tcp((uint16_t)(4000 + i % 20), 443, 2));

        capture_frame(&capture, i + 1U, 0, packet(++id, 1, echo(8, i % 8, i)));
        capture_frame(&capture, i + 1U, 1, syn);
        capture_frame(&capture, i + 1U, 2, packet(++id, 1, icmp(3, 1, syn)));
    }
    temporary_bytes(temporary, "a.pcap", capture.data, capture.size);
}

static size_t read_all(const char *path, size_t fails_at, bool for_good, int *ret_error)
{
    struct vw_capture *capture = NULL;
    size_t count = 0;

    failing_memory_start(fails_at, for_good);
    *ret_error = vw_capture_read(path, NULL, NULL, &capture);
    if (capture)
        count = vw_capture_echo_count(capture) + vw_capture_conversation_count(capture) +
                vw_capture_error_count(capture);
    vw_capture_free(capture);
    return count;
}

static void every_allocation_may_fail(void **state)
{
    struct temporary temporary;
    const char *path;
    size_t whole, i;
    int error, for_good;

    (void)state;
    failing_memory_start(0, false);
    temporary_open(&temporary);
    write_capture(&temporary);
    path = vw_arena_printf(&temporary.arena, "%s/a.pcap", temporary.folder);
    whole = read_all(path, 0, false, &error);
    assert_int_equal(error, 0);
    assert_true(whole > 20);
    for (for_good = 0; for_good < 2; for_good++) {
        for (i = 1; i < TRIES_MAX; i++) {
            size_t count = read_all(path, i, for_good, &error);

            if (error == 0 && failing_memory.count < i) {
                assert_int_equal(count, whole);
                break;
            }
            assert_true(error == VW_ERROR_NO_MEMORY || error == VW_ERROR_INPUT ||
                        error == 0);
        }
        assert_true(i < TRIES_MAX);
    }
    failing_memory_start(0, false);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};

    return cmocka_run_group_tests_name("understand_memory", tests, NULL, NULL);
}
