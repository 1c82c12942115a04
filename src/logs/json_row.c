/*
 * The columns of rows are the fields that the query asked for, and computed names. A row
 * leaves out what its record had not, so the columns are those of all rows at hand.
 */
#include "logs/json_row.h"

#include <string.h>

#include "logs/row.h"

bool vw_log_is_row(const struct vw_json *value)
{
    struct vw_json first, field;

    if (vw_json_type(value) != VW_JSON_LIST)
        return false;
    if (vw_json_count(value) == 0)
        return true;
    first = vw_json_element(value, 0);
    if (vw_json_type(&first) != VW_JSON_OBJECT)
        return false;
    field = vw_json_member(&first, "field");
    return vw_json_type(&field) == VW_JSON_STRING;
}

/* Name and value at that place; false where it is no field. */
static bool field_at(const struct vw_json *row, size_t index, struct vw_slice *ret_name,
                     struct vw_slice *ret_value, struct vw_arena *arena)
{
    struct vw_json field = vw_json_element(row, index), name, value;
    const char *text;

    if (vw_json_type(&field) != VW_JSON_OBJECT)
        return false;
    name = vw_json_member(&field, "field");
    value = vw_json_member(&field, "value");
    if (vw_json_type(&name) != VW_JSON_STRING)
        return false;
    *ret_name = vw_slice_of(vw_json_string(&name));
    *ret_value = (struct vw_slice){NULL, 0};
    if (vw_json_type(&value) == VW_JSON_STRING) {
        *ret_value = vw_slice_of(vw_json_string(&value));
    } else if (arena && vw_json_type(&value) == VW_JSON_INTEGER) {
        text = vw_arena_printf(arena, "%lld", (long long)vw_json_integer(&value));
        *ret_value = vw_slice_of(text ? text : "");
    } else if (arena && vw_json_type(&value) == VW_JSON_REAL) {
        text = vw_arena_printf(arena, "%.17g", vw_json_real(&value));
        *ret_value = vw_slice_of(text ? text : "");
    }
    return true;
}

struct vw_slice vw_log_row_field(const struct vw_json *row, const char *name)
{
    size_t count = vw_json_count(row), i;
    struct vw_slice found, value;

    for (i = count; i-- > 0;)
        if (field_at(row, i, &found, &value, NULL) && vw_slice_is(found, name))
            return value;
    return (struct vw_slice){NULL, 0};
}

/* The names of all rows' fields; false where there are too many. */
static bool gather(const struct vw_log_events *events, struct vw_log_row_names *names)
{
    struct vw_slice name, value;
    size_t i, field;

    names->count = 0;
    for (i = 0; i < events->items.count; i++) {
        const struct vw_json *row = &events->items.items[i].value;

        if (!events->items.items[i].is_row)
            continue;
        for (field = 0; field < vw_json_count(row); field++)
            if (field_at(row, field, &name, &value, NULL) &&
                vw_log_row_name(names, field, name) == SIZE_MAX)
                return false;
    }
    return true;
}

static int emit(struct vw_log_worker *worker, struct vw_log_row_names *names,
                const struct vw_json *row, uint64_t number)
{
    struct vw_slice values[VW_FLOW_COLUMNS_MAX] = {{NULL, 0}};
    struct vw_slice name, value;
    size_t field, column;

    for (field = 0; field < vw_json_count(row); field++) {
        if (!field_at(row, field, &name, &value, &worker->arena))
            continue;
        column = vw_log_row_name(names, field, name);
        values[column] = value;
    }
    if (worker->arena.failed)
        return VW_ERROR_NO_MEMORY;
    return vw_log_row_take(worker, names, values, number);
}

int vw_log_rows_emit(struct vw_log_events *events)
{
    struct vw_log_worker *worker = events->worker;
    struct vw_log_row_names names = {0};
    bool fits = gather(events, &names);
    int error = 0;
    size_t i;

    if (names.count > 0)
        error = vw_log_row_begin(worker, &names);
    for (i = 0; !error && i < events->items.count; i++) {
        const struct vw_log_event *event = &events->items.items[i];

        if (!event->is_row || event->is_repeated || vw_json_count(&event->value) == 0)
            continue;
        if (fits)
            error = emit(worker, &names, &event->value, events->first + i);
        else
            vw_log_damaged(worker, events->first + i, "expected at most %d fields",
                           VW_FLOW_COLUMNS_MAX);
    }
    return error;
}
