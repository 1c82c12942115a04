/*
 * Files to pieces, pieces to workers. The thread that began the scan goes through the files:
 * small ones it gives to the pool as they are, large ones and streams it cuts. A piece is
 * free again when it was read; there are as many as can wait and run at a time, and one
 * more, so one is always free.
 */
#include "logs/reader.h"

#include <string.h>

#include "base/memory.h"

enum piece_kind {
    PIECE_FILE,  /* a small file: `number` */
    PIECE_RANGE, /* of a plain file, at `offset` */
    PIECE_BYTES, /* in `buffer` */
};

struct piece {
    struct vw_job job;
    struct vw_log_pieces *owner;
    enum piece_kind kind;
    uint32_t number;
    uint64_t ticket;
    uint64_t offset;
    struct vw_log_source *source;
    char *buffer; /* VW_LOG_BUFFER bytes, or NULL until it is needed */
    size_t size;
    struct piece *next;
};

struct vw_log_pieces {
    struct vw_log_scan *scan;
    struct piece *items;
    size_t count;
    struct piece *free; /* under the scan's lock */
};

/* ---- turns ---- */

void vw_log_turn_wait(struct vw_log_scan *scan, uint64_t ticket)
{
    if (ticket == VW_LOG_NO_TICKET)
        return;
    pthread_mutex_lock(&scan->lock);
    while (scan->turn != ticket)
        pthread_cond_wait(&scan->turn_passed, &scan->lock);
    pthread_mutex_unlock(&scan->lock);
}

void vw_log_turn_pass(struct vw_log_scan *scan, uint64_t ticket)
{
    if (ticket == VW_LOG_NO_TICKET)
        return;
    pthread_mutex_lock(&scan->lock);
    scan->turn = ticket + 1;
    pthread_cond_broadcast(&scan->turn_passed);
    pthread_mutex_unlock(&scan->lock);
}

void vw_log_fail(struct vw_log_scan *scan, int error)
{
    pthread_mutex_lock(&scan->lock);
    if (!scan->error)
        scan->error = error;
    pthread_mutex_unlock(&scan->lock);
}

bool vw_log_failed(struct vw_log_scan *scan)
{
    bool failed;

    pthread_mutex_lock(&scan->lock);
    failed = scan->error != 0;
    pthread_mutex_unlock(&scan->lock);
    return failed;
}

/* ---- reading ---- */

static int read_range(struct vw_log_worker *worker, uint64_t offset, uint64_t ticket)
{
    size_t start, size;

    vw_log_range_read(worker->source, offset, worker->buffer, &start, &size);
    return vw_log_text_read(worker, worker->buffer + start, size, ticket);
}

/* The first bytes of a file, in `buffer`; those of a stream stay there. */
static int read_head(struct vw_log_source *source, char *buffer, size_t *ret_size)
{
    *ret_size = 0;
    if (source->descriptor < 0)
        return vw_log_stream_fill(source, buffer, ret_size);
    vw_log_range_head(source, buffer, ret_size);
    return 0;
}

/* Whether it is text; anything else is passed over, or refused by name. */
static bool is_text(struct vw_log_source *source, struct vw_slice head)
{
    const char *why = NULL;

    switch (vw_log_shape_of(head, &why)) {
    case VW_LOG_SHAPE_TEXT:
        return true;
    case VW_LOG_SHAPE_NOTHING:
        source->is_refused = true;
        return false;
    case VW_LOG_SHAPE_REFUSED:
        break;
    }
    source->is_refused = true;
    vw_log_say(source, VW_SEVERITY_ERROR, "unsupported-flow-log", 0, "%s", why);
    return false;
}

/* What is in the worker's buffer, and the rest of the stream. */
static int read_stream(struct vw_log_worker *worker, size_t size)
{
    struct vw_log_source *source = worker->source;
    int error = 0;

    while (!error && size > 0) {
        size_t lines = vw_log_stream_lines(source, worker->buffer, size);

        error = vw_log_text_read(worker, worker->buffer, lines, VW_LOG_NO_TICKET);
        size -= lines;
        memmove(worker->buffer, worker->buffer + lines, size);
        if (!error)
            error = vw_log_stream_fill(source, worker->buffer, &size);
    }
    return error;
}

static int read_source(struct vw_log_worker *worker)
{
    struct vw_log_source *source = worker->source;
    uint64_t offset;
    size_t size;
    int error = read_head(source, worker->buffer, &size);

    if (error || !is_text(source, (struct vw_slice){worker->buffer, size}))
        return error;
    if (source->descriptor < 0)
        return read_stream(worker, size);
    for (offset = 0; !error && offset < source->size; offset += VW_LOG_PIECE)
        error = read_range(worker, offset, VW_LOG_NO_TICKET);
    return error;
}

/* What cannot be opened was said: the other files are read all the same. */
static int read_file(struct vw_log_worker *worker, uint32_t number)
{
    struct vw_log_source *source;
    int error = vw_log_source_open(worker->scan, number, &source);

    if (error)
        return error == VW_ERROR_INPUT ? 0 : error;
    vw_log_worker_turn_to(worker, source);
    error = read_source(worker);
    vw_log_source_count(worker);
    vw_log_source_release(source);
    return error;
}

/* ---- pieces ---- */

static int read_piece(struct vw_log_worker *worker, struct piece *piece)
{
    int error = 0;

    if (piece->kind == PIECE_FILE)
        return read_file(worker, piece->number);
    vw_log_worker_turn_to(worker, piece->source);
    if (vw_log_failed(worker->scan)) {
        vw_log_turn_wait(worker->scan, piece->ticket);
        vw_log_turn_pass(worker->scan, piece->ticket);
    } else if (piece->kind == PIECE_RANGE) {
        error = read_range(worker, piece->offset, piece->ticket);
    } else {
        error = vw_log_text_read(worker, piece->buffer, piece->size, piece->ticket);
    }
    vw_log_source_count(worker);
    vw_log_source_release(piece->source);
    return error;
}

