/* The scan of log files: any bytes, as a file of any shape. The first byte says whether a
 * format is given. */
#include "logs/scan.h"

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int begin(void *context, const struct vw_log_layout *layout, bool *wanted)
{
    size_t i;

    (void)context;
    for (i = 0; i < layout->count; i++)
        wanted[i] = layout->names[i][0] != '\0';
    return 0;
}

/* Looks at every byte that is handed out. */
static int take(void *context, unsigned worker, const struct vw_log_batch *batch)
{
    unsigned *sum = context;
    size_t i, at;

    (void)worker;
    for (i = 0; i < batch->count * batch->layout->count; i++)
        for (at = 0; at < batch->cells[i].size; at++)
            *sum += (unsigned char)batch->cells[i].data[at];
    for (i = 0; i < batch->count; i++)
        for (at = 0; at < batch->origins[i].message.size; at++)
            *sum += (unsigned char)batch->origins[i].message.data[at];
    if (*sum % 7 == 0)
        vw_log_damage(batch, 0, "seven");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    unsigned sum = 0;
    struct vw_log_sink sink = {&sum, begin, take};
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_log_totals totals;
    const char *path = size > 0 ? fuzz_file(bytes + 1, size - 1) : NULL;
    struct vw_log_options options = {.paths = &path, .path_count = 1, .workers = 1};

    if (size > 0 && bytes[0] & 1)
        options.format = "${interface-id} ${srcaddr} ${bytes}";
    if (path && diagnostics)
        (void)vw_log_scan(&options, &sink, diagnostics, &totals);
    vw_diagnostics_free(diagnostics);
    return 0;
}
