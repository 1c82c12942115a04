/* What an echo series says at the capture's end; see echo.h. */
#include "packets/echo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/memory.h"
#include "base/time.h"
#include "packets/mix.h"

#include <vpcwhy/error.h>

enum { WORD_BITS = 64 };

/* ---- replies from elsewhere ---- */

static bool is_answer_only(const struct vw_echo *echo)
{
    return echo->numbers.side[VW_ECHO_REQUEST].count == 0;
}

/* Requests under the same id, whoever they went to, that no reply of their target met. */
static uint64_t hash_asking(const struct vw_echo *echo)
{
    return vw_mix_address(echo->id, echo->requester);
}

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct vw_echoes *echoes = owner;

    return hash_asking(echoes->series.items[number - 1]);
}

static uint32_t count_common(const struct vw_echo *asking, const struct vw_echo *answer)
{
    const struct vw_sequences *numbers = &answer->numbers;
    int64_t place, last = numbers->side[VW_ECHO_REPLY].highest;
    uint32_t count = 0;

    for (place = numbers->side[VW_ECHO_REPLY].lowest; place <= last; place++)
        count += vw_sequences_has(numbers, VW_ECHO_REPLY, place) &&
                 vw_sequences_has(&asking->numbers, VW_ECHO_REQUEST, place) &&
                 !vw_sequences_has(&asking->numbers, VW_ECHO_REPLY, place);
    return count;
}

static void give_answer(struct vw_echoes *echoes, const struct vw_index *asking,
                        size_t number)
{
    const struct vw_echo *answer = echoes->series.items[number];
    uint64_t hash = hash_asking(answer);
    struct vw_index_slot *slot = vw_index_first(asking, hash);

    for (; slot->number; slot = vw_index_next(asking, slot)) {
        struct vw_echo *echo = echoes->series.items[slot->number - 1];
        uint32_t common;

        if (slot->tag != vw_index_tag(hash) || echo->id != answer->id ||
            !vw_address_equal(echo->requester, answer->requester))
            continue;
        common = count_common(echo, answer);
        if (common == 0)
            continue;
        if (!echo->replier)
            echo->replier = (uint32_t)number + 1;
        if (common > echo->elsewhere)
            echo->elsewhere = common;
    }
}

int vw_echoes_settle(struct vw_echoes *echoes)
{
    struct vw_index asking = {0};
    int error = 0;
    size_t i;

    for (i = 0; !error && i < echoes->series.count; i++) {
        const struct vw_echo *echo = echoes->series.items[i];
        uint64_t hash = hash_asking(echo);
        struct vw_index_slot *slot;

        if (is_answer_only(echo) || echo->numbers.side[VW_ECHO_REPLY].count)
            continue;
        error = vw_index_room(&asking, hash_of, echoes);
        if (error)
            break;
        slot = vw_index_first(&asking, hash);
        while (slot->number)
            slot = vw_index_next(&asking, slot);
        vw_index_put(&asking, slot, hash, (uint32_t)i + 1);
    }
    for (i = 0; !error && asking.count > 0 && i < echoes->series.count; i++)
        if (is_answer_only(echoes->series.items[i]))
            give_answer(echoes, &asking, i);
    vw_index_free(&asking);
    return error;
}

/* ---- numbers ---- */

/* Requests up to here were sent early enough to have been answered by `end`. */
static int64_t decided(const struct vw_echo *echo, int64_t end)
{
    if (end == VW_TIME_UNKNOWN || echo->last_request == VW_TIME_UNKNOWN)
        return INT64_MAX;
    if (echo->last_request <= end - VW_ANSWER_WAIT)
        return INT64_MAX;
    if (echo->newer_time <= end - VW_ANSWER_WAIT)
        return echo->newer_place;
    return echo->decided_time <= end - VW_ANSWER_WAIT ? echo->decided_place : INT64_MIN;
}

static void add_range(struct vw_echo_series *series, int64_t place)
{
    struct vw_number_range *last =
        series->range_count ? &series->ranges[series->range_count - 1] : NULL;

    if (last && last->last == place - 1) {
        last->last = place;
    } else if (series->range_count < VW_CAPTURE_RANGES_MAX) {
        series->ranges[series->range_count++] = (struct vw_number_range){place, place};
    } else {
        series->more_ranges = true;
    }
}

/* One number that either side has seen. */
static void count_number(struct vw_echo_series *series, bool asked, bool answered,
                         int64_t place, int64_t last_decided)
{
    series->answered += asked && answered;
    series->unasked += !asked && answered;
    if (!asked || answered)
        return;
    if (place > last_decided) {
        series->undecided++;
        return;
    }
    series->unanswered++;
    add_range(series, place);
}

