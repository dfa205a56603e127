/* align.h - which event of one trace is which of another one, thread by thread.
 *
 * For two executions of one program, and for executions of two versions of it: there objects may
 * have other names and threads do more or less. A thread's events are followed from the first on;
 * where they part, they are looked for a bounded way ahead, in both. Pure.
 */
#ifndef HEDDLE_TRACE_ALIGN_H
#define HEDDLE_TRACE_ALIGN_H

#include "trace/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALIGN_NONE SIZE_MAX

/* By event: its index in the other trace, or ALIGN_NONE. Pending events have none. */
struct align {
	size_t *in_b, *in_a;
	size_t matched;
};

/* `is_edited`: the programs are not the same. */
void align_make(struct align *align, const struct trace *a, const struct trace *b, bool is_edited);
void align_free(struct align *align);

#endif
