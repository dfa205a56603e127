/* select.h - which events of a trace somebody wants to see. */
#ifndef HEDDLE_REPORT_SELECT_H
#define HEDDLE_REPORT_SELECT_H

#include "trace/trace.h"

#include <stdbool.h>
#include <stddef.h>

/* "T1,T2" or "1,2": true where `thread` is one of them. */
bool select_has_thread(const char *threads, uint32_t thread);

/* True where `threads` is such a list, and all of them are in the trace. */
bool select_is_list(const char *threads, const struct trace *trace);

/* True where `object`, of an event, is what is called `wanted`, or a part of it: `accounts` and
 * `accounts[1]` have `accounts[1].balance` in them, `count` is also `main::count` and `T1:count`,
 * and of "condition,mutex" either will do. */
bool select_is_object(const char *object, const char *wanted);

#endif
