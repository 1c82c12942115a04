/*
 * Records as lines of text. A piece of a file is first looked over for its line ends and
 * for header lines, which may stand in the middle where files were put together; then, in
 * the order of the file, it is told its first line's number and the columns in effect; then
 * its lines are cut at blanks, straight into the cells of a batch. What is not plainly a
 * record (it has not the right columns, or is none at all) goes the longer way of
 * text_odd.c.
 */
#include "logs/blanks.h"
#include "logs/reader.h"
#include "logs/words.h"

#include <string.h>

/* A line of the piece. */
struct mark {
    size_t offset;
    uint64_t line; /* from 0 */
};
struct marks VW_ARRAY(struct mark);

/* Lines that have the same columns. */
struct segment {
    size_t offset, end;
    uint64_t line; /* number of its first */
    struct vw_log_columns *columns;
};
struct segments VW_ARRAY(struct segment);

struct text {
    struct vw_log_worker *worker;
    char *data;
    size_t size;
    uint64_t lines;
    struct marks headers;
    struct segments segments;
};

static struct vw_slice line_at(const struct text *text, size_t offset)
{
    const char *start = text->data + offset;
    const char *lf = memchr(start, '\n', text->size - offset);

    return (struct vw_slice){start, (size_t)(lf - start)};
}

/* ---- looking over ---- */

/* Whether a header line may begin so: names of fields begin with a letter. */
static bool may_be_header(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '$';
}

static int look_at_line(struct text *text, size_t offset, uint64_t line)
{
    if (offset >= text->size || !may_be_header(text->data[offset]) ||
        !vw_flow_format_is_header_again(line_at(text, offset)))
        return 0;
    return vw_array_push(&text->headers, ((struct mark){offset, line}));
}

/* Counts lines and finds the headers among them. */
static int look_over(struct text *text)
{
    const uint64_t *controls = text->worker->controls;
    size_t blocks = vw_log_blocks(text->size), block;
    int error = look_at_line(text, 0, 0);

    for (block = 0; !error && block < blocks; block++) {
        uint64_t rest = controls[block];

        for (; rest && !error; rest &= rest - 1) {
            size_t i = block * VW_LOG_BLOCK + vw_log_first_mark(rest);

            if (text->data[i] == '\n')
                error = look_at_line(text, i + 1, ++text->lines);
        }
    }
    return error;
}

/* ---- what follows from the order of the file ---- */

static void close_segment(struct text *text, size_t end)
{
    if (text->segments.count > 0)
        text->segments.items[text->segments.count - 1].end = end;
}

static int open_segment(struct text *text, size_t offset, uint64_t line)
{
    struct vw_log_columns *columns = text->worker->source->columns;

    return vw_array_push(&text->segments,
                         ((struct segment){offset, text->size, line, columns}));
}

/* The lines before a header line have the columns in effect until there. */
static int take_header(struct text *text, const struct mark *mark)
{
    struct vw_log_source *source = text->worker->source;
    struct vw_slice line = line_at(text, mark->offset);
    uint64_t number = source->line + mark->line;
    int error =
        vw_log_columns_read(source, line, number, VW_LOG_HEADER, &source->columns);

    close_segment(text, mark->offset);
    return error ? error : open_segment(text, mark->offset + line.size + 1, number + 1);
}

