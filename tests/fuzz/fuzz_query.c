/* Queries: the first line is one (a \n in it is a line end), the rest the file that it is
 * asked of. */
#include <vpcwhy/query.h>

#include <stdlib.h>
#include <string.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void ask(const char *text, const char *path)
{
    const char *paths[] = {path};
    struct vw_query_options options = {.paths = paths,
                                       .path_count = 1,
                                       .since = VW_QUERY_ANY_TIME,
                                       .until = VW_QUERY_ANY_TIME,
                                       .workers = 1};
    static const char *const nets[] = {"cidr", "name", "10.0.0.0/8", "ten"};
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_query *query = vw_query_create();
    struct vw_query_result *result = NULL;

    if (query && diagnostics && vw_query_add_rows(query, "nets", nets, 2, 2) == 0 &&
        vw_query_compile(query, text, diagnostics) == 0)
        (void)vw_query_run(query, &options, diagnostics, &result);
    vw_query_result_free(result);
    vw_query_free(query);
    vw_diagnostics_free(diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = size ? memchr(bytes, '\n', size) : NULL;
    size_t length = end ? (size_t)(end - bytes) : size, rest = end ? length + 1 : size;
    const char *path = fuzz_file(bytes + rest, size - rest);
    char *text = malloc(length + 1);

    if (text && path) {
        memcpy(text, bytes, length);
        text[length] = '\0';
        ask(text, path);
    }
    free(text);
    return 0;
}
