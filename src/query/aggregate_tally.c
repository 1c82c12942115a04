/*
 * countDistinct, values, topk, pct, histogram: what must know every distinct value. All hold a
 * tally, how often each was seen; memory follows the distinct values. Answers are exact:
 * pct is the nearest rank, a value that occurs.
 */
#include "query/aggregate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "query/groups.h"
#include "query/structure.h"

struct tally {
    struct vw_groups *groups; /* the state of each: a uint64_t, its count */
};

static int count_text(struct tally *tally, struct vw_slice text)
{
    struct vw_group *group;
    uint64_t *seen;
    bool is_new;

    if (!tally->groups) {
        tally->groups = vw_calloc(1, sizeof *tally->groups);
        if (!tally->groups)
            return VW_ERROR_NO_MEMORY;
        tally->groups->state_size = sizeof *seen;
    }
    group = vw_groups_take(tally->groups, vw_group_hash(text), text, &is_new);
    if (!group)
        return VW_ERROR_NO_MEMORY;
    seen = vw_group_state(group);
    ++*seen;
    return 0;
}

static int any_update(void *state, const struct vw_value *value,
                      const struct vw_moment *moment, struct vw_arena *arena)
{
    char buffer[VW_VALUE_TEXT_SIZE];

    (void)moment;
    (void)arena;
    return count_text(state, vw_value_print(value, buffer));
}

static int number_update(void *state, const struct vw_value *value,
                         const struct vw_moment *moment, struct vw_arena *arena)
{
    struct vw_number number;

    return vw_value_number(value, &number) ? any_update(state, value, moment, arena) : 0;
}

static void tally_release(void *state)
{
    struct tally *tally = state;

    if (tally->groups)
        vw_groups_free(tally->groups);
    vw_free(tally->groups);
    tally->groups = NULL;
}

static struct vw_value distinct_finish(const void *state,
                                       const struct vw_expression *call,
                                       struct vw_arena *arena)
{
    const struct tally *tally = state;

    (void)call;
    (void)arena;
    return vw_value_integer(tally->groups ? (vw_wide)tally->groups->count : 0);
}

/* ---- in order ---- */

struct entry {
    struct vw_value value;
    uint64_t count;
};

static int by_value(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return vw_value_order(&x->value, &y->value);
}

/* The most frequent first. */
static int by_count(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return vw_value_order(&x->value, &y->value);
}

static struct entry *entries_of(const struct tally *tally, struct vw_arena *arena,
                                int (*order)(const void *, const void *),
                                size_t *ret_count)
{
    size_t count = tally->groups ? tally->groups->count : 0, at = 0, i = 0;
    struct entry *entries = vw_arena_array(arena, count, sizeof *entries);
    struct vw_group *group;

    *ret_count = 0;
    if (!entries || count == 0)
        return entries;
    while ((group = vw_groups_next(tally->groups, &at))) {
        const uint64_t *seen = vw_group_state(group);
        struct vw_slice key = vw_group_key(tally->groups, group);

        entries[i].value = vw_value_text(key.data, key.size);
        entries[i++].count = *seen;
    }
    qsort(entries, count, sizeof *entries, order);
    *ret_count = count;
    return entries;
}

static struct vw_value list_of(const struct entry *entries, size_t count,
                               struct vw_arena *arena)
{
    struct vw_structure_text list = {.arena = arena};
    size_t i;

    vw_structure_add(&list, "[", 1);
    for (i = 0; i < count; i++) {
        if (i)
            vw_structure_add(&list, ",", 1);
        vw_structure_add_value(&list, &entries[i].value);
    }
    vw_structure_add(&list, "]", 1);
    return vw_structure_finish(&list);
}

static struct vw_value values_finish(const void *state, const struct vw_expression *call,
                                     struct vw_arena *arena)
{
    size_t count;
    struct entry *entries = entries_of(state, arena, by_value, &count);

    (void)call;
    return list_of(entries, count, arena);
}

static struct vw_value topk_finish(const void *state, const struct vw_expression *call,
                                   struct vw_arena *arena)
{
    size_t count, most = (size_t)call->arguments[1]->constant.integer;
    struct entry *entries = entries_of(state, arena, by_count, &count);

