/* Bounded heaps of rows; see rows.h. */
#include "query/rows.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* ---- order ---- */

bool vw_order_kept(const struct vw_phase *phase, uint32_t slot, uint32_t *ret)
{
    size_t i;

    for (i = 0; i < phase->kept.count; i++) {
        if (phase->kept.items[i] == slot) {
            *ret = (uint32_t)i;
            return true;
        }
    }
    return false;
}

static int add_key(struct vw_order *order, uint32_t slot, bool descending, bool times)
{
    struct vw_order_key key = {slot, 0, descending, times};

    vw_order_kept(order->phase, slot, &key.kept);
    return vw_array_push(&order->keys, key);
}

int vw_order_make(const struct vw_plan *plan, size_t phase, struct vw_order *ret)
{
    const struct vw_phase *before = phase ? &plan->phases.items[phase - 1] : NULL;
    const struct vw_keys *sort = &plan->phases.items[phase].sort;
    size_t i;

    *ret =
        (struct vw_order){.phase = &plan->phases.items[phase], .by_moment = phase == 0};
    for (i = 0; i < sort->count; i++)
        if (add_key(ret, sort->items[i].slot, sort->items[i].descending, false))
            return VW_ERROR_NO_MEMORY;
    if (!before || before->ending != VW_ENDING_STATS)
        return 0;
    for (i = 0; i < before->groups.count; i++)
        if (add_key(ret, before->groups.items[i].slot, false, true))
            return VW_ERROR_NO_MEMORY;
    return 0;
}

void vw_order_free(struct vw_order *order)
{
    vw_array_free(&order->keys);
}

/* A row or a kept one. */
struct view {
    const struct vw_value *values;
    bool is_kept;
    const struct vw_moment *moment;
    uint64_t sequence;
};

static struct view view_row(const struct vw_row *row)
{
    return (struct view){row->slots, false, &row->moment, row->sequence};
}

static struct view view_kept(const struct vw_kept_row *row)
{
    return (struct view){row->values, true, &row->moment, row->sequence};
}

static const struct vw_value *value_of(const struct view *view,
                                       const struct vw_order_key *key)
{
    return &view->values[view->is_kept ? key->kept : key->slot];
}

static int compare(const struct vw_order *order, struct view a, struct view b)
{
    size_t i;
    int result;

    for (i = 0; i < order->keys.count; i++) {
        const struct vw_order_key *key = &order->keys.items[i];
        const struct vw_value *x = value_of(&a, key);

        result = vw_value_order(x, value_of(&b, key));
        if (result && key->times_descend && x->kind == VW_VALUE_TIME)
            return -result;
        if (result)
            return key->descending ? -result : result;
    }
    if (order->by_moment) {
        if (a.moment->time != b.moment->time)
            return a.moment->time > b.moment->time ? -1 : 1;
        return vw_moment_compare(a.moment, b.moment);
    }
    return (a.sequence > b.sequence) - (a.sequence < b.sequence);
}

/* ---- keeping ---- */

static bool has_text(const struct vw_value *value)
{
    return value->kind == VW_VALUE_TEXT || value->kind == VW_VALUE_JSON;
}

struct vw_kept_row *vw_kept_row_make(size_t values)
{
    struct vw_kept_row *row = NULL;

    return vw_calloc(1, sizeof *row + values * sizeof *row->values);
}

static struct vw_kept_row *keep(const struct vw_phase *phase, const struct vw_row *row)
{
    size_t count = phase->kept.count, text = 0, i;
    struct vw_kept_row *kept = NULL;
    char *at;

    for (i = 0; i < count; i++) {
        const struct vw_value *value = &row->slots[phase->kept.items[i]];

        text += has_text(value) ? value->text.size : 0;
    }
    kept = vw_calloc(1, sizeof *kept + count * sizeof *kept->values + text);
    if (!kept)
        return NULL;
    kept->moment = row->moment;
    kept->sequence = row->sequence;
    at = (char *)(kept->values + count);
    for (i = 0; i < count; i++) {
        struct vw_value *value = &kept->values[i];

        *value = row->slots[phase->kept.items[i]];
        if (!has_text(value))
            continue;
        if (value->text.size)
            memcpy(at, value->text.data, value->text.size);
        value->text.data = at;
        at += value->text.size;
    }
    return kept;
}

/* ---- the heap: no row comes behind the one on top ---- */

static bool is_behind(const struct vw_rows *rows, size_t a, size_t b)
{
    return compare(rows->order, view_kept(rows->rows.items[a]),
                   view_kept(rows->rows.items[b])) > 0;
}

static void sink(struct vw_rows *rows, size_t at, size_t count)
{
    struct vw_kept_row **items = rows->rows.items;

    for (;;) {
        size_t child = at * 2 + 1;
        struct vw_kept_row *moved;

        if (child >= count)
            return;
        if (child + 1 < count && is_behind(rows, child + 1, child))
            child++;
        if (!is_behind(rows, child, at))
            return;
        moved = items[at];
        items[at] = items[child];
        items[child] = moved;
        at = child;
    }
}

static void make_heap(struct vw_rows *rows)
{
    size_t i;

    for (i = rows->rows.count / 2; i-- > 0;)
        sink(rows, i, rows->rows.count);
}

/* Takes a kept row over. */
static int push(struct vw_rows *rows, struct vw_kept_row *kept)
{
    if (!kept || vw_array_push(&rows->rows, kept)) {
        vw_free(kept);
        return VW_ERROR_NO_MEMORY;
    }
    if (rows->rows.count == rows->limit)
        make_heap(rows);
    return 0;
}

static bool has_room(const struct vw_rows *rows)
{
    return rows->rows.count < rows->limit;
}

