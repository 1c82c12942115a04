/* Tables to look things up in: CSV files, and rows that the program makes of an export. */
#ifndef VW_QUERY_LOOKUP_H
#define VW_QUERY_LOOKUP_H

#include <vpcwhy/address.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/diagnostic.h"
#include "base/slice.h"

#define VW_LOOKUP_SIZE_MAX ((size_t)64 << 20) /* bytes of a CSV file */
#define VW_LOOKUP_COLUMNS_MAX 256

struct vw_lookup_cells VW_ARRAY(struct vw_slice);

struct vw_lookup {
    struct vw_slice name;
    struct vw_arena arena;
    size_t columns;
    struct vw_lookup_cells cells; /* the header first */
    size_t rows;                  /* below the header */
};

struct vw_lookup_index;

/* Reads a CSV file (RFC 4180) whose first row names the columns. */
int vw_lookup_read(const char *name, const char *path, struct vw_diagnostics *diagnostics,
                   struct vw_lookup **ret_table);
void vw_lookup_free(struct vw_lookup *table);

/* False where there is none. */
bool vw_lookup_column(const struct vw_lookup *table, struct vw_slice name, size_t *ret);

struct vw_slice vw_lookup_cell(const struct vw_lookup *table, size_t row, size_t column);

/* The first column that holds a CIDR in its first row that holds anything. */
bool vw_lookup_cidr_column(const struct vw_lookup *table, size_t *ret);

/* An index of one column, by its text or as CIDRs. NULL when out of memory. */
struct vw_lookup_index *vw_lookup_index_create(const struct vw_lookup *table,
                                               size_t column, bool cidrs);
void vw_lookup_index_free(struct vw_lookup_index *index);

/* How many rows hold no CIDR. */
size_t vw_lookup_index_unusable(const struct vw_lookup_index *index);

/* The first row with that text; the row with the longest CIDR around that address. */
bool vw_lookup_find(const struct vw_lookup_index *index, struct vw_slice text,
                    size_t *ret_row);

/* ---- csv.c ---- */

/* Takes one field off the front of *rest, without its quotes. *ret_last tells that it ends
 * the row. False at the end of the text. */
bool vw_csv_field(struct vw_slice *rest, struct vw_arena *arena,
                  struct vw_slice *ret_field, bool *ret_last);

#endif
