/* moved.h - why a thread went no further where another one went on: it had to wait, it gave way, or
 * it was preempted.
 *
 * Told from the trace alone, so that it is told of any trace. Where that does not decide it, as of
 * a semaphore whose count nobody knows, nothing is said.
 */
#ifndef HEDDLE_REPORT_MOVED_H
#define HEDDLE_REPORT_MOVED_H

#include "trace/trace.h"

enum moved_why {
	MOVED_UNKNOWN,
	MOVED_ENDED,
	MOVED_YIELDED,
	MOVED_PREEMPTED, /* it could have gone on */
	MOVED_WAITS,	 /* for what its next event is on */
};

struct moved {
	enum moved_why why;
	size_t next; /* of the thread: the index of its next event; SIZE_MAX where there is none */
};

/* An element for each event: what holds for its thread when another one goes next. The caller frees
 * it. Never null. */
struct moved *moved_find(const struct trace *trace);

#endif