/* Whether it would have to leave at once. */
static bool is_late(const struct vw_rows *rows, struct view view)
{
    return rows->limit == 0 ||
           compare(rows->order, view, view_kept(rows->rows.items[0])) >= 0;
}

static void replace_top(struct vw_rows *rows, struct vw_kept_row *kept)
{
    vw_free(rows->rows.items[0]);
    rows->rows.items[0] = kept;
    sink(rows, 0, rows->rows.count);
}

int vw_rows_offer(struct vw_rows *rows, const struct vw_row *row)
{
    struct vw_kept_row *kept;

    rows->offered++;
    if (has_room(rows))
        return push(rows, keep(rows->order->phase, row));
    if (is_late(rows, view_row(row)))
        return 0;
    kept = keep(rows->order->phase, row);
    if (!kept)
        return VW_ERROR_NO_MEMORY;
    replace_top(rows, kept);
    return 0;
}

bool vw_rows_pass_over(struct vw_rows *rows, const struct vw_value *slots)
{
    const struct vw_order_key *key = rows->order->keys.items;
    int order;

    if (has_room(rows) || rows->limit == 0)
        return false;
    order = vw_value_order(&slots[key->slot], &rows->rows.items[0]->values[key->kept]);
    if (key->descending ? order >= 0 : order <= 0)
        return false;
    rows->offered++;
    return true;
}

static int offer_kept(struct vw_rows *rows, struct vw_kept_row *kept)
{
    if (has_room(rows))
        return push(rows, kept);
    if (is_late(rows, view_kept(kept)))
        vw_free(kept);
    else
        replace_top(rows, kept);
    return 0;
}

/* ---- dedup ---- */

static struct vw_group *distinct_group(struct vw_rows *rows, struct vw_slice key)
{
    bool is_new;

    rows->distinct.state_size = sizeof(struct vw_kept_row *);
    return vw_groups_take(&rows->distinct, vw_group_hash(key), key, &is_new);
}

int vw_rows_offer_distinct(struct vw_rows *rows, const struct vw_row *row)
{
    const struct vw_slots *slots = &rows->order->phase->distinct;
    struct vw_kept_row **held, *kept;
    struct vw_group *group;
    size_t i;

    rows->offered++;
    rows->key.size = 0;
    for (i = 0; i < slots->count; i++) {
        const struct vw_value *value = &row->slots[slots->items[i]];

        if (value->kind == VW_VALUE_NULL)
            return push(rows, keep(rows->order->phase, row));
        if (vw_key_add(&rows->key, value))
            return VW_ERROR_NO_MEMORY;
    }
    group = distinct_group(rows, vw_key_slice(&rows->key));
    if (!group)
        return VW_ERROR_NO_MEMORY;
    held = vw_group_state(group);
    if (*held && compare(rows->order, view_row(row), view_kept(*held)) >= 0)
        return 0;
    kept = keep(rows->order->phase, row);
    if (!kept)
        return VW_ERROR_NO_MEMORY;
    vw_free(*held);
    *held = kept;
    return 0;
}

/* Takes over the rows of `from`'s groups. */
static int merge_distinct(struct vw_rows *rows, struct vw_rows *from)
{
    struct vw_group *group;
    size_t at = 0;

    while ((group = vw_groups_next(&from->distinct, &at))) {
        struct vw_kept_row **theirs = vw_group_state(group), **ours;
        struct vw_group *mine =
            distinct_group(rows, vw_group_key(&from->distinct, group));

        if (!mine)
            return VW_ERROR_NO_MEMORY;
        ours = vw_group_state(mine);
        if (!*ours || compare(rows->order, view_kept(*theirs), view_kept(*ours)) < 0) {
            vw_free(*ours);
            *ours = *theirs;
            *theirs = NULL;
        }
    }
    return 0;
}

int vw_rows_merge(struct vw_rows *rows, struct vw_rows *from)
{
    int error = merge_distinct(rows, from);
    size_t i;

    rows->offered += from->offered;
    for (i = 0; i < from->rows.count && !error; i++) {
        error = offer_kept(rows, from->rows.items[i]);
        from->rows.items[i] = NULL;
    }
    vw_rows_free(from);
    return error;
}

/* Rows of groups become rows like the others. */
static int collect_distinct(struct vw_rows *rows)
{
    struct vw_group *group;
    size_t at = 0;
    int error = 0;

    while (!error && (group = vw_groups_next(&rows->distinct, &at))) {
        struct vw_kept_row **held = vw_group_state(group);

        if (*held)
            error = push(rows, *held);
        *held = NULL;
    }
    if (!error)
        vw_groups_free(&rows->distinct);
    return error;
}

int vw_rows_finish(struct vw_rows *rows)
{
    int error = collect_distinct(rows);
    size_t count = rows->rows.count, i;

    make_heap(rows);
    for (; count > 1; count--) {
        struct vw_kept_row *last = rows->rows.items[0];

        rows->rows.items[0] = rows->rows.items[count - 1];
        rows->rows.items[count - 1] = last;
        sink(rows, 0, count - 1);
    }
    for (i = 0; i < rows->rows.count; i++)
        rows->rows.items[i]->sequence = i;
    return error;
}

void vw_rows_free(struct vw_rows *rows)
{
    struct vw_group *group;
    size_t at = 0, i;

    for (i = 0; i < rows->rows.count; i++)
        vw_free(rows->rows.items[i]);
    while ((group = vw_groups_next(&rows->distinct, &at))) {
        struct vw_kept_row **held = vw_group_state(group);

        vw_free(*held);
    }
    vw_groups_free(&rows->distinct);
    vw_array_free(&rows->rows);
    vw_key_free(&rows->key);
}
