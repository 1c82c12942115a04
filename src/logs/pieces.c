/*
 * Pieces to workers. A piece is free again when it was read; there are as many as can wait
 * and run at a time, and two more, so that one is always free for who cuts.
 */
#include "logs/pieces.h"

#include "base/memory.h"
#include "logs/rows.h"

struct vw_log_pieces {
    struct vw_log_scan *scan;
    struct vw_log_piece *items;
    size_t count;
    struct vw_log_piece *free; /* under the scan's lock */
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

/* ---- a worker's part ---- */

static int read_bytes(struct vw_log_worker *worker, struct vw_log_piece *piece)
{
    switch (piece->kind) {
    case VW_LOG_PIECE_RANGE:
        return vw_log_range_read_lines(worker, piece->offset, piece->ticket);
    case VW_LOG_PIECE_LINES:
        return vw_log_text_read(worker, piece->buffer, piece->size, piece->ticket);
    case VW_LOG_PIECE_RUN:
        return vw_log_json_read(worker, &piece->run, piece->ticket);
    case VW_LOG_PIECE_ROWS:
        return vw_log_rows_read(worker, piece->offset);
    case VW_LOG_PIECE_FILE:
        break;
    }
    return 0;
}

static int read_piece(struct vw_log_worker *worker, struct vw_log_piece *piece)
{
    int error = 0;

    if (piece->kind == VW_LOG_PIECE_FILE)
        return vw_log_failed(worker->scan)
                   ? 0
                   : vw_log_file_read(worker, piece->number, true);
    vw_log_worker_turn_to(worker, piece->source);
    if (vw_log_failed(worker->scan)) {
        vw_log_turn_wait(worker->scan, piece->ticket);
        vw_log_turn_pass(worker->scan, piece->ticket);
    } else {
        error = read_bytes(worker, piece);
    }
    vw_log_source_count(worker);
    vw_log_source_release(piece->source);
    return error;
}

void vw_log_piece_give_back(struct vw_log_piece *piece)
{
    struct vw_log_pieces *pieces = piece->owner;

    pthread_mutex_lock(&pieces->scan->lock);
    piece->next = pieces->free;
    pieces->free = piece;
    pthread_mutex_unlock(&pieces->scan->lock);
}

static void run(struct vw_job *job, unsigned number)
{
    struct vw_log_piece *piece = (struct vw_log_piece *)(void *)job;
    struct vw_log_scan *scan = piece->owner->scan;
    int error = read_piece(&scan->workers[number], piece);

    if (error)
        vw_log_fail(scan, error);
    vw_log_piece_give_back(piece);
}

/* ---- who cuts ---- */

int vw_log_piece_take(struct vw_log_pieces *pieces, enum vw_log_piece_kind kind,
                      struct vw_log_piece **ret)
{
    struct vw_log_piece *piece;

    pthread_mutex_lock(&pieces->scan->lock);
    piece = pieces->free;
    pieces->free = piece->next;
    pthread_mutex_unlock(&pieces->scan->lock);
    piece->kind = kind;
    piece->size = 0;
    vw_log_run_clear(&piece->run);
    if (kind == VW_LOG_PIECE_LINES && !piece->buffer)
        piece->buffer = vw_calloc(1, VW_LOG_BUFFER);
    if (kind == VW_LOG_PIECE_LINES && !piece->buffer) {
        vw_log_piece_give_back(piece);
        return VW_ERROR_NO_MEMORY;
    }
    *ret = piece;
    return 0;
}

void vw_log_piece_add(struct vw_log_piece *piece, struct vw_log_source *source)
{
    struct vw_log_scan *scan = piece->owner->scan;

    piece->source = source;
    piece->job.run = run;
    piece->ticket = VW_LOG_NO_TICKET;
    if (piece->kind != VW_LOG_PIECE_FILE)
        vw_log_source_hold(source);
    if (piece->kind != VW_LOG_PIECE_FILE && piece->kind != VW_LOG_PIECE_ROWS)
        piece->ticket = scan->ticket++;
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
    for (i = 0; i < pieces->count; i++) {
        vw_free(pieces->items[i].buffer);
        vw_log_run_free(&pieces->items[i].run);
    }
    vw_free(pieces->items);
    vw_free(pieces);
}

struct vw_log_scan *vw_log_pieces_scan(const struct vw_log_pieces *pieces)
{
    return pieces->scan;
}
