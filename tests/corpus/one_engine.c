/* Sets against their packets (tests/unit/reach/one_engine.h) over each export that it is
 * given after the number of questions and the seed; a line each:
 *
 *     folder questions=200 pieces=2100 compared=8000 refused=20 differ=0
 */
#include <stdio.h>
#include <stdlib.h>

#include "reach/one_engine.h"

static int one(const char *path, size_t questions, uint64_t seed)
{
    struct engine_tally tally = {0};
    struct vw_world *world = NULL;
    int error = vw_world_load(&path, 1, NULL, &world);

    if (!error)
        error = engine_compare(world, path, seed, questions, &tally);
    vw_world_free(world);
    printf("%s error=%d questions=%zu pieces=%zu compared=%zu refused=%zu differ=%zu\n",
           path, error, tally.questions, tally.pieces, tally.compared, tally.refused,
           tally.differ);
    return error || tally.differ > 0 || tally.compared == 0;
}

int main(int argc, char **argv)
{
    int i, failed = argc < 4;

    for (i = 3; i < argc; i++)
        failed |= one(argv[i], strtoul(argv[1], NULL, 10), strtoull(argv[2], NULL, 10));
    return failed;
}
