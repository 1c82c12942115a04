/* Flow logs: any bytes, as a file. */
#include <vpcwhy/evidence.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();

    if (path != NULL && evidence != NULL && diagnostics != NULL)
        (void)vw_evidence_read_flow_logs(evidence, path, NULL, diagnostics);
    vw_diagnostics_free(diagnostics);
    vw_evidence_free(evidence);
    return 0;
}
