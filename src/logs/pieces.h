/* Pieces of files on their way to workers. */
#ifndef VW_LOGS_PIECES_H
#define VW_LOGS_PIECES_H

#include "logs/json_read.h"
#include "logs/reader.h"

enum vw_log_piece_kind {
    VW_LOG_PIECE_FILE,  /* a small file: `number` */
    VW_LOG_PIECE_RANGE, /* of a plain file, at `offset` */
    VW_LOG_PIECE_LINES, /* whole lines, in `buffer` */
    VW_LOG_PIECE_RUN,   /* whole JSON documents */
    VW_LOG_PIECE_ROWS,  /* of a Parquet file, from `offset` on */
};

struct vw_log_piece {
    struct vw_job job;
    struct vw_log_pieces *owner;
    enum vw_log_piece_kind kind;
    uint32_t number;
    uint64_t offset;
    uint64_t ticket;
    struct vw_log_source *source;
    char *buffer; /* VW_LOG_BUFFER bytes */
    size_t size;
    struct vw_log_run run;
    struct vw_log_piece *next;
};

struct vw_log_scan *vw_log_pieces_scan(const struct vw_log_pieces *pieces);

/* A free piece, empty. 0 or VW_ERROR_NO_MEMORY. */
int vw_log_piece_take(struct vw_log_pieces *pieces, enum vw_log_piece_kind kind,
                      struct vw_log_piece **ret);

/* Not needed after all. */
void vw_log_piece_give_back(struct vw_log_piece *piece);

/* To be read; the pool's from now on. */
void vw_log_piece_add(struct vw_log_piece *piece, struct vw_log_source *source);

#endif
