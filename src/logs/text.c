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
#include "logs/short_lines.h"
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
    const struct vw_log_marks *marks = text->worker->marks;
    struct vw_log_marked marked =
        vw_log_mark(text->data, text->size, text->worker->marks);
    size_t blocks = vw_log_blocks(text->size), block;
    uint64_t line = 0;
    int error = 0;

    text->lines = marked.lines;
    if (!marked.may_have_header)
        return 0;
    error = look_at_line(text, 0, 0);
    for (block = 0; block < blocks; block++) {
        uint64_t rest = marks[block].lines;

        for (; rest && !error; rest &= rest - 1)
            error = look_at_line(
                text, block * VW_LOG_BLOCK + (unsigned)__builtin_ctzll(rest) + 1, ++line);
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

/* The byte order mark in front of a file becomes blanks. */
static void blank_mark(struct text *text)
{
    memset(text->data, ' ', 3);
    text->worker->marks[0].odd |= 1;
}

/* The first line of a file that is not blank: *ret_mark, or false. */
static bool find_first(struct text *text, struct mark *ret_mark)
{
    size_t offset = 0;
    uint64_t line;

    if (text->worker->source->line == 1 && text->size > 3 &&
        memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
        blank_mark(text);
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

/* So often short lines are looked for in vain. */
enum { MISSES_MAX = 4 };

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

/* What most lines are: words with one blank behind each, as many as there are columns. Takes
 * such lines from number `first` of the places' line ends on, up to the first that is not,
 * or a batch that is full; gives how many. Only words that are looked at become cells. */
static size_t take_plain(const struct text *text, size_t before, size_t first,
                         uint64_t number)
{
    struct vw_log_worker *worker = text->worker;
    const struct vw_log_columns *columns = worker->columns;
    const struct vw_log_places *places = worker->places;
    const size_t width = columns->layout.count, wanted = columns->wanted_count;
    const uint32_t *wanted_at = columns->wanted_at;
    const uint32_t *blank = places->blanks + before, *end = places->ends + first;
    struct vw_slice *cells = worker->cells + worker->count * width;
    struct vw_log_origin *origin = worker->origins + worker->count;
    size_t most = places->end_count - first, room = worker->capacity - worker->count, i,
           j;

    if (most > room)
        most = room;
    for (i = 0; i < most; i++) {
        uint32_t start = blank[0] + 1;
        struct vw_slice line = {text->data + start, 0};

        before += width;
        if (end[i] != before)
            break;
        line.size = blank[width] - start;
        if (line.size > VW_LOG_LINE_MAX ||
            vw_log_is_date((struct vw_slice){line.data, blank[1] - start}))
            break;
        for (j = 0; j < wanted; j++) {
            uint32_t at = wanted_at[j], from = blank[at] + 1;

            cells[at] = (struct vw_slice){text->data + from, blank[at + 1] - from};
        }
        origin[i].line = number + i;
        origin[i].message = line;
        cells += width;
        blank += width;
    }
    worker->count += i;
    return i;
}

/* The word behind blank number `before`. */
static struct vw_slice word_behind(const struct text *text, size_t before)
{
    const uint32_t *blank = text->worker->places->blanks + before;
    uint32_t start = blank[0] + 1;

    return (struct vw_slice){text->data + start, blank[1] - start};
}

/* Any line of `count` words, which stand behind the blanks from number `before` on; where
 * blanks are odd, or more than any record has, its words are found one by one. */
static int take_line(const struct text *text, size_t before, size_t count, bool is_odd,
                     uint64_t number)
{
    struct vw_log_worker *worker = text->worker;
    const uint32_t *blank = worker->places->blanks + before;
    uint32_t start = blank[0] + 1;
    struct vw_slice line = {text->data + start, blank[count] - start};
    size_t width = worker->columns->layout.count, kept = width + VW_LOG_PREFIX_WORDS, i;
    struct vw_slice *cells = worker->cells + worker->count * width;

    if (is_odd)
        return finish_line(worker, line, vw_log_words(line, cells, kept), number);
    for (i = 0; i < count && i < kept; i++)
        cells[i] = word_behind(text, before + i);
    return finish_line(worker, line, count, number);
}

/* Lines that end among the places; what is left of them is the beginning of the next.
 * `is_odd`: whether that is already. */
static int take_places(const struct text *text, bool *is_odd, uint64_t *number)
{
    struct vw_log_worker *worker = text->worker;
    struct vw_log_places *places = worker->places;
    bool may_be_plain = worker->columns->authority != VW_LOG_ASSUMED;
    bool odd = *is_odd || places->is_odd;
    size_t before = 0, i = 0;
    int error = 0;

    while (i < places->end_count && !error) {
        size_t plain = may_be_plain && !odd ? take_plain(text, before, i, *number) : 0;

        i += plain;
        *number += plain;
        before += plain * worker->columns->layout.count;
        if (worker->count == worker->capacity) {
            error = vw_log_batch_flush(worker);
        } else if (i < places->end_count) {
            size_t end = places->ends[i++];

            error = take_line(text, before, end - before, odd, (*number)++);
            before = end;
            odd = places->is_odd;
        }
    }
    places->count -= before;
    if (places->count > VW_LOG_PLACES_KEPT) {
        places->count = 1;
        odd = true;
    }
    if (before > 0)
        memmove(places->blanks, places->blanks + before,
                places->count * sizeof *places->blanks);
    *is_odd = odd;
    return error;
}

static void keep(struct vw_log_marks *marks, uint64_t within)
{
    marks->blanks &= within;
    marks->lines &= within;
    marks->odd &= within;
}

/* Marks of a segment's blocks from `block` on, as many as are made places at a time. */
static size_t get_marks(const struct text *text, const struct segment *segment,
                        size_t block, struct vw_log_marks *ret)
{
    size_t count = vw_log_blocks(segment->end) - block;

    if (count > VW_LOG_PLACES_BLOCKS)
        count = VW_LOG_PLACES_BLOCKS;
    memcpy(ret, text->worker->marks + block, count * sizeof *ret);
    if (block * VW_LOG_BLOCK < segment->offset)
        keep(&ret[0], UINT64_MAX << segment->offset % VW_LOG_BLOCK);
    if ((block + count) * VW_LOG_BLOCK > segment->end)
        keep(&ret[count - 1], UINT64_MAX >> (VW_LOG_BLOCK - segment->end % VW_LOG_BLOCK));
    return count;
}

/* Lines by the places of their blanks, from *at on: of some blocks, and of more until a line
 * ends, or of all. */
static int read_by_places(const struct text *text, const struct segment *segment,
                          bool all, size_t *at, uint64_t *number)
{
    struct vw_log_places *places = text->worker->places;
    struct segment rest = {*at, segment->end, *number, segment->columns};
    size_t block = *at / VW_LOG_BLOCK, end = vw_log_blocks(segment->end);
    bool is_odd = false;
    int error = 0;

    places->blanks[0] = (uint32_t)*at - 1; /* a line ended there */
    places->count = 1;
    while (block < end && !error && (all || *number == rest.line)) {
        struct vw_log_marks marks[VW_LOG_PLACES_BLOCKS];
        size_t count = get_marks(text, &rest, block, marks);

        vw_log_place(places, marks, count, (uint32_t)(block * VW_LOG_BLOCK));
        error = take_places(text, &is_odd, number);
        block += count;
    }
    *at = block < end ? (uint32_t)(places->blanks[0] + 1) : segment->end;
    return error;
}

/* Short lines that are plain, and what stands between them. Where there are none, all is
 * read by places. */
static int read_lines(const struct text *text, const struct segment *segment)
{
    struct vw_log_worker *worker = text->worker;
    bool may_be_plain = worker->columns->authority != VW_LOG_ASSUMED;
    size_t at = segment->offset, misses = 0;
    uint64_t number = segment->line;
    int error = 0;

    while (at < segment->end && !error) {
        size_t lines =
            may_be_plain && misses < MISSES_MAX
                ? vw_log_short_lines(worker, text->data, &at, segment->end, number)
                : 0;

        number += lines;
        misses = lines > 0 ? 0 : misses + 1;
        if (worker->count == worker->capacity)
            error = vw_log_batch_flush(worker);
        else if (at < segment->end)
            error = read_by_places(text, segment, !may_be_plain || misses >= MISSES_MAX,
                                   &at, &number);
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
