#include "reach/fix.h"
int vw_fix_find(const struct vw_world *world, const struct vw_question *question,
                const struct vw_answer *answer, struct vw_arena *arena,
                const struct vw_fix **ret_fixes, size_t *ret_count)
{
    (void)world;
    (void)question;
    (void)answer;
    (void)arena;
    *ret_fixes = NULL;
    *ret_count = 0;
    return 0;
}
