/* See cell_text.h. */
#include "report/cell_text.h"

#include <string.h>

#include "base/memory.h"

const char *vw_cell_text(struct vw_cell_text *text, const struct vw_query_cell *cell)
{
    size_t size = 0, i;

    if (!cell->data || text->failed)
        return "";
    if (cell->size * 3 + 1 > text->room) {
        size_t room = cell->size * 4 + 64;
        char *data = vw_realloc(text->data, room, 1);

        if (!data) {
            text->failed = true;
            return "";
        }
        text->data = data;
        text->room = room;
    }
    for (i = 0; i < cell->size; i++) {
        if (cell->data[i]) {
            text->data[size++] = cell->data[i];
        } else {
            memcpy(text->data + size, "\xEF\xBF\xBD", 3);
            size += 3;
        }
    }
    text->data[size] = '\0';
    return text->data;
}

void vw_cell_text_free(struct vw_cell_text *text)
{
    vw_free(text->data);
    *text = (struct vw_cell_text){0};
}
