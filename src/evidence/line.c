/* Pieces of lines; see line.h. */
#include "evidence/line.h"

#include <string.h>

#include <vpcwhy/evidence.h>

enum { ICMP = 1, TCP = 6, UDP = 17 };

bool vw_line_skip(struct vw_slice *text, const char *word)
{
    size_t offset;

    if (!vw_slice_find(*text, word, &offset))
        return false;
    offset += strlen(word);
    *text = (struct vw_slice){text->data + offset, text->size - offset};
    return true;
}

bool vw_line_begin(struct vw_slice *text, const char *word)
{
    return vw_slice_starts(*text, word) && vw_line_skip(text, word);
}

struct vw_slice vw_line_until(struct vw_slice text, const char *word)
{
    size_t offset;

    if (vw_slice_find(text, word, &offset))
        text.size = offset;
    return text;
}

bool vw_line_has(struct vw_slice text, const char *word)
{
    size_t offset;

    return vw_slice_find(text, word, &offset);
}

bool vw_line_number(struct vw_slice *text, uint64_t maximum, uint64_t *ret)
{
    size_t count = 0;

    while (count < text->size && text->data[count] >= '0' && text->data[count] <= '9')
        count++;
    if (!vw_slice_u64((struct vw_slice){text->data, count}, maximum, ret))
        return false;
    *text = (struct vw_slice){text->data + count, text->size - count};
    return true;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

bool vw_line_address(struct vw_slice word, struct vw_address *ret)
{
    while (word.size > 0 && is_one_of(word.data[0], "([")) {
        word.data++;
        word.size--;
    }
    word = vw_line_until(word, "%");
    while (word.size > 0 && is_one_of(word.data[word.size - 1], ")],.")) {
        word.size--;
    }
    if (vw_address_parse(word.data, word.size, ret))
        return true;
    return word.size > 0 && word.data[word.size - 1] == ':' &&
           vw_address_parse(word.data, word.size - 1, ret);
}

bool vw_line_endpoint(struct vw_slice word, struct vw_address *ret_address,
                      uint16_t *ret_port)
{
    size_t colon;
    struct vw_slice port;
    uint64_t number;

    while (word.size > 0 && is_one_of(word.data[word.size - 1], ").,")) {
        word.size--;
    }
    colon = word.size;
    while (colon > 0 && word.data[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return false;
    port = (struct vw_slice){word.data + colon, word.size - colon};
    if (!vw_slice_u64(port, UINT16_MAX, &number) ||
        !vw_line_address((struct vw_slice){word.data, colon - 1}, ret_address))
        return false;
    *ret_port = (uint16_t)number;
    return true;
}

/* ---- command lines ---- */

/* Behind the prompt, where `text` has one: "root@a:~# ", "$ ", "C:\> ". */
static struct vw_slice behind_prompt(struct vw_slice text)
{
    static const char *const prompts[] = {"$ ", "# ", "> ", "% "};
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        size_t offset;

        if (vw_slice_find(text, prompts[i], &offset) && offset < first)
            first = offset;
    }
    if (first == SIZE_MAX)
        return text;
    return (struct vw_slice){text.data + first + 2, text.size - first - 2};
}

/* What the letters of a program's options mean. */
struct syntax {
    const char *program;
    const char *values;    /* take a value, which is none of the operands */
    char port;             /* takes the port; '\0': none */
    const char *protocols; /* "IT": ICMP, TCP, and UDP for 'U' and 'u' */
};

static const struct syntax syntaxes[] = {
    {"nc", "wpsiqXxIOTVMPDcegGm", '\0', "u"},
    {"ncat", "wpsiqcegGmdxo", '\0', "u"},
    {"netcat", "wpsiqceg", '\0', "u"},
    {"ssh", "iloFJLRDWbcemwE", 'p', ""},
    {"curl", "mowHXdAeubcxCT", '\0', ""},
    {"telnet", "ablnS", '\0', ""},
    {"traceroute", "mqwfisgNztM", 'p', "ITU"},
    {"traceroute6", "mqwfisgNztM", 'p', "ITU"},
    {"tracepath", "mlp", '\0', ""},
    {"tracepath6", "mlp", '\0', ""},
    {"tracert", "hwjS", '\0', ""},
    {"mtr", "cismfaBQ", 'P', "uT"},
};

static const struct syntax *syntax_of(const char *program)
{
    for (size_t i = 0; i < sizeof syntaxes / sizeof *syntaxes; i++) {
        if (strcmp(syntaxes[i].program, program) == 0)
            return &syntaxes[i];
    }
    return NULL;
}

static int protocol_of(char letter)
{
    return letter == 'I' ? ICMP : letter == 'T' ? TCP : UDP;
}

static void read_long_option(struct vw_slice word, struct vw_command *command)
{
    if (vw_slice_is(word, "--icmp"))
        command->protocol = ICMP;
    else if (vw_slice_is(word, "--tcp"))
        command->protocol = TCP;
    else if (vw_slice_is(word, "--udp"))
        command->protocol = UDP;
}

/* "-vzw 3", "-T", "-p443": the last letter of a word may take what follows. */
static void read_option(const struct syntax *syntax, struct vw_slice word,
                        struct vw_slice *text, struct vw_command *command)
{
    struct vw_slice value;
    uint64_t port;

    for (size_t i = 1; i < word.size; i++) {
        char letter = word.data[i];
        bool is_port = letter == syntax->port && letter != '\0';

        if (is_one_of(letter, syntax->protocols))
            command->protocol = protocol_of(letter);
        if (!is_port && !is_one_of(letter, syntax->values))
            continue;
        value = (struct vw_slice){word.data + i + 1, word.size - i - 1};
        if (value.size == 0)
            vw_slice_word(text, &value);
        if (is_port && vw_slice_u64(value, UINT16_MAX, &port))
            command->port = (int32_t)port;
        return;
    }
}

static void read_arguments(const struct syntax *syntax, struct vw_slice text,
                           struct vw_command *command)
{
    struct vw_slice word;
    uint64_t port;

    while (vw_slice_word(&text, &word)) {
        if (vw_slice_starts(word, "--"))
            read_long_option(word, command);
        else if (word.data[0] == '-')
            read_option(syntax, word, &text, command);
        else if (command->target.family == VW_FAMILY_NONE &&
                 vw_address_parse(word.data, word.size, &command->target))
            continue;
        else if (command->port == VW_UNRECORDED && vw_slice_u64(word, UINT16_MAX, &port))
            command->port = (int32_t)port;
    }
}

bool vw_command_read(struct vw_slice line, const char *const *programs,
                     struct vw_command *ret_command)
{
    struct vw_slice text = behind_prompt(line), word;

    if (!vw_slice_word(&text, &word) ||
        (vw_slice_is(word, "sudo") && !vw_slice_word(&text, &word)))
        return false;
    for (size_t i = 0; programs[i]; i++) {
        const struct syntax *syntax = syntax_of(programs[i]);

        if (!syntax || !vw_slice_is(word, programs[i]) || text.size == 0)
            continue;
        *ret_command = (struct vw_command){
            .program = programs[i], .port = VW_UNRECORDED, .protocol = VW_UNRECORDED};
        read_arguments(syntax, text, ret_command);
        return true;
    }
    return false;
}
