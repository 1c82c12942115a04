/*
 * What AWS says (VPC User Guide, "Flow log records", "Flow log limitations"): a flow log
 * record tells what the security groups and network ACLs at one interface decided;
 * ACCEPT is not delivery, and nothing is recorded where nothing arrives. A capture on a
 * host sees what leaves before any filter of the network, and what arrives after all.
 *
 * What we do: read the marks of the walked packet stage by stage, and say for both ends'
 * flow logs, captures and ping what they must show. Where the walk does not know, nothing
 * is predicted. If the sender's own route table has no route, it is not settled what the
 * sender's flow log shows, so nothing is predicted there either.
 */
#include "reach/predict.h"

/* Where on the way a mark was made; filters of a hop's subnet are neither A's nor B's. */
static enum vw_stage stage_of(const struct vw_mark *mark)
{
    switch (mark->stage) {
    case VW_STAGE_GROUP_OUT:
    case VW_STAGE_ACL_OUT:
        return mark->hops == 0 ? mark->stage : VW_STAGE_ROUTE;
    case VW_STAGE_ACL_IN:
    case VW_STAGE_GROUP_IN:
    case VW_STAGE_RECEIVER:
        return mark->at_end ? mark->stage : VW_STAGE_ROUTE;
    case VW_STAGE_HOP:
        return mark->at_end ? VW_STAGE_RECEIVER : VW_STAGE_ROUTE;
    case VW_STAGE_TRANSIT:
    case VW_STAGE_CUSTOMER_NETWORK:
        return VW_STAGE_ROUTE;
    case VW_STAGE_SENDER:
    case VW_STAGE_SAME_HOST:
    case VW_STAGE_SAME_SUBNET:
    case VW_STAGE_ROUTE:
    case VW_STAGE_INTERNET:
    case VW_STAGE_DELIVER:
    case VW_STAGE_ARRIVED:
    case VW_STAGE_DONE:
        break;
    }
    return mark->stage;
}

/* Of marks that say the same the earliest on the way stays: the last that is set. */
static void note(const struct vw_mark **stopped, const struct vw_mark **open,
                 const struct vw_mark *mark)
{
    if (mark->decision == VW_DECISION_DENY || mark->decision == VW_DECISION_DROP)
        *stopped = mark;
    else if (mark->decision == VW_DECISION_UNKNOWN)
        *open = mark;
}

/* Whether the sender's own table has no route, or is not there to tell. */
static bool is_no_route(const struct vw_mark *mark)
{
    return mark->hops == 0 &&
           (mark->reason == VW_REASON_NO_ROUTE_TO_DESTINATION ||
            (mark->decision == VW_DECISION_UNKNOWN && mark->kind == VW_STEP_ROUTE_TABLE &&
             mark->reason == VW_REASON_UNKNOWN_RESOURCE));
}

/* VPC Block Public Access stops traffic at the gateway, and flow logs record it at the
 * interface, as REJECT with a reason of its own. */
static bool is_recorded_block(const struct vw_mark *mark)
{
    return mark->hops == 0 && mark->reason == VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED;
}

static void read_request_mark(struct vw_story *story, const struct vw_mark *mark)
{
    switch (stage_of(mark)) {
    case VW_STAGE_SENDER:
        note(&story->sender_down, &story->out_open, mark);
        break;
    case VW_STAGE_GROUP_OUT:
    case VW_STAGE_ACL_OUT:
        note(&story->out_rejected, &story->out_open, mark);
        break;
    case VW_STAGE_ROUTE:
    case VW_STAGE_INTERNET:
    case VW_STAGE_DELIVER:
        if (is_recorded_block(mark))
            note(mark->stage == VW_STAGE_INTERNET ? &story->in_rejected
                                                  : &story->out_rejected,
                 &story->open, mark);
        else
            note(&story->lost, &story->open, mark);
        if (is_no_route(mark))
            story->no_route = mark;
        break;
    case VW_STAGE_ACL_IN:
    case VW_STAGE_GROUP_IN:
        note(&story->in_rejected, &story->in_open, mark);
        break;
    case VW_STAGE_RECEIVER:
        note(&story->receiver_down, &story->in_open, mark);
        break;
    case VW_STAGE_SAME_HOST:
    case VW_STAGE_SAME_SUBNET:
    case VW_STAGE_HOP:
    case VW_STAGE_TRANSIT:
    case VW_STAGE_CUSTOMER_NETWORK:
    case VW_STAGE_ARRIVED:
    case VW_STAGE_DONE:
        break;
    }
}

