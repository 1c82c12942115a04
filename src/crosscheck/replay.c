/* All rows to conversations, conversations to workers, and what they counted together;
 * see replay.h. */
#include "crosscheck/replay.h"

#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/radix.h"

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
enum { ROWS_PER_DEAL = 1024, DEALS_MAX = 4096 };

/* Rows lie about in memory: so many are sent for ahead, and judged at a time. */
enum { ROWS_AHEAD = 8, ROWS_AT_ONCE = 48 };

struct full_replay {
    struct vw_replay replay; /* first: what the caller gets points here */
    struct vw_arena arena;
    struct vw_replay_facts facts;
    /* Rows by the hash of their conversation (0: no row of a flow log). */
    struct vw_radix_item *all;  /* in the order of the evidence */
    struct vw_radix_item *rows; /* of one deal together */
    size_t count;
    size_t *deals; /* where each begins; one more than there are */
    size_t deal_count;
    struct vw_replayer *replayers; /* NULL: there is no tally either */
    unsigned replayer_count;
    struct vw_tally tally;
};

/* Some rows, to be hashed or to be judged. */
struct deal {
    struct vw_job job; /* first */
    struct full_replay *full;
    struct vw_radix_item *rows;
    size_t first; /* number of the first row, when they are hashed */
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
        vw_free(replayer->known.slots);
        vw_free(replayer->countings);
    }
    if (full->replayers)
        vw_tally_end(&full->tally);
    vw_free(full->replayers);
    vw_free(full->rows);
    vw_free(full->deals);
    vw_free(full->all);
    vw_replay_facts_free(&full->facts);
    vw_arena_free(&full->arena);
    vw_free(full);
}

static size_t deal_of(const struct full_replay *full, uint64_t hash)
{
    return (size_t)((hash >> 32) * full->deal_count >> 32);
}

static void hash_rows(struct vw_job *job, unsigned worker)
{
    struct deal *deal = (struct deal *)(void *)job;
    const struct vw_evidence *evidence = deal->full->facts.evidence;
    size_t i;

    (void)worker;
    for (i = 0; i < deal->count; i++) {
        struct vw_observation_ends ends;
        struct vw_talk_key key;
        bool from_low;

        if (i + ROWS_AHEAD < deal->count)
            vw_evidence_prefetch(evidence, deal->first + i + ROWS_AHEAD);
        vw_evidence_ends(evidence, deal->first + i, &ends);
        key = vw_talk_key_of(&ends, &from_low);
        if (ends.kind == VW_EVIDENCE_FLOW_LOG)
            deal->rows[i] =
                (struct vw_radix_item){vw_talk_key_hash(&key) | 1, deal->first + i};
    }
}

/* Runs `run` on all rows from `rows` on, cut at `ends` or else evenly. */
static int run_deals(struct full_replay *full, struct vw_pool *pool,
                     struct vw_radix_item *rows, const size_t *ends,
                     void (*run)(struct vw_job *, unsigned))
{
    struct deal *deals = vw_calloc(full->deal_count, sizeof *deals);
    size_t i, begin = 0;

    if (!deals)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < full->deal_count; i++) {
        size_t end = ends ? ends[i] : full->count * (i + 1) / full->deal_count;

        deals[i] = (struct deal){.job = {.run = run},
                                 .full = full,
                                 .rows = rows + begin,
                                 .first = begin,
                                 .count = end - begin};
        vw_pool_add(pool, &deals[i].job);
        begin = end;
    }
    vw_pool_wait(pool);
    vw_free(deals);
    return 0;
}

/* Sorts the flow-log rows by deal: counted first, then put in their places. */
static void deal_out(struct full_replay *full)
{
    size_t *ends = full->deals + 1, i;

    for (i = 0; i < full->count; i++)
        if (full->all[i].key)
            ends[deal_of(full, full->all[i].key) + 1]++;
    for (i = 1; i <= full->deal_count; i++)
        ends[i] += ends[i - 1];
    /* ends[d] is now where deal d begins, and moves to its end. */
    for (i = 0; i < full->count; i++)
        if (full->all[i].key)
            full->rows[ends[deal_of(full, full->all[i].key)]++] = full->all[i];
}

