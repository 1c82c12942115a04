/* Cutting lines into words; see words.h. */
#include "logs/words.h"

#include <string.h>

size_t vw_log_words(struct vw_slice line, struct vw_slice *words, size_t room)
{
    const char *at = line.data, *end = line.data + line.size;
    size_t count = 0;

    for (;;) {
        const char *start;

        while (at < end && vw_log_is_blank(*at))
            at++;
        if (at == end)
            return count;
        start = at;
        while (at < end && !vw_log_is_blank(*at))
            at++;
        if (count < room)
            words[count] = (struct vw_slice){start, (size_t)(at - start)};
        count++;
    }
}

static bool ends(struct vw_slice text, const char *end)
{
    size_t size = strlen(end);

    return text.size > size && memcmp(text.data + text.size - size, end, size) == 0;
}

bool vw_log_is_stream(struct vw_slice word)
{
    return ends(word, "-all") || ends(word, "-accept") || ends(word, "-reject");
}

/* A time of one word or of two; milliseconds since 1970 have thirteen digits. Gives how
 * many words it takes. */
static size_t take_time(const struct vw_slice *words, size_t count, int64_t *ret_time)
{
    struct vw_slice both;

    if (count < 2 || (!vw_log_is_date(words[0]) && words[0].size != 13))
        return 0;
    if (vw_time_parse(words[0], ret_time))
        return 1;
    both = (struct vw_slice){words[0].data,
                             (size_t)(words[1].data + words[1].size - words[0].data)};
    return vw_log_is_date(words[0]) && vw_time_parse(both, ret_time) ? 2 : 0;
}

void vw_log_prefix_take(struct vw_slice *line, struct vw_log_prefix *ret)
{
    struct vw_slice words[VW_LOG_PREFIX_WORDS + 1];
    size_t count = vw_log_words(*line, words, VW_LOG_PREFIX_WORDS + 1), taken;
    const char *end = line->data + line->size;

    *ret = (struct vw_log_prefix){.time = VW_TIME_NONE};
    if (count > VW_LOG_PREFIX_WORDS + 1)
        count = VW_LOG_PREFIX_WORDS + 1;
    taken = take_time(words, count, &ret->time);
    if (taken == 0)
        return;
    if (taken < count && vw_log_is_stream(words[taken]))
        ret->stream = words[taken++];
    if (taken < count)
        *line = (struct vw_slice){words[taken].data, (size_t)(end - words[taken].data)};
    else
        line->size = 0;
}

bool vw_log_prefix_shift(struct vw_slice *words, size_t count,
                         const struct vw_log_columns *columns,
                         struct vw_log_origin *origin)
{
    size_t wanted = columns->layout.count, taken;
    int64_t time;

    if (count <= wanted || count > wanted + VW_LOG_PREFIX_WORDS)
        return false;
    taken = take_time(words, count, &time);
    if (taken == 0 || (taken != count - wanted && taken + 1 != count - wanted))
        return false;
    if (!vw_log_columns_fit(columns, words + (count - wanted)))
        return false;
    origin->time = time;
    if (taken < count - wanted)
        origin->stream = words[taken];
    else
        origin->stream = columns->path_stream;
    memmove(words, words + (count - wanted), wanted * sizeof *words);
    return true;
}
