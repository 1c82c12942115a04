/* All rows to conversations, conversations to workers, and what they counted together;
 * see replay.h. */
#include "crosscheck/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"

const char *vw_replay_result_slug(enum vw_replay_result result)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_REPLAY_RESULT_LIST(VW_X)
#undef VW_X
    };

    return slugs[result];
}

struct reading_words {
    const char *slug;
    enum vw_replay_result result;
    const char *headline, *advice;
};

static const struct reading_words readings[] = {
#define VW_X(name, slug, result, headline, advice)                                       \
    [name] = {slug, result, headline, advice},
    VW_READING_LIST(VW_X)
#undef VW_X
};

const char *vw_reading_slug(enum vw_reading reading)
{
    return readings[reading].slug;
}

enum vw_replay_result vw_reading_result(enum vw_reading reading)
{
    return readings[reading].result;
}

const char *vw_reading_headline(enum vw_reading reading)
{
    return readings[reading].headline;
}

const char *vw_reading_advice(enum vw_reading reading)
{
    return readings[reading].advice;
}

/* ---- rows, dealt out ---- */

/* Conversations of so many rows (about) are one job. */
enum { ROWS_PER_DEAL = 4096, DEALS_MAX = 4096 };

/* A row and the hash of its conversation. */
struct dealt {
    uint64_t hash;
    const struct vw_observation *row;
};

struct full_replay {
    struct vw_replay replay; /* first: what the caller gets points here */
    struct vw_arena arena;
    struct vw_map reaches;
    int64_t *since;
    uint32_t *group_sets;
    struct dealt *rows; /* of one deal together */
    size_t row_count;
    size_t *deals; /* where each begins; one more than there are */
    size_t deal_count;
    struct vw_replayer *replayers;
    unsigned replayer_count;
};

struct deal {
    struct vw_job job; /* first */
    struct full_replay *full;
    struct dealt *rows;
    size_t count;
};

void vw_replay_free(struct vw_replay *replay)
{
    struct full_replay *full = (struct full_replay *)(void *)replay;
    unsigned i;

    if (!full)
        return;
    for (i = 0; full->replayers && i < full->replayer_count; i++) {
        struct vw_replayer *replayer = &full->replayers[i];

        vw_array_free(&replayer->filter.waiting);
        vw_array_free(&replayer->filter.done);
        vw_arena_free(&replayer->filter_arena);
        vw_answer_free(&replayer->answer);
        vw_array_free(&replayer->sightings);
        vw_groups_free(&replayer->groups);
    }
    vw_free(full->replayers);
    vw_free(full->rows);
    vw_free(full->deals);
    vw_free(full->since);
    vw_free(full->group_sets);
    vw_map_free(&full->reaches);
    vw_arena_free(&full->arena);
    vw_free(full);
}

static size_t deal_of(const struct full_replay *full, uint64_t hash)
{
    return (size_t)((hash >> 32) * full->deal_count >> 32);
}

static uint64_t hash_of(const struct vw_observation *row)
{
    bool from_low;
    struct vw_talk_key key = vw_talk_key_of(row, &from_low);

    return vw_talk_key_hash(&key);
}

/* Sorts the flow-log rows by deal: counted first, then put in their places. */
static int deal_out(struct full_replay *full, const struct vw_evidence *evidence)
{
    size_t count = vw_evidence_count(evidence), i;
    uint64_t *hashes = vw_calloc(count + 1, sizeof *hashes);
    size_t *ends;

    full->deal_count = count / ROWS_PER_DEAL + 1;
    if (full->deal_count > DEALS_MAX)
        full->deal_count = DEALS_MAX;
    full->rows = vw_calloc(count + 1, sizeof *full->rows);
    full->deals = vw_calloc(full->deal_count + 2, sizeof *full->deals);
    if (!hashes || !full->rows || !full->deals) {
        vw_free(hashes);
        return VW_ERROR_NO_MEMORY;
    }
    ends = full->deals + 1;
    for (i = 0; i < count; i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);

        if (row->kind != VW_EVIDENCE_FLOW_LOG)
            continue;
        hashes[i] = hash_of(row);
        ends[deal_of(full, hashes[i]) + 1]++;
        full->row_count++;
    }
    for (i = 1; i <= full->deal_count; i++)
        ends[i] += ends[i - 1];
    /* ends[d] is now where deal d begins, and moves to its end: deals[d + 1]. */
    for (i = 0; i < count; i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);

        if (row->kind == VW_EVIDENCE_FLOW_LOG)
            full->rows[ends[deal_of(full, hashes[i])]++] = (struct dealt){hashes[i], row};
    }
    vw_free(hashes);
    return 0;
}

/* ---- one worker's share ---- */