static void give_back(struct piece *piece)
{
    pthread_mutex_lock(&piece->owner->scan->lock);
    piece->next = piece->owner->free;
    piece->owner->free = piece;
    pthread_mutex_unlock(&piece->owner->scan->lock);
}

static void run(struct vw_job *job, unsigned number)
{
    struct piece *piece = (struct piece *)(void *)job;
    struct vw_log_pieces *pieces = piece->owner;
    int error = read_piece(&pieces->scan->workers[number], piece);

    if (error)
        vw_log_fail(pieces->scan, error);
    give_back(piece);
}

static struct piece *take(struct vw_log_pieces *pieces, enum piece_kind kind)
{
    struct piece *piece;

    pthread_mutex_lock(&pieces->scan->lock);
    piece = pieces->free;
    pieces->free = piece->next;
    pthread_mutex_unlock(&pieces->scan->lock);
    piece->kind = kind;
    piece->job.run = run;
    piece->size = 0;
    return piece;
}

static int take_buffer(struct vw_log_pieces *pieces, struct piece **ret)
{
    struct piece *piece = take(pieces, PIECE_BYTES);

    if (!piece->buffer)
        piece->buffer = vw_calloc(1, VW_LOG_BUFFER);
    if (!piece->buffer) {
        give_back(piece);
        return VW_ERROR_NO_MEMORY;
    }
    *ret = piece;
    return 0;
}

static void add(struct piece *piece, struct vw_log_source *source)
{
    struct vw_log_scan *scan = piece->owner->scan;

    piece->source = source;
    piece->ticket = scan->ticket++;
    vw_log_source_hold(source);
    vw_pool_add(scan->pool, &piece->job);
}

int vw_log_pieces_create(struct vw_log_scan *scan, struct vw_log_pieces **ret)
{
    struct vw_log_pieces *pieces = vw_calloc(1, sizeof *pieces);
    size_t i;

    if (!pieces)
        return VW_ERROR_NO_MEMORY;
    pieces->scan = scan;
    /* Two a thread wait and one runs; two are in the hands of who cuts. */
    pieces->count = 3 * (size_t)scan->worker_count + 2;
    pieces->items = vw_calloc(pieces->count, sizeof *pieces->items);
    if (!pieces->items) {
        vw_free(pieces);
        return VW_ERROR_NO_MEMORY;
    }
    for (i = 0; i < pieces->count; i++) {
        pieces->items[i].owner = pieces;
        pieces->items[i].next = pieces->free;
        pieces->free = &pieces->items[i];
    }
    *ret = pieces;
    return 0;
}

void vw_log_pieces_free(struct vw_log_pieces *pieces)
{
    size_t i;

    if (!pieces)
        return;
    for (i = 0; i < pieces->count; i++)
        vw_free(pieces->items[i].buffer);
    vw_free(pieces->items);
    vw_free(pieces);
}

void vw_log_pieces_add_file(struct vw_log_pieces *pieces, uint32_t number)
{
    struct piece *piece = take(pieces, PIECE_FILE);

    piece->number = number;
    vw_pool_add(pieces->scan->pool, &piece->job);
}

/* ---- cutting ---- */

static void cut_plain(struct vw_log_pieces *pieces, struct vw_log_source *source)
{
    uint64_t offset;

    for (offset = 0; offset < source->size && !vw_log_failed(pieces->scan);
         offset += VW_LOG_PIECE) {
        struct piece *piece = take(pieces, PIECE_RANGE);

        piece->offset = offset;
        add(piece, source);
        vw_log_progress(pieces->scan, VW_LOG_PIECE);
    }
}

/* What `piece` holds and the rest of the stream; the piece is given back or added. */
static int cut_stream(struct vw_log_pieces *pieces, struct vw_log_source *source,
                      struct piece *piece)
{
    while (piece->size > 0 && !vw_log_failed(pieces->scan)) {
        size_t lines = vw_log_stream_lines(source, piece->buffer, piece->size);
        struct piece *next;
        int error = take_buffer(pieces, &next);

        if (error) {
            give_back(piece);
            return error;
        }
        next->size = piece->size - lines;
        memcpy(next->buffer, piece->buffer + lines, next->size);
        piece->size = lines;
        add(piece, source);
        piece = next;
        error = vw_log_stream_fill(source, piece->buffer, &piece->size);
        if (error) {
            give_back(piece);
            return error;
        }
    }
    give_back(piece);
    return 0;
}

static int cut_source(struct vw_log_pieces *pieces, struct vw_log_source *source)
{
    struct piece *piece;
    int error = take_buffer(pieces, &piece);

    if (error)
        return error;
    error = read_head(source, piece->buffer, &piece->size);
    if (error || !is_text(source, (struct vw_slice){piece->buffer, piece->size})) {
        give_back(piece);
        return error;
    }
    if (source->descriptor < 0)
        return cut_stream(pieces, source, piece);
    give_back(piece);
    cut_plain(pieces, source);
    return 0;
}

int vw_log_pieces_cut_file(struct vw_log_pieces *pieces, uint32_t number)
{
    struct vw_log_source *source;
    int error = vw_log_source_open(pieces->scan, number, &source);

    if (error)
        return error == VW_ERROR_INPUT ? 0 : error;
    error = cut_source(pieces, source);
    vw_log_source_release(source);
    return error;
}
