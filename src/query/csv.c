/* RFC 4180: fields in quotes may hold commas, line ends and doubled quotes. */
#include "query/lookup.h"

/* A field in quotes; *rest begins with the first. */
static struct vw_slice take_quoted(struct vw_slice *rest, struct vw_arena *arena)
{
    size_t at = 1, size = 0;
    char *out;

    while (at < rest->size &&
           (rest->data[at] != '"' || (at + 1 < rest->size && rest->data[at + 1] == '"')))
        at += rest->data[at] == '"' ? 2 : 1;
    out = vw_arena_text(arena, at);
    for (at = 1; out && at < rest->size; at++) {
        if (rest->data[at] == '"') {
            if (at + 1 >= rest->size || rest->data[at + 1] != '"')
                break;
            at++;
        }
        out[size++] = rest->data[at];
    }
    at += at < rest->size;
    *rest = (struct vw_slice){rest->data + at, rest->size - at};
    return (struct vw_slice){out ? out : "", size};
}

bool vw_csv_field(struct vw_slice *rest, struct vw_arena *arena,
                  struct vw_slice *ret_field, bool *ret_last)
{
    struct vw_slice field = {rest->data, 0};
    size_t at = 0;

    if (rest->size == 0)
        return false;
    if (rest->data[0] == '"') {
        field = take_quoted(rest, arena);
        while (at < rest->size && rest->data[at] != ',' && rest->data[at] != '\n')
            at++;
    } else {
        while (at < rest->size && rest->data[at] != ',' && rest->data[at] != '\n')
            at++;
        field.size = at > 0 && rest->data[at - 1] == '\r' ? at - 1 : at;
    }
    *ret_field = field;
    *ret_last = at >= rest->size || rest->data[at] == '\n';
    at += at < rest->size;
    *rest = (struct vw_slice){rest->data + at, rest->size - at};
    return true;
}