static void read_reply_mark(struct vw_story *story, const struct vw_mark *mark)
{
    switch (stage_of(mark)) {
    case VW_STAGE_SENDER:
    case VW_STAGE_GROUP_OUT:
    case VW_STAGE_ACL_OUT:
        note(&story->reply_rejected, &story->reply_open, mark);
        break;
    case VW_STAGE_ROUTE:
    case VW_STAGE_INTERNET:
    case VW_STAGE_DELIVER:
        note(&story->reply_lost, &story->reply_open, mark);
        break;
    case VW_STAGE_ACL_IN:
    case VW_STAGE_GROUP_IN:
        note(&story->reply_in_rejected, &story->reply_in_open, mark);
        break;
    case VW_STAGE_RECEIVER:
    case VW_STAGE_SAME_HOST:
    case VW_STAGE_SAME_SUBNET:
    case VW_STAGE_HOP:
    case VW_STAGE_TRANSIT:
    case VW_STAGE_CUSTOMER_NETWORK:
    case VW_STAGE_ARRIVED:
    case VW_STAGE_DONE:
        break;
    }
}

struct vw_story vw_story_read(const struct vw_packet *packet)
{
    struct vw_story story = {.sender_down = NULL};
    const struct vw_mark *mark;

    for (mark = packet->last; mark; mark = mark->previous) {
        if (mark->direction == VW_FORWARD)
            read_request_mark(&story, mark);
        else
            read_reply_mark(&story, mark);
    }
    if (!story.open)
        story.open = story.out_open;
    return story;
}

struct writer {
    const struct vw_world *world;
    const struct vw_packet *packet;
    struct vw_prediction *predictions;
    size_t count;
    struct vw_address a, b;           /* as A sees the two ends */
    struct vw_address a_at_b, b_at_b; /* as B sees them */
};

static void add(struct writer *writer, enum vw_evidence_kind vantage, enum vw_end end,
                enum vw_direction flow, enum vw_expectation expect, bool needs_answer,
                const char *sentence)
{
    struct vw_prediction *prediction = &writer->predictions[writer->count++];
    uint32_t interface = end == VW_END_A ? writer->packet->a : writer->packet->b;
    bool leaves = (end == VW_END_A) == (flow == VW_FORWARD);
    struct vw_address a = end == VW_END_A ? writer->a : writer->a_at_b;
    struct vw_address b = end == VW_END_A ? writer->b : writer->b_at_b;

    *prediction = (struct vw_prediction){
        .vantage = vantage,
        .end = end,
        .direction = leaves ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS,
        .flow = flow,
        .expect = expect,
        .needs_answer = needs_answer,
        .source = flow == VW_FORWARD ? a : b,
        .destination = flow == VW_FORWARD ? b : a,
        .sentence = sentence,
    };
    if (interface != VW_NONE)
        prediction->eni = vw_world_interface(writer->world, interface)->object.id;
}

/* The addresses at B's interface: as the packet met it, else as A sends it. */
static void find_addresses(struct writer *writer)
{
    const struct vw_mark *mark, *first = NULL;

    for (mark = writer->packet->last; mark; mark = mark->previous)
        first = mark;
    writer->a = writer->packet->asked.source.first;
    writer->b = writer->packet->asked.destination.first;
    if (first) {
        writer->a = first->box.source.first;
        writer->b = first->box.destination.first;
    }
    writer->a_at_b = writer->a;
    writer->b_at_b = writer->b;
    for (mark = writer->packet->last; mark; mark = mark->previous) {
        if (mark->direction == VW_FORWARD && mark->at_end &&
            (mark->stage == VW_STAGE_ACL_IN || mark->stage == VW_STAGE_GROUP_IN)) {
            writer->a_at_b = mark->box.source.first;
            writer->b_at_b = mark->box.destination.first;
        }
    }
}

static bool is_public_block(const struct vw_mark *mark)
{
    return mark && mark->reason == VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED;
}

static void predict_sender(struct writer *writer, const struct vw_story *story)
{
    add(writer, VW_EVIDENCE_CAPTURE, VW_END_A, VW_FORWARD, VW_EXPECT_PRESENT, false,
        "the request leaves A's host, before any filter of the network");
    if (writer->packet->a == VW_NONE || story->no_route)
        return;
    if (story->out_open && !story->out_rejected)
        return;
    add(writer, VW_EVIDENCE_FLOW_LOG, VW_END_A, VW_FORWARD,
        story->out_rejected ? VW_EXPECT_REJECT : VW_EXPECT_ACCEPT, false,
        is_public_block(story->out_rejected)
            ? "VPC Block Public Access rejects the request"
        : story->out_rejected
            ? "A's security groups or network ACL do not let the request out"
            : "A's security groups and network ACL let the request out; that is not "
              "delivery");
}

