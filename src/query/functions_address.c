/*
 * Addresses (CWL_QuerySyntax-operations-functions). isIpInSubnet takes either family,
 * isIpv4InSubnet and isIpv6InSubnet one. Private, public and reserved are by the special-use
 * registries (RFC 6890 and its successors).
 */
#include "query/evaluate.h"

#include "base/address.h"

static bool take_address(const struct vw_value *value, struct vw_address *ret)
{
    return value->kind == VW_VALUE_TEXT &&
           vw_address_parse(value->text.data, value->text.size, ret);
}

static bool take_family(const struct vw_value *value, enum vw_family family)
{
    struct vw_address address;

    return take_address(value, &address) &&
           (family == VW_FAMILY_NONE || address.family == family);
}

static bool in_subnet(const struct vw_value *arguments, enum vw_family family)
{
    struct vw_address address;
    struct vw_prefix prefix;

    if (!take_address(&arguments[0], &address) || arguments[1].kind != VW_VALUE_TEXT ||
        !vw_prefix_parse(arguments[1].text.data, arguments[1].text.size, &prefix, NULL))
        return false;
    return (family == VW_FAMILY_NONE || address.family == family) &&
           vw_prefix_contains(prefix, address);
}

/* Of everyone on a site: RFC 1918, and fc00::/7. */
static bool is_private(const struct vw_value *value)
{
    struct vw_address address;

    if (!take_address(value, &address))
        return false;
    if (address.family == VW_FAMILY_IPV6)
        return address.high >> 57 == 0xFC >> 1;
    return vw_address_is_private(address);
}

static bool is_public(const struct vw_value *value)
{
    struct vw_address address;

    return take_address(value, &address) && vw_address_is_public(address);
}

/* Special-use space that is not private. */
static bool is_reserved(const struct vw_value *value)
{
    struct vw_address address;
    struct vw_prefix prefix;

    return take_address(value, &address) && vw_address_special(address, &prefix) &&
           !is_private(value);
}

#define TRUTH_FUNCTION(name, expression)                                                 \
    static struct vw_value name(struct vw_evaluation *evaluation,                        \
                                const struct vw_expression *call,                        \
                                const struct vw_value *arguments)                        \
    {                                                                                    \
        (void)evaluation;                                                                \
        (void)call;                                                                      \
        return vw_value_truth(expression);                                               \
    }

TRUTH_FUNCTION(run_valid, take_family(arguments, VW_FAMILY_NONE))
TRUTH_FUNCTION(run_valid_4, take_family(arguments, VW_FAMILY_IPV4))
TRUTH_FUNCTION(run_valid_6, take_family(arguments, VW_FAMILY_IPV6))
TRUTH_FUNCTION(run_in_subnet, in_subnet(arguments, VW_FAMILY_NONE))
TRUTH_FUNCTION(run_in_subnet_4, in_subnet(arguments, VW_FAMILY_IPV4))
TRUTH_FUNCTION(run_in_subnet_6, in_subnet(arguments, VW_FAMILY_IPV6))
TRUTH_FUNCTION(run_private, is_private(arguments))
TRUTH_FUNCTION(run_public, is_public(arguments))
TRUTH_FUNCTION(run_reserved, is_reserved(arguments))

static struct vw_value run_to_number(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    struct vw_address address;

    (void)evaluation;
    (void)call;
    if (!take_address(arguments, &address) || address.family != VW_FAMILY_IPV4)
        return vw_value_null();
    return vw_value_integer((vw_wide)address.low);
}

const struct vw_function vw_address_functions[] = {
    {"isValidIp", 1, 1, VW_FUNCTION_PLAIN, run_valid},
    {"isValidIpV4", 1, 1, VW_FUNCTION_PLAIN, run_valid_4},
    {"isValidIpV6", 1, 1, VW_FUNCTION_PLAIN, run_valid_6},
    {"isIpInSubnet", 2, 2, VW_FUNCTION_PLAIN, run_in_subnet},
    {"isIpv4InSubnet", 2, 2, VW_FUNCTION_PLAIN, run_in_subnet_4},
    {"isIpv6InSubnet", 2, 2, VW_FUNCTION_PLAIN, run_in_subnet_6},
    {"ipv4ToNumber", 1, 1, VW_FUNCTION_PLAIN, run_to_number},
    {"isPrivateIP", 1, 1, VW_FUNCTION_PLAIN, run_private},
    {"isPublicIP", 1, 1, VW_FUNCTION_PLAIN, run_public},
    {"isReservedIP", 1, 1, VW_FUNCTION_PLAIN, run_reserved},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};
