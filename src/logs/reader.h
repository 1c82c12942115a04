/*
 * The parts of the scan. A *source* is a file that is being read; its bytes are cut into
 * *pieces* of whole lines or whole JSON documents, each of which one *worker* reads into
 * batches. Pieces that are cut by the thread that began the scan carry tickets: what
 * follows from the order of a file (the number of a line, the header in effect, which of
 * two copies of an event counts) is settled in the order of the tickets, and only that
 * waits; everything else runs side by side. Small files are each read by one worker.
 */
#ifndef VW_LOGS_READER_H
#define VW_LOGS_READER_H

#include <pthread.h>

#include "base/arena.h"
#include "base/pool.h"
#include "base/stored.h"
#include "logs/ids.h"
#include "logs/scan.h"

/* A piece of a file, and the most that a file has which one worker reads. */
#define VW_LOG_PIECE ((size_t)256 << 10)
#define VW_LOG_SMALL_FILE ((uint64_t)4 << 20)

/* Longest record in text: the format of VPC flow logs stays far below. */
#define VW_LOG_LINE_MAX VW_LINE_MAX

/* What stands before and behind a piece in its buffer. */
#define VW_LOG_MARGIN ((size_t)128)

/* Damaged records of one file that are shown; the others are only counted. */
#define VW_LOG_DAMAGED_SHOWN 3
#define VW_LOG_DAMAGE_TEXT 192

/* Rows that a query of Logs Insights gives where it has no limit of its own. */
#define VW_LOG_RESULT_ROWS 10000

/* Header lines of one file that differ. */
#define VW_LOG_LAYOUTS_MAX 256

/* Where a layout comes from. */
enum vw_log_authority {
    VW_LOG_HEADER,  /* the file's header line, or the names of an Insights result */
    VW_LOG_GIVEN,   /* the options or an exported flow log */
    VW_LOG_ASSUMED, /* the default format */
};

/* A layout with what the sink wants of it. */
struct vw_log_columns {
    struct vw_log_layout layout;
    enum vw_log_authority authority;
    bool *wanted;        /* [layout.count] */
    uint32_t *wanted_at; /* [wanted_count]: the columns that are */
    size_t wanted_count;
    struct vw_slice path_stream; /* of the source */
    struct vw_log_columns *next; /* of the same source */
};

struct vw_log_source;
struct vw_log_table;
struct vw_log_names; /* names of columns, which files share */

/* Everything of one scan. */
struct vw_log_scan {
    const struct vw_log_options *options;
    const struct vw_log_sink *sink;
    struct vw_pool *pool;
    struct vw_log_worker *workers;
    unsigned worker_count;
    pthread_mutex_t lock; /* of all below, and of what sources share */
    pthread_cond_t turn_passed;
    uint64_t turn;   /* the ticket whose turn it is */
    uint64_t ticket; /* the next one */
    int error;       /* the first one that ends the scan */
    pthread_mutex_t layout_lock;
    struct vw_arena arena; /* layouts, under layout_lock */
    struct vw_log_names *names;
    uint32_t layouts;
    struct vw_arena path_arena;
    struct vw_log_file *files; /* [file_count], in their order */
    uint32_t file_count;
    struct vw_diagnostics **said; /* [file], NULL: nothing */
    struct vw_log_totals totals;
    bool read_some;                    /* a header or a record of any file */
    struct vw_log_ids ids;             /* in turn */
    struct VW_ARRAY(uint32_t) put_off; /* numbers of files */
    uint64_t bytes_done, bytes_total;
};

/* A damaged record that is shown. */
struct vw_log_damaged {
    uint64_t line;
    char text[VW_LOG_DAMAGE_TEXT];
};

/* What was said of a part of a file that is read in any order. */
struct vw_log_later {
    uint64_t order;
    struct vw_diagnostics *said;
};

/* One file while it is being read. */
struct vw_log_source {
    struct vw_log_scan *scan;
    struct vw_log_file *file;   /* lives as long as the scan */
    struct vw_stored stored;    /* a plain file; the descriptor of any other is -1 */
    struct vw_input *input;     /* of any other */
    uint64_t size;              /* as stored; 0: not known */
    uint64_t offset;            /* of the next piece of a plain file */
    uint64_t told;              /* stored bytes of which progress was told */
    bool at_end;                /* of the input */
    bool has_tabs;              /* between records */
    bool is_long;               /* the rest of a line that is too long is to be dropped */
    struct vw_log_table *table; /* Parquet, else NULL */
    struct vw_diagnostics *said;       /* under the scan's lock */
    struct vw_diagnostics *input_said; /* by the input */
    struct vw_slice path_stream;       /* the log stream that the path names */

    /* In the order of the file: who has the turn, or the one worker that reads it. */
    uint64_t line; /* of the next piece's first */
    struct vw_log_columns *columns;
    bool is_begun;   /* a line that is not blank was met */
    bool is_refused; /* the rest is passed over: it was said why */

