/*
 * The rows of Parquet files as lines: cells with tabs between them, NULL as \N; what the
 * compatibility test holds against DuckDB's.
 *
 *     parquet_rows [--only NAME,...] [--slices N] FILE...
 *
 * With --slices, each row group is read in slices of N rows, each from a start of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logs/parquet.h"

static void print_cell(struct vw_slice cell)
{
    size_t i;

    if (!cell.data) {
        fputs("\\N", stdout);
        return;
    }
    for (i = 0; i < cell.size; i++) {
        if (strchr("\t\n\\", cell.data[i]))
            putchar('\\');
        putchar(cell.data[i]);
    }
}

static void print_rows(const struct vw_parquet *parquet, const bool *wanted,
                       const struct vw_slice *cells, size_t rows)
{
    size_t row, column;

    for (row = 0; row < rows; row++) {
        const char *between = "";
        for (column = 0; column < parquet->column_count; column++) {
            if (!wanted[column])
                continue;
            fputs(between, stdout);
            print_cell(cells[row * parquet->column_count + column]);
            between = "\t";
        }
        putchar('\n');
    }
}

static int print_group(const struct vw_parquet *parquet, const bool *wanted, size_t group,
                       uint64_t slice, struct vw_parquet_reader *reader,
                       struct vw_diagnostics *diagnostics)
{
    uint64_t rows = parquet->groups[group].rows, first;
    struct vw_slice *cells =
        calloc(VW_PARQUET_ROWS * parquet->column_count, sizeof *cells);
    int error = 0;

    for (first = 0; first < rows && !error && cells; first += slice) {
        size_t got = 1;
        error = vw_parquet_seek(reader, group, first,
                                rows - first < slice ? rows - first : slice, diagnostics);
        while (!error && got > 0) {
            error = vw_parquet_next(reader, cells, &got);
            if (!error)
                print_rows(parquet, wanted, cells, got);
        }
    }
    free(cells);
    return error;
}

/* Whether `name` is in the list, which has commas. */
static bool is_in(const char *list, const char *name)
{
    size_t size = strlen(name);
    const char *at;

    for (at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, size) == 0 && (at[size] == ',' || at[size] == '\0'))
            return true;
    return false;
}

static int print_file(const char *path, const char *only, uint64_t slice,
                      struct vw_diagnostics *diagnostics)
{
    struct vw_stored stored;
    struct vw_parquet_source source = {.path = path, .stored = &stored};
    struct vw_parquet *parquet = NULL;
    struct vw_parquet_reader *reader = NULL;
    bool wanted[VW_PARQUET_COLUMNS_MAX] = {false};
    size_t i;
    int error = vw_stored_open(path, diagnostics, &stored) == 1 ? 0 : -1;

    if (error)
        return error;
    source.size = stored.size;
    error = vw_parquet_open(&source, diagnostics, &parquet);
    for (i = 0; !error && i < parquet->column_count; i++)
        wanted[i] = !only || is_in(only, parquet->columns[i].name);
    if (!error)
        error = vw_parquet_accept(parquet, wanted, diagnostics);
    if (!error)
        error = vw_parquet_reader_create(parquet, wanted, &reader);
    for (i = 0; !error && i < parquet->group_count; i++)
        error = print_group(parquet, wanted, i, slice, reader, diagnostics);
    vw_parquet_reader_free(reader);
    vw_parquet_close(parquet);
    vw_stored_close(&stored);
    return error;
}

int main(int count, char **arguments)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    uint64_t slice = UINT64_MAX / 2;
    const char *only = NULL;
    int i, status = 0;
    size_t told;

    for (i = 1; i < count && diagnostics; i++) {
        if (strcmp(arguments[i], "--only") == 0 && i + 1 < count)
            only = arguments[++i];
        else if (strcmp(arguments[i], "--slices") == 0 && i + 1 < count)
            slice = strtoull(arguments[++i], NULL, 10);
        else if (print_file(arguments[i], only, slice, diagnostics))
            status = 1;
    }
    for (told = 0; diagnostics && told < vw_diagnostics_count(diagnostics); told++) {
        const struct vw_diagnostic *one = vw_diagnostics_get(diagnostics, told);
        fprintf(stderr, "%s: %s: %s\n", one->file, one->code, one->message);
    }
    vw_diagnostics_free(diagnostics);
    return status;
}
