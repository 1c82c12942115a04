/* The question as it was understood; see trace_question.h. */
#include "reach/trace_question.h"

static const char *object_id(const struct vw_world *world, enum vw_object_kind kind,
                             uint32_t index)
{
    return index == VW_NONE ? NULL : vw_world_object(world, kind, index)->id;
}

/* The public address that goes with `address`, be that the private or the public one. */
static int tell_public(struct vw_arena *arena, const struct vw_interface *interface,
                       struct vw_address address, struct vw_trace_end *end)
{
    char text[VW_ADDRESS_TEXT];
    size_t i;

    for (i = 0; i < interface->address_count; i++) {
        const struct vw_interface_address *own = &interface->addresses[i];
        if (own->public_address.family == VW_FAMILY_NONE ||
            (!vw_prefix_contains(own->prefix, address) &&
             !vw_address_equal(own->public_address, address)))
            continue;
        end->public_address =
            vw_arena_string(arena, vw_address_format(own->public_address, text));
        return end->public_address ? 0 : VW_ERROR_NO_MEMORY;
    }
    return 0;
}

static int tell_interface(const struct vw_world *world, struct vw_arena *arena,
                          const struct vw_resolved_end *resolved,
                          struct vw_trace_end *end)
{
    const struct vw_interface *interface = vw_world_interface(world, resolved->interface);
    const struct vw_instance *instance = NULL;

    if (interface->instance != VW_NONE)
        instance = vw_world_instance(world, interface->instance);
    end->eni = interface->object.id;
    end->name = interface->object.name;
    end->subnet = object_id(world, VW_OBJECT_SUBNET, interface->subnet);
    end->vpc = object_id(world, VW_OBJECT_VPC, interface->vpc);
    if (instance) {
        end->instance = instance->object.id;
        if (instance->object.name)
            end->name = instance->object.name;
    }
    return tell_public(arena, interface, resolved->address, end);
}

static int tell_end(const struct vw_world *world, struct vw_arena *arena,
                    const struct vw_resolved_end *resolved, struct vw_trace_end *end)
{
    char text[VW_PREFIX_TEXT];
    const char *address = resolved->asked;

    if (resolved->address.family != VW_FAMILY_NONE)
        address = vw_address_format(resolved->address, text);
    else if (resolved->prefix_count > 0)
        address = vw_prefix_format(resolved->prefixes[0], text);
    end->asked = vw_arena_string(arena, resolved->asked);
    end->address = vw_arena_string(arena, address);
    if (!end->asked || !end->address)
        return VW_ERROR_NO_MEMORY;
    end->vpc = object_id(world, VW_OBJECT_VPC, resolved->vpc);
    if (resolved->network)
        end->name = resolved->network->name;
    return resolved->interface == VW_NONE ? 0
                                          : tell_interface(world, arena, resolved, end);
}

static int single_or_any(struct vw_port_range range)
{
    return range.first == range.last ? range.first : -1;
}

int vw_trace_tell_question(const struct vw_world *world, struct vw_arena *arena,
                           const struct vw_question *question,
                           const struct vw_answer *answer, struct vw_trace *trace)
{
    const struct vw_box *box = &answer->box;
    bool icmp = vw_protocol_is_icmp(box->protocol);
    int error = tell_end(world, arena, &answer->from, &trace->from);

    if (!error)
        error = tell_end(world, arena, &answer->to, &trace->to);
    trace->protocol = box->protocol;
    trace->has_ports = vw_protocol_has_ports(box->protocol);
    trace->ports = box->ports;
    trace->source_ports = box->source_ports;
    trace->icmp_type = icmp ? single_or_any(box->source_ports) : -1;
    trace->icmp_code = icmp ? single_or_any(box->ports) : -1;
    trace->one_way = question->one_way;
    trace->is_set = answer->is_set;
    trace->verdict = answer->verdict;
    return error;
}