static int allocate(struct full_replay *full)
{
    full->count = vw_evidence_count(full->facts.evidence);
    full->deal_count = full->count / ROWS_PER_DEAL + 1;
    if (full->deal_count > DEALS_MAX)
        full->deal_count = DEALS_MAX;
    full->all = vw_calloc(full->count + 1, sizeof *full->all);
    full->rows = vw_calloc(full->count + 1, sizeof *full->rows);
    full->deals = vw_calloc(full->deal_count + 2, sizeof *full->deals);
    return full->all && full->rows && full->deals ? 0 : VW_ERROR_NO_MEMORY;
}

/* ---- one worker's share ---- */

/* Rows of a conversation behind each other, in their order; any order of conversations
 * will do. By some bits of the hashes first, then where two hashes have these in common. */
enum { SORTED_SHIFT = 1, SORTED_BYTES = 2 };

static bool is_before(const struct vw_radix_item *a, const struct vw_radix_item *b)
{
    uint16_t x = (uint16_t)(a->key >> SORTED_SHIFT);
    uint16_t y = (uint16_t)(b->key >> SORTED_SHIFT);

    return x != y ? x < y : a->key < b->key;
}

/* `room` is for as many. */
static void sort_rows(struct vw_radix_item *rows, size_t count,
                      struct vw_radix_item *room)
{
    size_t i, j;

    vw_radix_sort(rows, count, SORTED_SHIFT, SORTED_BYTES, room);
    for (i = 1; i < count; i++) {
        struct vw_radix_item row = rows[i];

        for (j = i; j > 0 && is_before(&row, &rows[j - 1]); j--)
            rows[j] = rows[j - 1];
        rows[j] = row;
    }
}

static int judge_conversation(struct vw_replayer *replayer, struct vw_tally *tally,
                              struct vw_replay_exchange *conversation)
{
    size_t i;
    int error = 0;

    vw_conversation_begin(conversation);
    for (i = 0; i < conversation->count && !error; i++) {
        const struct vw_sighting *sighting = &conversation->sightings[i];
        struct vw_group_key key;
        enum vw_replay_result result;

        error = vw_replay_judge(replayer, conversation, sighting, &key);
        if (error)
            break;
        result = vw_reading_result(key.decider.reading);
        replayer->flows_by_result[result]++;
        replayer->records_by_result[result] += sighting->row.records;
        error = vw_tally_add(tally, replayer->countings, &key, &sighting->row,
                             sighting->number);
    }
    return error;
}

/* How many of the first rows are looked at together: whole conversations. */
static size_t batch_of(const struct vw_radix_item *rows, size_t count)
{
    size_t size = count < ROWS_AT_ONCE ? count : ROWS_AT_ONCE;

    while (size < count && rows[size].key == rows[size - 1].key)
        size++;
    return size;
}

/* Has one of the rows of the next batch sent for, and where one of the batch behind it
 * stands. */
static void send_for(const struct vw_evidence *evidence, const struct vw_radix_item *rows,
                     size_t i, size_t count)
{
    if (i >= ROWS_AT_ONCE)
        return;
    if (i < count)
        vw_evidence_prefetch(evidence, rows[i].value);
    if (i + ROWS_AT_ONCE < count)
        vw_evidence_prefetch_place(evidence, rows[i + ROWS_AT_ONCE].value);
}

/* Rows to the replayer's sightings; `behind` more of the deal follow. */
static int see_rows(struct vw_replayer *replayer, const struct vw_radix_item *rows,
                    size_t count, size_t behind)
{
    struct vw_sightings *sightings = &replayer->sightings;
    size_t i;

    for (sightings->count = 0; sightings->count < count; sightings->count++) {
        struct vw_sighting *sighting;

        i = sightings->count;
        if (vw_array_room(sightings, sizeof *sighting))
            return VW_ERROR_NO_MEMORY;
        sighting = &sightings->items[i];
        sighting->number = rows[i].value;
        send_for(replayer->facts->evidence, rows + count, i, behind);
        vw_evidence_copy(replayer->facts->evidence, rows[i].value, &sighting->row);
        vw_known_expect(replayer, sighting->row.vantage);
    }
    for (i = 0; i < count; i++)
        if (vw_sighting_know(replayer, &sightings->items[i]))
            return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++)
        vw_sighting_expect(replayer, &sightings->items[i]);
    for (i = 0; i < count; i++)
        vw_sighting_place(replayer, &sightings->items[i]);
    return 0;
}

/* Takes one conversation out of `count` sightings, the first ones of which have one hash:
 * they are moved to the front. */
static void take_conversation(struct vw_sighting *sightings,
                              const struct vw_radix_item *rows, size_t count,
                              struct vw_replay_exchange *conversation)
{
    size_t i, taken = 0;

