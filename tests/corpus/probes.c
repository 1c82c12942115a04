/* Reads each transcript that it is given, and prints what it came to: file, and "pass"
 * where an answer came back (an echo reply, or an open or closed port), "fail" where only
 * the question went out, "nothing" where there is neither. */
#include <stdio.h>

#include <vpcwhy/evidence.h>

static const char *outcome(const struct vw_evidence *evidence)
{
    const char *found = "nothing";
    size_t i;

    for (i = 0; i < vw_evidence_count(evidence); i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);

        if (row->direction == VW_FLOW_DIRECTION_EGRESS && row->packets > 0)
            found = "fail";
    }
    for (i = 0; i < vw_evidence_count(evidence); i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);

        if (row->direction == VW_FLOW_DIRECTION_INGRESS &&
            (row->icmp_type == 0 || row->tcp_flags > 0))
            return "pass";
    }
    return found;
}

int main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        struct vw_evidence *evidence =
            vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
        struct vw_diagnostics *diagnostics = vw_diagnostics_create();
        int error = vw_evidence_read_transcript(evidence, argv[i], diagnostics);

        printf("%s %s\n", argv[i],
               error                                   ? "unreadable"
               : vw_diagnostics_count(diagnostics) > 0 ? "complaint"
                                                       : outcome(evidence));
        vw_diagnostics_free(diagnostics);
        vw_evidence_free(evidence);
    }
    return 0;
}
