/* Cells of a query's result as NUL-terminated text. */
#ifndef VW_REPORT_CELL_TEXT_H
#define VW_REPORT_CELL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <vpcwhy/query.h>

/* Zero-initialised is empty. */
struct vw_cell_text {
    char *data;
    size_t room;
    bool failed; /* memory was out */
};

/* Valid until the next call; "" for nothing. A NUL within is shown as U+FFFD. */
const char *vw_cell_text(struct vw_cell_text *text, const struct vw_query_cell *cell);
void vw_cell_text_free(struct vw_cell_text *text);

#endif
