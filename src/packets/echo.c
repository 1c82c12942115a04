/*
 * Requests wait in a small ring until they are answered; what was asked and answered stays
 * in a window of bits (sequence.h), times of answers in a list that is thinned out. A
 * series of any length takes some 20 KiB at most. See echo.h.
 */
#include "packets/echo.h"

#include <string.h>

#include "base/address.h"
#include "base/memory.h"
#include "base/time.h"
#include "packets/mix.h"

#include <vpcwhy/error.h>

/* After PAUSE without a packet, a number that was there already is a new series. */
#define PAUSE (10 * VW_SECOND)
enum {
    LINE = 64, /* of the processor's cache */
    ASKED_LEAST = 4,
    ASKED_MAX = 1024,
    TIMES_LEAST = 4,
    TIMES_MAX = 1024,
    TIME_UNIT = VW_ECHO_TIME_UNIT,
    SIDE_REQUEST = VW_ECHO_REQUEST,
    SIDE_REPLY = VW_ECHO_REPLY
};

void vw_echo_reject(struct vw_echo *echo, uint16_t number)
{
    struct vw_echo_asked *asked;
    uint32_t i;

    for (i = 0; i < echo->asked_capacity; i++) {
        asked = &echo->asked[i];
        if (asked->is_answered || (asked->place & UINT16_MAX) != number)
            continue;
        asked->is_answered = true;
        echo->rejected++;
        return;
    }
}

void vw_echo_lengthen(struct vw_echo *echo, uint32_t size)
{
    struct vw_echo_asked *asked =
        echo->asked_capacity
            ? &echo->asked[(uint64_t)echo->numbers.newest & (echo->asked_capacity - 1)]
            : NULL;

    if (size > echo->payload_most)
        echo->payload_most = size;
    if (echo->numbers.side[SIDE_REQUEST].count == 1)
        echo->payload_least = echo->payload_most;
    if (asked && !asked->is_answered && asked->size < size)
        asked->size = size & INT32_MAX;
}

void vw_echoes_free(struct vw_echoes *echoes)
{
    size_t i;

    for (i = 0; i < echoes->series.count; i++) {
        vw_sequences_free(&echoes->series.items[i]->numbers);
        vw_free(echoes->series.items[i]->asked);
        vw_free(echoes->series.items[i]->times.items);
        vw_free(echoes->series.items[i]);
    }
    vw_array_free(&echoes->series);
    vw_index_free(&echoes->index);
}

/* ---- which series ---- */

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct vw_echoes *echoes = owner;
    const struct vw_echo *echo = echoes->series.items[number - 1];

    return vw_echo_hash(echo->requester, echo->target, echo->id);
}

static struct vw_index_slot *slot_of(const struct vw_echoes *echoes,
                                     struct vw_address requester,
                                     struct vw_address target, uint16_t id, uint64_t hash)
{
    struct vw_index_slot *slot = vw_index_first(&echoes->index, hash);

    for (; slot->number; slot = vw_index_next(&echoes->index, slot)) {
        const struct vw_echo *echo;

        if (slot->tag != vw_index_tag(hash))
            continue;
        echo = echoes->series.items[slot->number - 1];
        if (echo->id == id && vw_address_equal(echo->requester, requester) &&
            vw_address_equal(echo->target, target))
            break;
    }
    return slot;
}

bool vw_echoes_find(const struct vw_echoes *echoes, struct vw_address requester,
                    struct vw_address target, uint16_t id, size_t *ret_number)
{
    const struct vw_index_slot *slot;

    if (!echoes->index.capacity)
        return false;
    slot = slot_of(echoes, requester, target, id, vw_echo_hash(requester, target, id));
    *ret_number = (size_t)slot->number - 1;
    return slot->number;
}

void vw_echoes_expect(const struct vw_echoes *echoes, const struct vw_pending *packet)
{
    if (echoes->index.capacity)
        __builtin_prefetch(vw_index_first(&echoes->index, packet->tuple.hash));
}

void vw_echoes_expect_series(const struct vw_echoes *echoes,
                             const struct vw_pending *packet)
{
    uint32_t tag = vw_index_tag(packet->tuple.hash);
    const struct vw_index_slot *slot;
    const char *echo;
    size_t i;

    if (!echoes->index.capacity)
        return;
    slot = vw_index_first(&echoes->index, packet->tuple.hash);
    while (slot->number && slot->tag != tag)
        slot = vw_index_next(&echoes->index, slot);
    if (!slot->number)
        return;
    echo = (const char *)echoes->series.items[slot->number - 1];
    for (i = 0; i < sizeof(struct vw_echo); i += LINE)
        __builtin_prefetch(echo + i, 1);
}

/* Whether `packet` is the first of a new run under an old id. */
static bool begins_again(const struct vw_echo *echo, const struct vw_pending *packet)
{
    int64_t place =
        vw_sequences_place(&echo->numbers, packet->tuple.port[VW_DESTINATION]);

    return !packet->is_reply && packet->time != VW_TIME_UNKNOWN &&
           echo->last != VW_TIME_UNKNOWN && packet->time - echo->last > PAUSE &&
           echo->numbers.side[SIDE_REQUEST].count &&
           place <= echo->numbers.side[SIDE_REQUEST].highest;
}

