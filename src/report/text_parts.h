/* Pieces of text that several reports hold. */
#ifndef VW_REPORT_TEXT_PARTS_H
#define VW_REPORT_TEXT_PARTS_H

#include <vpcwhy/crosscheck.h>
#include <vpcwhy/journey.h>
#include <vpcwhy/trace.h>

#include "report/text_writer.h"

/* Longer lists are cut in text, and say where the rest is. */
#define VW_TEXT_ITEMS_MAX 40

enum vw_paint vw_text_verdict_paint(enum vw_verdict verdict);

/* "BLOCKED", ... painted. */
void vw_text_verdict(struct vw_text *text, enum vw_verdict verdict);

/* "CONSISTENT", ... painted. */
void vw_text_conclusion(struct vw_text *text, enum vw_conclusion conclusion);

/* "10.1.10.14 -> 10.2.2.61": `from` and `to` of the trace, bare. */
void vw_text_ends(struct vw_text *text, const struct vw_trace *trace);

/* "BLOCKED  10.1.10.14 (instance-1, eni-...) -> 10.2.2.61  icmp echo request". Ends the
 * line. */
void vw_text_head(struct vw_text *text, const struct vw_trace *trace);

/* The same behind the verdict. */
void vw_text_question(struct vw_text *text, const struct vw_trace *trace);

/* "request" for what A sends, "reply" for what comes back. */
const char *vw_text_direction(enum vw_direction direction);

/* "1. sentence" from `indent` on, and below it code, component, direction and place. */
void vw_text_blocker(struct vw_text *text, size_t indent, size_t number,
                     const struct vw_blocker *blocker);
void vw_text_unknown(struct vw_text *text, size_t indent, size_t number,
                     const struct vw_unknown *unknown);

/* The same without the sentence. */
void vw_text_blocker_place(struct vw_text *text, size_t indent,
                           const struct vw_blocker *blocker);
void vw_text_unknown_place(struct vw_text *text, size_t indent,
                           const struct vw_unknown *unknown);

/* "file: /pointer", nothing where there is no file. */
void vw_text_place(struct vw_text *text, struct vw_place_in_export place);

/* "... and 12 more (all of them with --format json)", where count is beyond the maximum. */
void vw_text_left_out(struct vw_text *text, size_t indent, size_t count);

/* The legs, hop by hop. */
void vw_text_legs(struct vw_text *text, const struct vw_trace *trace);

/* The parts of a set; nothing where all of it fares alike. */
void vw_text_pieces(struct vw_text *text, const struct vw_trace *trace);

/* A flow that captures have together, with what became of it and why; the captures. */
void vw_text_journey(struct vw_text *text, const struct vw_journeys *journeys,
                     const struct vw_journey *journey);
void vw_text_witnesses(struct vw_text *text, const struct vw_journeys *journeys);

#endif
