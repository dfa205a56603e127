/* barrier.h - what a barrier is while a program is controlled.
 *
 * Lives in the program's own pthread_barrier_t, with the count where the C library's initialiser
 * puts it. A wait is two operations: to arrive, which never waits, and to pass, which can be done
 * once all have arrived.
 *
 * The serial thread is the one of the lowest number among those that arrived, so that arrivals
 * commute. They do not where other threads come than those of generation 0: then it is the last to
 * arrive, who is told at once. For a thread may still not have passed when those that have fill the
 * next generation, and there is room to remember one serial thread only.
 */
#ifndef HEDDLE_MODEL_BARRIER_H
#define HEDDLE_MODEL_BARRIER_H

#include <stdbool.h>
#include <stdint.h>

#define BARRIER_THREADS_MAX 64 /* bits of `first` */

/* Laid over pthread_barrier_t (32 bytes). */
struct barrier {
	uint32_t arrived;
	uint32_t generation; /* barriers passed so far */
	uint32_t count;
	/* The C library's attribute in the lowest bits, and above it the how-manieth barrier that
	 * the process has made: barrier_arrival(). */
	uint32_t shared;
	/* Lowest thread number + 1 of those that have arrived, or 0; or BARRIER_MIXED, when not all
	 * of their arrivals commute. */
	uint32_t lowest;
	uint32_t serial; /* the lowest of a full generation, until it has passed, or 0 */
	uint64_t first;	 /* the threads of generation 0, a bit each */
};

/* The same memory after its end: no barrier is for nobody. */
struct barrier_destroyed {
	uint32_t mark, thread, count, shared; /* BARRIER_DESTROYED, who did it, plus 1, 0 */
	const void *place;
};

#define BARRIER_DESTROYED 0x64656164u

#define BARRIER_MIXED UINT32_MAX

/* Returns the generation that the caller has to see the end of. `is_serial` becomes true where it
 * is known by now that the thread is the serial one. */
uint32_t barrier_arrive(struct barrier *barrier, uint32_t thread, bool *is_serial);

#define BARRIER_MADE_SHIFT 8

/* A number for the generation of this barrier that is no other's, also where the memory has been
 * another barrier before: whoever has not gone on from that waits for none of the new arrivals. */
static inline uint32_t barrier_arrival(const struct barrier *barrier, uint32_t generation)
{
	return (barrier->shared >> BARRIER_MADE_SHIFT) * 0x9e3779b1u + generation;
}

static inline bool barrier_may_pass(const struct barrier *barrier, uint32_t generation)
{
	return barrier->generation != generation;
}

/* True if an arrival of the thread now commutes with those of others: in generation 0, and after it
 * for the threads of generation 0. These are as many as the barrier is for, so while no other
 * thread arrives, each generation consists of all of them, and which it consists of does not depend
 * on their order. False for thread numbers from BARRIER_THREADS_MAX on. */
static inline bool barrier_arrival_commutes(const struct barrier *barrier, uint32_t thread)
{
	if (thread >= BARRIER_THREADS_MAX)
		return false;
	return barrier->generation == 0 || (barrier->first >> thread & 1);
}

/* Passes: true for the serial thread, unless that knows. Requires: barrier_may_pass(). */
bool barrier_pass(struct barrier *barrier, uint32_t thread);

#endif
