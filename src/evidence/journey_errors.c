/* Which ICMP error tells of which flow of a capture: found once for all of them. */
#include "evidence/journey.h"

/* Source quench and redirects are advice. */
static bool is_advice(const struct vw_icmp_error *error)
{
    return error->six ? error->type == 137 : error->type == 4 || error->type == 5;
}

static uint32_t *place_of(const struct vw_witness_state *witness,
                          enum vw_error_about about, size_t index)
{
    switch (about) {
    case VW_ABOUT_ECHO:
        return &witness->echo_errors[index];
    case VW_ABOUT_CONVERSATION:
        return &witness->conversation_errors[index];
    case VW_ABOUT_NOTHING:
        break;
    }
    return NULL;
}

int vw_journey_find_errors(struct vw_journeys *journeys, struct vw_witness_state *witness)
{
    const struct vw_capture *capture = witness->capture;
    size_t count = vw_capture_error_count(capture), i;
    struct vw_icmp_error error;

    witness->echo_errors = vw_arena_array(
        &journeys->arena, vw_capture_echo_count(capture), sizeof *witness->echo_errors);
    witness->conversation_errors =
        vw_arena_array(&journeys->arena, vw_capture_conversation_count(capture),
                       sizeof *witness->conversation_errors);
    if (!witness->echo_errors || !witness->conversation_errors)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && i < UINT32_MAX; i++) {
        uint32_t *place;

        vw_capture_get_error(capture, i, &error);
        place = place_of(witness, error.about, error.index);
        if (place && *place == 0 && !is_advice(&error))
            *place = (uint32_t)i + 1;
    }
    return 0;
}

bool vw_journey_error(const struct vw_journeys *journeys,
                      const struct vw_journey *journey, const struct vw_journey_leg *leg,
                      struct vw_icmp_error *ret)
{
    const struct vw_witness_state *witness = &journeys->witnesses[leg - journey->legs];
    uint32_t number = *place_of(
        witness, leg->is_echo ? VW_ABOUT_ECHO : VW_ABOUT_CONVERSATION, leg->index);

    if (number)
        vw_capture_get_error(witness->capture, number - 1, ret);
    return number != 0;
}
