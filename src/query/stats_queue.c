/*
 * Rows that wait for a part of the groups. A row is a run of bytes: what it is, a value for
 * each measure, its moment where the phase asks for it, its key, and the texts of values.
 * With many groups nearly each lies beyond the cache next to the processor, so its memory is
 * sent for some rows ahead: first the slot, then the group that the slot names.
 */
#include "query/stats.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* So many bytes are worth a visit to the part; so many more may gather while another worker
 * is there. */
#define ENOUGH ((size_t)8 << 10)
#define TOO_MANY ((size_t)32 << 10)

/* How many rows ahead slots and groups are sent for. */
enum { SLOTS_AHEAD = 32, GROUPS_AHEAD = 12 };

struct row {
    _Alignas(8) uint32_t hash;
    uint32_t size, key_size; /* of all of it, a multiple of 8; of the key */
};

/* The value of a measure. */
struct waiting {
    union {
        int64_t integer; /* also a point of time */
        double number;
    };
    uint32_t kind; /* enum vw_value_kind */
    uint32_t size; /* of its text, which stands behind the key; of an integer that is
                      wider than 64 bits too */
};

static size_t rounded(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

static bool is_wide(const struct vw_value *value)
{
    return value->kind == VW_VALUE_INTEGER && value->integer != (int64_t)value->integer;
}

/* What stands behind the key for it. */
static struct vw_slice text_of(const struct vw_value *value)
{
    if (value->kind == VW_VALUE_TEXT || value->kind == VW_VALUE_JSON)
        return value->text;
    if (is_wide(value))
        return (struct vw_slice){(const char *)&value->integer, sizeof value->integer};
    return (struct vw_slice){NULL, 0};
}

static size_t size_of_row(const struct vw_phase *phase, size_t key)
{
    return sizeof(struct row) + phase->measures.count * sizeof(struct waiting) +
           (phase->needs_moment ? sizeof(struct vw_moment) : 0) + key;
}

/* ---- putting down ---- */

static bool make_room(struct vw_stats_waiting *part, size_t size)
{
    size_t room = (part->size + size) * 2;
    char *rows;

    if (part->room - part->size >= size)
        return true;
    if (room < ENOUGH + ENOUGH / 4)
        room = ENOUGH + ENOUGH / 4;
    rows = vw_realloc(part->rows, room, 1);
    if (!rows)
        return false;
    part->rows = rows;
    part->room = room;
    return true;
}

static char *put(char *at, struct vw_slice bytes)
{
    if (bytes.size)
        memcpy(at, bytes.data, bytes.size);
    return at + bytes.size;
}

static void put_value(struct waiting *waiting, const struct vw_value *value)
{
    *waiting =
        (struct waiting){.kind = value->kind, .size = (uint32_t)text_of(value).size};
    if (value->kind == VW_VALUE_INTEGER || value->kind == VW_VALUE_TIME)
        waiting->integer = (int64_t)value->integer;
    else if (value->kind == VW_VALUE_DOUBLE)
        waiting->number = value->number;
}

static int visit(struct vw_stats *stats, unsigned number, struct vw_stats_waiting *rows);

int vw_stats_add(struct vw_stats_queue *queue, const struct vw_value *values,
                 const struct vw_moment *moment)
{
    const struct vw_phase *phase = queue->stats->phase;
    struct vw_slice key = {queue->key.size ? queue->key.data : "", queue->key.size};
    uint32_t hash = vw_group_hash(key.data, key.size);
    struct vw_stats_waiting *part = &queue->parts[hash >> (32 - VW_STATS_PART_BITS)];
    size_t size = size_of_row(phase, key.size), i;
    struct waiting *waiting;
    char *at;

    for (i = 0; i < phase->measures.count; i++)
        size += text_of(&values[i]).size;
    size = rounded(size);
    if (size > UINT32_MAX || !make_room(part, size))
        return VW_ERROR_NO_MEMORY;
    at = part->rows + part->size;
    *(struct row *)(void *)at = (struct row){
        .hash = hash, .size = (uint32_t)size, .key_size = (uint32_t)key.size};
    waiting = (struct waiting *)(void *)(at + sizeof(struct row));
    for (i = 0; i < phase->measures.count; i++)
        put_value(waiting++, &values[i]);
    at = (char *)waiting;
    if (phase->needs_moment)
        at = put(at, (struct vw_slice){(const char *)moment, sizeof *moment});
    at = put(at, key);
    for (i = 0; i < phase->measures.count; i++)
        at = put(at, text_of(&values[i]));
    part->size += size;
    queue->key.size = 0;
    return part->size < ENOUGH
               ? 0
               : visit(queue->stats, hash >> (32 - VW_STATS_PART_BITS), part);
}

/* ---- taking up ---- */

static struct vw_value take_value(const struct waiting *waiting, const char **text)
{
    struct vw_value value = {.kind = (enum vw_value_kind)waiting->kind};

    if (value.kind == VW_VALUE_TEXT || value.kind == VW_VALUE_JSON)
        value.text = (struct vw_slice){*text, waiting->size};
    else if (value.kind == VW_VALUE_DOUBLE)
        value.number = waiting->number;
    else if (waiting->size)
        memcpy(&value.integer, *text, sizeof value.integer);
    else
        value.integer = waiting->integer;
    *text += waiting->size;
    return value;
}

static int update(const struct vw_phase *phase, struct vw_stats_part *part,
                  const struct row *row)
{
    const struct waiting *waiting = (const struct waiting *)(const void *)(row + 1);
    const char *moment = (const char *)(waiting + phase->measures.count);
    const char *key = moment + (phase->needs_moment ? sizeof(struct vw_moment) : 0);
    const char *text = key + row->key_size;
    struct vw_group *group;
    bool is_new;
    size_t i;
    int error = 0;

    group = vw_groups_take(&part->groups, row->hash, key, row->key_size, &is_new);
    if (!group)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < phase->measures.count && !error; i++) {
        const struct vw_measure *measure = &phase->measures.items[i];
        struct vw_value value = take_value(&waiting[i], &text);

        if (value.kind != VW_VALUE_NULL)
            error = measure->aggregator->update(
                (char *)vw_group_state(group) + measure->offset, &value,
                (const struct vw_moment *)(const void *)moment, &part->texts);
    }
    return error;
}

