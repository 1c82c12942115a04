/* Files read at any place, and how packed bytes are recognised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/stored.h"
#include "temporary.h"

static void a_piece_ends_with_the_file(void **state)
{
    struct temporary temporary;
    struct vw_stored stored;
    char buffer[8] = "";
    size_t size = 99;
    const char *path;

    (void)state;
    temporary_open(&temporary);
    path = temporary_text(&temporary, "a", "0123456789");
    assert_int_equal(vw_stored_open(path, NULL, &stored), 1);
    assert_int_equal(stored.size, 10);
    assert_int_equal(vw_stored_read(&stored, 2, buffer, 4, &size), 0);
    assert_int_equal(size, 4);
    assert_memory_equal(buffer, "2345", 4);
    assert_int_equal(vw_stored_read(&stored, 7, buffer, 8, &size), 0);
    assert_int_equal(size, 3);
    assert_memory_equal(buffer, "789", 3);
    assert_int_equal(vw_stored_read(&stored, 10, buffer, 8, &size), 0);
    assert_int_equal(size, 0);
    assert_int_equal(vw_stored_read(&stored, UINT64_MAX, buffer, 8, &size), EOVERFLOW);
    /* A file that shrinks has fewer bytes, no more. */
    assert_int_equal(truncate(path, 4), 0);
    assert_int_equal(vw_stored_read(&stored, 2, buffer, 8, &size), 0);
    assert_int_equal(size, 2);
    vw_stored_close(&stored);
    assert_int_equal(vw_stored_open(temporary_text(&temporary, "b", ""), NULL, &stored),
                     1);
    assert_int_equal(stored.size, 0);
    vw_stored_close(&stored);
    temporary_close(&temporary);
}

static void other_things_are_streamed(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct temporary temporary;
    struct vw_stored stored;
    int saved = dup(STDIN_FILENO), ends[2];

    (void)state;
    temporary_open(&temporary);
    assert_int_equal(vw_stored_open("/dev/null", diagnostics, &stored), 0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(vw_stored_open("-", diagnostics, &stored), 0);
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    close(saved);
    assert_int_equal(vw_diagnostics_count(diagnostics), 0);
    assert_int_equal(vw_stored_open("/nonexistent", diagnostics, &stored), -2);
    assert_int_equal(vw_stored_open(temporary.folder, diagnostics, &stored), -2);
    assert_int_equal(vw_diagnostics_count(diagnostics), 2);
    vw_diagnostics_free(diagnostics);
    temporary_close(&temporary);
}

static void packed_bytes_are_recognised(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum vw_packing packing;
    } cases[] = {
        {"", 0, VW_PACKING_NONE},
        {"\x1f", 1, VW_PACKING_NONE},
        {"\x1f\x8b", 2, VW_PACKING_GZIP},
        {"\x1f\x8b\x08\x00", 4, VW_PACKING_GZIP},
        {"\x28\xb5\x2f", 3, VW_PACKING_NONE},
        {"\x28\xb5\x2f\xfd", 4, VW_PACKING_ZSTD},
        {"\x50\x2a\x4d\x18", 4, VW_PACKING_ZSTD},
        {"\x5f\x2a\x4d\x18", 4, VW_PACKING_ZSTD},
        {"\x60\x2a\x4d\x18", 4, VW_PACKING_NONE},
        {"PAR1", 4, VW_PACKING_NONE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(vw_packing_of(cases[i].bytes, cases[i].size), cases[i].packing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_ends_with_the_file),
        cmocka_unit_test(other_things_are_streamed),
        cmocka_unit_test(packed_bytes_are_recognised),
    };

    return cmocka_run_group_tests_name("stored", tests, NULL, NULL);
}
