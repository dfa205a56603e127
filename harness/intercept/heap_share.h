/* heap_share.h - keeps the heap whole where threads use it that nobody controls: in a program that
 * is linked with the library and runs by itself until it calls heddle_explore(). */
#ifndef HEDDLE_INTERCEPT_HEAP_SHARE_H
#define HEDDLE_INTERCEPT_HEAP_SHARE_H

#include "session/session.h"

#include <stdbool.h>

void heap_hold_shared(void);
void heap_let_go_shared(void);

/* To be called once, where there is no session: a fork then finds the heap at rest. */
void heap_share(void);

/* Nobody else may use the heap until heap_let_go(), which takes the result. Under control there is
 * only one thread. */
static inline bool heap_hold(void)
{
	if (__builtin_expect(session.attached, 1))
		return false;
	heap_hold_shared();
	return true;
}

static inline void heap_let_go(bool held)
{
	if (held)
		heap_let_go_shared();
}

#endif
