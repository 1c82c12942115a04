/* Bytes done, how fast, and how long it will take; see progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
#define BAR_WIDTH 24

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

struct cli_progress cli_progress_begin(const struct cli_output *output)
{
    struct cli_progress progress = {.wanted = !output->quiet && isatty(STDERR_FILENO),
                                    .begun = now()};

    return progress;
}

void cli_progress_show(void *context, uint64_t done, uint64_t total)
{
    struct cli_progress *progress = context;
    char bar[BAR_WIDTH + 1];
    int64_t time, elapsed;
    double seconds, rate, part;
    size_t filled;

    if (!progress->wanted || total == 0)
        return;
    time = now();
    if (done < progress->done)
        progress->begun = time;
    progress->done = done;
    elapsed = time - progress->begun;
    if (elapsed < SECOND || time - progress->last < SECOND / 10)
        return;
    progress->last = time;
    progress->shown = true;
    part = done < total ? (double)done / (double)total : 1;
    seconds = (double)elapsed / (double)SECOND;
    rate = (double)done / seconds;
    filled = (size_t)(part * BAR_WIDTH);
    memset(bar, '-', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3.0f%%  %.0f MB/s  %.0f s left \033[K", bar, part * 100,
            rate / 1e6,
            rate > 0 ? (double)(total - (done < total ? done : total)) / rate : 0);
    fflush(stderr);
}

void cli_progress_end(struct cli_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