static int compare_dealt(const void *left, const void *right)
{
    const struct dealt *a = left, *b = right;
    struct vw_talk_key first, second;
    bool from_low;
    int order;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    first = vw_talk_key_of(a->row, &from_low);
    second = vw_talk_key_of(b->row, &from_low);
    order = vw_talk_key_compare(&first, &second);
    return order ? order : vw_row_compare(a->row, b->row);
}

/* The port of the end that answers; the lower one where that is not known. */
static int32_t service_port(const struct vw_conversation *conversation)
{
    const struct vw_talk_key *key = &conversation->key;

    switch (conversation->beginner) {
    case VW_BEGINNER_LOW:
        return key->high.port;
    case VW_BEGINNER_HIGH:
        return key->low.port;
    case VW_BEGINNER_UNKNOWN:
        break;
    }
    return key->low.port < key->high.port ? key->low.port : key->high.port;
}

static int judge_conversation(struct vw_replayer *replayer,
                              struct vw_conversation *conversation)
{
    size_t i;
    int error = 0;

    vw_conversation_begin(conversation);
    for (i = 0; i < conversation->count && !error; i++) {
        const struct vw_sighting *sighting = &conversation->sightings[i];
        struct vw_group_key key = {.protocol = conversation->key.protocol,
                                   .port = service_port(conversation)};
        enum vw_replay_result result;

        error = vw_replay_judge(replayer, conversation, sighting, &key.decider);
        if (error)
            break;
        result = vw_reading_result(key.decider.reading);
        replayer->flows_by_result[result]++;
        replayer->records_by_result[result] += sighting->row->records;
        if (result != VW_REPLAY_AGREES)
            error = vw_groups_add(&replayer->groups, &key, sighting->row);
    }
    return error;
}

/* Rows from `rows` on that are one conversation: how many. */
static int take_conversation(struct vw_replayer *replayer, const struct dealt *rows,
                             size_t count, struct vw_conversation *conversation)
{
    bool from_low;
    size_t i;

    conversation->key = vw_talk_key_of(rows->row, &from_low);
    replayer->sightings.count = 0;
    for (i = 0; i < count && rows[i].hash == rows->hash; i++) {
        struct vw_talk_key key = vw_talk_key_of(rows[i].row, &from_low);
        struct vw_sighting sighting;

        if (i > 0 && vw_talk_key_compare(&key, &conversation->key) != 0)
            break;
        sighting = vw_sighting_of(replayer->world, rows[i].row);
        sighting.from_low = from_low;
        if (vw_array_push(&replayer->sightings, sighting))
            return VW_ERROR_NO_MEMORY;
    }
    conversation->sightings = replayer->sightings.items;
    conversation->count = i;
    return 0;
}

static void judge_deal(struct vw_job *job, unsigned worker)
{
    struct deal *deal = (struct deal *)(void *)job;
    struct vw_replayer *replayer = &deal->full->replayers[worker];
    struct vw_conversation conversation;
    size_t i;

    qsort(deal->rows, deal->count, sizeof *deal->rows, compare_dealt);
    for (i = 0; i < deal->count && !replayer->error; i += conversation.count) {
        replayer->error =
            take_conversation(replayer, &deal->rows[i], deal->count - i, &conversation);
        if (!replayer->error)
            replayer->error = judge_conversation(replayer, &conversation);
    }
}

/* ---- what all workers look up ---- */

/* From when on each interface's log is whole. */
static int find_reaches(struct full_replay *full, const struct vw_evidence *evidence)
{
    size_t count = vw_evidence_coverage_count(evidence), i;
    uint32_t number;

    full->since = vw_calloc(count + 1, sizeof *full->since);
    if (!full->since)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_coverage *item = vw_evidence_coverage_get(evidence, i);
        int64_t first = item->skip_data || item->cut ? VW_TIME_UNKNOWN : item->first;

        if (item->kind != VW_EVIDENCE_FLOW_LOG || !item->vantage)
            continue;
        if (!vw_map_get(&full->reaches, item->vantage, &number)) {
            if (vw_map_put(&full->reaches, item->vantage, (uint32_t)i))
                return VW_ERROR_NO_MEMORY;
            full->since[i] = first;
        } else if (first == VW_TIME_UNKNOWN || first < full->since[number]) {
            full->since[number] = first;
        }
    }
    return 0;
}

