/*
 * Rows that wait for a part of the groups. A row is a run of bytes: what it is, a value for
 * each measure, its moment where the phase asks for it, its key, and the texts of values.
 * With many groups nearly each lies beyond the cache next to the processor, so its memory is
 * sent for some rows ahead: first the slot, then the group that the slot names.
 */
#include "query/stats_row.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* So many bytes may gather while another worker is at the part. */
#define TOO_MANY ((size_t)32 << 10)

/* How many rows ahead slots and groups are sent for. */
enum { SLOTS_AHEAD = 32, GROUPS_AHEAD = 12 };

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

/* ---- putting down ---- */

bool vw_stats_make_room(struct vw_stats_waiting *part, size_t size)
{
    size_t room = (part->size + size) * 2 + VW_STATS_SLACK;
    char *rows;

    if (room < VW_STATS_ENOUGH + VW_STATS_ENOUGH / 4)
        room = VW_STATS_ENOUGH + VW_STATS_ENOUGH / 4;
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

static struct vw_stats_kept keep(const struct vw_value *value)
{
    struct vw_stats_kept kept = {.kind = value->kind,
                                 .size = (uint32_t)text_of(value).size};

    if (value->kind == VW_VALUE_INTEGER || value->kind == VW_VALUE_TIME)
        kept.integer = (int64_t)value->integer;
    else if (value->kind == VW_VALUE_DOUBLE)
        kept.number = value->number;
    return kept;
}

int vw_stats_add(struct vw_stats_queue *queue, const struct vw_value *values,
                 const struct vw_moment *moment)
{
    const struct vw_phase *phase = queue->stats->phase;
    struct vw_stats_kept *kept;
    struct vw_stats_row *row;
    size_t texts = 0, i;
    char *at;

    for (i = 0; i < phase->measures.count; i++)
        texts += text_of(&values[i]).size;
    row = vw_stats_row_begin(queue, texts);
    if (!row)
        return VW_ERROR_NO_MEMORY;
    kept = vw_stats_row_kept(row);
    for (i = 0; i < phase->measures.count; i++)
        kept[i] = keep(&values[i]);
    at = (char *)(kept + i);
    if (phase->needs_moment)
        at = put(at, (struct vw_slice){(const char *)moment, sizeof *moment});
    at += row->key_size;
    for (i = 0; i < phase->measures.count; i++)
        at = put(at, text_of(&values[i]));
    return vw_stats_row_end(queue, row);
}

/* ---- taking up ---- */

static struct vw_value take_value(const struct vw_stats_kept *kept, const char **text)
{
    struct vw_value value = {.kind = (enum vw_value_kind)kept->kind};

    if (value.kind == VW_VALUE_TEXT || value.kind == VW_VALUE_JSON)
        value.text = (struct vw_slice){*text, kept->size};
    else if (value.kind == VW_VALUE_DOUBLE)
        value.number = kept->number;
    else if (kept->size)
        memcpy(&value.integer, *text, sizeof value.integer);
    else
        value.integer = kept->integer;
    *text += kept->size;
    return value;
}

static int update_measure(const struct vw_measure *measure, struct vw_group *group,
                          const struct vw_stats_kept *kept, const char *moment,
                          const char **text, struct vw_arena *texts)
{
    void *state = (char *)vw_group_state(group) + measure->offset;
    struct vw_value value;

    if (kept->kind == VW_VALUE_INTEGER && kept->size == 0 && measure->aggregator->add)
        return measure->aggregator->add(state, kept->integer, texts);
    value = take_value(kept, text);
    if (value.kind == VW_VALUE_NULL)
        return 0;
    return measure->aggregator->update(
        state, &value, (const struct vw_moment *)(const void *)moment, texts);
}

static struct vw_group *group_of(struct vw_groups *groups, const struct vw_stats_row *row,
                                 struct vw_slice key)
{
    struct vw_group *group = NULL;
    bool is_new;

    if (row->place)
        group = vw_groups_at(groups, row->place, key);
    return group ? group : vw_groups_take(groups, row->hash, key, &is_new);
}

static int update(const struct vw_phase *phase, struct vw_stats_part *part,
                  const struct vw_stats_row *row)
{
    const struct vw_stats_kept *kept = (const struct vw_stats_kept *)(row + 1);
    const char *moment = (const char *)(kept + phase->measures.count);
    const char *key = moment + (phase->needs_moment ? sizeof(struct vw_moment) : 0);
    const char *text = key + row->key_size;
    struct vw_group *group =
        group_of(&part->groups, row, (struct vw_slice){key, row->key_size});
    size_t i;
    int error = 0;

    if (!group)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < phase->measures.count && !error; i++)
        error = update_measure(&phase->measures.items[i], group, &kept[i], moment, &text,
                               &part->texts);
    return error;
}

/* Rows in their order, and the ones that are looked at ahead of them. */
struct walk {
    char *at, *end;
};

static struct vw_stats_row *next(struct walk *walk)
{
    struct vw_stats_row *row = (struct vw_stats_row *)(void *)walk->at;

    if (walk->at == walk->end)
        return NULL;
    walk->at += row->size;
    return row;
}

static void send_for_slot(const struct vw_groups *groups, struct walk *ahead)
{
    const struct vw_stats_row *row = next(ahead);

    if (row)
        vw_groups_prefetch(groups, row->hash);
}

static void send_for_group(const struct vw_groups *groups, struct walk *ahead)
{
    struct vw_stats_row *row = next(ahead);

    if (row)
        row->place = vw_groups_look(groups, row->hash);
}

static int update_all(const struct vw_phase *phase, struct vw_stats_part *part,
                      const struct vw_stats_waiting *rows)
{
    struct walk walk = {rows->rows, rows->rows + rows->size};
    struct walk slots = walk, groups = walk;
    const struct vw_stats_row *row;
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

int vw_stats_visit(struct vw_stats *stats, unsigned number, struct vw_stats_waiting *rows)
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
