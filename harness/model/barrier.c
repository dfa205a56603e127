#include "model/barrier.h"

/* The C library's initialiser leaves some fields as they were. */
static void start(struct barrier *barrier)
{
	barrier->first = 0;
	barrier->serial = 0;
}

static void member_add(struct barrier *barrier, uint32_t thread)
{
	if (!barrier_arrival_commutes(barrier, thread))
		barrier->lowest = BARRIER_MIXED;
	else if (barrier->lowest != BARRIER_MIXED &&
		 (!barrier->lowest || thread + 1 < barrier->lowest))
		barrier->lowest = thread + 1;
	if (barrier->generation == 0 && thread < BARRIER_THREADS_MAX)
		barrier->first |= UINT64_C(1) << thread;
}

uint32_t barrier_arrive(struct barrier *barrier, uint32_t thread, bool *is_serial)
{
	uint32_t generation = barrier->generation;

	if (generation == 0 && barrier->arrived == 0)
		start(barrier);
	member_add(barrier, thread);
	*is_serial = false;
	if (++barrier->arrived < barrier->count)
		return generation;
	if (barrier->lowest == BARRIER_MIXED)
		*is_serial = true;
	else
		barrier->serial = barrier->lowest;
	barrier->arrived = barrier->lowest = 0;
	barrier->generation++;
	return generation;
}

bool barrier_pass(struct barrier *barrier, uint32_t thread)
{
	if (barrier->serial != thread + 1)
		return false;
	barrier->serial = 0;
	return true;
}