/* The first line of a file that is not blank: *ret_mark, or false. */
static bool find_first(struct text *text, struct mark *ret_mark)
{
    size_t offset = 0;
    uint64_t line;

    if (text->worker->source->line == 1 && text->size > 3 &&
        memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
        memset(text->data, ' ', 3);
    for (line = 0; line < text->lines; line++) {
        struct vw_slice slice = line_at(text, offset);

        if (vw_slice_trim(slice).size > 0) {
            *ret_mark = (struct mark){offset, line};
            return true;
        }
        offset += slice.size + 1;
    }
    return false;
}

/* At the first record or header of a file: where its columns come from. */
static int begin_source(struct text *text)
{
    struct vw_log_source *source = text->worker->source;
    struct vw_log_prefix prefix;
    struct vw_slice line;
    struct mark mark;

    if (!find_first(text, &mark))
        return 0;
    source->is_begun = true;
    line = vw_slice_trim(line_at(text, mark.offset));
    if (!vw_flow_format_is_header(line)) {
        vw_log_prefix_take(&line, &prefix);
        if (prefix.stream.size == 0)
            prefix.stream = source->path_stream;
        return vw_log_columns_choose(source, line, prefix.stream, (struct vw_slice){0},
                                     &source->columns);
    }
    if (text->headers.count == 0 || text->headers.items[0].offset != mark.offset) {
        struct mark *items;

        if (vw_array_room(&text->headers, sizeof *items))
            return VW_ERROR_NO_MEMORY;
        items = text->headers.items;
        memmove(items + 1, items, text->headers.count++ * sizeof *items);
        items[0] = mark;
    }
    return 0;
}

static int settle(struct text *text)
{
    struct vw_log_source *source = text->worker->source;
    int error = 0;
    size_t i;

    if (source->is_refused)
        return 0;
    if (!source->is_begun)
        error = begin_source(text);
    if (!error && source->columns)
        error = open_segment(text, 0, source->line);
    for (i = 0; !error && i < text->headers.count; i++)
        error = take_header(text, &text->headers.items[i]);
    source->line += text->lines;
    if (error != VW_ERROR_INPUT)
        return error;
    source->is_refused = true;
    return 0;
}

/* ---- cutting lines ---- */

/* What a line left at the place of the next record: the record is complete. */
static int finish_record(struct vw_log_worker *worker, const struct vw_slice *cells,
                         uint64_t line)
{
    const struct vw_slice *last = &cells[worker->columns->layout.count - 1];
    struct vw_log_origin *origin = &worker->origins[worker->count++];

    origin->line = line;
    origin->message = (struct vw_slice){
        cells[0].data, (size_t)(last->data + last->size - cells[0].data)};
    return worker->count < worker->capacity ? 0 : vw_log_batch_flush(worker);
}

/* A line of `count` words, the first of which are cells already. */
static int finish_line(struct vw_log_worker *worker, struct vw_slice line, size_t count,
                       uint64_t number)
{
    const struct vw_log_columns *columns = worker->columns;
    struct vw_slice *cells = worker->cells + worker->count * columns->layout.count;

    if (line.size <= VW_LOG_LINE_MAX) {
        if (count == columns->layout.count && !vw_log_is_date(cells[0]) &&
            vw_log_columns_fit(columns, cells))
            return finish_record(worker, cells, number);
        if (vw_log_prefix_shift(cells, count, columns, &worker->origins[worker->count])) {
            worker->is_dirty = true;
            return finish_record(worker, cells, number);
        }
    }
    return count > 0 ? vw_log_text_odd(worker, line, number) : 0;
}

/* A line while its blanks are met. */
struct blanks {
    const char *line;
    uint64_t number;
    uint64_t before; /* in the next block, what the byte before it marks: it is a blank */
    bool is_odd;     /* two blanks in a row, or more words than any record has */
    size_t count;
    const char *at[VW_FLOW_COLUMNS_MAX + VW_LOG_PREFIX_WORDS + VW_LOG_BLOCK];
};

static struct vw_slice word_before(const struct blanks *blanks, size_t number)
{
    const char *start = number ? blanks->at[number - 1] + 1 : blanks->line;

    return (struct vw_slice){start, (size_t)(blanks->at[number] - start)};
}

/* What most lines are: words with one blank behind each, as many as there are columns. Only
 * those that are looked at become cells. */
static int finish_plain(struct vw_log_worker *worker, const struct blanks *blanks)
{
    const struct vw_log_columns *columns = worker->columns;
    struct vw_slice *cells = worker->cells + worker->count * columns->layout.count;
    struct vw_log_origin *origin = &worker->origins[worker->count++];
    const char *end = blanks->at[columns->layout.count - 1];
    size_t i;

    for (i = 0; i < columns->wanted_count; i++)
        cells[columns->wanted_at[i]] = word_before(blanks, columns->wanted_at[i]);
    origin->line = blanks->number;
    origin->message = (struct vw_slice){blanks->line, (size_t)(end - blanks->line)};
    return worker->count < worker->capacity ? 0 : vw_log_batch_flush(worker);
}

static int end_line(struct vw_log_worker *worker, const struct blanks *blanks,
                    const char *end)
{
    const struct vw_log_columns *columns = worker->columns;
    struct vw_slice line = {blanks->line, (size_t)(end - blanks->line)};
    struct vw_slice *cells = worker->cells + worker->count * columns->layout.count;
    size_t kept = columns->layout.count + VW_LOG_PREFIX_WORDS, i;

    if (blanks->is_odd)
        return finish_line(worker, line, vw_log_words(line, cells, kept), blanks->number);
    if (blanks->count == columns->layout.count && columns->authority != VW_LOG_ASSUMED &&
        line.size <= VW_LOG_LINE_MAX && !vw_log_is_date(word_before(blanks, 0)))
        return finish_plain(worker, blanks);
    for (i = 0; i < blanks->count && i < kept; i++)
        cells[i] = word_before(blanks, i);
    return finish_line(worker, line, blanks->count, blanks->number);
}

/* The blanks of a block are put down; the marks are those of bytes from `at` on. */
static void put_blanks(struct blanks *blanks, const char *at, uint64_t marks)
{
    const char **next = blanks->at + blanks->count;

    for (; marks; marks &= marks - 1)
        *next++ = at + vw_log_first_mark(marks);
    blanks->count = (size_t)(next - blanks->at);
}

static int read_block(struct vw_log_worker *worker, struct blanks *blanks, const char *at,
                      uint64_t marks, uint64_t controls)
{
    uint64_t twice = marks & (marks << 1 | blanks->before);

    blanks->before = marks >> (VW_LOG_BLOCK - 1);
    for (; controls; controls &= controls - 1) {
        uint64_t upto = controls ^ (controls - 1);
        const char *c = at + vw_log_first_mark(controls);
        int error;

        if (*c != '\n') {
            if (!vw_log_is_blank(*c))
                marks &= ~(controls & -controls);
            continue;
        }
        put_blanks(blanks, at, marks & upto);
        blanks->is_odd |= (twice & upto) != 0;
        error = end_line(worker, blanks, c);
        if (error)
            return error;
        marks &= ~upto;
        twice &= ~upto;
        blanks->line = c + 1;
        blanks->number++;
        blanks->is_odd = false;
        blanks->count = 0;
    }
    put_blanks(blanks, at, marks);
    blanks->is_odd |= twice != 0;
    return 0;
}

static int read_lines(const struct text *text, const struct segment *segment)
{
    struct vw_log_worker *worker = text->worker;
    struct blanks blanks = {
        .line = text->data + segment->offset,
        .number = segment->line,
        .before = UINT64_C(1) << segment->offset % VW_LOG_BLOCK, /* a line ended there */
    };
    uint64_t within = UINT64_MAX << segment->offset % VW_LOG_BLOCK;
    size_t block = segment->offset / VW_LOG_BLOCK, end = vw_log_blocks(segment->end);
    int error = 0;

    for (; block < end && !error; block++) {
        if (block + 1 == end && segment->end % VW_LOG_BLOCK)
            within &= (UINT64_C(1) << segment->end % VW_LOG_BLOCK) - 1;
        error =
            read_block(worker, &blanks, text->data + block * VW_LOG_BLOCK,
                       worker->blanks[block] & within, worker->controls[block] & within);
        within = UINT64_MAX;
        if (blanks.count > VW_FLOW_COLUMNS_MAX + VW_LOG_PREFIX_WORDS) {
            blanks.is_odd = true;
            blanks.count = 0;
        }
    }
    return error;
}

static int read_segments(struct text *text)
{
    struct vw_log_worker *worker = text->worker;
    int error = 0;
    size_t i;

    for (i = 0; !error && i < text->segments.count; i++) {
        const struct segment *segment = &text->segments.items[i];

        error = vw_log_batch_begin(worker, segment->columns);
        if (!error)
            error = read_lines(text, segment);
    }
    return error ? error : vw_log_batch_flush(worker);
}

int vw_log_text_read(struct vw_log_worker *worker, char *data, size_t size,
                     uint64_t ticket)
{
    struct text text = {.worker = worker, .data = data, .size = size};
    int error;

    if (size > 0 && data[size - 1] != '\n')
        data[text.size++] = '\n';
    vw_log_find_blanks(data, text.size, worker->blanks, worker->controls);
    error = look_over(&text);
    vw_log_turn_wait(worker->scan, ticket);
    if (!error)
        error = settle(&text);
    vw_log_turn_pass(worker->scan, ticket);
    if (!error)
        error = read_segments(&text);
    vw_array_free(&text.headers);
    vw_array_free(&text.segments);
    return error;
}
