/* CloudTrail events: any bytes, as a file. */
#include <vpcwhy/timeline.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct vw_question question = {.protocol = -1};
    const char *path = fuzz_file(bytes, size);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_timeline *timeline = vw_timeline_create(&question, diagnostics);

    if (path != NULL && timeline != NULL && diagnostics != NULL)
        (void)vw_timeline_read_events(timeline, path);
    vw_timeline_free(timeline);
    vw_diagnostics_free(diagnostics);
    return 0;
}
