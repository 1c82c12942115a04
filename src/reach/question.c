/* From a question to walked pieces and a verdict; see question.h. */
#include "reach/question.h"

#include "base/slice.h"
#include "reach/explain.h"
#include "reach/fork.h"
#include "reach/vantage.h"

#include <stdio.h>
#include <string.h>

/* Linux's net.ipv4.ip_local_port_range, from which a client takes its source port. */
static const struct vw_port_range client_ports = {32768, 60999};

struct protocol_name {
    const char *name;
    int protocol;
};

static const struct protocol_name protocols[] = {
    {"icmp", VW_ICMP}, {"tcp", VW_TCP}, {"udp", VW_UDP}, {"icmpv6", VW_ICMPV6}};

bool vw_protocol_parse(const char *text, int *ret_protocol)
{
    uint64_t number;
    size_t i;

    for (i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        if (strcmp(text, protocols[i].name) == 0) {
            *ret_protocol = protocols[i].protocol;
            return true;
        }
    }
    if (!vw_slice_u64(vw_slice_of(text), 255, &number))
        return false;
    *ret_protocol = (int)number;
    return true;
}

const char *vw_protocol_format(int protocol, char buffer[16])
{
    size_t i;

    for (i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        if (protocols[i].protocol == protocol) {
            snprintf(buffer, 16, "%s", protocols[i].name);
            return buffer;
        }
    }
    snprintf(buffer, 16, "%d", protocol);
    return buffer;
}

static bool is_ipv6(const struct vw_resolved_end *end)
{
    return end->parts.count > 0 &&
           end->parts.items[0].range.first.family == VW_FAMILY_IPV6;
}

/* One field of ICMP: asked, or all. */
static struct vw_port_range icmp_range(int value)
{
    if (value < 0)
        return (struct vw_port_range){0, 255};
    return (struct vw_port_range){(uint16_t)value, (uint16_t)value};
}

static void set_icmp(const struct vw_question *question, struct vw_box *box)
{
    int echo = box->protocol == VW_ICMPV6 ? 128 : 8;
    int type = question->icmp_type >= 0 ? question->icmp_type : echo;
    int code = question->icmp_code;

    if (code < 0 && (type == echo || type == (echo == 8 ? 0 : 129)))
        code = 0;
    box->source_ports = icmp_range(type);
    box->ports = icmp_range(code);
}

static int refuse(struct vw_diagnostics *diagnostics, const char *message)
{
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "bad-question",
                (struct vw_place){.file = NULL}, "%s", message);
    return VW_ERROR_QUESTION;
}

static int set_box(const struct vw_question *question, bool ipv6,
                   struct vw_diagnostics *diagnostics, struct vw_box *box)
{
    bool ports = question->has_ports || question->has_source_ports;

    box->protocol = question->protocol;
    if (box->protocol < 0)
        box->protocol = ports ? VW_TCP : (ipv6 ? VW_ICMPV6 : VW_ICMP);
    if (ports && !vw_protocol_has_ports(box->protocol))
        return refuse(diagnostics, "--port and --source-port go with tcp and udp only");
    if (!vw_protocol_is_icmp(box->protocol) && question->icmp_type >= 0)
        return refuse(diagnostics, "--icmp-type goes with icmp and icmpv6 only");
    if (question->icmp_code >= 0 && question->icmp_type < 0)
        return refuse(diagnostics, "--icmp-code needs --icmp-type");
    if (vw_protocol_is_icmp(box->protocol)) {
        set_icmp(question, box);
    } else if (vw_protocol_has_ports(box->protocol)) {
        box->ports = question->has_ports ? question->ports : vw_ports_all();
        box->source_ports =
            question->has_source_ports ? question->source_ports : client_ports;
    }
    return 0;
}

static int explain_no_source(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "no network interface in the export owns %s",
                               vw_range_is_single(mark->box.source)
                                   ? vw_explain_source(explainer, mark)
                                   : "these source addresses");
}

/* Sources that no interface owns send nothing. */
static int end_without_source(struct vw_walk *walk, struct vw_packet *packet)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_OTHER, VW_DECISION_DROP,
                     VW_REASON_VW_NO_SUCH_HOST, NULL, explain_no_source);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = "source";
    packet->stage = VW_STAGE_DONE;
    return 0;
}

/* One start and one goal. */
static int add_packet(struct vw_answer *answer, const struct vw_end_part *from,
                      const struct vw_end_part *to)
{
    struct vw_walk *walk = &answer->walk;
    struct vw_packet packet = {.asked = answer->box,
                               .stage = VW_STAGE_SENDER,
                               .sender = from->interface,
                               .receiver = VW_NONE,
                               .vpc = VW_NONE,
                               .subnet = VW_NONE,
                               .zone_of = VW_NONE,
                               .attachment = VW_NONE,
                               .route_table = VW_NONE,
                               .identity = true,
                               .identity_lost = VW_REASON_SG_REFERENCES_NOT_PRESERVED,
                               .request_exit = {VW_TARGET_LOCAL, VW_NONE},
                               .request_entry = {VW_TARGET_LOCAL, VW_NONE},
                               .origin = {VW_TARGET_LOCAL, VW_NONE},
                               .network = from->network,
                               .a = from->interface,
                               .b = VW_NONE};

    packet.asked.source = from->range;
    packet.asked.destination = to->range;
    packet.wire = packet.asked;
    if (from->inside.family != VW_FAMILY_NONE) {
        packet.wire.source = vw_range_single(from->inside);
        packet.translated.source = true;
    }
    if (from->nobody) {
        int error = end_without_source(walk, &packet);
        return error ? error : vw_array_push(&walk->done, packet);
    }
    if (from->network) {
        packet.stage = VW_STAGE_CUSTOMER_NETWORK;
    } else if (from->interface == VW_NONE) {
        packet.stage = VW_STAGE_INTERNET;
        packet.request_exit.kind = VW_TARGET_INTERNET_GATEWAY;
    } else {
        packet.vpc = vw_world_interface(walk->world, from->interface)->vpc;
        packet.subnet = vw_world_interface(walk->world, from->interface)->subnet;
    }
    return vw_array_push(&walk->waiting, packet);
}

