/*
 * Regular expressions: PCRE2, compiled once, matched with limits, so that a hostile pattern
 * ends. The only file that knows PCRE2 is regex.c.
 */
#ifndef VW_QUERY_REGEX_H
#define VW_QUERY_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

struct vw_regex;

/* What one thread matches with. */
struct vw_regex_matcher;

/* Longest message of a pattern that does not compile. */
#define VW_REGEX_MESSAGE 200

/* 0; VW_ERROR_QUESTION with what is wrong with it and the offset in it; or
 * VW_ERROR_NO_MEMORY. */
int vw_regex_compile(struct vw_slice pattern, struct vw_regex **ret_regex,
                     char ret_message[VW_REGEX_MESSAGE], size_t *ret_offset);
void vw_regex_free(struct vw_regex *regex);

/* Groups without the whole match. */
size_t vw_regex_group_count(const struct vw_regex *regex);

/* The name of group `index` from 1; size 0: it has none. Valid as long as the regex. */
struct vw_slice vw_regex_group_name(const struct vw_regex *regex, size_t index);

/* NULL when out of memory. */
struct vw_regex_matcher *vw_regex_matcher_create(void);
void vw_regex_matcher_free(struct vw_regex_matcher *matcher);

/* How many matches were given up at the limits. */
size_t vw_regex_gave_up(const struct vw_regex_matcher *matcher);

/* Whether `text` matches anywhere from `start` on. */
bool vw_regex_match(struct vw_regex_matcher *matcher, const struct vw_regex *regex,
                    struct vw_slice text, size_t start);

/* Group `index` of the last match, 0 the whole; false where it took no part. */
bool vw_regex_group(const struct vw_regex_matcher *matcher, struct vw_slice text,
                    size_t index, struct vw_slice *ret);

/* Every match replaced; $1 and ${name} are groups, \1 too. False when a limit was met. */
bool vw_regex_replace(struct vw_regex_matcher *matcher, const struct vw_regex *regex,
                      struct vw_slice text, struct vw_slice replacement,
                      struct vw_arena *arena, struct vw_slice *ret);

#endif
