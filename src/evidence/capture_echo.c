/* Echo series of a capture; see capture_echo.h. */
#include "evidence/capture_echo.h"

#include "base/address.h"
#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/time.h"
#include "packets/sequence.h"

#include <vpcwhy/error.h>

/* After PAUSE without a packet, a number that was there already is a new series. A reply
 * is given WAIT to come before its request counts as unanswered. */
#define PAUSE (10 * VW_SECOND)
#define WAIT VW_SECOND

enum { DIRECTIONS = 3, NO_ROW = 0, PAIR_ID = 0x10000 };

/* Requests up to `place` had been sent before `time`. */
struct mark {
    int64_t time, place;
};

/* A series; or, under PAIR_ID, all series between its two addresses summed up. */
struct series {
    struct vw_address requester, target;
    uint32_t id;
    /* of a series */
    struct series *pair;
    struct vw_sequences numbers;
    int64_t last, last_request; /* times */
    struct mark older, newer;
    /* of a pair */
    struct vw_sequence_side sum[2];
    uint64_t missing[2];
    /* Rows plus one: a router's capture has the same packets coming in and going out. */
    uint32_t rows[2][DIRECTIONS];
};

struct all_series VW_ARRAY(struct series *);

struct vw_echo_table {
    struct vw_evidence *evidence;
    struct all_series series;
    uint32_t *slots; /* numbers of series plus one, 0 free; open addressing */
    size_t capacity; /* a power of two, more than twice the series */
};

struct vw_echo_table *vw_echo_create(struct vw_evidence *evidence)
{
    struct vw_echo_table *table = vw_calloc(1, sizeof *table);

    if (table)
        table->evidence = evidence;
    return table;
}

void vw_echo_free(struct vw_echo_table *table)
{
    size_t i;

    if (!table)
        return;
    for (i = 0; i < table->series.count; i++) {
        vw_sequences_free(&table->series.items[i]->numbers);
        vw_free(table->series.items[i]);
    }
    vw_array_free(&table->series);
    vw_free(table->slots);
    vw_free(table);
}

static uint64_t hash_series(const struct series *series)
{
    uint64_t words[5] = {series->requester.high, series->requester.low,
                         series->target.high, series->target.low, series->id};

    return vw_hash(words, sizeof words);
}

static uint32_t *find(const struct vw_echo_table *table, uint32_t *slots, size_t capacity,
                      const struct series *wanted)
{
    size_t i = (size_t)hash_series(wanted) & (capacity - 1);

    for (; slots[i]; i = (i + 1) & (capacity - 1)) {
        const struct series *have = table->series.items[slots[i] - 1];

        if (have->id == wanted->id &&
            vw_address_equal(have->requester, wanted->requester) &&
            vw_address_equal(have->target, wanted->target))
            break;
    }
    return &slots[i];
}

static int grow(struct vw_echo_table *table)
{
    size_t capacity = table->capacity ? table->capacity * 2 : 64, i;
    uint32_t *slots;

    if (table->series.count < table->capacity / 2)
        return 0;
    slots = vw_calloc(capacity, sizeof *slots);
    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < table->series.count; i++)
        *find(table, slots, capacity, table->series.items[i]) = (uint32_t)(i + 1);
    vw_free(table->slots);
    table->slots = slots;
    table->capacity = capacity;
    return 0;
}

/* The series of `key`, made where it is new; *ret NULL past the limit. */
static int series_of(struct vw_echo_table *table, const struct series *key,
                     struct series **ret)
{
    struct series *made;
    uint32_t *slot;

    if (grow(table))
        return VW_ERROR_NO_MEMORY;
    slot = find(table, table->slots, table->capacity, key);
    *ret = NULL;
    if (*slot) {
        *ret = table->series.items[*slot - 1];
        return 0;
    }
    if (table->series.count >= VW_ECHO_SERIES_MAX)
        return 0;
    made = vw_calloc(1, sizeof *made);
    if (!made)
        return VW_ERROR_NO_MEMORY;
    *made = *key;
    if (vw_array_push(&table->series, made)) {
        vw_free(made);
        return VW_ERROR_NO_MEMORY;
    }
    *slot = (uint32_t)table->series.count;
    *ret = made;
    return 0;
}

static void write_row(struct vw_observation *row, const struct vw_sequence_side *seen,
                      uint64_t missing)
{
    row->first_sequence = seen->lowest;
    row->last_sequence = seen->highest;
    row->missing_sequences = (int64_t)missing;
}

static void add_side(struct vw_sequence_side *sum, const struct vw_sequence_side *seen)
{
    /* A series that begins by going back over 65535 has negative places. */
    int64_t lift = seen->lowest < 0 ? (65535 - seen->lowest) / 65536 * 65536 : 0;
    int64_t lowest = seen->lowest + lift, highest = seen->highest + lift;

    if (seen->count == 0)
        return;
    sum->lowest = sum->count == 0 || lowest < sum->lowest ? lowest : sum->lowest;
    sum->highest = sum->count == 0 || highest > sum->highest ? highest : sum->highest;
    sum->count += seen->count;
}

