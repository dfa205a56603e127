/* dpor_choice.h - operations that can be carried out in more than one way, whatever others do.
 *
 * A wait on a condition variable may be ended by a signal, by its deadline, or by nothing. Which,
 * is a choice of value at the moment at which it begins: who is not to be woken by a signal need
 * not be there for one. So a wait that will time out does no more than to unlock the mutex and to
 * lock it again later, whenever the schedule lets it; there is no event for the passing of time,
 * and no order between that and anything else. Executions are told apart by who waits in which way,
 * and by nothing that could not be observed.
 *
 * To the tree the ways of one thread's event are different steps, which depend on each other. The
 * first way is taken by whoever comes to a place that is not planned; what else is to be explored
 * is planned where it was, before all that does not come after it (JACM 2017 has no choices of
 * value; this is the "races" of an event with itself).
 *
 * A way may be scarce: all threads together can take it so many times only. That makes no two
 * events dependent. Who takes the last one keeps others from it, but the same events without it are
 * explored too, and there the others are given their turn: a way is not planned where those that
 * come without it have used all there is.
 */
#ifndef HEDDLE_POLICY_DPOR_CHOICE_H
#define HEDDLE_POLICY_DPOR_CHOICE_H

#include "policy/dpor.h"

/* dpor_race.second: the first event could have gone another way, of that number. */
#define DPOR_WAY (1u << 31)

_Static_assert(DPOR_THREADS_MAX == 1u << DPOR_THREAD_BITS, "a label has room for each thread");

static inline uint32_t dpor_label(const struct dpor_event *event)
{
	return event->thread | (uint32_t)event->way << DPOR_THREAD_BITS;
}

/* The event of the thread that has just been picked can go so many ways, at most 255: which one it
 * is to take. The last one may be scarce, and then is one of the ways only while there is some left
 * of what it takes. Sets `differs` where the planned one is none of them. */
uint32_t dpor_choose(struct dpor *dpor, uint32_t ways, bool last_is_scarce);

/* What is to be planned for another way of an event, in dpor->steps; 0 for nothing. */
uint32_t dpor_way_plan(struct dpor *dpor, uint32_t event, uint32_t way);

#endif
