/* Answers the questions of standard input, "FROM TO PROTOCOL [PORT]" a line, over the
 * exports that it is given. A line each:
 *
 *     blocked NO_ROUTE_TO_DESTINATION,SUBNET_ACL_RESTRICTION
 *     unknown UNKNOWN_RESOURCE
 *     reachable<TAB>assuming 8.8.8.8 is outside the export: nothing beyond was checked
 *     error
 *
 * with the codes of blockers and unknowns, each once and sorted. Where nothing can be
 * loaded it ends with 2 after "unusable" and the number of faults that were told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/trace.h>

enum { LINE = 1000, CODES = 200 };

struct codes {
    const char *items[CODES];
    size_t count;
};

static void add(struct codes *codes, enum vw_reason reason)
{
    const char *code = vw_reason_code(reason);
    size_t i;

    for (i = 0; i < codes->count; i++)
        if (strcmp(codes->items[i], code) == 0)
            return;
    if (codes->count < CODES)
        codes->items[codes->count++] = code;
}

static int compare(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

static void print_answer(const struct vw_trace *trace)
{
    struct codes codes = {.count = 0};
    size_t i;

    for (i = 0; i < trace->blocker_count; i++)
        add(&codes, trace->blockers[i].reason);
    for (i = 0; i < trace->unknown_count; i++)
        add(&codes, trace->unknowns[i].reason);
    qsort(codes.items, codes.count, sizeof *codes.items, compare);
    printf("%s", vw_verdict_slug(trace->verdict));
    for (i = 0; i < codes.count; i++)
        printf("%c%s", i == 0 ? ' ' : ',', codes.items[i]);
    for (i = 0; i < trace->assumption_count; i++)
        printf("%s%s", i == 0 ? "\tassuming " : "; ", trace->assumptions[i]);
    printf("\n");
}

static int answer(const struct vw_world *world, char *line)
{
    const char *from = strtok(line, " \n"), *to = strtok(NULL, " \n");
    const char *protocol = strtok(NULL, " \n"), *port = strtok(NULL, " \n");
    struct vw_question question = {
        .from = from, .to = to, .protocol = -1, .icmp_type = -1, .icmp_code = -1};
    struct vw_trace *trace = NULL;

    if (!from || !to || !protocol || !vw_protocol_parse(protocol, &question.protocol))
        return 1;
    if (port) {
        unsigned long number = strtoul(port, NULL, 10);
        question.has_ports = true;
        question.ports = (struct vw_port_range){(uint16_t)number, (uint16_t)number};
    }
    if (vw_trace_run(world, &question, NULL, &trace))
        printf("error\n");
    else
        print_answer(trace);
    vw_trace_free(trace);
    return 0;
}

int main(int argc, char **argv)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_world *world = NULL;
    char line[LINE];
    int failed = 0;

    if (argc < 2 || vw_world_load((const char *const *)(argv + 1), (size_t)argc - 1,
                                  diagnostics, &world)) {
        printf("unusable %zu\n", vw_diagnostics_count(diagnostics));
        vw_diagnostics_free(diagnostics);
        return 2;
    }
    while (!failed && fgets(line, sizeof line, stdin))
        failed = answer(world, line);
    vw_world_free(world);
    vw_diagnostics_free(diagnostics);
    return failed;
}