/* Requests up to here were sent early enough to have been answered by `end`. */
static int64_t decided(const struct series *series, int64_t end)
{
    if (end == VW_TIME_UNKNOWN || series->last_request == VW_TIME_UNKNOWN ||
        series->last_request <= end - WAIT)
        return INT64_MAX;
    if (series->newer.time <= end - WAIT)
        return series->newer.place;
    return series->older.time <= end - WAIT ? series->older.place : INT64_MIN;
}

/* What `series` says goes into its pair's sum, and the series is empty again. */
static void settle(struct series *series, int64_t end)
{
    struct vw_sequences *numbers = &series->numbers;
    struct series *pair = series->pair;

    add_side(&pair->sum[VW_ECHO_REQUEST], &numbers->side[VW_ECHO_REQUEST]);
    add_side(&pair->sum[VW_ECHO_REPLY], &numbers->side[VW_ECHO_REPLY]);
    pair->missing[VW_ECHO_REQUEST] += vw_sequences_gaps(numbers, VW_ECHO_REQUEST);
    pair->missing[VW_ECHO_REPLY] +=
        vw_sequences_unanswered(numbers, decided(series, end));
    vw_sequences_free(numbers);
}

static void write_pair(struct vw_echo_table *table, const struct series *pair)
{
    int side, direction;

    for (side = 0; side < 2; side++) {
        for (direction = 0; direction < DIRECTIONS; direction++) {
            uint32_t row = pair->rows[side][direction];

            if (row != NO_ROW)
                write_row(vw_evidence_row(table->evidence, row - 1), &pair->sum[side],
                          pair->missing[side]);
        }
    }
}

/* Whether `packet` is the first of a new run under an old id. */
static bool begins_again(const struct series *series, const struct vw_packet *packet,
                         int64_t time)
{
    int64_t place = vw_sequences_place(&series->numbers, packet->echo_sequence);

    return !packet->is_reply && time != VW_TIME_UNKNOWN &&
           series->last != VW_TIME_UNKNOWN && time - series->last > PAUSE &&
           series->numbers.side[VW_ECHO_REQUEST].count &&
           place <= series->numbers.side[VW_ECHO_REQUEST].highest;
}

static void mark_request(struct series *series, int64_t time)
{
    const struct vw_sequence_side *sent = &series->numbers.side[VW_ECHO_REQUEST];

    if (time == VW_TIME_UNKNOWN)
        return;
    if (sent->count == 0)
        series->older = series->newer = (struct mark){time, INT64_MIN};
    else if (time - series->newer.time >= WAIT) {
        series->older = series->newer;
        series->newer = (struct mark){time, sent->highest};
    }
    if (series->last_request == VW_TIME_UNKNOWN || time > series->last_request)
        series->last_request = time;
}

/* The series of an echo packet, with its pair; *ret NULL past the limit. */
static int series_with_pair(struct vw_echo_table *table, const struct vw_packet *packet,
                            struct series **ret)
{
    struct series key = {
        .requester = packet->is_reply ? packet->destination : packet->source,
        .target = packet->is_reply ? packet->source : packet->destination,
        .id = PAIR_ID,
        .last = VW_TIME_UNKNOWN,
        .last_request = VW_TIME_UNKNOWN,
    };
    int error = series_of(table, &key, &key.pair);

    *ret = NULL;
    if (error || !key.pair)
        return error;
    key.id = packet->echo_id;
    return series_of(table, &key, ret);
}

int vw_echo_see(struct vw_echo_table *table, const struct vw_packet *packet, int64_t time,
                size_t row)
{
    enum vw_echo_side side = packet->is_reply ? VW_ECHO_REPLY : VW_ECHO_REQUEST;
    struct series *series;
    int error = series_with_pair(table, packet, &series);

    if (error || !series)
        return error;
    if (begins_again(series, packet, time)) {
        settle(series, time);
        series->last_request = VW_TIME_UNKNOWN;
    }
    if (!packet->is_reply)
        mark_request(series, time);
    series->pair->rows[side][packet->direction] = (uint32_t)(row + 1);
    if (time != VW_TIME_UNKNOWN)
        series->last = time;
    return vw_sequences_see(&series->numbers, side, packet->echo_sequence, NULL);
}

void vw_echo_settle(struct vw_echo_table *table, int64_t end)
{
    size_t i;

    for (i = 0; i < table->series.count; i++)
        if (table->series.items[i]->id != PAIR_ID)
            settle(table->series.items[i], end);
    for (i = 0; i < table->series.count; i++)
        if (table->series.items[i]->id == PAIR_ID)
            write_pair(table, table->series.items[i]);
}