    for (i = 0; i < count && rows[i].key == rows->key; i++) {
        struct vw_sighting *sighting = &sightings[i];
        struct vw_observation_ends ends = vw_observation_ends_of(&sighting->row);
        struct vw_talk_key key = vw_talk_key_of(&ends, &sighting->from_low);

        if (i == 0)
            conversation->key = key;
        else if (vw_talk_key_compare(&key, &conversation->key) != 0)
            continue; /* two conversations of one hash */
        if (i != taken) {
            struct vw_sighting other = sightings[taken];

            sightings[taken] = *sighting;
            *sighting = other;
        }
        taken++;
    }
    conversation->sightings = sightings;
    conversation->count = taken;
}

static int judge_rows(struct vw_replayer *replayer, struct vw_tally *tally,
                      const struct vw_radix_item *rows, size_t count)
{
    struct vw_replay_exchange conversation;
    size_t i;
    int error = 0;

    for (i = 0; i < count && !error; i += conversation.count) {
        take_conversation(&replayer->sightings.items[i], &rows[i], count - i,
                          &conversation);
        error = judge_conversation(replayer, tally, &conversation);
    }
    return error;
}

static void judge_deal(struct vw_job *job, unsigned worker)
{
    struct deal *deal = (struct deal *)(void *)job;
    struct vw_replayer *replayer = &deal->full->replayers[worker];
    size_t i = 0;
    int error = replayer->error;

    /* Of what was sorted to deals, the place of this deal is free. */
    sort_rows(deal->rows, deal->count, deal->full->all + (deal->rows - deal->full->rows));
    while (i < deal->count && !error) {
        size_t count = batch_of(deal->rows + i, deal->count - i);

        error = see_rows(replayer, deal->rows + i, count, deal->count - i - count);
        if (!error)
            error = judge_rows(replayer, &deal->full->tally, deal->rows + i, count);
        i += count;
    }
    replayer->error = error;
}

/* ---- all of it ---- */

static int make_replayers(struct full_replay *full, unsigned workers)
{
    unsigned i;

    full->replayers = vw_calloc(workers, sizeof *full->replayers);
    if (!full->replayers || vw_tally_start(&full->tally)) {
        vw_free(full->replayers);
        full->replayers = NULL;
        return VW_ERROR_NO_MEMORY;
    }
    full->replayer_count = workers;
    for (i = 0; i < workers; i++) {
        struct vw_replayer *replayer = &full->replayers[i];

        replayer->countings = vw_calloc(1, sizeof *replayer->countings);
        if (!replayer->countings)
            return VW_ERROR_NO_MEMORY;

        replayer->facts = &full->facts;
        replayer->filter.world = full->facts.world;
        replayer->filter.arena = &replayer->filter_arena;
    }
    return 0;
}

static int judge_all(struct full_replay *full, struct vw_pool *pool)
{
    int error = allocate(full);

    if (!error)
        error = make_replayers(full, vw_pool_workers(pool));
    if (!error)
        error = run_deals(full, pool, full->all, NULL, hash_rows);
    if (error)
        return error;
    deal_out(full);
    return run_deals(full, pool, full->rows, full->deals + 1, judge_deal);
}

/* What all workers counted. */
static int add_up(struct full_replay *full)
{
    struct vw_replay *replay = &full->replay;
    unsigned i, j;
    int error = 0;

    for (i = 0; i < full->replayer_count && !error; i++) {
        const struct vw_replayer *replayer = &full->replayers[i];

        error = replayer->error ? replayer->error
                                : vw_tally_settle(&full->tally, replayer->countings);
        for (j = 0; j < VW_REPLAY_RESULTS; j++) {
            replay->flows_by_result[j] += replayer->flows_by_result[j];
            replay->records_by_result[j] += replayer->records_by_result[j];
            replay->flows += replayer->flows_by_result[j];
            replay->records += replayer->records_by_result[j];
        }
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
        error = vw_replay_facts(&full->facts, world, evidence);
    if (!error)
        error = judge_all(full, pool);
    vw_pool_free(pool);
    if (!error)
        error = add_up(full);
    if (!error)
        error = vw_replay_tell(&full->replayers[0], &full->tally, &full->arena,
                               &full->replay);
    if (error) {
        vw_replay_free(full ? &full->replay : NULL);
        return error;
    }
    full->replay.evidence = evidence;
    full->replay.skipping = full->facts.skipping;
    full->replay.conclusion = conclude(&full->replay);
    *ret_replay = &full->replay;
    return 0;
}