/* `count` of those that their target did not answer met another fate. */
static void take_off(struct vw_echo_series *series, uint64_t *count)
{
    uint64_t open = series->unanswered + series->undecided;

    *count = *count < open ? *count : open;
    open = *count < series->unanswered ? *count : series->unanswered;
    series->unanswered -= open;
    series->undecided -= *count - open;
}

static void count_numbers(const struct vw_echo *echo, int64_t end,
                          struct vw_echo_series *ret)
{
    const struct vw_sequences *numbers = &echo->numbers;
    int64_t last_decided = decided(echo, end);
    size_t i;
    int bit;

    for (i = 0; i < numbers->capacity; i++) {
        const struct vw_sequence_word *word = &numbers->words[i];

        for (bit = 0; bit < WORD_BITS && (word->seen[0] | word->seen[1]); bit++)
            count_number(ret, word->seen[VW_ECHO_REQUEST] >> bit & 1,
                         word->seen[VW_ECHO_REPLY] >> bit & 1,
                         numbers->base + (int64_t)i * WORD_BITS + bit, last_decided);
    }
    /* Of those that fell out of the window only the sums are left. */
    ret->unanswered += numbers->unanswered;
    ret->more_ranges |= numbers->unanswered > 0;
    ret->sent = numbers->side[VW_ECHO_REQUEST].count;
    ret->answered = ret->sent - ret->unanswered - ret->undecided;
    take_off(ret, &ret->rejected);
    take_off(ret, &ret->elsewhere);
    if (ret->unanswered == 0)
        ret->range_count = 0;
    ret->not_seen = vw_sequences_gaps(numbers, VW_ECHO_REQUEST);
}

/* ---- times ---- */

static int compare_times(const void *a, const void *b)
{
    uint32_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

/* The smallest that `percent` of all do not exceed (nearest rank). */
static int64_t rank(const struct vw_echo *echo, unsigned percent)
{
    uint64_t place = ((uint64_t)echo->times.count * percent + 99) / 100;
    int64_t rtt = (int64_t)echo->times.items[place ? place - 1 : 0] * VW_ECHO_TIME_UNIT;

    rtt = rtt < echo->rtt_least ? echo->rtt_least : rtt;
    return rtt > echo->rtt_most ? echo->rtt_most : rtt;
}

static void describe_times(const struct vw_echo *echo, struct vw_echo_series *ret)
{
    double count = (double)echo->timed, mean, variance;

    ret->timed = echo->timed;
    if (echo->timed == 0)
        return;
    mean = echo->rtt_sum / count;
    variance = echo->rtt_squares / count - mean * mean;
    ret->rtt_least = echo->rtt_least;
    ret->rtt_most = echo->rtt_most;
    ret->rtt_mean = (int64_t)mean;
    ret->rtt_deviation = variance > 0 ? (int64_t)sqrt(variance) : 0;
    /* In place: the order in which they came is needed no more. */
    qsort(echo->times.items, echo->times.count, sizeof *echo->times.items, compare_times);
    ret->rtt_median = rank(echo, 50);
    ret->rtt_95 = rank(echo, 95);
}

void vw_echo_describe(const struct vw_echoes *echoes, size_t number, int64_t end,
                      struct vw_echo_series *ret)
{
    const struct vw_echo *echo = echoes->series.items[number];
    const struct vw_sequence_side *side = &echo->numbers.side[VW_ECHO_REQUEST];
    int i;

    if (side->count == 0)
        side = &echo->numbers.side[VW_ECHO_REPLY];
    *ret = (struct vw_echo_series){
        .requester = echo->requester,
        .target = echo->target,
        .id = echo->id,
        .number = echo->number,
        .first = echo->first,
        .last = echo->last,
        .first_sequence = side->lowest,
        .last_sequence = side->highest,
        .sent_again = echo->sent_again,
        .duplicates = (uint64_t)echo->duplicates + echo->copies[VW_RESPONDER],
        .reordered = echo->reordered,
        .late = echo->late,
        .rejected = echo->rejected,
        .elsewhere = echo->elsewhere,
        .altered = echo->altered,
        .first_reply = echo->first_reply,
        .last_reply = echo->last_reply,
        .payload_least = echo->payload_least,
        .payload_most = echo->payload_most,
        .answered_most = echo->answered_most,
        .dont_fragment = echo->dont_fragment,
        .is_fragmented = echo->is_fragmented,
        .error_count = echo->error_count,
    };
    if (echo->replier)
        ret->replier = echoes->series.items[echo->replier - 1]->target;
    for (i = 0; i < VW_SIDES; i++) {
        ret->copies[i] = echo->copies[i];
        ret->views[i] = echo->views[i];
        ret->ttl[i] = echo->ttl[i];
        ret->ttl_changes[i] = echo->ttl_changes[i];
    }
    count_numbers(echo, end, ret);
    describe_times(echo, ret);
}
