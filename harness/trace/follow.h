/* follow.h - how the events of an execution have to be ordered to follow a trace of another version
 * of the program. Pure. */
#ifndef HEDDLE_TRACE_FOLLOW_H
#define HEDDLE_TRACE_FOLLOW_H

#include "trace/align.h"
#include "trace/trace.h"

#include <stdbool.h>
#include <stddef.h>

/* All carried-out events of `got`, by index, so that those that are in `wanted`, too, come in the
 * order that they have there. What is new comes as late as it may, what is given back as early. The
 * caller frees it. */
size_t *follow_order(const struct trace *wanted, const struct trace *got, const struct align *align,
		     size_t *count);

/* Where the execution did not have that order: the first position in `order` that holds an event
 * which others that it depends on come before in `got`; `count` where there is none. */
size_t follow_break(const struct trace *got, const size_t *order, size_t count);

/* What is to be followed next: the events of `got` in that order. Choices of what both have are
 * those of `wanted`. The caller frees it. */
struct event *follow_plan(const struct trace *wanted, const struct trace *got,
			  const struct align *align, const size_t *order, size_t count);

#endif
