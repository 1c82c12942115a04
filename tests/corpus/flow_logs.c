/* Reads each flow log that it is given, and prints what it came to: file, error, rows,
 * records, NODATA, SKIPDATA, damaged lines, packets, bytes, rejected rows, rows of known
 * direction, code of the first diagnostic. */
#include <stdio.h>

#include <vpcwhy/evidence.h>

struct sums {
    unsigned long long records, no_data, skip_data, damaged, rejected, directed;
    long long packets, bytes;
};

static void sum_rows(const struct vw_evidence *evidence, struct sums *sums)
{
    size_t i;

    for (i = 0; i < vw_evidence_count(evidence); i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);
        sums->packets += row->packets > 0 ? row->packets : 0;
        sums->bytes += row->bytes > 0 ? row->bytes : 0;
        sums->rejected += row->action == VW_FLOW_ACTION_REJECT;
        sums->directed += row->direction != VW_FLOW_DIRECTION_UNKNOWN;
    }
    for (i = 0; i < vw_evidence_coverage_count(evidence); i++) {
        const struct vw_coverage *coverage = vw_evidence_coverage_get(evidence, i);
        sums->records += coverage->records;
        sums->no_data += coverage->no_data;
        sums->skip_data += coverage->skip_data;
        sums->damaged += coverage->damaged;
    }
}

int main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        struct vw_evidence *evidence =
            vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
        struct vw_diagnostics *diagnostics = vw_diagnostics_create();
        struct sums sums = {0};
        int error = vw_evidence_read_flow_logs(evidence, argv[i], NULL, diagnostics);

        sum_rows(evidence, &sums);
        printf("%s %d %zu %llu %llu %llu %llu %lld %lld %llu %llu", argv[i], error,
               vw_evidence_count(evidence), sums.records, sums.no_data, sums.skip_data,
               sums.damaged, sums.packets, sums.bytes, sums.rejected, sums.directed);
        printf(" %s\n", vw_diagnostics_count(diagnostics) > 0
                            ? vw_diagnostics_get(diagnostics, 0)->code
                            : "-");
        vw_diagnostics_free(diagnostics);
        vw_evidence_free(evidence);
    }
    return 0;
}
