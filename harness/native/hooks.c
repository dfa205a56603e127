/* hooks.c - the hooks of a program from heddle-cc, which is to run as if it had none. By itself it
 * would take each out at the first call, and what threads do first would not meet. */
#include "cc/hooks.h"
#include "native/native.h"

static void nothing(void)
{
}

NATIVE_PUBLIC void heddle_hooks_take(struct heddle_hooks *hooks)
{
	/* The first is one of those that have nothing to do. */
	void *forgets = hooks->slots[0];

	for (unsigned i = 0; i < hooks->count; i++)
		if (hooks->slots[i] == forgets)
			hooks->slots[i] = (void *)nothing;
}
