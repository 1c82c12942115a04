/*
 * Runs a fuzz harness over files instead of under libFuzzer: `fuzz_x FILE...`. Each file is
 * given from a heap block of exactly its size, so that ASan sees the first byte read past it.
 * It prints `ok fuzz NAME: FILE` when the harness came back from a file.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Returns NULL when the file cannot be read. */
static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long size = -1;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        /* malloc(0) is a block too: reading its first byte is caught. */
        bytes = malloc((size_t)size);
        if (bytes != NULL && fread(bytes, 1, (size_t)size, file) != (size_t)size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file != NULL)
        fclose(file);
    *ret_size = (size_t)size;
    return bytes;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *name = slash != NULL ? slash + 1 : argv[0];

    for (int i = 1; i < argc; i++) {
        size_t size;
        uint8_t *bytes = read_file(argv[i], &size);

        if (bytes == NULL) {
            printf("not ok fuzz %s: %s cannot be read\n", name, argv[i]);
            return 1;
        }
        (void)LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
        printf("ok fuzz %s: %s\n", name, argv[i]);
        fflush(stdout);
    }
    return 0;
}
