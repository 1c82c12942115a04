/* Several captures of the same flows: made, asked, freed; see journey.h. */
#include "evidence/journey.h"

#include <string.h>

#include "base/address.h"
#include "base/diagnostic.h"
#include "base/memory.h"

const char *vw_fate_slug(enum vw_fate fate)
{
    static const char *const slugs[] = {
#define VW_X(name, slug, sentence) [name] = slug,
        VW_FATE_LIST(VW_X)
#undef VW_X
    };

    return slugs[fate];
}

const char *vw_fate_sentence(enum vw_fate fate)
{
    static const char *const sentences[] = {
#define VW_X(name, slug, sentence) [name] = sentence,
        VW_FATE_LIST(VW_X)
#undef VW_X
    };

    return sentences[fate];
}

void vw_journeys_free(struct vw_journeys *journeys)
{
    size_t i;

    if (!journeys)
        return;
    for (i = 0; i < journeys->witness_count; i++)
        vw_capture_free(journeys->witnesses[i].capture);
    vw_array_free(&journeys->items);
    vw_arena_free(&journeys->arena);
    vw_free(journeys);
}

static const char *name_of(struct vw_journeys *journeys, const struct vw_witness *witness,
                           struct vw_address own)
{
    const char *slash = strrchr(witness->path, '/');
    char text[VW_ADDRESS_TEXT];

    if (witness->label)
        return vw_arena_string(&journeys->arena, witness->label);
    if (own.family != VW_FAMILY_NONE)
        return vw_arena_string(&journeys->arena, vw_address_format(own, text));
    return vw_arena_string(&journeys->arena, slash ? slash + 1 : witness->path);
}

static int read_witness(struct vw_journeys *journeys, const struct vw_witness *witness)
{
    struct vw_witness_state *state = &journeys->witnesses[journeys->witness_count++];
    struct vw_witness_facts *facts = &state->facts;
    int error = vw_capture_read(witness->path, journeys->filter, journeys->diagnostics,
                                &state->capture);

    state->own = witness->own;
    state->own_count = witness->own_count;
    facts->capture = state->capture;
    facts->delay = VW_UNRECORDED;
    facts->path = vw_arena_string(&journeys->arena, witness->path);
    if (witness->own_count > 0)
        facts->own = witness->own[0];
    else if (state->capture)
        facts->own = vw_journey_own(state->capture, &state->owners);
    facts->label = name_of(journeys, witness, facts->own);
    if (!facts->path || !facts->label)
        return VW_ERROR_NO_MEMORY;
    return error ? error : vw_journey_find_errors(journeys, state);
}

static int read_all(struct vw_journeys *journeys, const struct vw_witness *witnesses,
                    size_t count)
{
    bool any = false;
    size_t i;

    for (i = 0; i < count && i < VW_WITNESSES_MAX; i++) {
        int error = read_witness(journeys, &witnesses[i]);

        if (error && error != VW_ERROR_INPUT)
            return error;
        any |= journeys->witnesses[i].capture != NULL;
    }
    return any ? 0 : VW_ERROR_INPUT;
}

int vw_journeys_read(const struct vw_witness *witnesses, size_t count, const char *filter,
                     struct vw_diagnostics *diagnostics,
                     struct vw_journeys **ret_journeys)
{
    struct vw_journeys *journeys = vw_calloc(1, sizeof *journeys);
    int error;

    if (!journeys)
        return VW_ERROR_NO_MEMORY;
    journeys->diagnostics = diagnostics;
    journeys->filter = filter;
    error = read_all(journeys, witnesses, count);
    if (!error)
        error = vw_journey_collect(journeys);
    if (!error && count > 1)
        error = vw_journey_pair(journeys);
    if (!error) {
        vw_journey_tell_ends(journeys);
        vw_journey_place(journeys);
        vw_journey_conclude(journeys);
        error = vw_journey_weigh(journeys);
    }
    if (!error)
        error = vw_journey_say(journeys);
    if (error) {
        vw_journeys_free(journeys);
        return error;
    }
    *ret_journeys = journeys;
    return 0;
}

/* ---- asked ---- */

size_t vw_journeys_witness_count(const struct vw_journeys *journeys)
{
    return journeys->witness_count;
}

const struct vw_witness_facts *vw_journeys_witness(const struct vw_journeys *journeys,
                                                   size_t index)
{
    return &journeys->witnesses[index].facts;
}

size_t vw_journeys_count(const struct vw_journeys *journeys)
{
    return journeys->items.count;
}

const struct vw_journey *vw_journeys_get(const struct vw_journeys *journeys, size_t index)
{
    return &journeys->items.items[index];
}
