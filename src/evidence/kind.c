/* What kinds of evidence are called. */
#include <vpcwhy/evidence.h>

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
