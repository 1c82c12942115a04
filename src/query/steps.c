/*
 * Steps that look at one row.
 *
 * What AWS says (CWL_QuerySyntax-Parse): a glob pattern takes out what its * stand for, as
 * little as possible each, anywhere in the text; a pattern that does not match leaves the row
 * without the fields; `multi` makes a row of each match.
 */
#include "query/run.h"

#include <string.h>

#include "query/structure.h"

static void set_null(struct vw_runner *runner, const struct vw_step *step)
{
    size_t i;

    for (i = 0; i < step->slot_count; i++)
        runner->row.slots[step->slots[i]] = vw_value_null();
}

/* The text that a step reads; false: there is none. */
static bool take_text(struct vw_runner *runner, const struct vw_step *step,
                      struct vw_slice *ret)
{
    struct vw_value value = vw_evaluate(&runner->evaluation, step->expression);

    *ret = vw_value_string(&value, &runner->scratch);
    return value.kind != VW_VALUE_NULL;
}

static void set_text(struct vw_runner *runner, uint32_t slot, struct vw_slice text)
{
    runner->row.slots[slot] = vw_value_text(text.data, text.size);
}

/* Where `part` stands in text from `at` on; SIZE_MAX: nowhere. */
static size_t find(struct vw_slice text, struct vw_slice part, size_t at)
{
    size_t i;

    for (i = at; part.size <= text.size && i <= text.size - part.size; i++)
        if (part.size == 0 || memcmp(text.data + i, part.data, part.size) == 0)
            return i;
    return SIZE_MAX;
}

/* Up to the next * or the end. */
static struct vw_slice take_literal(struct vw_slice *pattern)
{
    const char *star = pattern->size ? memchr(pattern->data, '*', pattern->size) : NULL;
    size_t size = star ? (size_t)(star - pattern->data) : pattern->size;
    struct vw_slice literal = {pattern->data, size};

    pattern->data += size + (star != NULL);
    pattern->size -= size + (star != NULL);
    return literal;
}

static void parse_glob(struct vw_runner *runner, const struct vw_step *step)
{
    struct vw_slice text, pattern = step->command->pattern, literal;
    size_t at, i;

    set_null(runner, step);
    if (!take_text(runner, step, &text))
        return;
    literal = take_literal(&pattern);
    at = find(text, literal, 0);
    if (at == SIZE_MAX)
        return;
    at += literal.size;
    for (i = 0; i < step->slot_count; i++) {
        bool is_last = i + 1 == step->slot_count;
        size_t end;

        literal = take_literal(&pattern);
        end = is_last && literal.size == 0 ? text.size : find(text, literal, at);
        if (end == SIZE_MAX) {
            set_null(runner, step);
            return;
        }
        set_text(runner, step->slots[i], (struct vw_slice){text.data + at, end - at});
        at = end + literal.size;
    }
}

static void set_groups(struct vw_runner *runner, const struct vw_step *step,
                       struct vw_slice text)
{
    struct vw_slice group;
    size_t i;

    for (i = 0; i < step->slot_count; i++) {
        if (vw_regex_group(runner->evaluation.matcher, text, i + 1, &group))
            set_text(runner, step->slots[i], group);
        else
            runner->row.slots[step->slots[i]] = vw_value_null();
    }
}

static void parse_regex(struct vw_runner *runner, const struct vw_step *step)
{
    struct vw_slice text;

    if (take_text(runner, step, &text) &&
        vw_regex_match(runner->evaluation.matcher, step->command->regex, text, 0))
        set_groups(runner, step, text);
    else
        set_null(runner, step);
}

/* A row of each match. */
static int parse_multi(struct vw_runner *runner, size_t number,
                       int (*end)(struct vw_runner *runner))
{
    const struct vw_step *step = &runner->phase->steps.items[number];
    struct vw_slice text, whole;
    size_t at = 0;
    int error = 0;

    if (!take_text(runner, step, &text))
        text = (struct vw_slice){"", 0};
    if (!vw_regex_match(runner->evaluation.matcher, step->command->regex, text, 0)) {
        set_null(runner, step);
        return vw_steps_run(runner, number + 1, end);
    }
    do {
        if (!vw_regex_group(runner->evaluation.matcher, text, 0, &whole))
            break;
        at = (size_t)(whole.data - text.data) + whole.size + (whole.size == 0);
        set_groups(runner, step, text);
        error = vw_steps_run(runner, number + 1, end);
        runner->row.moment.part++;
    } while (!error && at <= text.size &&
             vw_regex_match(runner->evaluation.matcher, step->command->regex, text, at));
    return error;
}

/* ---- logfmt, CSV, JSON ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* key=value, or key="value" with backslashes. */
static bool take_pair(struct vw_slice *text, struct vw_arena *arena,
                      struct vw_slice *ret_key, struct vw_slice *ret_value)
{
    size_t at = 0, start, size = 0;
    char *out;

