/* Words of a line of text, and what stands before its record. */
#ifndef VW_LOGS_WORDS_H
#define VW_LOGS_WORDS_H

#include "logs/reader.h"

/* Words that may stand before a record: a time of one or two, and the log stream. */
#define VW_LOG_PREFIX_WORDS 3

/* What the console, `aws logs tail` and an export task put before a record. */
struct vw_log_prefix {
    int64_t time; /* or VW_TIME_NONE */
    struct vw_slice stream;
};

static inline bool vw_log_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Whether the word begins as "2025-01-17T14:00:20Z" does: no field of a record does. */
static inline bool vw_log_is_date(struct vw_slice word)
{
    return word.size >= 10 && word.data[4] == '-' && word.data[7] == '-' &&
           word.data[0] >= '0' && word.data[0] <= '9' && word.data[5] >= '0' &&
           word.data[5] <= '9';
}

/* The words of a line: keeps up to `room` of them, counts all. */
size_t vw_log_words(struct vw_slice line, struct vw_slice *words, size_t room);

/* Takes what stands before a record off *line. */
void vw_log_prefix_take(struct vw_slice *line, struct vw_log_prefix *ret);

/* Where `count` words are a prefix and a record: moves the latter to the front, with what
 * the former says in *origin. Else false. */
bool vw_log_prefix_shift(struct vw_slice *words, size_t count,
                         const struct vw_log_columns *columns,
                         struct vw_log_origin *origin);

/* Whether it is a log stream of flow logs by its name: "eni-...-all", "-accept",
 * "-reject". */
bool vw_log_is_stream(struct vw_slice word);

#endif
