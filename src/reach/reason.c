/* The names of verdicts, decisions, steps and reasons, each from its one list. */
#include <stddef.h>

#include <vpcwhy/trace.h>

const char *vw_reason_code(enum vw_reason reason)
{
    switch (reason) {
    case VW_REASON_NONE:
        return NULL;
#define VW_X(code, meaning)                                                              \
    case VW_REASON_##code:                                                               \
        return #code;
        VW_REASON_LIST(VW_X)
#undef VW_X
    }
    return NULL;
}

const char *vw_reason_meaning(enum vw_reason reason)
{
    switch (reason) {
    case VW_REASON_NONE:
        return "";
#define VW_X(code, meaning)                                                              \
    case VW_REASON_##code:                                                               \
        return meaning;
        VW_REASON_LIST(VW_X)
#undef VW_X
    }
    return "";
}

const char *vw_verdict_slug(enum vw_verdict verdict)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) slug,
        VW_VERDICT_LIST(VW_X)
#undef VW_X
    };

    return slugs[verdict];
}

const char *vw_direction_slug(enum vw_direction direction)
{
    return direction == VW_FORWARD ? "forward" : "return";
}

const char *vw_decision_slug(enum vw_decision decision)
{
    static const char *const slugs[] = {
#define VW_X(name, slug, passes) slug,
        VW_DECISION_LIST(VW_X)
#undef VW_X
    };

    return slugs[decision];
}

struct step_row {
    const char *slug, *words;
};

static const struct step_row steps[] = {
#define VW_X(name, slug, words) {slug, words},
    VW_STEP_LIST(VW_X)
#undef VW_X
};

const char *vw_step_kind_slug(enum vw_step_kind kind)
{
    return steps[kind].slug;
}

const char *vw_step_kind_words(enum vw_step_kind kind)
{
    return steps[kind].words;
}

const char *vw_expectation_slug(enum vw_expectation expectation)
{
    switch (expectation) {
    case VW_EXPECT_ACCEPT:
        return "ACCEPT";
    case VW_EXPECT_REJECT:
        return "REJECT";
    case VW_EXPECT_NONE:
        return "none";
    case VW_EXPECT_PRESENT:
        return "present";
    case VW_EXPECT_ABSENT:
        return "absent";
    }
    return "none";
}
