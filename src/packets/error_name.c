/* What the codes of ICMP errors are called (RFC 792, 1122, 1812, 4443). */
#include <vpcwhy/capture.h>

enum {
    UNREACHABLE = 3,
    SOURCE_QUENCH = 4,
    REDIRECT = 5,
    TIME_EXCEEDED = 11,
    PARAMETER_PROBLEM = 12,
    UNREACHABLE_6 = 1,
    TOO_BIG_6 = 2,
    TIME_EXCEEDED_6 = 3,
    PARAMETER_PROBLEM_6 = 4
};

struct names {
    const char *const *items;
    size_t count;
};

static const char *name_of(struct names names, uint8_t code)
{
    return code < names.count ? names.items[code] : NULL;
}

static const char *name_of_6(uint8_t type, uint8_t code)
{
    static const char *const unreachable[] = {"no route to destination",
                                              "communication administratively prohibited",
                                              "beyond scope of source address",
                                              "address unreachable",
                                              "port unreachable",
                                              "source address failed policy",
                                              "reject route to destination"};

    switch (type) {
    case UNREACHABLE_6:
        return name_of(
            (struct names){unreachable, sizeof unreachable / sizeof *unreachable}, code);
    case TOO_BIG_6:
        return "packet too big";
    case TIME_EXCEEDED_6:
        return code ? "reassembly time exceeded" : "hop limit exceeded";
    case PARAMETER_PROBLEM_6:
        return "parameter problem";
    }
    return NULL;
}

const char *vw_icmp_error_name(bool six, uint8_t type, uint8_t code)
{
    static const char *const unreachable[] = {"net unreachable",
                                              "host unreachable",
                                              "protocol unreachable",
                                              "port unreachable",
                                              "fragmentation needed",
                                              "source route failed",
                                              "net unknown",
                                              "host unknown",
                                              "source host isolated",
                                              "net administratively prohibited",
                                              "host administratively prohibited",
                                              "net unreachable for this type of service",
                                              "host unreachable for this type of service",
                                              "communication administratively prohibited",
                                              "host precedence violation",
                                              "precedence cut off"};

    if (six)
        return name_of_6(type, code);
    switch (type) {
    case UNREACHABLE:
        return name_of(
            (struct names){unreachable, sizeof unreachable / sizeof *unreachable}, code);
    case SOURCE_QUENCH:
        return "source quench";
    case REDIRECT:
        return "redirect";
    case TIME_EXCEEDED:
        return code ? "reassembly time exceeded" : "time to live exceeded";
    case PARAMETER_PROBLEM:
        return "parameter problem";
    }
    return NULL;
}