    return list_of(entries, count < most ? count : most, arena);
}

static struct vw_value pct_finish(const void *state, const struct vw_expression *call,
                                  struct vw_arena *arena)
{
    size_t count, i;
    struct entry *entries = entries_of(state, arena, by_value, &count);
    struct vw_number percent, number;
    uint64_t total = 0, rank;

    if (count == 0 || !vw_value_number(&call->arguments[1]->constant, &percent))
        return vw_value_null();
    for (i = 0; i < count; i++)
        total += entries[i].count;
    rank = (uint64_t)ceil(vw_number_real(percent) / 100 * (double)total);
    for (i = 0; i + 1 < count && entries[i].count < rank; i++)
        rank -= entries[i].count;
    return vw_value_number(&entries[i].value, &number) ? vw_value_of(number)
                                                       : vw_value_null();
}

/* ---- histogram: ranges of one width from the least to the greatest ---- */

static void add_bucket(struct vw_structure_text *map, double from, double to,
                       uint64_t count)
{
    struct vw_value ends[2] = {vw_value_double(from), vw_value_double(to)};
    char buffer[VW_VALUE_TEXT_SIZE];
    struct vw_value number = vw_value_integer(count);
    struct vw_slice text;

    vw_structure_add(map, map->size > 1 ? ",\"" : "\"", map->size > 1 ? 2 : 1);
    text = vw_value_print(&ends[0], buffer);
    vw_structure_add(map, text.data, text.size);
    vw_structure_add(map, "-", 1);
    text = vw_value_print(&ends[1], buffer);
    vw_structure_add(map, text.data, text.size);
    vw_structure_add(map, "\":", 2);
    vw_structure_add_value(map, &number);
}

static double real_of(const struct entry *entry)
{
    struct vw_number number = {0};

    vw_value_number(&entry->value, &number);
    return vw_number_real(number);
}

static struct vw_value histogram_finish(const void *state,
                                        const struct vw_expression *call,
                                        struct vw_arena *arena)
{
    size_t count, buckets = (size_t)call->arguments[1]->constant.integer, bucket, i = 0;
    struct entry *entries = entries_of(state, arena, by_value, &count);
    struct vw_structure_text map = {.arena = arena};
    double least, width;

    if (count == 0)
        return vw_value_null();
    least = real_of(&entries[0]);
    width = (real_of(&entries[count - 1]) - least) / (double)buckets;
    if (width <= 0)
        buckets = 1;
    vw_structure_add(&map, "{", 1);
    for (bucket = 0; bucket < buckets; bucket++) {
        double to = least + width * (double)(bucket + 1);
        uint64_t sum = 0;

        while (i < count && (bucket + 1 == buckets || real_of(&entries[i]) < to))
            sum += entries[i++].count;
        add_bucket(&map, least + width * (double)bucket, to, sum);
    }
    vw_structure_add(&map, "}", 1);
    return vw_structure_finish(&map);
}

#define TALLY(name, shape, update, finish)                                               \
    {                                                                                    \
        name, shape, sizeof(struct tally), false, false, update, finish, tally_release,  \
            NULL                                                                         \
    }

const struct vw_aggregator vw_tally_aggregators[] = {
    TALLY("countDistinct", VW_AGGREGATOR_ONE, any_update, distinct_finish),
    TALLY("values", VW_AGGREGATOR_ONE, any_update, values_finish),
    TALLY("collectValues", VW_AGGREGATOR_ONE, any_update, values_finish),
    TALLY("topk", VW_AGGREGATOR_TOP, any_update, topk_finish),
    TALLY("pct", VW_AGGREGATOR_PERCENT, number_update, pct_finish),
    TALLY("percentile", VW_AGGREGATOR_PERCENT, number_update, pct_finish),
    TALLY("histogram", VW_AGGREGATOR_BUCKETS, number_update, histogram_finish),
    {NULL, VW_AGGREGATOR_ONE, 0, false, false, NULL, NULL, NULL, NULL},
};