/* The series of `packet`, made where there is none. */
static int series_of(struct vw_echoes *echoes, const struct vw_pending *packet,
                     struct vw_echo **ret)
{
    struct vw_address requester =
        vw_tuple_address(&packet->tuple, packet->is_reply ? VW_DESTINATION : VW_SOURCE);
    struct vw_address target =
        vw_tuple_address(&packet->tuple, packet->is_reply ? VW_SOURCE : VW_DESTINATION);
    uint16_t id = packet->tuple.port[VW_SOURCE];
    uint64_t hash = packet->tuple.hash;
    struct vw_index_slot *slot;

    if (vw_index_room(&echoes->index, hash_of, echoes))
        return VW_ERROR_NO_MEMORY;
    slot = slot_of(echoes, requester, target, id, hash);
    if (slot->number) {
        *ret = echoes->series.items[slot->number - 1];
        if (!begins_again(*ret, packet))
            return 0;
    }
    if (echoes->series.count >= VW_ECHO_MAX)
        return VW_ERROR_LIMIT;
    *ret = vw_calloc(1, sizeof **ret);
    if (!*ret || vw_array_push(&echoes->series, *ret)) {
        vw_free(*ret);
        return VW_ERROR_NO_MEMORY;
    }
    **ret = (struct vw_echo){
        .requester = requester,
        .target = target,
        .id = id,
        .number = packet->number,
        .first = packet->time,
        .last = packet->time,
        .last_request = VW_TIME_UNKNOWN,
        .first_reply = VW_TIME_UNKNOWN,
        .last_reply = VW_TIME_UNKNOWN,
        .decided_time = VW_TIME_UNKNOWN,
        .newer_time = VW_TIME_UNKNOWN,
    };
    echoes->index.count += slot->number == 0;
    *slot = (struct vw_index_slot){vw_index_tag(hash), (uint32_t)echoes->series.count};
    return 0;
}

/* ---- requests that wait ---- */

static struct vw_echo_asked *asked_at(const struct vw_echo *echo, uint32_t place)
{
    return &echo->asked[place & (echo->asked_capacity - 1)];
}

static int widen_asked(struct vw_echo *echo)
{
    uint32_t capacity = echo->asked_capacity ? echo->asked_capacity * 2 : ASKED_LEAST;
    struct vw_echo_asked *old = echo->asked;
    struct vw_echo_asked *wide = vw_calloc(capacity, sizeof *wide);
    uint32_t i, old_capacity = echo->asked_capacity;

    if (!wide)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < capacity; i++)
        wide[i].is_answered = true;
    echo->asked = wide;
    echo->asked_capacity = capacity;
    for (i = 0; i < old_capacity; i++)
        if (!old[i].is_answered)
            *asked_at(echo, old[i].place) = old[i];
    vw_free(old);
    return 0;
}

/* Where the ring is full of requests that wait, the oldest has no time any more. */
static int wait_for(struct vw_echo *echo, uint32_t place, int64_t time, uint32_t size)
{
    while (!echo->asked_capacity ||
           (!asked_at(echo, place)->is_answered &&
            asked_at(echo, place)->place != place && echo->asked_capacity < ASKED_MAX))
        if (widen_asked(echo))
            return VW_ERROR_NO_MEMORY;
    *asked_at(echo, place) = (struct vw_echo_asked){time, place, size & INT32_MAX, false};
    return 0;
}

/* ---- times ---- */

static int keep_time(struct vw_echo *echo, int64_t rtt)
{
    struct vw_echo_times *times = &echo->times;
    uint32_t i, stride = times->stride ? times->stride : 1;

    if ((echo->timed - 1) % stride)
        return 0;
    if (times->count == TIMES_MAX) {
        for (i = 0; i < TIMES_MAX / 2; i++)
            times->items[i] = times->items[(size_t)i * 2];
        times->count = TIMES_MAX / 2;
        times->stride = stride * 2;
    }
    if (times->count == times->capacity) {
        uint16_t capacity =
            (uint16_t)(times->capacity ? times->capacity * 2 : TIMES_LEAST);
        uint32_t *items = vw_realloc(times->items, capacity, sizeof *items);

        if (!items)
            return VW_ERROR_NO_MEMORY;
        times->items = items;
        times->capacity = capacity;
    }
    times->items[times->count++] =
        (uint32_t)(rtt / TIME_UNIT < UINT32_MAX ? rtt / TIME_UNIT : UINT32_MAX);
    return 0;
}

static int time_reply(struct vw_echo *echo, int64_t asked, int64_t time)
{
    int64_t rtt;

    if (asked == VW_TIME_UNKNOWN || time == VW_TIME_UNKNOWN)
        return 0;
    rtt = time > asked ? time - asked : 0; /* the clock may have gone back */
    if (echo->timed == 0 || rtt < echo->rtt_least)
        echo->rtt_least = rtt;
    if (echo->timed == 0 || rtt > echo->rtt_most)
        echo->rtt_most = rtt;
    echo->timed++;
    echo->rtt_sum += (double)rtt;
    echo->rtt_squares += (double)rtt * (double)rtt;
    return keep_time(echo, rtt);
}

