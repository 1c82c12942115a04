/* What kinds of evidence are called, which of them are transcripts, and a row of each. */
#include "evidence/table.h"

const char *vw_evidence_kind_slug(enum vw_evidence_kind kind)
{
    switch (kind) {
#define VW_X(name, slug, noun)                                                           \
    case name:                                                                           \
        return slug;
        VW_EVIDENCE_KIND_LIST(VW_X)
#undef VW_X
    }
    return "unknown";
}

const char *vw_evidence_kind_noun(enum vw_evidence_kind kind)
{
    switch (kind) {
#define VW_X(name, slug, noun)                                                           \
    case name:                                                                           \
        return noun;
        VW_EVIDENCE_KIND_LIST(VW_X)
#undef VW_X
    }
    return "unknown";
}

bool vw_evidence_is_transcript(enum vw_evidence_kind kind)
{
    switch (kind) {
    case VW_EVIDENCE_FLOW_LOG:
    case VW_EVIDENCE_CAPTURE:
        return false;
    case VW_EVIDENCE_PING:
    case VW_EVIDENCE_NMAP:
    case VW_EVIDENCE_ROUTE:
    case VW_EVIDENCE_CONNECT:
        return true;
    }
    return false;
}