    /* Under the scan's lock. */
    unsigned holders; /* pieces and the thread that cuts them */
    struct vw_log_columns *all_columns;
    size_t columns_count;
    struct VW_ARRAY(struct vw_log_later) later;
    uint64_t records, damaged, repeated;
    uint64_t lost;    /* records that are damaged, and were said to be as a whole */
    uint64_t assumed; /* records read by the default format */
    struct vw_log_damaged shown[VW_LOG_DAMAGED_SHOWN];
    uint64_t last_damaged; /* the line of it */
    bool has_header;
    bool is_result;     /* rows of Logs Insights */
    bool has_more;      /* the last page of events names another one */
    bool is_put_off;    /* nothing is said of it yet */
    bool counts_events; /* places are told by events, not lines */
};

/* What a worker has at hand: batches are filled here. */
struct vw_log_worker {
    struct vw_log_scan *scan;
    struct vw_log_source *source;
    unsigned number;
    char *buffer; /* VW_LOG_BUFFER bytes, for a piece that the worker reads itself */
    struct vw_log_marks *marks; /* of a piece's text */
    struct vw_log_places *places;
    const struct vw_log_columns *columns; /* of the batch */
    struct vw_slice *cells;
    struct vw_log_origin *origins;
    size_t capacity; /* records of the batch */
    size_t count;
    bool is_dirty; /* an origin of the batch has more than a line and a message */
    uint64_t records, repeated, assumed; /* not yet added to the source's */
    struct vw_arena arena;               /* texts of one piece */
    struct vw_log_choice {
        struct vw_log_columns *columns; /* NULL: none yet */
        struct vw_slice stream, group;
        bool is_gateway;
    } choice; /* the last one for records without a header */
};

/* ---- source.c ---- */

/* Opens the scan's file of that number and holds it. */
int vw_log_source_open(struct vw_log_scan *scan, uint32_t number,
                       struct vw_log_source **ret);
void vw_log_source_hold(struct vw_log_source *source);

/* Its records stand under names of their own, which are perhaps those of a query. */
void vw_log_source_has_header(struct vw_log_source *source, bool is_result);

/* At the last one the file is reported on and closed. Accepts NULL. */
void vw_log_source_release(struct vw_log_source *source);

/* Adds what the worker counted to its source. */
void vw_log_source_count(struct vw_log_worker *worker);

