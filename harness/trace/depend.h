/* depend.h - whether the order of two events of a trace matters: model/footprint.h by names in
 * place of addresses. */
#ifndef HEDDLE_TRACE_DEPEND_H
#define HEDDLE_TRACE_DEPEND_H

#include "trace/trace.h"

#include <stdbool.h>

/* Events of different threads. Where a trace does not tell (whether an unlock is a reader's), they
 * are dependent. */
bool depend_events(const struct trace_event *a, const struct trace_event *b);

/* Whether one of the objects is the other one, or a part of it: `accounts` and
 * `accounts[1].number`. The whole of the second of "condition,mutex" counts, too. */
bool depend_is_overlapping(const char *a, const char *b);

#endif
