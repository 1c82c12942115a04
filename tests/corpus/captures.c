/* Reads each capture that it is given, and prints a line of what it came to:
 *
 *     file error=0 records=22 damaged=0 cut=0 rows=4 request=5 reply=5 missing=0
 *     syn=1 synack=1 rst=0 told=damaged-capture:5 icmp3/1=5
 *
 * syn, synack and rst are rows in which such a segment was seen; `told` are the
 * diagnostics, with their packet numbers. */
#include <stdio.h>

#include <vpcwhy/evidence.h>

enum { SYN = 2, RST = 4, ACK = 16 };

struct sums {
    long long request, reply, missing;
    unsigned syn, synack, rst;
};

static void sum_row(const struct vw_observation *row, struct sums *sums)
{
    int six = row->protocol == 58;

    if (row->protocol == 6 && row->tcp_flags > 0) {
        sums->syn += (row->tcp_flags & SYN) && !(row->tcp_flags & ACK);
        sums->synack += (row->tcp_flags & SYN) && (row->tcp_flags & ACK);
        sums->rst += (row->tcp_flags & RST) != 0;
    }
    if (row->protocol != 1 && !six)
        return;
    if (row->icmp_type == (six ? 128 : 8))
        sums->request += row->packets;
    if (row->icmp_type == (six ? 129 : 0)) {
        sums->reply += row->packets;
        if (row->missing_sequences > 0)
            sums->missing += row->missing_sequences;
    }
}

/* Errors have a row for each pair of quoted addresses. */
static void print_errors(const struct vw_evidence *evidence)
{
    size_t i;

    for (i = 0; i < vw_evidence_count(evidence); i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);
        int six = row->protocol == 58;

        if ((row->protocol == 1 && row->icmp_type != 8 && row->icmp_type != 0) ||
            (six && row->icmp_type < 128))
            printf(" icmp%s%d/%d=%lld", six ? "6:" : "", row->icmp_type, row->icmp_code,
                   (long long)row->packets);
    }
}

static void print_capture(const char *path, int error, const struct vw_evidence *evidence,
                          const struct vw_diagnostics *diagnostics)
{
    static const struct vw_coverage none;
    const struct vw_coverage *coverage = &none;
    struct sums sums = {0};
    size_t i;

    if (vw_evidence_coverage_count(evidence) > 0)
        coverage = vw_evidence_coverage_get(evidence, 0);
    for (i = 0; i < vw_evidence_count(evidence); i++)
        sum_row(vw_evidence_get(evidence, i), &sums);
    printf("%s error=%d records=%llu damaged=%llu cut=%d rows=%zu", path, error,
           (unsigned long long)coverage->records, (unsigned long long)coverage->damaged,
           coverage->cut, vw_evidence_count(evidence));
    printf(" request=%lld reply=%lld missing=%lld syn=%u synack=%u rst=%u", sums.request,
           sums.reply, sums.missing, sums.syn, sums.synack, sums.rst);
    for (i = 0; i < vw_diagnostics_count(diagnostics); i++) {
        const struct vw_diagnostic *told = vw_diagnostics_get(diagnostics, i);
        printf(" told=%s:%llu", told->code, (unsigned long long)told->line);
    }
    print_errors(evidence);
    printf("\n");
}

int main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        struct vw_evidence *evidence =
            vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
        struct vw_diagnostics *diagnostics = vw_diagnostics_create();
        int error = vw_evidence_read_capture(evidence, "eni-1", argv[i], diagnostics);

        print_capture(argv[i], error, evidence, diagnostics);
        vw_diagnostics_free(diagnostics);
        vw_evidence_free(evidence);
    }
    return 0;
}
