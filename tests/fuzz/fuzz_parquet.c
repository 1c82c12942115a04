/* Parquet: any bytes, all columns of all row groups. */
#include <stdlib.h>

#include <vpcwhy/error.h>

#include "logs/parquet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_rows(const struct vw_parquet *parquet, const bool *wanted)
{
    struct vw_slice *cells =
        calloc(VW_PARQUET_ROWS * parquet->column_count, sizeof *cells);
    struct vw_parquet_reader *reader = NULL;
    int error = vw_parquet_reader_create(parquet, wanted, &reader);
    unsigned sum = 0;
    size_t group, got, i;

    for (group = 0; !error && cells && group < parquet->group_count; group++) {
        error = vw_parquet_seek(reader, group, parquet->groups[group].rows / 3,
                                parquet->groups[group].rows / 2, NULL);
        for (got = 1; !error && got > 0;) {
            error = vw_parquet_next(reader, cells, &got);
            for (i = 0; !error && i < got * parquet->column_count; i++)
                if (cells[i].size > 0)
                    sum += (unsigned char)cells[i].data[cells[i].size - 1];
        }
        error = error == VW_ERROR_INPUT ? 0 : error;
    }
    __asm__ volatile("" : : "r"(sum));
    vw_parquet_reader_free(reader);
    free(cells);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct vw_parquet_source source = {"fuzz", NULL, bytes, size};
    struct vw_parquet *parquet = NULL;
    bool wanted[VW_PARQUET_COLUMNS_MAX];
    size_t i;

    if (vw_parquet_open(&source, NULL, &parquet))
        return 0;
    /* What can be read of it. */
    for (i = 0; i < parquet->column_count; i++)
        wanted[i] = !parquet->columns[i].refused;
    read_rows(parquet, wanted);
    vw_parquet_close(parquet);
    return 0;
}