/* B's interface and host. Returns whether the request is known to be taken, or not. */
static void predict_receiver(struct writer *writer, const struct vw_story *story,
                             bool arrives, bool taken)
{
    enum vw_expectation log = VW_EXPECT_NONE;

    if (arrives)
        log = story->in_rejected ? VW_EXPECT_REJECT : VW_EXPECT_ACCEPT;
    if (!arrives || !story->in_open || story->in_rejected)
        add(writer, VW_EVIDENCE_FLOW_LOG, VW_END_B, VW_FORWARD, log, false,
            log == VW_EXPECT_NONE     ? "the request never arrives at B's interface"
            : log == VW_EXPECT_ACCEPT ? "B's network ACL and security groups let it in"
            : is_public_block(story->in_rejected)
                ? "VPC Block Public Access rejects it"
                : "B's network ACL or security groups refuse it");
    if (arrives && story->in_open && !story->in_rejected)
        return;
    add(writer, VW_EVIDENCE_CAPTURE, VW_END_B, VW_FORWARD,
        taken ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT, false,
        taken ? "the request arrives at B's host" : "the request never reaches B's host");
    add(writer, VW_EVIDENCE_CAPTURE, VW_END_B, VW_RETURN,
        taken ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT, taken,
        taken ? "the reply leaves B's host, if the host answers"
              : "B's host has nothing to reply to");
    if (!taken)
        log = VW_EXPECT_NONE;
    else
        log = story->reply_rejected ? VW_EXPECT_REJECT : VW_EXPECT_ACCEPT;
    add(writer, VW_EVIDENCE_FLOW_LOG, VW_END_B, VW_RETURN, log, taken,
        log == VW_EXPECT_NONE     ? "B has nothing to reply to"
        : log == VW_EXPECT_ACCEPT ? "B's network ACL lets the reply out"
                                  : "B's network ACL does not let the reply out");
}

static void predict_answer(struct writer *writer, const struct vw_story *story,
                           bool replies)
{
    enum vw_expectation log = VW_EXPECT_NONE;
    bool back = replies && !story->reply_rejected && !story->reply_lost;
    bool passes = back && !story->reply_in_rejected;

    if (replies && !story->reply_rejected && story->reply_open && !story->reply_lost)
        return;
    if (back)
        log = story->reply_in_rejected ? VW_EXPECT_REJECT : VW_EXPECT_ACCEPT;
    if (back && story->reply_in_open && !story->reply_in_rejected)
        return;
    if (writer->packet->a != VW_NONE)
        add(writer, VW_EVIDENCE_FLOW_LOG, VW_END_A, VW_RETURN, log, back,
            log == VW_EXPECT_NONE     ? "no reply arrives at A's interface"
            : log == VW_EXPECT_ACCEPT ? "A's network ACL lets the reply in"
                                      : "A's network ACL refuses the reply");
    add(writer, VW_EVIDENCE_CAPTURE, VW_END_A, VW_RETURN,
        passes ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT, passes,
        passes ? "the reply reaches A's host, if B's host answers"
               : "no reply reaches A's host");
    add(writer, VW_EVIDENCE_PING, VW_END_A, VW_RETURN,
        passes ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT, passes,
        passes ? "ping at A sees replies, if B's host answers"
               : "ping at A sees no reply");
}

/* A service of AWS answers or does not, of which flow logs record nothing. */
static void predict_service(struct writer *writer, enum vw_decision decision,
                            bool one_way)
{
    bool answers = decision == VW_DECISION_DELIVER;

    add(writer, VW_EVIDENCE_CAPTURE, VW_END_A, VW_FORWARD, VW_EXPECT_PRESENT, false,
        "the request leaves A's host, before any filter of the network");
    if (decision == VW_DECISION_UNKNOWN)
        return;
    add(writer, VW_EVIDENCE_FLOW_LOG, VW_END_A, VW_FORWARD, VW_EXPECT_NONE, false,
        "flow logs do not record what a service of AWS is asked");
    if (one_way)
        return;
    add(writer, VW_EVIDENCE_FLOW_LOG, VW_END_A, VW_RETURN, VW_EXPECT_NONE, false,
        "flow logs do not record what a service of AWS answers");
    add(writer, VW_EVIDENCE_CAPTURE, VW_END_A, VW_RETURN,
        answers ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT, answers,
        answers ? "the answer of the service reaches A's host"
                : "the service does not answer");
}

size_t vw_predict(const struct vw_world *world, const struct vw_packet *packet,
                  bool one_way, struct vw_prediction predictions[VW_PREDICTIONS_MAX])
{
    struct writer writer = {.world = world, .packet = packet, .predictions = predictions};
    struct vw_story story = vw_story_read(packet);
    bool known_lost, arrives, taken;

    find_addresses(&writer);
    if (packet->same_host && !story.sender_down)
        add(&writer, VW_EVIDENCE_PING, VW_END_A, VW_RETURN, VW_EXPECT_PRESENT, true,
            "the host answers itself");
    if (story.sender_down || packet->same_host)
        return writer.count;
    if (packet->last && packet->last->kind == VW_STEP_AWS_SERVICE) {
        predict_service(&writer, packet->last->decision, one_way);
        return writer.count;
    }
    known_lost = story.out_rejected || story.lost;
    arrives = !known_lost;
    taken = arrives && !story.in_rejected && !story.receiver_down;
    predict_sender(&writer, &story);
    if (known_lost || !story.open) {
        if (packet->b != VW_NONE && !story.receiver_down)
            predict_receiver(&writer, &story, arrives, taken);
        if (!one_way && (!taken || !story.in_open))
            predict_answer(&writer, &story, taken);
    }
    return writer.count;
}
