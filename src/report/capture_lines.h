/* The lines of a capture's text, one thing each. */
#ifndef VW_REPORT_CAPTURE_LINES_H
#define VW_REPORT_CAPTURE_LINES_H

#include <vpcwhy/capture.h>

#include "report/text_writer.h"

#define VW_DURATION_TEXT 32

/* "0.053 ms", "12.3 ms", "1.800 s". */
const char *vw_duration_format(int64_t duration, char buffer[VW_DURATION_TEXT]);

void vw_text_say(struct vw_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of its own below a thing, wrapped. */
void vw_text_detail(struct vw_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Nothing that anybody would look into. */
bool vw_echo_is_good(const struct vw_echo_series *series);
bool vw_talk_is_good(enum vw_talk outcome);

void vw_text_echo(struct vw_text *text, const struct vw_capture *capture, size_t index,
                  const struct vw_echo_series *series);
void vw_text_talk(struct vw_text *text, const struct vw_capture *capture, size_t index,
                  const struct vw_conversation *talk);
void vw_text_error(struct vw_text *text, size_t indent,
                   const struct vw_icmp_error *error);

#endif
