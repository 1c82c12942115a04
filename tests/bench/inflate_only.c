/* Only unpacks a file, through what every reader unpacks with: the floor of reading it. */
#include <stdlib.h>

#include "base/input.h"

enum { ROOM = 1 << 20 };

int main(int count, char **arguments)
{
    struct vw_input *input = NULL;
    char *buffer = malloc(ROOM);
    size_t got = 1;
    int error = count == 2 ? vw_input_open(arguments[1], NULL, &input) : -1;

    while (!error && got > 0)
        error = vw_input_read(input, buffer, ROOM, &got);
    vw_input_close(input);
    free(buffer);
    return error ? 1 : 0;
}
