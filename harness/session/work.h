/* work.h - which execution comes next, for this worker among all.
 *
 * Random: blocks of indices. Depth-first: a subtree; a worker that has none gets the shallowest
 * untaken branch of one that has. What is done and what is in flight is written down in the shared
 * block so that a worker may be killed at any instruction and its successor goes on: nothing is
 * lost, nothing is counted twice.
 */
#ifndef HEDDLE_SESSION_WORK_H
#define HEDDLE_SESSION_WORK_H

#include "session/session.h"

/* Mends what a killed predecessor left half done. Call once, before work_next(). */
void work_init(void);

/* Stores the number of the next execution (random: its index). False when this worker is done. May
 * wait for others. */
bool work_next(uint64_t *index);

/* The execution that work_next() gave is done and counts. */
void work_done(void);

/* It is not carried out, nor others that begin like it, but counts. */
void work_leave_out(void);

/* How many executions of this worker and its predecessors count so far. */
uint64_t work_executions(void);

/* Which search this worker is at: it begins anew, as another one, when more memory has proved
 * visible. */
uint32_t work_generation(void);

/* True when more memory has proved visible meanwhile: the execution in flight, and all before, are
 * void. */
bool work_is_void(void);

/* Bytes have been found that more than one thread can reach: tells the other workers, which start
 * anew. */
void work_found_visible(uint64_t granule, uint32_t mask);

#endif
