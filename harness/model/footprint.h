/* footprint.h - what an operation touches, which two operations are dependent, and when one can be
 * carried out: a table with a row for each operation (footprint.c).
 *
 * A footprint is a short list of (bytes, mode). Two operations of different threads are dependent
 * when they touch a common byte in modes that do not commute. Equal modes commute, but for
 * FOOT_WRITE; different ones do not.
 */
#ifndef HEDDLE_MODEL_FOOTPRINT_H
#define HEDDLE_MODEL_FOOTPRINT_H

#include "model/op.h"

#include <stdbool.h>
#include <stdint.h>

struct thread;

enum foot_mode {
	FOOT_NONE,
	FOOT_READ, /* loads, failed try-operations and compare-exchanges, a signal that wakes nobody
		    */
	FOOT_SHARE,   /* posts, reading locks and unlocks: they commute, for they add up */
	FOOT_ARRIVE,  /* arrivals at a barrier */
	FOOT_ENQUEUE, /* waits on a condition variable: who waits is a set */
	FOOT_WRITE,
};

#define FOOTPRINT_MAX 3u

/* Bytes of one granule (address / 8); larger accesses take several, beyond FOOTPRINT_MAX of them
 * the whole of memory is taken (granule FOOT_EVERYTHING, FOOT_READ). The end of the process is
 * FOOT_EVERYTHING with FOOT_WRITE: it is dependent also on what touches nothing. */
struct foot {
	uint64_t granule : 53; /* of addresses that may have 56 bits */
	uint64_t bytes : 8;    /* a bit for each byte */
	uint64_t mode : 3;     /* enum foot_mode */
};

#define FOOT_EVERYTHING ((UINT64_C(1) << 53) - 1)

struct footprint {
	struct foot feet[FOOTPRINT_MAX];
	uint32_t count;
};

/* Empties it; adds an object, of which the address counts; adds memory. */
void footprint_clear(struct footprint *foot);
void footprint_add_object(struct footprint *foot, const void *object, enum foot_mode mode);
void footprint_add_memory(struct footprint *foot, const void *at, uint32_t bytes,
			  enum foot_mode mode);

/* Adds those feet of `other` that are not in it as they are, or as FOOT_WRITE. */
void footprint_add(struct footprint *foot, const struct footprint *other);

bool foot_is_dependent(const struct foot *a, const struct foot *b);
bool footprint_is_dependent(const struct footprint *a, const struct footprint *b);

/* True for the end of the process: what comes after it does not happen, also where it touches
 * nothing. */
bool footprint_is_end(const struct footprint *foot);

/* `bytes` of OP_WAIT: threads have come to the condition variable with different mutexes. */
#define FOOTPRINT_CONTENDED 1u

/* The footprint of `op` on `object` (`mutex` for waits), where `succeeded` tells its outcome. */
void footprint_of(struct footprint *foot, enum op op, const void *object, const void *mutex,
		  uint32_t bytes, bool succeeded);

/* True for operations that may have to wait. */
bool footprint_may_wait(enum op op);

/* Whether the operation that `thread` has announced can be carried out as its objects are now, or
 * because its deadline has passed. */
bool footprint_may_go(const struct thread *thread);

#endif
