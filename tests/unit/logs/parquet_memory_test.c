/* Memory that runs out while Parquet is read: an error, and nothing is lost or kept. */
#include "failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "logs/parquet_writer.h"

static int read_all(const struct bytes *file)
{
    struct vw_parquet_source source = {"test", NULL, file->data, file->size};
    struct vw_slice cells[VW_PARQUET_ROWS * 7];
    struct vw_parquet_reader *reader = NULL;
    struct vw_parquet *parquet = NULL;
    bool wanted[7] = {true, true, true, true, true, true, true};
    size_t got = 1;
    int error = vw_parquet_open(&source, NULL, &parquet);

    if (!error)
        error = vw_parquet_reader_create(parquet, wanted, &reader);
    if (!error)
        error = vw_parquet_seek(reader, 1, 0, 6, NULL);
    while (!error && got > 0)
        error = vw_parquet_next(reader, cells, &got);
    vw_parquet_reader_free(reader);
    vw_parquet_close(parquet);
    return error;
}

static void memory_may_run_out_anywhere(void **state)
{
    struct parquet_writer writer = {0};
    size_t count, i;

    (void)state;
    parquet_sample(&writer, VW_PARQUET_GZIP);
    failing_memory_start(0, false);
    assert_int_equal(read_all(&writer.file), 0);
    count = failing_memory.count;
    assert_true(count > 10);
    for (i = 1; i <= count; i++) {
        failing_memory_start(i, i % 2);
        assert_int_equal(read_all(&writer.file), VW_ERROR_NO_MEMORY);
    }
    failing_memory_start(0, false);
    parquet_free(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_may_run_out_anywhere)};

    return cmocka_run_group_tests_name("parquet_memory", tests, NULL, NULL);
}
