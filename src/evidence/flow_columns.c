/* Which column is which, and what names of streams tell; see flow_record.h. */
#include <string.h>

#include "evidence/flow_record.h"
#include "evidence/flow_scan.h"

static const struct {
    const char *name, *other;
} names[] = {
#define VW_X(name, text, other) {text, other},
    VW_FLOW_COLUMN_LIST(VW_X)
#undef VW_X
};

static const char *const field_names[] = {
#define VW_X(name, text, version) text,
    VW_FLOW_FIELD_LIST(VW_X)
#undef VW_X
};

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether two names are the same but for case, '-' and '_'. */
static bool same_name(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    for (;; a++, b++) {
        a += strspn(a, "-_");
        b += strspn(b, "-_");
        if (folded(*a) != folded(*b))
            return false;
        if (!*a)
            return true;
    }
}

static const char *name_of(const struct vw_log_layout *layout, size_t column)
{
    enum vw_flow_field field = layout->fields[column];

    return field < VW_FLOW_FIELD_COUNT ? field_names[field] : layout->names[column];
}

static size_t find(const struct vw_log_layout *layout, const char *name)
{
    size_t i;

    for (i = 0; i < layout->count; i++)
        if (same_name(name_of(layout, i), name))
            return i;
    return SIZE_MAX;
}

void vw_flow_columns_find(const struct vw_log_layout *layout, bool *wanted,
                          struct vw_flow_columns *ret)
{
    size_t i;

    ret->count = layout->count;
    for (i = 0; i < VW_FLOW_COLUMN_COUNT; i++) {
        ret->of[i] = find(layout, names[i].name);
        if (ret->of[i] == SIZE_MAX && names[i].other)
            ret->of[i] = find(layout, names[i].other);
    }
    ret->is_sum = ret->of[VW_FLOW_COLUMN_VANTAGE] != SIZE_MAX &&
                  ret->of[VW_FLOW_COLUMN_RECORDS] != SIZE_MAX;
    if (!ret->is_sum)
        ret->of[VW_FLOW_COLUMN_VANTAGE] = ret->of[VW_FLOW_COLUMN_RECORDS] = SIZE_MAX;
    for (i = 0; i < VW_FLOW_COLUMN_COUNT; i++)
        if (wanted && ret->of[i] != SIZE_MAX)
            wanted[ret->of[i]] = true;
}

bool vw_flow_columns_any(const struct vw_flow_columns *columns)
{
    return columns->of[VW_FLOW_COLUMN_SRCADDR] != SIZE_MAX ||
           columns->of[VW_FLOW_COLUMN_DSTADDR] != SIZE_MAX || columns->is_sum;
}

enum vw_flow_traffic vw_flow_stream_traffic(struct vw_slice stream)
{
    static const struct {
        const char *suffix;
        enum vw_flow_traffic traffic;
    } rows[] = {
        {"-all", VW_FLOW_TRAFFIC_ALL},
        {"-accept", VW_FLOW_TRAFFIC_ACCEPT},
        {"-reject", VW_FLOW_TRAFFIC_REJECT},
    };
    size_t i;

    if (!vw_slice_starts(stream, "eni-"))
        return VW_FLOW_TRAFFIC_UNKNOWN;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].suffix);
        if (stream.size > size &&
            memcmp(stream.data + stream.size - size, rows[i].suffix, size) == 0)
            return rows[i].traffic;
    }
    return VW_FLOW_TRAFFIC_UNKNOWN;
}

enum vw_flow_traffic vw_flow_path_traffic(const char *path)
{
    enum vw_flow_traffic found = VW_FLOW_TRAFFIC_UNKNOWN;

    while (*path) {
        size_t size = strcspn(path, "/");
        enum vw_flow_traffic traffic =
            vw_flow_stream_traffic((struct vw_slice){path, size});

        if (traffic != VW_FLOW_TRAFFIC_UNKNOWN)
            found = traffic;
        path += size + (path[size] == '/');
    }
    return found;
}

const char *vw_flow_format_of(void *context, const struct vw_log_file *file,
                              struct vw_slice stream, struct vw_slice group)
{
    const struct vw_flow_formats *formats = context;

    (void)group;
    return formats->find
               ? formats->find(formats->data, file->path, stream.data, stream.size)
               : NULL;
}
