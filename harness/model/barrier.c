#include "model/barrier.h"

uint32_t barrier_arrive(struct barrier *barrier, uint32_t thread)
{
	uint32_t generation = barrier->generation;

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
