/* Partial tables of flows: any bytes, as a file. */
#include <vpcwhy/flows.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct vw_flows_options options = {.since = VW_TIME_UNKNOWN,
                                             .until = VW_TIME_UNKNOWN};
    const char *path = fuzz_file(bytes, size);
    struct vw_flows *flows = vw_flows_create(&options);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_observation row;
    size_t i;

    /* What was read before the fault must be sound as well. */
    if (path != NULL && flows != NULL && diagnostics != NULL) {
        (void)vw_flows_merge(flows, path, diagnostics);
        if (vw_flows_finish(flows, 0) == 0)
            for (i = 0; i < vw_flows_count(flows); i++)
                vw_flows_get(flows, i, &row);
    }
    vw_diagnostics_free(diagnostics);
    vw_flows_free(flows);
    return 0;
}
