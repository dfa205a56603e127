/* dpor_plan.h - puts what is to be executed into the wakeup tree, unless it is covered there: by a
 * sequence that is planned, or by an execution (JACM 2017, definition 6.10 and what follows it).
 *
 * The tree may grow exponentially. Where there is little room left only the first step of a
 * sequence is planned, as a *source*: it covers all that has this step first, or could have, which
 * is what makes a set of them a source set (JACM 2017, section 5: Source-DPOR). No class is missed
 * so, but executions may turn out to repeat others. A node's children may be of both kinds, for
 * each kind is enough for what it covers.
 */
#ifndef HEDDLE_POLICY_DPOR_PLAN_H
#define HEDDLE_POLICY_DPOR_PLAN_H

#include "policy/dpor_tree.h"

/* Plans the steps (which are changed) after `node`, among its children from `child` on, unless they
 * are covered. */
void dpor_plan_insert(struct dpor_hand *hand, uint32_t node, uint32_t child,
		      struct dpor_step *steps, uint32_t count);

/* True where dpor_plan_insert() would find the steps covered, and so always will. Without a lock.
 * The worker's task has to lie to the left of `child`: then nothing from there on is freed, but by
 * a cut. False also where there was one meanwhile. */
bool dpor_plan_covers(const struct dpor_hand *hand, uint32_t child, struct dpor_step *steps,
		      uint32_t count);

#endif
