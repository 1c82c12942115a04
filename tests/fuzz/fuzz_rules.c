/* Rules files: any bytes, as a file. */
#include <vpcwhy/policy.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_rules *rules = NULL;

    if (path != NULL && diagnostics != NULL &&
        vw_rules_load(&path, 1, diagnostics, &rules) == 0)
        vw_rules_free(rules);
    vw_diagnostics_free(diagnostics);
    return 0;
}