/* ---- packets ---- */

/* So that it can be said at the end which requests had time to be answered. */
static void mark_request(struct vw_echo *echo, int64_t time)
{
    if (time == VW_TIME_UNKNOWN)
        return;
    if (echo->newer_time == VW_TIME_UNKNOWN) {
        echo->decided_time = echo->newer_time = time;
        echo->decided_place = echo->newer_place =
            echo->numbers.side[SIDE_REQUEST].highest;
    } else if (time - echo->newer_time >= VW_ANSWER_WAIT) {
        echo->decided_time = echo->newer_time;
        echo->decided_place = echo->newer_place;
        echo->newer_time = time;
        echo->newer_place = echo->numbers.side[SIDE_REQUEST].highest;
    }
    if (echo->last_request == VW_TIME_UNKNOWN || time > echo->last_request)
        echo->last_request = time;
}

static int see_request(struct vw_echo *echo, const struct vw_pending *packet)
{
    uint32_t size = packet->data_length;
    int64_t time = packet->time;
    bool is_first = echo->numbers.side[SIDE_REQUEST].count == 0, is_new;
    int error;

    if (echo->numbers.side[SIDE_REQUEST].count)
        mark_request(echo, time);
    error = vw_sequences_see(&echo->numbers, VW_ECHO_REQUEST,
                             packet->tuple.port[VW_DESTINATION], &is_new);
    if (error)
        return error;
    if (is_first)
        mark_request(echo, time);
    echo->sent_again += !is_new;
    echo->dont_fragment |= packet->dont_fragment && !packet->fragment;
    if (is_first || size < echo->payload_least)
        echo->payload_least = size;
    if (size > echo->payload_most)
        echo->payload_most = size;
    return wait_for(echo, (uint32_t)(uint64_t)echo->numbers.newest, time, size);
}

/* The first reply to a number. */
static int see_answer(struct vw_echo *echo, const struct vw_pending *packet,
                      int64_t highest)
{
    struct vw_sequences *numbers = &echo->numbers;
    struct vw_echo_asked *asked;
    uint32_t place;

    echo->reordered += numbers->side[SIDE_REPLY].count > 1 && numbers->newest < highest;
    if (!vw_sequences_has(numbers, VW_ECHO_REQUEST, numbers->newest))
        return 0;
    echo->late += numbers->side[SIDE_REQUEST].highest > numbers->newest;
    place = (uint32_t)(uint64_t)numbers->newest;
    asked = echo->asked_capacity ? asked_at(echo, place) : NULL;
    if (!asked || asked->is_answered || asked->place != place)
        return 0;
    asked->is_answered = true;
    echo->altered += asked->size != packet->data_length;
    if (asked->size > echo->answered_most)
        echo->answered_most = asked->size;
    return time_reply(echo, asked->time, packet->time);
}

static int see_reply(struct vw_echo *echo, const struct vw_pending *packet)
{
    int64_t highest = echo->numbers.side[SIDE_REPLY].highest;
    int64_t time = packet->time;
    bool is_new;
    int error = vw_sequences_see(&echo->numbers, VW_ECHO_REPLY,
                                 packet->tuple.port[VW_DESTINATION], &is_new);

    if (error)
        return error;
    if (time != VW_TIME_UNKNOWN) {
        if (echo->first_reply == VW_TIME_UNKNOWN)
            echo->first_reply = time;
        echo->last_reply = time;
    }
    if (is_new)
        return see_answer(echo, packet, highest);
    echo->duplicates++;
    return 0;
}

static void see_ttl(struct vw_echo *echo, int side, uint8_t ttl)
{
    if (echo->ttl[side] == 0)
        echo->ttl[side] = ttl;
    else if (echo->last_ttl[side] != ttl)
        echo->ttl_changes[side]++;
    echo->last_ttl[side] = ttl;
}

int vw_echoes_see(struct vw_echoes *echoes, const struct vw_pending *packet)
{
    int side = packet->is_reply ? VW_RESPONDER : VW_ORIGINATOR;
    int64_t time = packet->time;
    struct vw_echo *echo;
    int error = series_of(echoes, packet, &echo);

    if (error)
        return error;
    if (packet->repeat != VW_REPEAT_NONE) {
        echo->copies[side] += packet->repeat == VW_REPEAT_COPY;
        echo->views[side] += packet->repeat != VW_REPEAT_COPY;
        return 0;
    }
    see_ttl(echo, side, packet->ttl);
    if (time != VW_TIME_UNKNOWN) {
        if (echo->first == VW_TIME_UNKNOWN || time < echo->first)
            echo->first = time;
        if (echo->last == VW_TIME_UNKNOWN || time > echo->last)
            echo->last = time;
    }
    echo->is_fragmented |= packet->fragment;
    return packet->is_reply ? see_reply(echo, packet) : see_request(echo, packet);
}
