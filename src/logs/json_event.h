/* The events in JSON documents: of CloudWatch Logs, of subscriptions, of Firehose, and the
 * rows of Logs Insights' results. */
#ifndef VW_LOGS_JSON_EVENT_H
#define VW_LOGS_JSON_EVENT_H

#include "base/json.h"
#include "logs/reader.h"

/* A log event, a row, or damage. */
struct vw_log_event {
    struct vw_json value;          /* an object, a string, or a row: a list of fields */
    struct vw_slice stream, group; /* of the envelope */
    uint64_t line;                 /* of the document in the file */
    uint64_t id;                   /* a hash; 0: none */
    const char *damage;
    bool is_row, is_repeated;
};

struct vw_log_events {
    struct vw_log_worker *worker;
    struct vw_log_event_list VW_ARRAY(struct vw_log_event) items;
    struct VW_ARRAY(struct vw_json) documents; /* to be released */
    uint64_t first;                            /* number of the first event */
    bool has_pages;     /* pages of events are among the documents, */
    bool names_another; /* and the last one names another */
};

/* Adds what is in a document. VW_ERROR_INPUT where it is no JSON. */
int vw_log_events_parse(struct vw_log_events *events, struct vw_slice text,
                        uint64_t line);

/* Puts the records of all into the worker's batch. */
int vw_log_events_emit(struct vw_log_events *events);

void vw_log_events_free(struct vw_log_events *events);

#endif
