/*
 * Expectations against an exported network: each is a question to the simulator, and its
 * verdict either is what was expected or it is not. The selector "instances" asks for
 * every running instance; what holds for all of them is one result, each that fails is a
 * result of its own, with its trace.
 */
#include <vpcwhy/policy.h>

#include <string.h>

#include <vpcwhy/error.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "policy/rules.h"
#include "policy/select.h"

struct vw_check_run_state {
    struct vw_check check; /* first: what the caller gets points here */
    struct vw_arena arena;
    struct VW_ARRAY(struct vw_check_result) results;
    const struct vw_world *world;
};

/* What asking came to. */
struct answer {
    enum vw_outcome outcome;
    struct vw_trace *trace;
    const char *sentence;
};

const char *vw_outcome_slug(enum vw_outcome outcome)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_OUTCOME_LIST(VW_X)
#undef VW_X
    };

    return slugs[outcome];
}

void vw_check_free(struct vw_check *check)
{
    struct vw_check_run_state *run =
        (struct vw_check_run_state *)check; /* first member */

    if (run == NULL)
        return;
    for (size_t i = 0; i < run->results.count; i++) {
        /* Made by vw_trace_run for this result alone; const only to its readers. */
        union {
            const struct vw_trace *read;
            struct vw_trace *own;
        } trace = {.read = run->results.items[i].trace};

        vw_trace_free(trace.own);
    }
    vw_array_free(&run->results);
    vw_arena_free(&run->arena);
    vw_free(run);
}

/* ---- one question ---- */

static const char *because(const struct vw_trace *trace)
{
    if (trace->verdict == VW_VERDICT_UNKNOWN && trace->unknown_count != 0)
        return trace->unknowns[0].sentence;
    if (trace->verdict != VW_VERDICT_REACHABLE && trace->blocker_count != 0)
        return trace->blockers[0].sentence;
    return NULL;
}

static const char *say_verdict(struct vw_arena *arena, const struct vw_trace *trace,
                               enum vw_verdict expected, enum vw_outcome outcome)
{
    const char *reason = because(trace);
    const char *verdict = vw_verdict_slug(trace->verdict);
    const char *missing =
        trace->verdict == VW_VERDICT_UNKNOWN && trace->unknown_count != 0
            ? trace->unknowns[0].missing
            : NULL;

    if (outcome == VW_OUTCOME_HOLDS)
        return vw_arena_printf(arena, "%s, as expected", verdict);
    return vw_arena_printf(
        arena, "expected %s, found %s%s%s%s%s%s", vw_verdict_slug(expected), verdict,
        trace->verdict == VW_VERDICT_PARTIAL ? " (a part passes, a part does not)" : "",
        reason == NULL ? "" : ": ", reason == NULL ? "" : reason,
        missing == NULL ? "" : "; add the output of ", missing == NULL ? "" : missing);
}

static enum vw_outcome outcome_of(const struct vw_trace *trace, enum vw_verdict expected)
{
    if (trace->verdict == VW_VERDICT_UNKNOWN)
        return VW_OUTCOME_UNKNOWN;
    return trace->verdict == expected ? VW_OUTCOME_HOLDS : VW_OUTCOME_FAILS;
}

static bool is_absence(const char *code)
{
    return strcmp(code, "no-such-endpoint") == 0 || strcmp(code, "unknown-source") == 0;
}

/* The question could not be asked: an end is not in the export, or is not clear. */
static int explain_refusal(struct vw_arena *arena, const struct vw_expectation_rule *rule,
                           const struct vw_diagnostics *why, struct answer *answer)
{
    bool absent = false;

    for (size_t i = 0; i < vw_diagnostics_count(why); i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(why, i);

        if (entry->severity != VW_SEVERITY_ERROR)
            continue;
        absent |= is_absence(entry->code);
        if (answer->sentence == NULL)
            answer->sentence =
                vw_arena_printf(arena, "could not be asked: %s", entry->message);
        if (answer->sentence == NULL)
            return VW_ERROR_NO_MEMORY;
    }
    answer->outcome =
        absent && rule->if_present ? VW_OUTCOME_INAPPLICABLE : VW_OUTCOME_UNKNOWN;
    if (answer->sentence == NULL)
        answer->sentence = "could not be asked of this export";
    return 0;
}

static int ask(struct vw_check_run_state *run, const struct vw_expectation_rule *rule,
               const struct vw_question *question, struct answer *answer)
{
    struct vw_diagnostics *why = vw_diagnostics_create();
    int error = why == NULL ? VW_ERROR_NO_MEMORY
                            : vw_trace_run(run->world, question, why, &answer->trace);

    if (error == VW_ERROR_QUESTION) {
        error = explain_refusal(&run->arena, rule, why, answer);
    } else if (error == 0) {
        answer->outcome = outcome_of(answer->trace, rule->expected);
        answer->sentence =
            say_verdict(&run->arena, answer->trace, rule->expected, answer->outcome);
        if (answer->sentence == NULL) {
            vw_trace_free(answer->trace);
            answer->trace = NULL;
            error = VW_ERROR_NO_MEMORY;
        }
    }
    vw_diagnostics_free(why);
    return error;
}

/* ---- results ---- */

