/* way.h - how a wait on a condition variable ends: the value of OP_WAIT in a recording and a trace.
 */
#ifndef HEDDLE_TRACE_WAY_H
#define HEDDLE_TRACE_WAY_H

#include <stdbool.h>
#include <stdint.h>

enum wait_way {
	WAY_SIGNAL, /* by a signal; or by its deadline when nobody can go, as OP_WAKE says */
	WAY_TIMEOUT,
	WAY_SPURIOUS, /* by nothing */
	WAY_COUNT,
};

/* Its word in a trace; "" for WAY_SIGNAL and for what is none. */
const char *way_word(uint64_t way);

/* The way of that word. False where it is none. */
bool way_find(const char *word, uint64_t *way);

#endif
