/*
 * The parts of a set of packets, each with its verdict and the numbers of the reasons
 * that follow below. Prefixes are put together to ranges: 10.2.0.0/16 without one host is
 * sixteen prefixes, but two ranges.
 */
#include "report/text_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/address.h"

#define WHAT_COLUMN 16 /* behind number and verdict */
#define RANGES_MAX 12  /* of one set */

/* The next run of prefixes that touch, from *index on. */
static struct vw_address_range take_range(const struct vw_prefix_set *set, size_t *index)
{
    struct vw_address_range range = vw_prefix_range(set->items[(*index)++]);
    struct vw_address above;

    while (*index < set->count && vw_address_next(range.last, &above) &&
           vw_address_equal(set->items[*index].address, above)) {
        range.last = vw_prefix_range(set->items[*index]).last;
        (*index)++;
    }
    return range;
}

/* Writes `item` behind what stands there, on a new line at `indent` where it is full. */
static void put_item(struct vw_text *text, size_t indent, bool first, const char *item)
{
    if (!first) {
        vw_text_put(text, ",");
        if (text->column + 1 + vw_text_width(item) >= VW_TEXT_COLUMNS) {
            vw_text_line(text);
            vw_text_pad(text, indent);
        } else {
            vw_text_put(text, " ");
        }
    }
    vw_text_put(text, item);
}

static void put_rest(struct vw_text *text, size_t indent, size_t rest)
{
    char item[48];

    if (!rest)
        return;
    snprintf(item, sizeof item, "and %zu more", rest);
    put_item(text, indent, false, item);
}

static void put_prefixes(struct vw_text *text, const char *label,
                         const struct vw_prefix_set *set)
{
    char buffer[VW_RANGE_TEXT];
    size_t index = 0, shown = 0, rest = 0, indent;

    vw_text_pad(text, WHAT_COLUMN);
    vw_text_put(text, label);
    indent = text->column;
    while (index < set->count) {
        struct vw_address_range range = take_range(set, &index);

        if (shown == RANGES_MAX)
            rest++;
        else
            put_item(text, indent, shown++ == 0, vw_range_format(range, buffer));
    }
    put_rest(text, indent, rest);
    vw_text_line(text);
}

static void put_ports(struct vw_text *text, const char *label,
                      const struct vw_port_set *set)
{
    char item[24];
    size_t i, indent;

    vw_text_pad(text, WHAT_COLUMN);
    vw_text_put(text, label);
    indent = text->column;
    for (i = 0; i < set->count && i < RANGES_MAX; i++) {
        if (set->items[i].first == set->items[i].last)
            snprintf(item, sizeof item, "%u", set->items[i].first);
        else
            snprintf(item, sizeof item, "%u-%u", set->items[i].first, set->items[i].last);
        put_item(text, indent, i == 0, item);
    }
    put_rest(text, indent, set->count - i);
    vw_text_line(text);
}

static bool prefixes_equal(const struct vw_prefix_set *a, const struct vw_prefix_set *b)
{
    size_t i;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++)
        if (!vw_prefix_equal(a->items[i], b->items[i]))
            return false;
    return true;
}

static bool ports_equal(const struct vw_port_set *a, const struct vw_port_set *b)
{
    size_t i;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++)
        if (a->items[i].first != b->items[i].first ||
            a->items[i].last != b->items[i].last)
            return false;
    return true;
}

/* Which sets tell the parts apart; the others are the question's own. */
struct differs {
    bool from, to, source_ports, ports;
};

static struct differs pieces_differ(const struct vw_trace *trace)
{
    struct differs differs = {false, false, false, false};
    const struct vw_piece *first = &trace->pieces[0];
    size_t i;

    for (i = 1; i < trace->piece_count; i++) {
        const struct vw_piece *piece = &trace->pieces[i];

        differs.from |= !prefixes_equal(&piece->from, &first->from);
        differs.to |= !prefixes_equal(&piece->to, &first->to);
        differs.source_ports |= !ports_equal(&piece->source_ports, &first->source_ports);
        differs.ports |= !ports_equal(&piece->ports, &first->ports);
    }
    return differs;
}

/* "blocked by 1, 3: NO_ROUTE_TO_DESTINATION, SG_HAS_NO_RULES" */
static void put_reasons(struct vw_text *text, const struct vw_trace *trace,
                        const struct vw_piece *piece)
{
    char item[80];
    size_t i, shown = 0;

    if (!piece->blocker_count && !piece->unknown_count)
        return;
    vw_text_pad(text, WHAT_COLUMN);
    vw_text_put(text, "why ");
    for (i = 0; i < piece->blocker_count && shown < RANGES_MAX; i++) {
        snprintf(item, sizeof item, "%td %s", piece->blockers[i] - trace->blockers + 1,
                 vw_reason_code(piece->blockers[i]->reason));
        put_item(text, WHAT_COLUMN + 4, shown++ == 0, item);
    }
    for (i = 0; i < piece->unknown_count && shown < RANGES_MAX; i++) {
        snprintf(item, sizeof item, "?%td %s", piece->unknowns[i] - trace->unknowns + 1,
                 vw_reason_code(piece->unknowns[i]->reason));
        put_item(text, WHAT_COLUMN + 4, shown++ == 0, item);
    }
    put_rest(text, WHAT_COLUMN + 4, piece->blocker_count + piece->unknown_count - shown);
    vw_text_line(text);
}

static void text_piece(struct vw_text *text, const struct vw_trace *trace, size_t index,
                       const struct differs *differs)
{
    const struct vw_piece *piece = &trace->pieces[index];
    char number[24];

    snprintf(number, sizeof number, "%3zu. ", index + 1);
    vw_text_put(text, number);
    vw_text_painted(text, vw_text_verdict_paint(piece->verdict),
                    vw_verdict_slug(piece->verdict));
    if (differs->from)
        put_prefixes(text, "from ", &piece->from);
    if (differs->to)
        put_prefixes(text, "to ", &piece->to);
    if (differs->ports && piece->ports.count)
        put_ports(text, "port ", &piece->ports);
    if (differs->source_ports && piece->source_ports.count)
        put_ports(text, "from port ", &piece->source_ports);
    put_reasons(text, trace, piece);
    if (text->column)
        vw_text_line(text);
}

/* The part whose packet the legs show. */
static void text_example(struct vw_text *text, const struct vw_trace *trace)
{
    size_t i;

    for (i = 0; i < trace->piece_count; i++) {
        if (trace->pieces[i].forward.steps != trace->forward.steps)
            continue;
        vw_text_line(text);
        vw_text_put(text, "What one packet of part ");
        vw_text_number(text, i + 1);
        vw_text_put(text, " meets:");
        vw_text_line(text);
        return;
    }
}

void vw_text_pieces(struct vw_text *text, const struct vw_trace *trace)
{
    struct differs differs;
    size_t i;

    if (trace->piece_count < 2)
        return;
    differs = pieces_differ(trace);
    vw_text_heading(text, "Which part fares how");
    vw_text_line(text);
    for (i = 0; i < trace->piece_count && i < VW_TEXT_ITEMS_MAX; i++)
        text_piece(text, trace, i, &differs);
    vw_text_left_out(text, 5, trace->piece_count);
    text_example(text, trace);
}