static int add_result(struct vw_check_run_state *run,
                      const struct vw_expectation_rule *rule, const char *from,
                      const char *to, struct answer answer)
{
    struct vw_check_result result = {.id = rule->id,
                                     .file = rule->file,
                                     .line = rule->line,
                                     .from = from,
                                     .to = to,
                                     .why = rule->why,
                                     .protocol = rule->protocol,
                                     .has_ports = rule->question.has_ports,
                                     .ports = rule->question.ports,
                                     .expected = rule->expected,
                                     .outcome = answer.outcome,
                                     .trace = answer.trace,
                                     .sentence = answer.sentence};

    if (vw_array_push(&run->results, result) != 0) {
        vw_trace_free(answer.trace);
        return VW_ERROR_NO_MEMORY;
    }
    switch (answer.outcome) {
    case VW_OUTCOME_HOLDS:
        run->check.holds++;
        break;
    case VW_OUTCOME_FAILS:
        run->check.fails++;
        break;
    case VW_OUTCOME_UNKNOWN:
        run->check.unknown++;
        break;
    case VW_OUTCOME_INAPPLICABLE:
        run->check.inapplicable++;
        break;
    }
    return 0;
}

static int check_one(struct vw_check_run_state *run,
                     const struct vw_expectation_rule *rule)
{
    struct answer answer = {.trace = NULL};
    int error = ask(run, rule, &rule->question, &answer);

    return error != 0 ? error : add_result(run, rule, rule->from, rule->to, answer);
}

/* Asks for one address of an instance. A result of its own where it does not hold. */
static int check_selected(struct vw_check_run_state *run,
                          const struct vw_expectation_rule *rule, bool is_from,
                          const struct vw_selected *selected, size_t *held)
{
    struct vw_question question = rule->question;
    struct answer answer = {.trace = NULL};
    int error;

    if (is_from)
        question.from = selected->asked;
    else
        question.to = selected->asked;
    error = ask(run, rule, &question, &answer);
    if (error != 0)
        return error;
    if (answer.outcome == VW_OUTCOME_HOLDS) {
        vw_trace_free(answer.trace);
        ++*held;
        return 0;
    }
    return add_result(run, rule, is_from ? selected->shown : rule->from,
                      is_from ? rule->to : selected->shown, answer);
}

static int check_instances(struct vw_check_run_state *run,
                           const struct vw_expectation_rule *rule)
{
    bool is_from = strcmp(rule->from, VW_SELECT_INSTANCES) == 0;
    const char *other = is_from ? rule->to : rule->from;
    struct vw_selection selection = {0};
    size_t held = 0, before = run->results.count;
    struct answer answer = {.outcome = VW_OUTCOME_HOLDS};
    int error =
        vw_select_instances(run->world, &run->arena, strcmp(other, "internet") == 0,
                            rule->question.protocol, &selection);

    for (size_t i = 0; i < selection.count && error == 0; i++)
        error = check_selected(run, rule, is_from, &selection.items[i], &held);
    if (selection.count == 0) {
        answer.outcome = VW_OUTCOME_INAPPLICABLE;
        answer.sentence = "no running instance in the export";
    } else {
        answer.sentence = vw_arena_printf(
            &run->arena,
            "%s, as expected, for %s%zu of %zu addresses of running instances",
            vw_verdict_slug(rule->expected), held == selection.count ? "all " : "", held,
            selection.count);
    }
    vw_array_free(&selection);
    if (error == 0 && answer.sentence == NULL)
        error = VW_ERROR_NO_MEMORY;
    if (error == 0 && (held != 0 || run->results.count == before))
        error = add_result(run, rule, rule->from, rule->to, answer);
    return error;
}

static int keep_text(struct vw_arena *arena, const char **text)
{
    if (*text != NULL && (*text = vw_arena_string(arena, *text)) == NULL)
        return VW_ERROR_NO_MEMORY;
    return 0;
}

/* Results outlive the rules: their text becomes the check's own. */
static int own_texts(struct vw_arena *arena, struct vw_expectation_rule *rule)
{
    const char **texts[] = {&rule->id, &rule->file, &rule->from,
                            &rule->to, &rule->why,  &rule->protocol};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (keep_text(arena, texts[i]) != 0)
            return VW_ERROR_NO_MEMORY;
    }
    rule->question.from = rule->from;
    rule->question.to = rule->to;
    return 0;
}

static int check_rule(struct vw_check_run_state *run,
                      const struct vw_expectation_rule *original)
{
    struct vw_expectation_rule rule = *original;

    if (own_texts(&run->arena, &rule) != 0)
        return VW_ERROR_NO_MEMORY;
    if (strcmp(rule.from, VW_SELECT_INSTANCES) == 0 ||
        strcmp(rule.to, VW_SELECT_INSTANCES) == 0)
        return check_instances(run, &rule);
    return check_one(run, &rule);
}

int vw_check_run(const struct vw_world *world, const struct vw_rules *rules,
                 struct vw_diagnostics *diagnostics, struct vw_check **ret_check)
{
    struct vw_check_run_state *run;
    int error = 0;

    /* What cannot be asked is a result, with its sentence. */
    if (rules->expectations.count == 0) {
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "rules-empty",
                    (struct vw_place){.file = NULL}, "no expectation in the rules");
        return VW_ERROR_INPUT;
    }
    run = vw_calloc(1, sizeof *run);
    if (run == NULL)
        return VW_ERROR_NO_MEMORY;
    run->world = world;
    for (size_t i = 0; i < rules->expectations.count && error == 0; i++)
        error = check_rule(run, &rules->expectations.items[i]);
    if (error != 0) {
        vw_check_free(&run->check);
        return error;
    }
    run->check.results = run->results.items;
    run->check.result_count = run->results.count;
    *ret_check = &run->check;
    return 0;
}