    while (at < text->size && is_blank(text->data[at]))
        at++;
    for (start = at;
         at < text->size && text->data[at] != '=' && !is_blank(text->data[at]);)
        at++;
    *ret_key = (struct vw_slice){text->data + start, at - start};
    *ret_value = (struct vw_slice){"", 0};
    if (at < text->size && text->data[at] == '=')
        at++;
    if (at < text->size && text->data[at - (at > 0)] == '=' && text->data[at] == '"') {
        out = vw_arena_text(arena, text->size - at);
        for (at++; out && at < text->size && text->data[at] != '"'; at++) {
            if (text->data[at] == '\\' && at + 1 < text->size)
                at++;
            out[size++] = text->data[at];
        }
        at += at < text->size;
        *ret_value = (struct vw_slice){out ? out : "", size};
    } else {
        for (start = at; at < text->size && !is_blank(text->data[at]);)
            at++;
        *ret_value = (struct vw_slice){text->data + start, at - start};
    }
    *text = (struct vw_slice){text->data + at, text->size - at};
    return ret_key->size > 0;
}

static void parse_logfmt(struct vw_runner *runner, const struct vw_step *step)
{
    struct vw_structure_text map = {.arena = &runner->scratch};
    struct vw_slice text, key, value;
    bool any = false;

    set_null(runner, step);
    if (!take_text(runner, step, &text))
        return;
    while (take_pair(&text, &runner->scratch, &key, &value)) {
        struct vw_value pair[2] = {vw_value_text(key.data, key.size),
                                   vw_value_text(value.data, value.size)};

        vw_structure_add(&map, any ? "," : "{", 1);
        vw_structure_add_value(&map, &pair[0]);
        vw_structure_add(&map, ":", 1);
        vw_structure_add_value(&map, &pair[1]);
        any = true;
    }
    vw_structure_add(&map, any ? "}" : "{}", any ? 1 : 2);
    runner->row.slots[step->slots[0]] = vw_structure_finish(&map);
}

static void parse_csv(struct vw_runner *runner, const struct vw_step *step)
{
    struct vw_slice text, field;
    bool is_last = false;
    size_t i;

    set_null(runner, step);
    if (!take_text(runner, step, &text))
        return;
    for (i = 0; i < step->slot_count && !is_last; i++) {
        if (!vw_csv_field(&text, &runner->scratch, &field, &is_last))
            return;
        set_text(runner, step->slots[i], field);
    }
}

static void take_json(struct vw_runner *runner, const struct vw_step *step)
{
    struct vw_value value = vw_evaluate(&runner->evaluation, step->expression);

    if (value.kind == VW_VALUE_TEXT)
        value = vw_structure_parse(value.text, &runner->scratch);
    runner->row.slots[step->slots[0]] =
        vw_structure_path(&value, step->command->pattern, &runner->scratch);
}

/* A row of each element of a list; of what is no list, one. */
static int unnest(struct vw_runner *runner, size_t number,
                  int (*end)(struct vw_runner *runner))
{
    const struct vw_step *step = &runner->phase->steps.items[number];
    struct vw_value list = vw_evaluate(&runner->evaluation, step->expression);
    struct vw_value element;
    size_t at = 0;
    int error = 0;

    if (list.kind != VW_VALUE_JSON || list.text.data[0] != '[') {
        runner->row.slots[step->slots[0]] = list;
        return vw_steps_run(runner, number + 1, end);
    }
    while (!error &&
           vw_structure_next(list.text, &at, &runner->scratch, NULL, &element)) {
        runner->row.slots[step->slots[0]] = element;
        error = vw_steps_run(runner, number + 1, end);
        runner->row.moment.part++;
    }
    return error;
}

/* ---- lookups ---- */

static bool is_missing(const struct vw_value *value)
{
    return value->kind == VW_VALUE_NULL ||
           (value->kind == VW_VALUE_TEXT && value->text.size == 0);
}

static void look_up(struct vw_runner *runner, const struct vw_step *step)
{
    struct vw_slice text;
    size_t row = 0, i;
    bool found =
        take_text(runner, step, &text) && vw_lookup_find(step->index, text, &row);

    for (i = 0; i < step->slot_count; i++) {
        struct vw_value value = vw_evaluate(&runner->evaluation, step->old[i]);

        if (found && is_missing(&value)) {
            struct vw_slice cell = vw_lookup_cell(step->table, row, step->columns[i]);

            value = cell.size ? vw_value_text(cell.data, cell.size) : vw_value_null();
        }
        runner->row.slots[step->slots[i]] = value;
    }
}

int vw_steps_run(struct vw_runner *runner, size_t step,
                 int (*end)(struct vw_runner *runner))
{
    for (; step < runner->phase->steps.count; step++) {
        const struct vw_step *now = &runner->phase->steps.items[step];
        struct vw_value value;

        switch (now->kind) {
        case VW_STEP_COMPUTE:
            runner->row.slots[now->slots[0]] =
                vw_evaluate(&runner->evaluation, now->expression);
            break;
        case VW_STEP_FILTER:
            value = vw_evaluate(&runner->evaluation, now->expression);
            if (!vw_value_is_true(&value))
                return 0;
            break;
        case VW_STEP_PARSE_GLOB:
            parse_glob(runner, now);
            break;
        case VW_STEP_PARSE_REGEX:
            if (now->command->multi)
                return parse_multi(runner, step, end);
            parse_regex(runner, now);
            break;
        case VW_STEP_PARSE_LOGFMT:
            parse_logfmt(runner, now);
            break;
        case VW_STEP_PARSE_CSV:
            parse_csv(runner, now);
            break;
        case VW_STEP_JSON:
            take_json(runner, now);
            break;
        case VW_STEP_UNNEST:
            return unnest(runner, step, end);
        case VW_STEP_LOOKUP:
            look_up(runner, now);
            break;
        }
    }
    return end(runner);
}
