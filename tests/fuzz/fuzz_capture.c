/* Captures: any bytes, as a file that is to be opened, understood and told about. */
#include <stdio.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/evidence.h>
#include <vpcwhy/report.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int pass_over(void *context, const struct vw_packet_facts *packet)
{
    (void)context;
    (void)packet;
    return 0;
}

static void understand(const char *path, struct vw_diagnostics *diagnostics)
{
    struct vw_capture *capture = NULL;
    FILE *nowhere = fopen("/dev/null", "w");

    if (vw_capture_read(path, NULL, diagnostics, &capture) == 0 && nowhere != NULL) {
        const struct vw_capture *all[] = {capture};

        (void)vw_report_capture_text(capture, (struct vw_report_style){false, false},
                                     nowhere);
        (void)vw_report_captures_json(all, 1, NULL, nowhere);
    }
    (void)vw_packets_read(path, "ip", diagnostics, pass_over, NULL);
    vw_capture_free(capture);
    if (nowhere != NULL)
        fclose(nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();

    if (path != NULL && evidence != NULL && diagnostics != NULL) {
        (void)vw_evidence_read_capture(evidence, "eni-1", path, diagnostics);
        understand(path, diagnostics);
    }
    vw_diagnostics_free(diagnostics);
    vw_evidence_free(evidence);
    return 0;
}
