/* Short lines that are plainly records, which most of a flow log is. */
#ifndef VW_LOGS_SHORT_LINES_H
#define VW_LOGS_SHORT_LINES_H

#include "logs/reader.h"

/* Longest of them, with the line end. */
#define VW_LOG_SHORT_MAX 128

/*
 * Takes lines from *at up to `end` of a text that is marked in worker->marks, up to the
 * first that is not short, or not words with one blank behind each, as many as there are
 * columns; or up to a batch that is full. Only words that are looked at become cells.
 * Moves *at; gives how many lines, of which the first has that number. Never any where the
 * processor does not find the n-th set bit of a word at once.
 */
size_t vw_log_short_lines(struct vw_log_worker *worker, const char *text, size_t *at,
                          size_t end, uint64_t number);

#endif
