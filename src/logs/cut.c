/*
 * Files to pieces. The thread that began the scan goes through the files: small ones it
 * gives to the pool as they are, large ones and streams it cuts.
 */
#include <string.h>

#include "logs/pieces.h"
#include "logs/rows.h"

/* What was read of a stream since the last time. */
static void tell_progress(struct vw_log_source *source)
{
    uint64_t stored = source->input ? vw_input_stored(source->input) : source->offset;

    vw_log_progress(source->scan, stored - source->told);
    source->told = stored;
}

static int cut_plain(struct vw_log_pieces *pieces, struct vw_log_source *source)
{
    struct vw_log_scan *scan = source->scan;
    uint64_t offset;
    int error = 0;

    for (offset = 0; !error && offset < source->stored.size && !vw_log_failed(scan);
         offset += VW_LOG_PIECE) {
        struct vw_log_piece *piece;

        error = vw_log_piece_take(pieces, VW_LOG_PIECE_RANGE, &piece);
        if (error)
            break;
        piece->offset = offset;
        vw_log_piece_add(piece, source);
        vw_log_progress(scan, VW_LOG_PIECE);
    }
    return error;
}

/* What `piece` holds and the rest of the stream. */
static int cut_stream(struct vw_log_pieces *pieces, struct vw_log_source *source,
                      struct vw_log_piece *piece)
{
    int error = 0;

    while (!error && piece->size > 0 && !vw_log_failed(source->scan)) {
        size_t lines = vw_log_stream_lines(source, piece->buffer, piece->size);
        struct vw_log_piece *next;

        error = vw_log_piece_take(pieces, VW_LOG_PIECE_LINES, &next);
        if (error)
            break;
        next->size = piece->size - lines;
        memcpy(next->buffer, piece->buffer + lines, next->size);
        piece->size = lines;
        vw_log_piece_add(piece, source);
        piece = next;
        error = vw_log_stream_fill(source, piece->buffer, &piece->size);
        tell_progress(source);
    }
    vw_log_piece_give_back(piece);
    return error;
}

/* Documents of these bytes; runs that are large enough go to workers. */
static int cut_bytes(struct vw_log_pieces *pieces, struct vw_log_source *source,
                     struct vw_log_cutter *cutter, struct vw_slice bytes,
                     struct vw_log_piece **piece)
{
    int error = 0;

    while (!error && bytes.size > 0) {
        size_t taken;

        error = vw_log_cutter_take(cutter, bytes, &(*piece)->run, &taken);
        bytes = (struct vw_slice){bytes.data + taken, bytes.size - taken};
        if (error || (*piece)->run.text.count < cutter->most)
            continue;
        vw_log_piece_add(*piece, source);
        *piece = NULL;
        error = vw_log_piece_take(pieces, VW_LOG_PIECE_RUN, piece);
    }
    return error;
}

/* The documents of a source, the first bytes of which are `head`. */
static int cut_json(struct vw_log_pieces *pieces, struct vw_log_source *source,
                    struct vw_log_piece *head)
{
    struct vw_log_cutter cutter;
    struct vw_log_piece *piece = NULL;
    size_t skipped =
        head->size >= 3 && memcmp(head->buffer, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t size = head->size - skipped;
    const char *data = head->buffer + skipped;
    int error = vw_log_piece_take(pieces, VW_LOG_PIECE_RUN, &piece);

    vw_log_cutter_start(&cutter, VW_LOG_PIECE);
    while (!error && size > 0 && !vw_log_failed(source->scan)) {
        error = cut_bytes(pieces, source, &cutter, (struct vw_slice){data, size}, &piece);
        data = head->buffer;
        if (!error)
            error = vw_log_stream_read(source, head->buffer, VW_LOG_PIECE, &size);
        tell_progress(source);
    }
    if (!error)
        error = vw_log_cutter_end(&cutter, &piece->run);
    if (piece && !error)
        vw_log_piece_add(piece, source);
    else if (piece)
        vw_log_piece_give_back(piece);
    vw_log_cutter_free(&cutter);
    vw_log_piece_give_back(head);
    return error;
}

static int cut_rows(struct vw_log_pieces *pieces, struct vw_log_source *source,
                    struct vw_log_piece *head)
{
    struct vw_slice bytes = {head->buffer, head->size};
    uint64_t rows, row = 0;
    int error = vw_log_rows_open(source, bytes, &rows);

    vw_log_piece_give_back(head);
    while (!error && row < rows && !vw_log_failed(source->scan)) {
        struct vw_log_piece *piece;

        error = vw_log_piece_take(pieces, VW_LOG_PIECE_ROWS, &piece);
        if (error)
            break;
        piece->offset = row;
        row = vw_log_rows_next(source, row);
        vw_log_piece_add(piece, source);
    }
    return error;
}

/* What one worker reads: this thread's, when all before it was read. */
static int read_whole(struct vw_log_source *source, enum vw_log_shape shape,
                      struct vw_log_piece *head)
{
    struct vw_log_worker *worker = &source->scan->workers[0];
    size_t size = head->size;
    int error;

    vw_pool_wait(source->scan->pool);
    memcpy(worker->buffer, head->buffer, size);
    vw_log_piece_give_back(head);
    vw_log_worker_turn_to(worker, source);
    error = vw_log_source_read(worker, shape, size);
    vw_log_source_count(worker);
    return error;
}

static int cut_source(struct vw_log_pieces *pieces, struct vw_log_source *source,
                      bool may_wait)
{
    enum vw_log_shape shape;
    struct vw_log_piece *head;
    int error = vw_log_piece_take(pieces, VW_LOG_PIECE_LINES, &head);

    if (error)
        return error;
    error = vw_log_stream_fill(source, head->buffer, &head->size);
    if (error) {
        vw_log_piece_give_back(head);
        return error;
    }
    shape = vw_log_source_look(source, head->buffer, head->size);
    if (shape == VW_LOG_SHAPE_TEXT && source->stored.descriptor < 0)
        return cut_stream(pieces, source, head);
    if (shape == VW_LOG_SHAPE_TEXT) {
        vw_log_piece_give_back(head);
        return cut_plain(pieces, source);
    }
    if (may_wait && (shape == VW_LOG_SHAPE_JSON || shape == VW_LOG_SHAPE_EVENTS_TEXT)) {
        vw_log_piece_give_back(head);
        return vw_log_put_off(source);
    }
    if (shape == VW_LOG_SHAPE_JSON)
        return cut_json(pieces, source, head);
    if (shape == VW_LOG_SHAPE_PARQUET)
        return cut_rows(pieces, source, head);
    return read_whole(source, shape, head);
}

int vw_log_pieces_cut_file(struct vw_log_pieces *pieces, uint32_t number, bool may_wait)
{
    struct vw_log_source *source;
    int error = vw_log_source_open(vw_log_pieces_scan(pieces), number, &source);

    if (error)
        return error == VW_ERROR_INPUT ? 0 : error;
    error = cut_source(pieces, source, may_wait);
    vw_log_source_release(source);
    return error;
}

int vw_log_pieces_add_file(struct vw_log_pieces *pieces, uint32_t number)
{
    struct vw_log_piece *piece;
    int error = vw_log_piece_take(pieces, VW_LOG_PIECE_FILE, &piece);

    if (error)
        return error;
    piece->number = number;
    vw_log_piece_add(piece, NULL);
    return 0;
}
