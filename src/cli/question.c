/* From options to a question; see question.h. */
#include "cli/question.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

#define FIELD(name) offsetof(struct cli_question, name)

const struct cli_option cli_question_options[CLI_QUESTION_OPTION_COUNT] = {
    {"from", CLI_TEXT, FIELD(from), "END",
     "address, CIDR, i-, eni-, subnet-, vpc-.../ADDRESS, Name tag, internet"},
    {"to", CLI_TEXT, FIELD(to), "END", "the other end, written alike"},
    {"proto", CLI_TEXT, FIELD(protocol), "PROTOCOL",
     "icmp, icmpv6, tcp, udp, number (tcp with --port, else an echo)"},
    {"port", CLI_TEXT, FIELD(port), "P[-Q]", "destination ports"},
    {"source-port", CLI_TEXT, FIELD(source_port), "P[-Q]",
     "source ports (32768-60999, those of a Linux client)"},
    {"icmp-type", CLI_TEXT, FIELD(icmp_type), "TYPE", "ICMP type, a number"},
    {"icmp-code", CLI_TEXT, FIELD(icmp_code), "CODE", "ICMP code, a number"},
    {"one-way", CLI_FLAG, FIELD(one_way), NULL, "only the way there, not the answer"},
};

/* "80" or "80-90" */
static bool read_ports(const char *text, struct vw_port_range *ret_ports)
{
    char first[8] = "";
    size_t size = strcspn(text, "-");
    const char *last = text[size] ? text + size + 1 : first;
    unsigned long from = 0, to = 0;

    if (size >= sizeof first)
        return false;
    memcpy(first, text, size);
    if (!cli_number(first, 65535, &from) || !cli_number(last, 65535, &to) || from > to)
        return false;
    *ret_ports = (struct vw_port_range){(uint16_t)from, (uint16_t)to};
    return true;
}

static int read_port_option(const char *command, const char *option, const char *text,
                            bool *ret_has, struct vw_port_range *ret_ports)
{
    *ret_has = text != NULL;
    if (!text || read_ports(text, ret_ports))
        return 0;
    return cli_usage_error(
        command, "%s \"%s\" is no port (0 to 65535) nor range such as 8000-8100", option,
        text);
}

static int read_icmp_option(const char *command, const char *option, const char *text,
                            int *ret_number)
{
    unsigned long number = 0;

    *ret_number = -1;
    if (!text)
        return 0;
    if (!cli_number(text, 255, &number))
        return cli_usage_error(command, "%s \"%s\" is no number from 0 to 255", option,
                               text);
    *ret_number = (int)number;
    return 0;
}

static int check_ends(const char *command, const struct cli_question *written)
{
    if (!written->from && !written->to)
        return cli_usage_error(command, "%s needs --from and --to", command);
    if (!written->from || !written->to)
        return cli_usage_error(command, "--%s is missing", written->from ? "to" : "from");
    if (!*written->from || !*written->to)
        return cli_usage_error(command, "--%s is empty", *written->from ? "to" : "from");
    return 0;
}

static int check_fit(const char *command, const struct cli_question *written,
                     const struct vw_question *question)
{
    int protocol = question->protocol;
    bool icmp = protocol == 1 || protocol == 58;
    bool ports = written->port || written->source_port;

    if (icmp && ports)
        return cli_usage_error(command, "%s has no ports, so --%s has no meaning",
                               written->protocol, written->port ? "port" : "source-port");
    if (written->icmp_code && !written->icmp_type)
        return cli_usage_error(command, "--icmp-code needs --icmp-type");
    if (written->icmp_type && (ports || (protocol >= 0 && !icmp)))
        return cli_usage_error(command, "--icmp-type is for icmp and icmpv6");
    return 0;
}

int cli_question_read(const char *command, const struct cli_question *written,
                      struct vw_question *ret_question)
{
    struct vw_question question = {
        .from = written->from, .to = written->to, .protocol = -1};
    int status = check_ends(command, written);

    question.one_way = written->one_way;
    if (!status && written->protocol &&
        !vw_protocol_parse(written->protocol, &question.protocol))
        status = cli_usage_error(
            command, "--proto \"%s\" is none of icmp, icmpv6, tcp, udp, 0 to 255",
            written->protocol);
    if (!status)
        status = read_port_option(command, "--port", written->port, &question.has_ports,
                                  &question.ports);
    if (!status)
        status = read_port_option(command, "--source-port", written->source_port,
                                  &question.has_source_ports, &question.source_ports);
    if (!status)
        status = read_icmp_option(command, "--icmp-type", written->icmp_type,
                                  &question.icmp_type);
    if (!status)
        status = read_icmp_option(command, "--icmp-code", written->icmp_code,
                                  &question.icmp_code);
    if (!status)
        status = check_fit(command, written, &question);
    if (!status)
        *ret_question = question;
    return status;
}
