#include "model/barrier.h"

uint32_t barrier_arrive(struct barrier *barrier, uint32_t thread)
{
	uint32_t generation = barrier->generation;

	/* The C library's initialiser leaves `first` as it was. */
	if (generation == 0 && barrier->arrived == 0)
		barrier->first = 0;
	if (generation == 0 && thread < BARRIER_THREADS_MAX)
		barrier->first |= UINT64_C(1) << thread;
	if (!barrier->lowest || thread + 1 < barrier->lowest)
		barrier->lowest = thread + 1;
	if (++barrier->arrived < barrier->count)
		return generation;
	barrier->arrived = 0;
	barrier->serial = barrier->lowest;
	barrier->lowest = 0;
	barrier->generation++;
	return generation;
}
