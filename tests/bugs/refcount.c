/*
 * refcount.c - whoever gives back the last reference frees the object, and finds out by looking
 * again.
 *
 * Kind: a hand-made reference count that two threads see at zero. Where the second thread has
 * freed the object when the first one looks: use after free; where both look before, double free.
 * Least preemptions: 1 for the use after free. With none the first thread sees 1. With one: it is
 * left between its decrement and its look. 2 for the double free: the second thread must be left,
 * too, between its look and its free, for else there is nothing to look at any more.
 * Decisive pair: the second thread's decrement comes before the first one's look.
 */
#include "run.h"

#include <stdatomic.h>

struct object {
	atomic_int references;
};

static struct object *object;

static void *release(void *unused)
{
#ifdef FIXED
	if (atomic_fetch_sub(&object->references, 1) == 1)
		free(object);
#else
	struct object *mine = object;

	atomic_fetch_sub(&mine->references, 1);
	if (atomic_load(&mine->references) == 0)
		free(mine);
#endif
	return unused;
}

int main(void)
{
	object = malloc(sizeof(*object));
	if (!object)
		return 1;
	atomic_init(&object->references, 2);
	RUN(release, release);
	return 0;
}