/* Rows in their order, and the ones that are looked at ahead of them. */
struct walk {
    const char *at, *end;
};

static const struct row *next(struct walk *walk)
{
    const struct row *row = (const struct row *)(const void *)walk->at;

    if (walk->at == walk->end)
        return NULL;
    walk->at += row->size;
    return row;
}

static void send_for_slot(const struct vw_groups *groups, struct walk *ahead)
{
    const struct row *row = next(ahead);

    if (row)
        vw_groups_prefetch(groups, row->hash);
}

static void send_for_group(const struct vw_groups *groups, struct walk *ahead)
{
    const struct row *row = next(ahead);

    if (row)
        vw_groups_prefetch_group(groups, row->hash);
}

static int update_all(const struct vw_phase *phase, struct vw_stats_part *part,
                      const struct vw_stats_waiting *rows)
{
    struct walk walk = {rows->rows, rows->rows + rows->size};
    struct walk slots = walk, groups = walk;
    const struct row *row;
    int i, error = 0;

    for (i = 0; i < SLOTS_AHEAD; i++)
        send_for_slot(&part->groups, &slots);
    for (i = 0; i < GROUPS_AHEAD; i++)
        send_for_group(&part->groups, &groups);
    while (!error && (row = next(&walk))) {
        send_for_slot(&part->groups, &slots);
        send_for_group(&part->groups, &groups);
        error = update(phase, part, row);
    }
    return error;
}

/* The rows go into the groups of part `number`, unless another worker is there and there is
 * time. */
static int visit(struct vw_stats *stats, unsigned number, struct vw_stats_waiting *rows)
{
    struct vw_stats_part *part = &stats->parts[number];
    int error;

    if (rows->size < TOO_MANY) {
        if (pthread_mutex_trylock(&part->lock))
            return 0;
    } else {
        pthread_mutex_lock(&part->lock);
    }
    error = update_all(stats->phase, part, rows);
    pthread_mutex_unlock(&part->lock);
    rows->size = 0;
    return error;
}

int vw_stats_settle(struct vw_stats_queue *queue)
{
    unsigned i;
    int error = 0;

    for (i = 0; i < VW_STATS_PARTS && !error; i++) {
        struct vw_stats_part *part = &queue->stats->parts[i];

        if (queue->parts[i].size == 0)
            continue;
        pthread_mutex_lock(&part->lock);
        error = update_all(queue->stats->phase, part, &queue->parts[i]);
        pthread_mutex_unlock(&part->lock);
        queue->parts[i].size = 0;
    }
    return error;
}

void vw_stats_queue_free(struct vw_stats_queue *queue)
{
    unsigned i;

    for (i = 0; i < VW_STATS_PARTS; i++)
        vw_free(queue->parts[i].rows);
    vw_key_free(&queue->key);
    *queue = (struct vw_stats_queue){0};
}
