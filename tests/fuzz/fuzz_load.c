/*
 * Exports: any bytes, as a file; then what came of it is walked and written, and flow logs
 * are asked whether they are delivered, since a world built of odd values, IAM policies among
 * them, must not surprise the walk, the evaluator of policies or the writers either.
 */
#include <vpcwhy/logging.h>
#include <vpcwhy/report.h>
#include <vpcwhy/world.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void ask(const struct vw_world *world, struct vw_question question,
                struct vw_diagnostics *diagnostics, FILE *out)
{
    struct vw_trace *trace;

    if (vw_trace_run(world, &question, diagnostics, &trace) != 0)
        return;
    (void)vw_report_trace_text(trace, (struct vw_report_style){.colour = true}, out);
    (void)vw_report_trace_json(trace, out);
    vw_trace_free(trace);
}

static void ask_delivery(const struct vw_world *world)
{
    struct vw_logging *logging;

    if (vw_logging_run(world, &logging) == 0)
        vw_logging_free(logging);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    FILE *out = fopen("/dev/null", "w");
    struct vw_world *world;

    if (path != NULL && diagnostics != NULL && out != NULL &&
        vw_world_load(&path, 1, diagnostics, &world) == 0) {
        struct vw_question one = {.from = "10.0.1.5",
                                  .to = "10.0.2.6",
                                  .protocol = -1,
                                  .icmp_type = -1,
                                  .icmp_code = -1};
        struct vw_question many = one;

        many.to = "10.0.0.0/8";
        many.protocol = 6;
        ask(world, one, diagnostics, out);
        ask(world, many, diagnostics, out);
        ask_delivery(world);
        (void)vw_report_diagnostics(diagnostics, (struct vw_report_style){.quiet = false},
                                    out);
        vw_world_free(world);
    }
    if (out != NULL)
        fclose(out);
    vw_diagnostics_free(diagnostics);
    return 0;
}
