/*
 * Times two commands as whole processes, from spawn to the end of wait, turn and turn about
 * so that both meet the same weather, and prints the medians and their ratio:
 *
 *     compare RUNS LABEL COMMAND [ARGUMENT...] -- LABEL COMMAND [ARGUMENT...]
 *
 * Output of the commands is thrown away. An exit status above 3 ends the measurement.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_RUNS 100000

extern char **environ;

struct command {
    const char *label;
    char **arguments;
    double *milliseconds;
    long peak_kib;
};

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Returns 0, or -1 when the command cannot be run or fails. */
static int run_once(struct command *command, const posix_spawn_file_actions_t *actions,
                    double *ret_ms)
{
    double start = now_ms();
    struct rusage usage;
    int status;
    pid_t pid;

    if (posix_spawn(&pid, command->arguments[0], actions, NULL, command->arguments,
                    environ) != 0 ||
        wait4(pid, &status, 0, &usage) != pid)
        return -1;
    *ret_ms = now_ms() - start;
    if (usage.ru_maxrss > command->peak_kib)
        command->peak_kib = usage.ru_maxrss;
    return WIFEXITED(status) && WEXITSTATUS(status) <= 3 ? 0 : -1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static int measure(struct command commands[2], size_t runs)
{
    posix_spawn_file_actions_t actions;
    int error = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    for (int fd = 1; fd <= 2; fd++)
        error |= posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
    /* One unmeasured round warms the caches of both. */
    for (size_t i = 0; i <= runs && error == 0; i++) {
        for (int which = 0; which < 2 && error == 0; which++) {
            double *slot = &commands[which].milliseconds[i == 0 ? 0 : i - 1];

            error = run_once(&commands[which], &actions, slot);
            if (error != 0)
                fprintf(stderr, "compare: %s failed\n", commands[which].arguments[0]);
        }
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int parse(int argc, char **argv, size_t *ret_runs, struct command commands[2])
{
    int second = 0;

    for (int i = 4; i + 2 < argc && second == 0; i++)
        if (strcmp(argv[i], "--") == 0)
            second = i;
    if (second == 0)
        return -1;
    argv[second] = NULL;
    commands[0] = (struct command){.label = argv[2], .arguments = argv + 3};
    commands[1] =
        (struct command){.label = argv[second + 1], .arguments = argv + second + 2};

    char *end;
    unsigned long runs = strtoul(argv[1], &end, 10);
    if (*end != '\0' || runs < 1 || runs > MAX_RUNS)
        return -1;
    *ret_runs = runs;
    return 0;
}

int main(int argc, char **argv)
{
    struct command commands[2];
    double medians[2];
    size_t runs;
    int result = 1;

    if (parse(argc, argv, &runs, commands) != 0) {
        fprintf(stderr, "usage: compare RUNS LABEL COMMAND... -- LABEL COMMAND...\n");
        return 2;
    }
    for (int i = 0; i < 2; i++)
        commands[i].milliseconds = calloc(runs, sizeof(double));
    if (commands[0].milliseconds != NULL && commands[1].milliseconds != NULL &&
        measure(commands, runs) == 0) {
        for (int i = 0; i < 2; i++) {
            medians[i] = median(commands[i].milliseconds, runs);
            printf("%-28s %8.3f ms (fastest %.3f), %ld KiB\n", commands[i].label,
                   medians[i], commands[i].milliseconds[0], commands[i].peak_kib);
        }
        printf(
            "%-28s %8.2f of the time, %.2f of the memory (medians of %zu runs, turn and "
            "turn about)\n",
            "ratio", medians[0] / medians[1],
            (double)commands[0].peak_kib / (double)commands[1].peak_kib, runs);
        result = 0;
    }
    for (int i = 0; i < 2; i++)
        free(commands[i].milliseconds);
    return result;
}