/* A diagnostic about the file. */
void vw_log_say(struct vw_log_source *source, enum vw_severity severity, const char *code,
                uint64_t line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Diagnostics, which are the source's from now on, that come in the order of the file. */
int vw_log_say_later(struct vw_log_source *source, uint64_t order,
                     struct vw_diagnostics *said);

/* Records that could not be read, which was said. */
void vw_log_lost(struct vw_log_worker *worker, uint64_t records);

/* Counts a damaged record, and shows it where it is among the first. */
void vw_log_damaged(struct vw_log_worker *worker, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- layout.c ---- */

/* The layout of the source with these names, made where there is none yet. */
int vw_log_columns_get(struct vw_log_source *source, const struct vw_slice *names,
                       size_t count, enum vw_log_authority authority,
                       struct vw_log_columns **ret, bool *ret_is_new);

/* From a header line or a LogFormat. VW_ERROR_INPUT, with a diagnostic, where it has too
 * many columns or none that is known. */
int vw_log_columns_read(struct vw_log_source *source, struct vw_slice text, uint64_t line,
                        enum vw_log_authority authority, struct vw_log_columns **ret);

/* For a record of a file without a header: what was given, what the export knows of its
 * log stream, or the default format. */
int vw_log_columns_choose(struct vw_log_source *source, struct vw_slice record,
                          struct vw_slice stream, struct vw_slice group,
                          struct vw_log_columns **ret);

/* Whether it is one by its second word: "6 TransitGateway ...". */
bool vw_log_is_gateway_record(struct vw_slice record);

/* As vw_log_columns_fit, of an assumed layout. */
bool vw_log_columns_fit_default(const struct vw_log_columns *columns,
                                const struct vw_slice *cells);

/* Whether the cells can be those of the layout, which was perhaps only assumed. */
static inline bool vw_log_columns_fit(const struct vw_log_columns *columns,
                                      const struct vw_slice *cells)
{
    return columns->authority != VW_LOG_ASSUMED ||
           vw_log_columns_fit_default(columns, cells);
}

/* ---- batch.c ---- */

int vw_log_worker_start(struct vw_log_worker *worker, struct vw_log_scan *scan,
                        unsigned number);
void vw_log_worker_free(struct vw_log_worker *worker);

/* The worker's records are the source's from now on. */
void vw_log_worker_turn_to(struct vw_log_worker *worker, struct vw_log_source *source);

/* Makes `columns` those of the batch: what is there in others goes to the sink. */
int vw_log_batch_begin(struct vw_log_worker *worker,
                       const struct vw_log_columns *columns);

/* The next record, whose cells stand in the batch, is complete. */
int vw_log_batch_add(struct vw_log_worker *worker, const struct vw_log_origin *origin);

/* Hands what is there to the sink. */
int vw_log_batch_flush(struct vw_log_worker *worker);

/* As flush, with records that stand elsewhere. */
int vw_log_batch_hand_on(struct vw_log_worker *worker,
                         const struct vw_log_columns *columns,
                         const struct vw_slice *cells,
                         const struct vw_log_origin *origins, size_t count);

/* ---- shape.c ---- */

/* What a file holds. */
enum vw_log_shape {
    VW_LOG_SHAPE_NOTHING,     /* to be passed over */
    VW_LOG_SHAPE_TEXT,        /* lines */
    VW_LOG_SHAPE_CSV,         /* of the console */
    VW_LOG_SHAPE_JSON,        /* documents */
    VW_LOG_SHAPE_EVENTS_TEXT, /* rows of the CLI */
    VW_LOG_SHAPE_PARQUET,
    VW_LOG_SHAPE_REFUSED, /* *ret_why */
};

/* Whether text has tabs between its records, as --query 'events[].message' --output text
 * prints them: all words of a line, cut at its tabs, come to as many a part. */
bool vw_log_has_tabs(struct vw_slice head);

/* By the first bytes of it. */
enum vw_log_shape vw_log_shape_of(struct vw_slice head, const char **ret_why);

/* ---- stream.c ---- */

/* The next bytes of a file, up to `size`; *ret_size 0 at its end. Damage of a stream was
 * said by its input, and ends it. */
int vw_log_stream_read(struct vw_log_source *source, char *buffer, size_t size,
                       size_t *ret_size);

/* Reads on behind the *size bytes that are in `buffer` until VW_LOG_PIECE are there or the
 * file ends. */
int vw_log_stream_fill(struct vw_log_source *source, char *buffer, size_t *size);

/* Makes lines of what has tabs between its records. */
void vw_log_untab(const struct vw_log_source *source, char *data, size_t size);

/* How many of `size` bytes are whole lines, all at the end of the file; a line that is too
 * long is cut, and the rest of it will be dropped. */
size_t vw_log_stream_lines(struct vw_log_source *source, const char *buffer, size_t size);

/* The lines that begin in the piece of a plain file at `offset`: where they stand in
 * `buffer`, which has VW_LOG_BUFFER bytes. */
void vw_log_range_read(struct vw_log_source *source, uint64_t offset, char *buffer,
                       size_t *ret_start, size_t *ret_size);

#define VW_LOG_BUFFER (VW_LOG_PIECE + VW_LOG_LINE_MAX + VW_LOG_MARGIN)

/* ---- text.c ---- */

/* No ticket: the worker reads the whole file. */
#define VW_LOG_NO_TICKET UINT64_MAX

/* Reads lines. VW_LOG_MARGIN bytes behind them can be read, and the first one written. */
int vw_log_text_read(struct vw_log_worker *worker, char *data, size_t size,
                     uint64_t ticket);

/* A line that is not plainly a record. */
int vw_log_text_odd(struct vw_log_worker *worker, struct vw_slice line, uint64_t number);

/* A record in text without a header, and what is known of it. */
int vw_log_record_take(struct vw_log_worker *worker, struct vw_slice record,
                       const struct vw_log_origin *origin);

/* ---- read.c ---- */

/* What the source holds, by its first bytes, of which lines may be made; what is refused is
 * said. */
enum vw_log_shape vw_log_source_look(struct vw_log_source *source, char *head,
                                     size_t size);

/* Reads a file. One whose events may be copies of others' is put off until the other files
 * were read (`may_wait`). */
int vw_log_file_read(struct vw_log_worker *worker, uint32_t number, bool may_wait);

/* Puts a file off. */
int vw_log_put_off(struct vw_log_source *source);

/* The rest of a source, the first `size` bytes of which are in the worker's buffer. */
int vw_log_source_read(struct vw_log_worker *worker, enum vw_log_shape shape,
                       size_t size);

/* The lines of a plain file that begin in its piece at `offset`. */
int vw_log_range_read_lines(struct vw_log_worker *worker, uint64_t offset,
                            uint64_t ticket);

/* ---- pieces.c ---- */

struct vw_log_pieces;
int vw_log_pieces_create(struct vw_log_scan *scan, struct vw_log_pieces **ret);
void vw_log_pieces_free(struct vw_log_pieces *pieces);

/* A small file, read by one worker. */
int vw_log_pieces_add_file(struct vw_log_pieces *pieces, uint32_t number);

/* A file that is cut by this thread, or put off. */
int vw_log_pieces_cut_file(struct vw_log_pieces *pieces, uint32_t number, bool may_wait);

/* Waits until it is the ticket's turn; each ticket must be passed on. */
void vw_log_turn_wait(struct vw_log_scan *scan, uint64_t ticket);
void vw_log_turn_pass(struct vw_log_scan *scan, uint64_t ticket);

/* So many bytes more were given away. */
void vw_log_progress(struct vw_log_scan *scan, uint64_t bytes);

/* Keeps the first error of a scan. */
void vw_log_fail(struct vw_log_scan *scan, int error);
bool vw_log_failed(struct vw_log_scan *scan);

#endif