static void begin(const struct vw_world *world, struct vw_answer *answer)
{
    vw_arena_reset(&answer->arena);
    answer->walk.world = world;
    answer->walk.arena = &answer->arena;
    answer->walk.waiting.count = 0;
    answer->walk.done.count = 0;
    answer->walk.forks = 0;
}

int vw_vantage_walk(const struct vw_world *world, uint32_t from, uint32_t to,
                    const struct vw_box *box, bool one_way, struct vw_answer *answer)
{
    struct vw_end_part source = {.range = box->source, .interface = from};
    struct vw_end_part destination = {.range = box->destination, .interface = to};
    int error;

    begin(world, answer);
    answer->box = *box;
    answer->walk.one_way = one_way;
    answer->walk.goal = (struct vw_goal){
        .vpc = to == VW_NONE ? VW_NONE : vw_world_interface(world, to)->vpc,
        .interface = to,
        .is_outside = false};
    error = add_packet(answer, &source, &destination);
    if (!error)
        error = vw_walk_run(&answer->walk);
    return error ? error : vw_fork_settle(&answer->walk);
}

static int walk_all(struct vw_answer *answer)
{
    size_t i, j;
    int error = 0;

    for (i = 0; i < answer->from.parts.count; i++)
        for (j = 0; j < answer->to.parts.count && !error; j++)
            error = add_packet(answer, &answer->from.parts.items[i],
                               &answer->to.parts.items[j]);
    if (!error)
        error = vw_walk_run(&answer->walk);
    return error ? error : vw_fork_settle(&answer->walk);
}

/* Blocked if every piece is; unknown if any piece is; partial if pieces differ. */
static enum vw_verdict verdict_of(const struct vw_alikes *alikes)
{
    size_t i, blocked = 0, unknown = 0;

    for (i = 0; i < alikes->count; i++) {
        enum vw_verdict verdict = vw_packet_verdict(alikes->items[i].example);
        blocked += verdict == VW_VERDICT_BLOCKED;
        unknown += verdict == VW_VERDICT_UNKNOWN;
    }
    if (blocked == alikes->count)
        return VW_VERDICT_BLOCKED;
    if (unknown > 0)
        return VW_VERDICT_UNKNOWN;
    return blocked > 0 ? VW_VERDICT_PARTIAL : VW_VERDICT_REACHABLE;
}

int vw_answer_question(const struct vw_world *world, const struct vw_question *question,
                       struct vw_diagnostics *diagnostics, struct vw_answer *answer)
{
    int error;

    begin(world, answer);
    memset(&answer->box, 0, sizeof answer->box);
    error = vw_resolve_ends(world, &answer->arena, question, diagnostics, &answer->from,
                            &answer->to);
    if (error)
        return error;
    if (answer->from.interface != VW_NONE)
        vw_interface_expect(world, answer->from.interface);
    if (answer->to.interface != VW_NONE)
        vw_interface_expect(world, answer->to.interface);
    error = set_box(question, is_ipv6(&answer->from), diagnostics, &answer->box);
    if (error)
        return error;
    answer->is_set = answer->from.is_set || answer->to.is_set ||
                     answer->box.ports.first != answer->box.ports.last ||
                     question->has_source_ports;
    answer->walk.one_way = question->one_way;
    answer->walk.goal.vpc = answer->to.vpc;
    answer->walk.goal.interface =
        answer->to.names_interface ? answer->to.interface : VW_NONE;
    answer->walk.goal.is_outside = answer->to.internet;
    error = walk_all(answer);
    if (!error)
        error = vw_pieces_merge(&answer->walk.done, &answer->arena, &answer->alikes);
    if (!error && answer->alikes.count == 0)
        error = refuse(diagnostics, "nothing was asked: one end has no address");
    if (!error)
        answer->verdict = verdict_of(&answer->alikes);
    return error;
}

void vw_answer_free(struct vw_answer *answer)
{
    vw_array_free(&answer->from.parts);
    vw_array_free(&answer->to.parts);
    vw_array_free(&answer->walk.waiting);
    vw_array_free(&answer->walk.done);
    vw_array_free(&answer->alikes);
    vw_arena_free(&answer->arena);
}

/* How well a piece explains the verdict: what a person asked about is a host, not a gap
 * between hosts. */
static int weight(enum vw_verdict verdict, const struct vw_packet *packet)
{
    enum vw_verdict own = vw_packet_verdict(packet);
    int weight = vw_packet_has_no_host(packet) ? 0 : 4;

    if (own == verdict || (verdict == VW_VERDICT_PARTIAL && own == VW_VERDICT_BLOCKED))
        weight += 2;
    return weight;
}

const struct vw_alike *vw_answer_example(const struct vw_answer *answer)
{
    const struct vw_alike *best = &answer->alikes.items[0];
    size_t i;

    for (i = 1; i < answer->alikes.count; i++)
        if (weight(answer->verdict, answer->alikes.items[i].example) >
            weight(answer->verdict, best->example))
            best = &answer->alikes.items[i];
    return best;
}