static int compare_ids(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* The interfaces' groups as text: "3 17 " in ascending order. */
static const char *set_text(struct vw_arena *arena, const struct vw_interface *interface)
{
    uint32_t *sorted = vw_arena_array(arena, interface->group_count, sizeof *sorted);
    const char *text = "";
    size_t i;

    if (!sorted)
        return NULL;
    if (interface->group_count > 0) {
        memcpy(sorted, interface->groups, interface->group_count * sizeof *sorted);
        qsort(sorted, interface->group_count, sizeof *sorted, compare_ids);
    }
    for (i = 0; i < interface->group_count && text; i++)
        text = vw_arena_printf(arena, "%s%u ", text, sorted[i]);
    return text;
}

/* Of each interface the first one with the same groups. */
static int find_group_sets(struct full_replay *full, const struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE), i;
    struct vw_arena arena = {.failed = false};
    struct vw_map sets = {.count = 0};
    int error = 0;

    full->group_sets = vw_calloc((size_t)count + 1, sizeof *full->group_sets);
    if (!full->group_sets)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !error; i++) {
        const char *text = set_text(&arena, vw_world_interface(world, i));

        full->group_sets[i] = i;
        if (!text)
            error = VW_ERROR_NO_MEMORY;
        else if (!vw_map_get(&sets, text, &full->group_sets[i]))
            error = vw_map_put(&sets, text, i);
    }
    vw_map_free(&sets);
    vw_arena_free(&arena);
    return error;
}

static int prepare(struct full_replay *full, const struct vw_world *world,
                   const struct vw_evidence *evidence, unsigned workers)
{
    unsigned i;
    int error = find_reaches(full, evidence);

    if (!error)
        error = find_group_sets(full, world);
    if (!error)
        error = deal_out(full, evidence);
    if (error)
        return error;
    full->replayers = vw_calloc(workers, sizeof *full->replayers);
    if (!full->replayers)
        return VW_ERROR_NO_MEMORY;
    full->replayer_count = workers;
    for (i = 0; i < workers; i++) {
        struct vw_replayer *replayer = &full->replayers[i];

        replayer->world = world;
        replayer->evidence = evidence;
        replayer->reaches = &full->reaches;
        replayer->since = full->since;
        replayer->group_sets = full->group_sets;
        replayer->filter.world = world;
        replayer->filter.arena = &replayer->filter_arena;
    }
    return 0;
}

static int judge_all(struct full_replay *full, struct vw_pool *pool)
{
    struct deal *deals = vw_calloc(full->deal_count, sizeof *deals);
    size_t i;

    if (!deals)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < full->deal_count; i++) {
        deals[i] = (struct deal){.job = {.run = judge_deal},
                                 .full = full,
                                 .rows = full->rows + full->deals[i],
                                 .count = full->deals[i + 1] - full->deals[i]};
        vw_pool_add(pool, &deals[i].job);
    }
    vw_pool_wait(pool);
    vw_free(deals);
    return 0;
}

/* Everything into the first worker's groups. */
static int add_up(struct full_replay *full)
{
    struct vw_replay *replay = &full->replay;
    unsigned i, j;
    int error = 0;

    for (i = 0; i < full->replayer_count && !error; i++) {
        const struct vw_replayer *replayer = &full->replayers[i];

        error = replayer->error;
        for (j = 0; j < VW_REPLAY_RESULTS; j++) {
            replay->flows_by_result[j] += replayer->flows_by_result[j];
            replay->records_by_result[j] += replayer->records_by_result[j];
            replay->flows += replayer->flows_by_result[j];
            replay->records += replayer->records_by_result[j];
        }
        if (!error && i > 0)
            error = vw_groups_merge(&full->replayers[0].groups, &replayer->groups);
    }
    return error;
}

static enum vw_conclusion conclude(const struct vw_replay *replay)
{
    if (replay->flows_by_result[VW_REPLAY_CONTRADICTS] > 0)
        return VW_CONCLUSION_CONTRADICTED;
    return replay->flows_by_result[VW_REPLAY_AGREES] > 0 ? VW_CONCLUSION_CONSISTENT
                                                         : VW_CONCLUSION_INCONCLUSIVE;
}

int vw_replay_run(const struct vw_world *world, const struct vw_evidence *evidence,
                  struct vw_replay **ret_replay)
{
    struct full_replay *full = vw_calloc(1, sizeof *full);
    struct vw_pool *pool = vw_pool_create(vw_pool_threads());
    int error = full && pool ? 0 : VW_ERROR_NO_MEMORY;

    if (!error)
        error = prepare(full, world, evidence, vw_pool_workers(pool));
    if (!error)
        error = judge_all(full, pool);
    vw_pool_free(pool);
    if (!error)
        error = add_up(full);
    if (!error)
        error = vw_replay_tell(&full->replayers[0], &full->replayers[0].groups,
                               &full->arena, &full->replay);
    if (error) {
        vw_replay_free(full ? &full->replay : NULL);
        return error;
    }
    full->replay.evidence = evidence;
    full->replay.conclusion = conclude(&full->replay);
    *ret_replay = &full->replay;
    return 0;
}
