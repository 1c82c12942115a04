/* Two copies of one object, by the table of its fields; see schema.h. */
#include "load/schema.h"

#include <string.h>

#include "base/address.h"

static size_t size_of(enum vw_field_type type)
{
    switch (type) {
    case VW_FIELD_TEXT:
    case VW_FIELD_NAME:
        return sizeof(const char *);
    case VW_FIELD_FLAG:
    case VW_FIELD_PRESENT:
        return sizeof(enum vw_flag);
    case VW_FIELD_NUMBER:
    case VW_FIELD_PROTOCOL:
        return sizeof(struct vw_number);
    case VW_FIELD_WORD:
        return sizeof(int);
    case VW_FIELD_ADDRESS:
        return sizeof(struct vw_address);
    case VW_FIELD_PREFIX:
        return sizeof(struct vw_prefix);
    case VW_FIELD_LIST:
    case VW_FIELD_MEMBERS:
        return sizeof(struct vw_list);
    }
    return 0;
}

static bool is_absent(enum vw_field_type type, const void *value)
{
    const char *text;

    switch (type) {
    case VW_FIELD_TEXT:
    case VW_FIELD_NAME:
        memcpy(&text, value, sizeof text);
        return !text;
    case VW_FIELD_FLAG:
    case VW_FIELD_PRESENT:
        return *(const enum vw_flag *)value == VW_FLAG_ABSENT;
    case VW_FIELD_NUMBER:
    case VW_FIELD_PROTOCOL:
        return !((const struct vw_number *)value)->is_known;
    case VW_FIELD_WORD:
        return *(const int *)value == 0;
    case VW_FIELD_ADDRESS:
        return ((const struct vw_address *)value)->family == VW_FAMILY_NONE;
    case VW_FIELD_PREFIX:
        return ((const struct vw_prefix *)value)->address.family == VW_FAMILY_NONE;
    case VW_FIELD_LIST:
    case VW_FIELD_MEMBERS:
        return ((const struct vw_list *)value)->count == 0;
    }
    return true;
}

static bool records_equal(const struct vw_schema *schema, const void *a, const void *b);

/* The CLI prints lists in the order in which AWS sent them, which may change; looking for
 * each element of a longer list would take too long. */
enum { UNORDERED_MAX = 1000 };

static bool lists_equal(const struct vw_schema *schema, const struct vw_list *a,
                        const struct vw_list *b)
{
    const unsigned char *x = a->items, *y = b->items;
    size_t i, j;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++, x += schema->size) {
        if (records_equal(schema, x, y + i * schema->size))
            continue;
        for (j = 0; j < b->count && b->count <= UNORDERED_MAX; j++)
            if (records_equal(schema, x, y + j * schema->size))
                break;
        if (j == b->count || b->count > UNORDERED_MAX)
            return false;
    }
    return true;
}

static bool values_equal(const struct vw_field *field, const void *a, const void *b)
{
    const char *x, *y;

    switch (field->type) {
    case VW_FIELD_TEXT:
    case VW_FIELD_NAME:
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        return strcmp(x, y) == 0;
    case VW_FIELD_FLAG:
    case VW_FIELD_PRESENT:
        return *(const enum vw_flag *)a == *(const enum vw_flag *)b;
    case VW_FIELD_NUMBER:
    case VW_FIELD_PROTOCOL:
        return ((const struct vw_number *)a)->value ==
               ((const struct vw_number *)b)->value;
    case VW_FIELD_WORD:
        return *(const int *)a == *(const int *)b;
    case VW_FIELD_ADDRESS:
        return vw_address_equal(*(const struct vw_address *)a,
                                *(const struct vw_address *)b);
    case VW_FIELD_PREFIX:
        return vw_prefix_equal(*(const struct vw_prefix *)a,
                               *(const struct vw_prefix *)b);
    case VW_FIELD_LIST:
    case VW_FIELD_MEMBERS:
        return lists_equal(field->schema, a, b);
    }
    return false;
}

/* Unlike whole objects, elements of a list have no second half elsewhere: absent is a
 * value like any other. */
static bool records_equal(const struct vw_schema *schema, const void *a, const void *b)
{
    size_t i;

    for (i = 0; i < schema->field_count; i++) {
        const struct vw_field *field = &schema->fields[i];
        const unsigned char *x = (const unsigned char *)a + field->offset;
        const unsigned char *y = (const unsigned char *)b + field->offset;
        bool x_absent = is_absent(field->type, x), y_absent = is_absent(field->type, y);

        if (x_absent != y_absent || (!x_absent && !values_equal(field, x, y)))
            return false;
    }
    return true;
}

const char *vw_schema_merge(const struct vw_schema *schema, void *record,
                            const void *other)
{
    const char *difference = NULL;
    size_t i;

    for (i = 0; i < schema->field_count; i++) {
        const struct vw_field *field = &schema->fields[i];
        unsigned char *mine = (unsigned char *)record + field->offset;
        const unsigned char *theirs = (const unsigned char *)other + field->offset;

        if (is_absent(field->type, theirs))
            continue;
        if (is_absent(field->type, mine))
            memcpy(mine, theirs, size_of(field->type));
        else if (!difference && field->type != VW_FIELD_NAME &&
                 !values_equal(field, mine, theirs))
            difference = field->key; /* each account has its own tags */
    }
    return difference;
}
